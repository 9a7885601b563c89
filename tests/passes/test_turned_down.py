"""What Jira turns down for a reason that lasts, and not for what a row says, is asked once a day."""

from __future__ import annotations

import pytest

from tests.passes.stage import Stage, actions, stage
from tests.passes.test_follow import TASK
from worker.model.plan import Create, Failed
from worker.model.report import Report
from worker.sandbox.faults import Fault


@pytest.fixture
def scene(deployment):
    """A sandbox with the Payments team, early on a day of its clock."""
    with stage(deployment) as made:
        _sleep(made)
        yield made


def _sleep(scene: Stage) -> None:
    """Goes on to the next day, an hour after midnight."""
    clock = scene.sandbox.world.clock
    now = clock.now()
    until = 25 * 3600 - (now.hour * 3600 + now.minute * 60 + now.second)
    scene.sandbox.run(lambda: clock.advance(seconds=until))


def _refusing(scene: Stage, route: str, status: int) -> Fault:
    fault = Fault(scene.route(route), f"status:{status}", times=99)
    scene.sandbox.faults.append(fault)
    return fault


def _written(scene: Stage) -> tuple[int, Report]:
    """How many requests a pass wrote with, and its report."""
    before = scene.sandbox.writes
    report = scene.sync()
    return scene.sandbox.writes - before, report


def _reasons(report: Report) -> list[str]:
    return [change.reason for page in report.pages for change in page.plan.changes if isinstance(change, Failed)]


@pytest.mark.parametrize("status", [403, 404])
def test_a_create_that_is_turned_down_is_sent_once_a_day(scene: Stage, status: int) -> None:
    """Passes of that day write nothing and still fail; a permission that is given heals it on the next day."""
    scene.page(actions("Add an alert", "Write the runbook"))
    fault = _refusing(scene, "create", status)
    _, first = _written(scene)
    asked = fault.seen
    for _ in range(3):
        written, report = _written(scene)
        assert (0, 3, 2) == (written, report.exit, report.totals.failed)
        assert asked == fault.seen
        assert _reasons(report)[0].startswith("Row 1 of “Action items”: Jira turned this ticket down earlier today")
    assert 3 == scene.plan().exit
    _sleep(scene)
    tomorrow = f"{scene.sandbox.world.clock.now().date()}"
    assert all(f"asked again from {tomorrow} (UTC)" in each for each in _reasons(first))
    assert 0 < _written(scene)[0]
    assert asked < fault.seen
    assert 0 == _written(scene)[0]
    scene.sandbox.faults.clear()
    assert 0 == _written(scene)[0]
    _sleep(scene)
    _, report = _written(scene)
    assert (0, 2) == (report.exit, report.totals.created)
    assert 2 == len(scene.issues())
    assert 0 == _written(scene)[0]


def test_a_changed_row_and_an_approved_page_are_asked_for_at_once(scene: Stage) -> None:
    """So nobody who has mended it waits for the day to end."""
    page = scene.page(actions("Add an alert", "Write the runbook"))
    _refusing(scene, "create", 403)
    scene.sync()
    scene.sandbox.faults.clear()
    edits = scene.sandbox.confluence.person_replaces
    scene.as_person(lambda who: edits(page.id, "Write the runbook", "Write a runbook", who))
    report = scene.sync()
    assert [Failed, Create] == [type(change) for change in report.pages[0].plan.changes]
    report = scene.sync(approve=frozenset({page.id}))

    assert (0, 1) == (report.exit, report.totals.created)
    assert ["Write a runbook", "Add an alert"] == [issue.summary for issue in scene.issues()]


@pytest.mark.parametrize("status", [400, 403])
def test_an_edit_that_is_refused_as_a_whole_is_sent_once_a_day(scene: Stage, status: int) -> None:
    """The row says how its ticket differs meanwhile, and no longer once the edit is taken on a later day."""
    page = scene.page(actions("Add an alert"))
    scene.sync()
    edits = scene.sandbox.confluence.person_replaces
    scene.as_person(lambda who: edits(page.id, "2027-01-15", "2027-02-28", who))
    fault = _refusing(scene, "edit", status)
    _, report = _written(scene)
    asked = fault.seen
    assert (3, 1) == (report.exit, report.totals.failed)
    for _ in range(3):
        written, report = _written(scene)
        assert (0, 3, 1) == (written, report.exit, report.totals.failed)
        assert _reasons(report)[0].startswith("Row 1 of “Action items”: Jira refused earlier today to change PAY-1")
    assert asked == fault.seen
    assert "The ticket is due 2027-01-15." in scene.body(page)

    _sleep(scene)
    version = scene.sandbox.confluence.page(page.id).version.number
    _, report = _written(scene)
    assert (3, asked + 1) == (report.exit, fault.seen)
    assert version == scene.sandbox.confluence.page(page.id).version.number
    scene.sandbox.faults.clear()
    _sleep(scene)
    _, report = _written(scene)
    assert (0, 1) == (report.exit, report.totals.updated)
    assert "2027-02-28" == str(scene.issues()[0].due)
    assert "The ticket is due" not in scene.body(page)
    assert 0 == _written(scene)[0]


def test_an_edit_may_be_asked_for_again_on_the_same_day(scene: Stage) -> None:
    """By whoever gave the permission, with the page's id on the command line."""
    page = scene.page(actions("Add an alert"))
    scene.sync()
    edits = scene.sandbox.confluence.person_replaces
    scene.as_person(lambda who: edits(page.id, "2027-01-15", "2027-02-28", who))
    _refusing(scene, "edit", 403)
    scene.sync()
    scene.sandbox.faults.clear()
    report = scene.sync(approve=frozenset({page.id}))

    assert (0, "2027-02-28") == (report.exit, str(scene.issues()[0].due))
    assert 0 == _written(scene)[0]


def test_a_limit_is_no_lasting_reason(scene: Stage) -> None:
    """What Jira turned down only for now is asked for again by the next pass."""
    scene.page(actions("Add an alert"))
    scene.sandbox.faults.append(Fault(scene.route("create"), "status:429", times=99))
    scene.sync()
    scene.sandbox.faults.clear()
    scene.sync()

    assert ["Add an alert"] == [issue.summary for issue in scene.issues()]


def test_a_step_to_done_that_is_turned_down_is_asked_for_once(scene: Stage) -> None:
    """As any step that Jira refuses; the finding stays until somebody closes the ticket or unticks the task."""
    page = scene.page(TASK)
    scene.sync()
    scene.sandbox.run(lambda: scene.sandbox.jira.transition("PAY-1", "In Progress"))
    scene.sync()
    scene.as_person(lambda who: scene.sandbox.confluence.person_ticks(page.id, "1", who))
    fault = _refusing(scene, "move", 403)
    scene.sync()
    assert 1 == fault.seen
    for _ in range(2):
        written, report = _written(scene)
        assert (0, 1) == (written, fault.seen)
        assert "transition-unclear" in [each.code for each in report.pages[0].plan.findings]


def test_a_ticket_that_was_hidden_before_its_edit_follows_once_it_is_seen(scene: Stage) -> None:
    """Each pass reads whether it can be seen, so nothing has to be remembered."""
    page = scene.page(actions("Add an alert"))
    scene.sync()
    edits = scene.sandbox.confluence.person_replaces
    scene.as_person(lambda who: edits(page.id, "2027-01-15", "2027-02-28", who))
    _refusing(scene, "edit", 404)
    assert 3 == scene.sync().exit
    scene.sandbox.faults.clear()

    assert (0, "2027-02-28") == (scene.sync().exit, str(scene.issues()[0].due))
