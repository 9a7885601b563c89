"""A person ticks a task, and somebody moves its ticket before the worker asks Jira for done."""

from __future__ import annotations

from dataclasses import replace

from tests.lifecycle.life import Life, tasks
from worker.sandbox.faults import Fault

READS_THE_PAGE = r"/(api/v2/pages|rest/api/content)/\d+$"
"""The first thing a pass does on a page once all is planned."""


def _tick(life: Life) -> None:
    life.replace("<ac:task-status>incomplete", "<ac:task-status>complete")


def _after_the_plan(life: Life, status: str) -> None:
    jira = life.scene.sandbox.jira
    life.scene.sandbox.faults.append(Fault(("GET", READS_THE_PAGE), lambda: jira.transition("PAY-1", status)))


def test_a_ticket_that_a_person_closed_meanwhile_is_not_closed_otherwise(deployment: str) -> None:
    """It is “Won't do” by then, from where Done is open too."""
    with tasks(deployment) as life:
        project = life.scene.sandbox.jira.projects["PAY"]
        done = next(each for each in project.statuses if each.category == "done")
        project.statuses.append(replace(done, id="10099", name="Won't do"))
        project.transitions = [
            replace(each, sources=None) if each.target == done.id else each for each in project.transitions
        ]
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
