"""An action item as people wrote it: a table row or a task, with the places that belong to the worker."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache


@lru_cache(maxsize=8192)
def digest(text: str, *, length: int) -> str:
    """So many hex digits that equal texts share; for telling apart, never for secrecy."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of byte offsets in the UTF-8 source of a document."""

    start: int
    end: int


class Kind(Enum):
    """Where an action item stands."""

    ROW = "row"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the page an item is, for people and for write-back."""

    kind: Kind
    block: int
    """Ordinal of its table or task list among those of the document, from 0."""
    line: int
    """Ordinal of its row (header not counted) or task within the block, from 0."""
    section: str
    """Text of the heading above it, or an empty string."""

    def __str__(self) -> str:
        where = f" of “{self.section}”" if self.section else ""
        return f"{self.kind.value} {self.line + 1}{where}"


@dataclass(frozen=True, slots=True)
class Mention:
    """A person mentioned with @."""

    account: str
    """Account id on Cloud; on Data Center the user key as the page has it, until the user name takes its place."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """A person mentioned with @ whom Confluence does not know, or does not show to the worker's account."""

    reference: str
    """The user key or user name as the page has it."""


@dataclass(frozen=True, slots=True)
class WrittenName:
    """A person or team written as plain text."""

    text: str


Owner = Mention | Stranger | WrittenName


@dataclass(frozen=True, slots=True)
class PickedDate:
    """A date chosen in the editor (``<time datetime>``): the attribute, unread."""

    datetime: str


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date written as plain text, unread."""

    text: str


DateAsWritten = PickedDate | WrittenDate


@dataclass(frozen=True, slots=True)
class Lozenge:
    """A status macro: its title as stored and its colour in lower case (``grey`` when absent)."""

    title: str
    colour: str


class NoteKind(Enum):
    """The two notes the worker writes into its own cells."""

    NO_TICKET = "no ticket"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Note:
    """A grey lozenge and one sentence, of the one form that the worker recognises as its own."""

    kind: NoteKind
    sentence: str


@dataclass(frozen=True, slots=True)
class OwnCell:
    """What stands where the worker may write: a ticket cell, a status cell, or the end of a task."""

    keys: tuple[str, ...] = ()
    """Ticket keys named here, upper case, in order: Jira macro, smart link, browse link or plain key."""
    lozenges: tuple[Lozenge, ...] = ()
    note: Note | None = None
    rest: str = ""
    """Anything else a person put here, as text; ``""`` when there is nothing but what is listed above."""
    span: Span | None = None
    """Inner span of the cell (or the tail of a task) that a write replaces; None: this place is never written
    (shared by several rows, or holding something that text does not show)."""
    followed: bool = False
    """A person's words follow in the same task, so that a note here would run into them."""

    ways: tuple[str, ...] = ()
    """What stands before the keys in their links, without the scheme, in lower case, each once."""
    servers: tuple[str, ...] = ()
    """The application links to Jira that the macros of the keys name, by their ids in lower case, each once."""

    @property
    def blank(self) -> bool:
        """Nothing at all stands here."""
        return not (self.keys or self.lozenges or self.note or self.rest)


@dataclass(frozen=True, slots=True)
class Amid:
    """What of a task's text looks like the worker's: people may have moved it there from the end, or written it."""

    keys: tuple[str, ...] = ()
    """Those that links name, upper case, in order."""
    lozenges: tuple[Lozenge, ...] = ()


@dataclass(frozen=True, slots=True)
class Perhaps:
    """A place that may be the worker's own, as only its claims can tell, and the item as it reads if it is."""

    column: int
    """Grid column of the cell; 0 for the end of a task."""
    ticket: OwnCell
    action: str
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ActionItem:
    """One row or task, as written. Nothing is interpreted beyond which cell plays which role."""

    place: Place
    editor_id: str | None
    """The row's or task's own id of the editor, when it has one (may be copied, so only a hint)."""
    action: str
    """What is to be done: whitespace collapsed, several paragraphs joined by a newline."""
    owners: tuple[Owner, ...]
    dates: tuple[DateAsWritten, ...]
    priority: str
    status_word: str
    """Text of the status cell (a task: the word before a colon or dash at its start), or ``""``."""
    others: tuple[tuple[str, str], ...]
    """The row's remaining cells as (header, text), in column order, empty ones left out."""
    ticket: OwnCell
    """The ticket cell, or the tail of a task. A table without a ticket column: a blank OwnCell without span."""
    status: OwnCell | None
    """The status cell; None where the table has no status column, the row ends before it, and for tasks."""
    status_column: int | None = None
    """Grid column of the status cell that the row gets together with a ticket column, where it ends before both."""
    amid: Amid = Amid()
    """Nothing for rows."""
    has_ticket_column: bool = True
    """False: the table needs a ticket column before anything can be shown on this row."""
    has_owner_column: bool = True
    has_due_column: bool = True
    """False: there is no cell in which the row could say it."""
    ticked: bool | None = None
    """A task's box; None for rows."""
    tick_span: Span | None = None
    """Span of the text inside ``ac:task-status``; None for rows."""
    perhaps: tuple[Perhaps, ...] = ()
    """Cells that hold keys where the table has no ticket column by its headers; or a status at the end of a task that
    has no key."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Every ticket that the ticket cell names, or what may be one."""
        return (*self.ticket.keys, *(key for each in self.perhaps for key in each.ticket.keys))

    @property
    def fingerprint(self) -> str:
        """Digest that equal actions share, whatever their case, spacing or punctuation at the end."""
        return _fingerprint(self.action)

    @property
    def whole(self) -> str:
        """Digest of the row's other cells: tells apart rows with the same action."""
        return _whole(self.owners, self.dates, self.priority, self.others)


@lru_cache(maxsize=8192)  # every item is asked for its digests several times in a pass
def _fingerprint(action: str) -> str:
    folded = " ".join(action.casefold().split()).rstrip(".!;, ")
    return digest(folded, length=16)


@lru_cache(maxsize=8192)
def _whole(*cells: object) -> str:
    return digest(repr(cells), length=8)
