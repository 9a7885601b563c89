"""What becomes of a row that somebody rewords while its ticket's key is still on the way to the page."""

from __future__ import annotations

import pytest

from tests.passes.stage import Stage, actions, stage
from worker.model.plan import Hold
from worker.model.report import Report
from worker.sandbox.faults import Fault

BEFORE = "Add an alert for queue depth"


@pytest.fixture
def scene():
    """A Data Center: its editor gives rows no ids, so an unkeyed row has nothing but its words."""
    with stage("datacenter") as made:
        yield made


def _reworded(scene: Stage, after: str, *, closed: bool) -> Report:
    """Tickets are made, Confluence refuses the page, a person rewords the first row, and two calm passes follow."""
    page = scene.page(actions(BEFORE, "Write the runbook"))
    scene.sandbox.faults.append(Fault(scene.route("save"), "status:403", times=99))
    scene.sync()
    scene.sandbox.faults.clear()
    if closed:
        scene.sandbox.run(lambda: scene.sandbox.jira.transition("PAY-1", "Done"))
    scene.as_person(lambda who: scene.sandbox.confluence.person_replaces(page.id, BEFORE, after, who))
    scene.sync()
    return scene.sync()


@pytest.mark.parametrize(
    ("after", "closed"), [(f"{BEFORE} over 500", False), ("Add alert for queue depths", True)], ids=["number", "closed"]
)
def test_it_is_held_with_a_number_more_and_beside_a_closed_ticket(scene: Stage, after: str, closed: bool) -> None:
    """No second ticket is made for it, and a person is told which one it may be the row of."""
    (told,) = _reworded(scene, after, closed=closed).pages
    (held,) = [change for change in told.plan.changes if isinstance(change, Hold)]

    assert ["PAY-1", "PAY-2"] == [issue.key for issue in scene.issues()]
    assert after == held.item.action
    assert "it may be the row of PAY-1" in held.reason
