"""Small worlds for the pure decisions: items, tickets, claims and mappings made from a few words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from worker.mapping.model import Due, Pages, TeamMapping, TicketRules
from worker.model.claim import Attempt, Claim, Claims
from worker.model.item import ActionItem, Kind, Lozenge, Mention, Note, OwnCell, PickedDate, Place, Span
from worker.model.ticket import Base, Category, Origin, Status, Ticket
from worker.reconcile.claims import editor_digest
from worker.reconcile.decide import Known
from worker.reconcile.desire import Facts, Where

SITE = "https://acme.atlassian.net/wiki"
PAGE = "4711"
NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
ANN = "712020:ann"

TODO = Status("To Do", Category.TODO)
DOING = Status("In Progress", Category.DOING)
DONE = Status("Done", Category.DONE)

WHERE = Where(SITE, PAGE, "Checkout outage", f"{SITE}/spaces/PAY/pages/{PAGE}", datetime(2026, 11, 20, tzinfo=UTC))


def mapping(**changes: object) -> TeamMapping:
    """The Payments team, with parts replaced."""
    plain = TeamMapping(
        team="Payments",
        pages=Pages(space="PAY", labels=("post-mortem",), since=date(2026, 11, 1)),  # type: ignore[arg-type]  # — a name becomes a list
        ticket=TicketRules(project="PAY"),
        due=Due(day_first=True),
    )
    return plain.model_copy(update=changes)


def row(
    action: str = "Add an alert",
    line: int = 0,
    *,
    key: str | tuple[str, ...] = (),
    editor: str | None = None,
    lozenges: tuple[Lozenge, ...] = (),
    note: Note | None = None,
    rest: str = "",
    writable: bool = True,
    status: OwnCell | None = None,
    status_word: str = "",
    column: bool = True,
    **changes: object,
) -> ActionItem:
    """A table row with an owner, a date and a writable, blank ticket cell."""
    keys = (key,) if isinstance(key, str) else key
    span = Span(10 * line, 10 * line + 1) if writable and column else None
    plain = ActionItem(
        place=Place(Kind.ROW, 0, line, "Action items"),
        editor_id=editor,
        action=action,
        owners=(Mention(ANN),),
        dates=(PickedDate("2026-12-01"),),
        priority="",
        status_word=status_word,
        others=(),
        ticket=OwnCell(keys, lozenges, note, rest, span),
        status=status,
        has_ticket_column=column,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # — any field of an action item


def task(action: str = "Write the runbook", line: int = 0, *, ticked: bool = False, **changes: object) -> ActionItem:
    """A task of a task list."""
    plain = row(action, line, **changes)  # type: ignore[arg-type]  # — passed on as they are
    return replace(plain, place=Place(Kind.TASK, 0, line, "Action items"), ticked=ticked, tick_span=Span(500, 510))


def ticket(
    number: int = 1, *, item: str | None = None, page: str = PAGE, status: Status = TODO, **changes: object
) -> Ticket:
    """A ticket of project PAY; with ``item`` it was made by the worker for that item."""
    summary = str(changes.pop("summary", "Add an alert"))
    origin = None
    if item is not None:
        base = (
            ("due", Base("2026-12-01", "2026-12-01")),
            ("owner", Base(ANN, ANN)),
            ("summary", Base(summary, summary)),
        )
        origin = Origin(SITE, page, item, "n1", base)
    plain = Ticket(
        id=str(10_000 + number),
        key=f"PAY-{number}",
        project="PAY",
        url=f"https://acme.atlassian.net/browse/PAY-{number}",
        summary=summary,
        status=status,
        assignee=ANN,
        due=date(2026, 12, 1),
        priority=None,
        created_at=NOW,
        origin=origin,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # — any field of a ticket


def claim(item: ActionItem, name: str, **known: object) -> Claim:
    """The entry that was made for an item as it reads now."""
    plain = Claim(name, editor_digest(item), item.fingerprint, item.whole)
    return replace(plain, **known)  # type: ignore[arg-type]  # — any field of a claim


def claims(*entries: Claim, attempts: tuple[Attempt, ...] = ()) -> Claims:
    """The claims of the page."""
    return Claims(SITE, PAGE, attempts, entries, rows=len(entries))


def attempt(nonce: str = "n1", at: datetime = NOW, newest: int = 0) -> Attempt:
    """An attempt in project PAY."""
    return Attempt(nonce, at, "PAY", "post-mortem-action", newest)


def known(*tickets: Ticket, **changes: object) -> Known:
    """What was observed: these tickets, by id and key."""
    seen = {name: each for each in tickets for name in (each.id, each.key)}
    plain = Known(seen, {}, frozenset(), Facts({}), NOW)
    return replace(plain, **changes)  # type: ignore[arg-type]  # — any part of what is known
