"""One golden case: a page, its team's mapping and the tickets there are, as files beside each other."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests.reconcile.made import row
from worker.document.parse import parse
from worker.document.ticket_links import Macros, SmartLinks, TicketLinks
from worker.mapping.loader import judge
from worker.mapping.model import TeamMapping
from worker.model.claim import Claim, Claims
from worker.model.item import ActionItem, Lozenge, Note, NoteKind
from worker.model.ticket import Base, Category, CreateForm, FormField, Origin, Status, Ticket
from worker.reconcile.claims import new_claim
from worker.reconcile.desire import Facts, Where
from worker.reconcile.extract import extract
from worker.reconcile.notes import lozenge_digest, note_digest
from worker.sandbox.people import Directory
from worker.sandbox.samples.datacenter import as_on_datacenter

CASES = Path(__file__).parent / "cases"
DEPLOYMENTS = ("cloud", "datacenter")

JIRA = "https://acme.atlassian.net"
SITE = f"{JIRA}/wiki"
PAGE = "4711"
CREATED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SAVED = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
NAMES = {"712020:ann": "Ann Okafor", "712020:bo": "Bo Lindqvist", "712020:cy": "Cy Duarte"}

_STATUSES = {
    "To Do": Status("To Do", Category.TODO),
    "In Progress": Status("In Progress", Category.DOING),
    "In Review": Status("In Review", Category.DOING),
    "Done": Status("Done", Category.DONE),
}
_FIELDS = (
    FormField("assignee", "Assignee", required=False, has_default=False, allowed=()),
    FormField("duedate", "Due date", required=False, has_default=False, allowed=()),
    FormField("priority", "Priority", required=False, has_default=True, allowed=("Highest", "High", "Medium", "Low")),
    FormField("labels", "Labels", required=False, has_default=False, allowed=()),
    FormField("parent", "Parent", required=False, has_default=False, allowed=()),
)


@dataclass(frozen=True)
class Case:
    """What a pass finds."""

    name: str
    body: str
    mapping: TeamMapping
    claims: Claims
    tickets: tuple[Ticket, ...]
    links: TicketLinks = field(default_factory=SmartLinks)
    """How keys are written."""

    @property
    def where(self) -> Where:
        """The page; where the mapping lets only titles out, it is one that only some may read."""
        url = f"{SITE}/spaces/PAY/pages/{PAGE}"
        title_only = self.mapping.pages.restricted == "title-only"
        return Where(SITE, PAGE, "Checkout outage of 19 November", url, CREATED, title_only)

    @property
    def facts(self) -> Facts:
        """A create form with every optional field, and the names of everybody."""
        rules = self.mapping.ticket
        form = CreateForm(rules.project, rules.type, "10001", _FIELDS)
        return Facts({(rules.project, rules.type): form}, names=NAMES)


def names() -> list[str]:
    """The cases there are."""
    return sorted(path.name for path in CASES.iterdir() if path.is_dir())


def load(name: str, deployment: str = "cloud") -> Case:
    """Reads ``page.xml``, ``mapping.yaml`` and, where there is one, ``tickets.json``; for Data Center the page as its editor
    would have written it.

    Each entry of ``tickets.json`` is a ticket: ``key``, ``summary``, ``status`` and, if it has them, ``assignee``,
    ``due`` and ``was`` (the key it had before it was moved). With ``made for`` it is the worker's, and names the action
    of its row as it read then; the page has a claim for it that remembers ``shown``, the status titles and notes that
    the worker wrote. ``made on`` is the other page it was made from, ``lost`` says that the page lost its claim, and
    ``hidden`` that the worker may not see the ticket.
    """
    folder = CASES / name
    mapping, problems = judge((folder / "mapping.yaml").read_bytes())
    if mapping is None:
        raise ValueError(f"{name}: {problems}")
    body = (folder / "page.xml").read_bytes().decode()
    if deployment == "datacenter":
        body = as_on_datacenter(body, Directory())
    there = folder / "tickets.json"
    entries = json.loads(there.read_text(encoding="utf-8")) if there.exists() else []
    items = extract(parse(body), mapping.items).items
    claims = Claims(SITE, PAGE)
    tickets = []
    for number, entry in enumerate(entries, 1):
        ticket = _ticket(str(10_000 + number), entry)
        if "made for" in entry:
            claim = _claim(entry, ticket, items, claims)
            ticket = replace(ticket, origin=_origin(entry, claim, ticket))
            if "made on" not in entry and not entry.get("lost"):
                claims = replace(claims, items=(*claims.items, claim), rows=claims.rows + 1)
        if entry.get("hidden"):
            continue
        tickets.append(ticket)
        if "was" in entry:
            tickets.append(replace(ticket, key=entry["was"]))
    links = Macros() if deployment == "datacenter" else SmartLinks()
    return Case(name, body, mapping, claims, tuple(tickets), links)


def observed(tickets: tuple[Ticket, ...]) -> dict[str, Ticket]:
    """Tickets by id and by every key they are found under; a moved one is what it is now."""
    now = {ticket.id: ticket for ticket in reversed(tickets)}
    return {name: now[ticket.id] for ticket in tickets for name in (ticket.id, ticket.key)}


def _ticket(number: str, entry: dict[str, Any]) -> Ticket:
    key = entry["key"]
    return Ticket(
        id=number,
        key=key,
        project=key.partition("-")[0],
        url=f"{JIRA}/browse/{key}",
        summary=entry["summary"],
        status=_STATUSES[entry["status"]],
        assignee=entry.get("assignee"),
        due=date.fromisoformat(entry["due"]) if "due" in entry else None,
        priority=entry.get("priority"),
        created_at=CREATED,
        origin=None,
    )


def _claim(entry: dict[str, Any], ticket: Ticket, items: tuple[ActionItem, ...], claims: Claims) -> Claim:
    """The claim of the row that says what the ticket was made for, or of a row that is gone."""
    action = entry["made for"]
    item = next((item for item in items if item.action == action), None) or row(action, owners=(), dates=())
    shown = tuple(digest for each in entry.get("shown", ()) for digest in _digests(each))
    return new_claim(item, claims, ticket=ticket.id, shown=shown)


def _digests(shown: str) -> list[str]:
    """A note, or a status title in any colour of a category, in either cell."""
    for kind in NoteKind:
        if shown.startswith(f"{kind.value}: "):
            return [note_digest(Note(kind, shown.removeprefix(f"{kind.value}: ")))]
    return [
        lozenge_digest(Lozenge(shown, colour), place)
        for colour in ("grey", "blue", "green")
        for place in ("ticket", "status")
    ]


def _origin(entry: dict[str, Any], claim: Claim, ticket: Ticket) -> Origin:
    due = ticket.due.isoformat() if ticket.due else None
    values = {"due": due, "owner": ticket.assignee, "priority": ticket.priority, "summary": ticket.summary}
    base = tuple((name, Base(value, value)) for name, value in values.items())
    return Origin(SITE, entry.get("made on", PAGE), claim.item, "a0", base)
