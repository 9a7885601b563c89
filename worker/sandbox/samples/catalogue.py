"""Which pages the sample company has written, and which tickets it had before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from worker.sandbox.people import Person

TODAY = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""The morning on which the sample world plays: its pages are a few weeks old, their due dates lie ahead."""


@dataclass(frozen=True, slots=True)
class SamplePage:
    """One page: its file, and what Confluence would know beside the body."""

    file: str
    title: str
    author: str
    created: datetime
    labels: tuple[str, ...] = ("post-mortem",)
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class SampleTicket:
    """A ticket that a person made."""

    summary: str
    reporter: str
    assignee: str
    status: str
    priority: str


TOMAS = Person("557058:88880000-0000-4000-8000-0000000070a5", "Tomás Herrera", "tomas@example.com")
"""Joins the people of the default world."""

_ALICE, _BOB, _CARLA, _DAI, _ELLA = "Alice Moreau", "Bob Lindqvist", "Carla Nunes", "Dai Nguyen", "Ella Okafor"


def _november(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


PAGES = (
    SamplePage("card-authorisations-timed-out", "Card authorisations timed out", _ELLA, _november(4, 10)),
    SamplePage("settlement-file-arrived-late", "The settlement file arrived late", TOMAS.name, _november(6, 9, 30)),
    SamplePage("payouts-sent-twice", "412 payouts were sent twice", _DAI, _november(9, 14)),
    SamplePage("acquirer-certificate-expired", "An acquirer certificate expired", _CARLA, _november(10, 8, 45)),
    SamplePage(
        "fraud-rules-declined-good-customers", "Fraud rules declined good customers", _ALICE, _november(13, 11)
    ),
    SamplePage("webhook-deliveries-fell-behind", "Webhook deliveries fell behind", _BOB, _november(16, 15)),
    SamplePage("ledger-replica-lagged", "The ledger replica was forty minutes behind", _ALICE, _november(17, 9)),
    SamplePage("yen-amounts-rounded-twice", "Yen amounts were rounded twice", _DAI, _november(19, 7, 20)),
    SamplePage(
        "production-access-not-revoked", "Production access was not revoked", _CARLA, _november(18, 16),
        restricted=True,
    ),
    SamplePage("status-page-said-all-green", "The status page said all green", _ELLA, _november(5, 13)),
    SamplePage("checkout-slow-in-the-sale", "The checkout was slow in the sale", _BOB, _november(25, 8, 57)),
    SamplePage(
        "post-mortem-template", "Post-mortem: template", _ELLA, _november(2, 9),
        labels=("post-mortem", "post-mortem-template"),
    ),
)  # fmt: skip

TICKETS = (
    SampleTicket("Renew the contract with the second acquirer", TOMAS.name, TOMAS.name, "Done", "High"),
    SampleTicket("Show the decline rate per rule", _ALICE, _ALICE, "In Progress", "Medium"),
    SampleTicket("Review rules older than a year", _ALICE, _DAI, "To Do", "Low"),
    SampleTicket("Dashboard: age of the oldest delivery", _BOB, _DAI, "In Progress", "Medium"),
)
"""In the order in which they were made: PAY-1 and on. A page names PAY-4, another shows PAY-2 and PAY-3."""

TICKETS_MADE = datetime(2026, 8, 17, 9, 0, tzinfo=UTC)

ELSEWHERE = "https://example.atlassian.net"
"""The site that the sample bodies name; the world puts its own address in its place."""
