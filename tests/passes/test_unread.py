"""Pages of which search gives something odd: one page's trouble stays its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.passes.stage import Stage, actions, stage, team
from worker.bootstrap import connected, scope
from worker.live.look import look
from worker.render.markdown import render
from worker.run import plan_pass
from worker.sandbox.pages import StoredPage
from worker.survey import Team

ODD: Any = None
"""A body that is no text."""


def odd(scene: Stage, page: StoredPage) -> None:
    """Search gives the page with a body that nobody can read."""

    def do() -> None:
        confluence = scene.sandbox.confluence
        now = scene.sandbox.world.clock.now()
        (snapshot,) = (each for each in confluence.index.seen(now, 0) if each.id == page.id)
        confluence.index.record(page.id, replace(snapshot, version=replace(snapshot.version, body=ODD)), now)

    scene.sandbox.run(do)


def test_an_unread_page_costs_no_page_behind_it(deployment: str) -> None:
    """It fails by name, and the page behind it gets its ticket."""
    with stage(deployment) as scene:
        odd(scene, scene.page(actions("Add an alert"), title="Checkout outage"))
        scene.page(actions("Write the runbook"), title="Refund outage")
        report = scene.sync()

        assert 3 == report.exit
        assert [("Checkout outage", True), ("Refund outage", False)] == [
            (each.plan.title, each.plan.failed) for each in report.pages
        ]
        (finding,) = report.pages[0].plan.findings
        assert "page-failed" == finding.code
        assert finding.message.startswith("The page cannot be read: The answer about a search result")
        assert ["Write the runbook"] == [issue.summary for issue in scene.issues()]
        assert () == report.errors
        assert "Team Payments, version unknown, failed." in render(report)


def test_tickets_of_an_unread_page_are_not_elsewhere(deployment: str) -> None:
    """Its page is still the team's: nobody is asked to close them."""
    with stage(deployment) as scene:
        page = scene.page(actions("Add an alert"))
        scene.sync()
        odd(scene, page)
        report = scene.sync()

        assert ["page-failed"] == [each.code for each in report.pages[0].plan.findings]
        assert () == report.findings


def test_a_page_that_two_teams_select_fails_once(deployment: str) -> None:
    """It is told as a page of the first team, whose page it would be."""
    with stage(deployment) as scene:
        odd(scene, scene.page(actions("Add an alert")))
        teams = [Team(scene.mapping, "a.yaml"), Team(team(team="Checkout"), "b.yaml")]
        with connected(scene.settings) as world:
            report = plan_pass(teams, world.readers, scope(scene.settings), requests=world.requests)

        assert [("Payments", "Checkout outage")] == [(each.plan.team, each.plan.title) for each in report.pages]


def test_a_live_check_names_the_page(deployment: str) -> None:
    """The edit right is looked up on pages that can be read."""
    with stage(deployment) as scene:
        odd(scene, scene.page(actions("Add an alert")))
        scene.page(actions("Write the runbook"), title="Refund outage")
        with connected(scene.settings) as world:
            groups = look(scene.settings, [Team(scene.mapping, "a.yaml")], world.readers, world.surroundings)

        said = [row.sentence for group in groups for row in group.rows]
        assert 1 == sum(each.startswith("“Checkout outage” fails: The page cannot be read") for each in said)
        assert "This account may edit the 1 page looked at." in said
