"""How tracked tickets stand: whose they are, which day it is, and that each counts once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.render.reports import create, report
from worker.mapping.model import TeamMapping
from worker.model.claim import Claim, Claims
from worker.model.plan import PagePlan
from worker.model.report import TicketState, TrackedTicket
from worker.model.ticket import Category, Status, Ticket
from worker.reconcile.tracking import new_tickets, tracked_tickets

NOW = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
SITE = "https://example.atlassian.net/wiki"


def team(timezone: str = "UTC", name: str = "Payments") -> TeamMapping:
    return TeamMapping.model_validate(
        {
            "team": name,
            "pages": {"space": "PAY", "since": "2026-11-01"},
            "ticket": {"project": "PAY"},
            "due": {"timezone": timezone},
        }
    )


def ticket(number: int, due: date | None = None, category: Category = Category.TODO) -> Ticket:
    key = f"PAY-{number}"
    return Ticket(
        str(number),
        key,
        "PAY",
        f"https://example/{key}",
        "Add an alert",
        Status("?", category),
        None,
        due,
        None,
        NOW,
        None,
    )


def claims(*tickets: str, linked: bool = False, page: str = "101") -> Claims:
    items = tuple(Claim(f"{page}{each:>7}", None, "", "", ticket=each, linked=linked) for each in tickets)
    return Claims(SITE, page, items=items)


@pytest.mark.parametrize(
    ("due", "timezone", "state"),
    [
        (None, "UTC", TicketState.OPEN),
        (date(2026, 11, 24), "UTC", TicketState.OVERDUE),
        (date(2026, 11, 25), "UTC", TicketState.OPEN),
        (date(2026, 11, 25), "Europe/Berlin", TicketState.OVERDUE),
        (date(2026, 11, 24), "America/Los_Angeles", TicketState.OVERDUE),
    ],
)
def test_overdue_begins_on_the_day_after_where_the_team_is(due: date | None, timezone: str, state: TicketState) -> None:
    """A ticket that is due today is open, and whether it is still today the team's time zone decides."""
    [found] = tracked_tickets([(team(timezone), claims("7"))], {"7": ticket(7, due)}, NOW)

    assert found == TrackedTicket("Payments", "PAY-7", due, state)


def test_what_is_done_is_not_overdue() -> None:
    """The category of the status decides before the date."""
    [found] = tracked_tickets([(team(), claims("7"))], {"7": ticket(7, date(2020, 1, 1), Category.DONE)}, NOW)

    assert found.state is TicketState.DONE


def test_only_what_is_ours_and_visible_counts_once() -> None:
    """Linked tickets, tickets nobody sees and open claims are left out; a ticket that two pages claim is the first's."""
    open_claim = Claims(SITE, "103", items=(Claim("a", None, "", ""),))
    pages = [
        (team(), claims("7", "8")), (team(), claims("9", linked=True)), (team(name="Search"), claims("7", page="102")),
        (team(), open_claim),
    ]  # fmt: skip
    found = tracked_tickets(pages, {"7": ticket(7), "9": ticket(9)}, NOW)

    assert [(each.team, each.key) for each in found] == [("Payments", "PAY-7")]


def test_what_the_pass_made_counts_as_open() -> None:
    """A ticket that was made is added unless it was known, and a planned one is not there yet."""
    plan = PagePlan("101", "T", "u", "Payments", 1, (create("a", 0, "PAY-7"), create("b", 1, "PAY-8"), create("c", 2)))
    known = (TrackedTicket("Payments", "PAY-7", None, TicketState.OPEN),)

    assert new_tickets([plan], [team()], NOW, known) == (TrackedTicket("Payments", "PAY-8", None, TicketState.OPEN),)
    assert report(plan).tickets == ()
