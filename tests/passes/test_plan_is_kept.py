"""Where nothing disturbs it, a pass does what the plan said: no more, no less, page by page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.golden.case import load, names
from tests.passes.stage import Stage, actions, mention, person, stage, table
from worker.model.report import Report
from worker.render.json import result
from worker.sandbox.passes import passes_on
from worker.sandbox.samples.world import sample_world
from worker.sandbox.server import Sandbox


def told(report: Report) -> tuple[Any, ...]:
    """Totals and, page by page, what becomes of every item; without what only one of the two can know."""
    plain = result(report)
    pages = [
        (
            page["title"],
            page["would_save"],
            [(each["kind"], each["item"], each.get("wait")) for each in page["changes"]],
        )
        for page in plain["pages"]
    ]
    return {name: number for name, number in plain["totals"].items() if name != "requests"}, pages, plain["exit_code"]


def is_kept(scene: Stage) -> None:
    """Plans, syncs, and compares."""
    planned = told(scene.plan())

    assert planned == told(scene.sync())


def goes_on(scene: Stage) -> None:
    """A first pass, one after every ticket moved, and one in which nothing happened."""
    is_kept(scene)
    for issue in scene.issues():
        scene.sandbox.run(lambda key=issue.key: scene.sandbox.jira.transition(key, "In Progress"))
    is_kept(scene)
    is_kept(scene)


@pytest.mark.parametrize("name", names())
def test_on_a_golden_page(name: str) -> None:
    """As people wrote it, then with its tickets under way, then at rest."""
    case = load(name)
    with stage() as scene:
        scene.mapping = scene.mapping.model_copy(update={"items": case.mapping.items, "due": case.mapping.due})
        scene.page(case.body)
        goes_on(scene)


def test_in_the_demo() -> None:
    """All sample pages together, the restricted, copied and broken ones among them."""
    with Sandbox() as sandbox:
        sandbox.run(lambda: sample_world(sandbox.world, sandbox.address))
        passes = passes_on(sandbox.variables)
        for _ in range(2):
            planned = told(passes.plan())
            assert planned == told(passes.sync())
            for issue in list(sandbox.jira.issues.values()):
                sandbox.run(lambda key=issue.key: sandbox.jira.transition(key, "In Progress"))


@pytest.mark.parametrize("deployment", ["cloud", "datacenter"])
def test_where_equal_rows_differ_in_a_persons_status(deployment: str) -> None:
    """They are one item, so one ticket is made, for the row that stands first."""
    with stage(deployment) as scene:
        page = scene.page(table(("One", "", "", "", "Waiting"), ("One", "", "", "", "In review")))
        goes_on(scene)

        assert ["PAY-1"] == [issue.key for issue in scene.issues()]
        assert scene.body(page).index("PAY-1") < scene.body(page).index("In review")


@pytest.mark.parametrize("budget", [1, 2, 3, 4, 5])
def test_under_a_limit_for_the_pass(budget: int) -> None:
    """Pages that are held for new tickets show their notes and statuses all the same."""
    with stage(limits={"new_tickets_per_page": 3, "new_tickets_per_run": budget}) as scene:
        bob = mention(person("Bob Lindqvist", scene.sandbox))
        scene.page(actions("One", "Two"), title="A")
        scene.page(table(("Three", bob, "", "", ""), ("Three", bob, "", "", ""), ("", bob, "", "", "")), title="B")
        scene.page(actions("Four", "Five", "Six", "Seven"), title="C")
        scene.page(actions("Eight"), title="D")
        goes_on(scene)
        goes_on(scene)


@pytest.mark.parametrize("updates", ["each change", "category", "daily", "never"])
def test_of_tasks_that_people_ticked(updates: str) -> None:
    """One has a way to done, the other has none; the page is saved for the new status where the team wants that."""
    tasks = "".join(
        f"<ac:task><ac:task-id>{number}</ac:task-id><ac:task-status>incomplete</ac:task-status>"
        f"<ac:task-body>Action number {number}</ac:task-body></ac:task>"
        for number in (1, 2)
    )
    with stage(page={"status_updates": updates}) as scene:
        page = scene.page(f"<h2>Action items</h2><ac:task-list>{tasks}</ac:task-list>")
        is_kept(scene)
        scene.sandbox.run(lambda: scene.sandbox.jira.transition("PAY-2", "In Progress"))
        is_kept(scene)
        for number in ("1", "2"):
            scene.as_person(lambda who, of=number: scene.sandbox.confluence.person_ticks(page.id, of, who))
        is_kept(scene)
        is_kept(scene)


@pytest.mark.parametrize("updates", ["category", "daily", "never"])
def test_of_rows_that_changed_while_their_status_moved(updates: str) -> None:
    """The ticket follows, whether or not its status is worth a save."""
    with stage(page={"status_updates": updates}) as scene:
        page = scene.page(actions("Add an alert", "Write the runbook"))
        is_kept(scene)
        scene.sandbox.run(lambda: scene.sandbox.jira.transition("PAY-1", "In Progress"))
        is_kept(scene)
        scene.sandbox.run(lambda: scene.sandbox.jira.transition("PAY-1", "In Review"))
        confluence = scene.sandbox.confluence
        scene.as_person(lambda who: confluence.person_replaces(page.id, "Add an alert", "Add an alarm", who))
        is_kept(scene)
        is_kept(scene)


@pytest.mark.parametrize("deployment", ["cloud", "datacenter"])
def test_where_claims_of_another_page_came_along(deployment: str) -> None:
    """Both say that they are ignored, though every row of the copy gets a ticket of its own."""
    with stage(deployment) as scene:
        page = scene.page(actions("Add an alert"))
        bare = scene.body(page)
        scene.sync()
        confluence = scene.sandbox.confluence
        scene.as_person(lambda who: confluence.copy_page(page.id, "Copy", who, with_properties=True))
        copy = confluence.page_titled("Copy")
        scene.as_person(lambda who: confluence.person_saves(copy.id, bare, who))
        plan, report = scene.plan(), scene.sync()

        assert [1, 1] == [each.totals.created for each in (plan, report)]
        for each in (plan, report):
            (told,) = (known.plan.findings for known in each.pages if known.plan.page == copy.id)
            assert ["page-copied"] == [finding.code for finding in told if finding.item is None]
        assert 2 == len(scene.issues())
