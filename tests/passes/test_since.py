"""A pass over what changed lately: which pages it takes, and that it draws no conclusion from those it leaves."""

from __future__ import annotations

from datetime import timedelta

from tests.passes.stage import actions, stage
from worker.model.report import TicketState


def test_only_pages_with_a_version_since_that_day_are_worked_on() -> None:
    """A page saved on that day is taken and one saved before is left; its tickets are not said to be elsewhere."""
    with stage() as scene:
        scene.page(actions("Add an alert"), "Old")
        scene.sync()
        scene.sandbox.run(lambda: scene.sandbox.world.clock.advance(days=3))
        new = scene.page(actions("Write a runbook"), "New")
        scene.sync()
        day = scene.sandbox.confluence.page(new.id).version.at.date()
        lately = scene.plan(since=day)
        ever = scene.plan(since=day - timedelta(days=4))
        never = scene.sync(since=day + timedelta(days=2))

    assert [page.plan.title for page in lately.pages] == ["New"]
    assert lately.notices == (f"--since {day} left out 1 page whose newest version is older.",)
    assert lately.findings == ()
    assert [ticket.state for ticket in lately.tickets] == [TicketState.OPEN]
    assert [page.plan.title for page in ever.pages] == ["Old", "New"]
    assert ever.notices == ()
    assert never.notices == (f"--since {day + timedelta(days=2)} left out 2 pages whose newest versions are older.",)


def test_a_sync_counts_tickets_that_it_made_with_those_it_found() -> None:
    """The report knows how every tracked ticket stands, by team and key."""
    with stage() as scene:
        scene.page(actions("Add an alert"))
        first = scene.sync()
        scene.sandbox.run(lambda: scene.sandbox.jira.person_edits("PAY-1", due="2026-01-31"))
        scene.page(actions("Write a runbook"), "Another outage")
        second = scene.sync()

    assert [(each.team, each.key, each.state) for each in first.tickets] == [("Payments", "PAY-1", TicketState.OPEN)]
    assert [(each.key, each.state) for each in second.tickets] == [
        ("PAY-1", TicketState.OVERDUE), ("PAY-2", TicketState.OPEN),
    ]  # fmt: skip
