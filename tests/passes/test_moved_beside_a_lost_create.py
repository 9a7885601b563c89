"""A create got no answer, and a ticket of its project was moved away since: what looking for the lost one costs."""

from __future__ import annotations

import pytest

from tests.passes.stage import LAG, Stage, actions, stage
from worker.sandbox.faults import Fault


def moved_by_a_person(scene: Stage) -> None:
    """Somebody makes a ticket in the team's project and moves it to another."""
    jira = scene.sandbox.jira
    values = {"type": "10001", "summary": "By hand"}
    scene.as_person(
        lambda who: jira.move_issue(jira.create(jira.projects["PAY"], who, values, {}).key, "OPS"),
    )


def asked_of_jira(scene: Stage) -> int:
    """How many requests Jira got so far."""
    return sum("/rest/api/3/" in each.path for each in scene.sandbox.requests)


def test_a_ticket_that_was_moved_meanwhile_costs_some_requests_and_not_a_hundred() -> None:
    """Two hundred keys that nobody has are read beside it, and the row gets its one ticket."""
    costs = []
    for moved in (False, True):
        with stage() as scene:
            scene.page(actions("Add an alert"))
            scene.sandbox.faults.append(Fault(scene.route("create"), "drop"))
            scene.sync()
            if moved:
                moved_by_a_person(scene)
            scene.sandbox.world.clock.advance(seconds=2 * LAG)
            before = asked_of_jira(scene)
            scene.sync()
            costs.append(asked_of_jira(scene) - before)

            assert [issue.summary for issue in scene.issues() if issue.summary != "By hand"] == ["Add an alert"]

    assert costs[1] - costs[0] <= 16


@pytest.mark.parametrize("deployment", ["cloud", "datacenter"])
def test_the_lost_ticket_itself_was_moved(deployment: str) -> None:
    """Search looks into the team's project alone; by its old key it is found, and none is made again."""
    with stage(deployment) as scene:
        page = scene.page(actions("Add an alert"))
        scene.sandbox.faults.append(Fault(scene.route("create"), "drop", when="after"))
        scene.sync()
        (lost,) = scene.issues()
        scene.as_person(lambda _: scene.sandbox.jira.move_issue(lost.key, "OPS"))
        scene.sandbox.world.clock.advance(seconds=2 * LAG)
        scene.sync()

        assert ([lost], lost.project) == (scene.issues(), "OPS")
        assert lost.key in scene.body(page)
