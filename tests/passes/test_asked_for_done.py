"""A person ticks a task, and somebody moves its ticket before the worker asks Jira for done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.lifecycle.life import Life, tasks
from worker.sandbox.faults import Fault

READS_THE_PAGE = r"/(api/v2/pages|rest/api/content)/\d+$"
"""The first thing a pass does on a page once all is planned."""


def _tick(life: Life) -> None:
    life.replace("<ac:task-status>incomplete", "<ac:task-status>complete")


def _done_from_anywhere(life: Life) -> None:
    project = life.scene.sandbox.jira.projects["PAY"]
    done = next(each for each in project.statuses if each.category == "done")
    project.transitions = [
        replace(each, sources=None) if each.target == done.id else each for each in project.transitions
    ]


def _after_the_plan(life: Life, status: str) -> None:
    jira = life.scene.sandbox.jira
    life.scene.sandbox.faults.append(Fault(("GET", READS_THE_PAGE), lambda: jira.transition("PAY-1", status)))


def test_a_ticket_that_a_person_closed_meanwhile_is_not_closed_otherwise(deployment: str) -> None:
    """It is “Won't do” by then, from where Done is open too."""
    with tasks(deployment) as life:
        project = life.scene.sandbox.jira.projects["PAY"]
        done = next(each for each in project.statuses if each.category == "done")
        project.statuses.append(replace(done, id="10099", name="Won't do"))
        _done_from_anywhere(life)
        _tick(life)
        _after_the_plan(life, "Won't do")
        life.sync()

        (issue,) = life.scene.issues()
        assert "10099" == issue.status
        assert ["[x] Add an alert | PAY-1 Won't do"] == life.shows()


def test_a_ticket_that_a_person_moved_along_meanwhile_is_asked_by_what_is_open_to_it_now(deployment: str) -> None:
    """The transition that the plan saw led from another status."""
    with tasks(deployment) as life:
        project = life.scene.sandbox.jira.projects["PAY"]
        todo, doing = project.statuses[:2]
        done = next(each for each in project.statuses if each.category == "done")
        leads = next(each for each in project.transitions if each.target == done.id)
        project.transitions = [
            *(each for each in project.transitions if each.target != done.id),
            replace(leads, id="81", sources=frozenset({todo.id})),
            replace(leads, id="82", sources=frozenset({doing.id})),
        ]
        _tick(life)
        _after_the_plan(life, doing.name)
        life.sync()

        (issue,) = life.scene.issues()
        assert done.id == issue.status
        assert ["[x] Add an alert | PAY-1 Done"] == life.shows()


def test_a_task_that_is_ticked_and_gets_another_date_at_once_asks_as_well(deployment: str) -> None:
    """The ticket is edited and moved in one pass."""
    with tasks(deployment) as life:
        _done_from_anywhere(life)
        life.replace("2027-01-15", "2027-02-20")
        _tick(life)
        life.sync()

        assert ["[x] Add an alert | PAY-1 Done"] == life.shows()
        assert {"PAY-1": "Add an alert, Alice Moreau, 2027-02-20, Medium, Done"} == life.tickets()


@pytest.mark.parametrize("refusal", ["status:409", "quota:1800"])
def test_a_move_that_was_turned_down_unheard_is_asked_for_by_the_next_pass(deployment: str, refusal: str) -> None:
    """Until then the task stays ticked, and the page says where the ticket is."""
    with tasks(deployment) as life:
        _done_from_anywhere(life)
        _tick(life)
        life.scene.sandbox.faults.append(Fault(("POST", r"/transitions$"), refusal))
        life.sync()
        assert (["[x] Add an alert | PAY-1 To Do"], ["transition-unclear"]) == (life.shows(), life.codes)
        life.scene.sandbox.world.clock.advance(hours=1)
        life.sync()

        assert ["[x] Add an alert | PAY-1 Done"] == life.shows()


def test_a_move_that_the_worker_may_not_make_is_asked_for_once(deployment: str) -> None:
    """The task stays ticked, the page says where the ticket is, and a finding who has to close it."""
    with tasks(deployment) as life:
        _done_from_anywhere(life)
        _tick(life)
        life.scene.sandbox.faults.append(Fault(("POST", r"/transitions$"), "status:403"))
        for _ in range(2):
            life.sync()

            assert (["[x] Add an alert | PAY-1 To Do"], ["transition-unclear"]) == (life.shows(), life.codes)
        assert life.is_silent()
