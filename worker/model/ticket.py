"""A ticket as it is, as it should be, and what a create can answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any


class Category(Enum):
    """Jira's status categories; the names of statuses are per project and translated, these are not."""

    TODO = "new"
    DOING = "indeterminate"
    DONE = "done"
    NONE = "undefined"


@dataclass(frozen=True, slots=True)
class Status:
    """A Jira status: its name as Jira shows it, and its category."""

    name: str
    category: Category


@dataclass(frozen=True, slots=True)
class Base:
    """Both sides of one followed field as they were when they last agreed to differ or to be equal."""

    page: str | None
    ticket: str | None
    written: str | None = None
    """Digest of the row's cell as it was written then: tells whether the page changed, or only how the mapping reads
    it. None where nobody stored it, and for fields that the mapping does not interpret."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Which item a ticket was made for; stored on the ticket, written in the same request that makes or edits it."""

    site: str
    page: str
    item: str
    attempt: str
    base: tuple[tuple[str, Base], ...] = ()
    """Followed field (``summary owner due priority``) to its two base values, sorted by field."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as Jira has it now."""

    id: str
    key: str
    project: str
    url: str
    """Address for people."""
    summary: str
    status: Status
    assignee: str | None
    due: date | None
    priority: str | None
    created_at: datetime
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text; whatever it contains is shown as it is, never read as markup."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to an address."""

    text: str
    url: str


Run = Text | Link


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; a newline inside a Text is a line break."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A flat list."""

    items: tuple[tuple[Run, ...], ...]


Description = tuple[Paragraph | Bullets, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A ticket as it should be made: plain values, no Jira markup; the adapter translates."""

    project: str
    type: str
    summary: str
    description: Description
    assignee: str | None
    due: date | None
    priority: str | None
    labels: tuple[str, ...]
    parent: str | None
    origin: Origin
    fields: tuple[tuple[str, Any], ...] = field(default=())
    """Extra fields of the mapping, field id to value."""


@dataclass(frozen=True, slots=True)
class TicketEdit:
    """Fields of one ticket that are to follow the page, with the origin (and so the base) that goes with them."""

    ticket: str
    """Numeric id."""
    origin: Origin
    values: tuple[tuple[str, str | None], ...] = ()
    """Changed fields only (``summary owner due priority``) to their new value, dates as ``YYYY-MM-DD``; empty where
    only the origin is to be stored."""


@dataclass(frozen=True, slots=True)
class Transition:
    """A way out of a ticket's present status that is open to the worker."""

    id: str
    name: str
    to: Status


@dataclass(frozen=True, slots=True)
class Created:
    """Jira made the ticket."""

    id: str
    key: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Jira definitely made nothing for this draft; ``fields`` is what it objected to (our names, or Jira's id)."""

    fields: tuple[tuple[str, str], ...]
    """(field, what Jira said); the field is one of ``summary description assignee due priority labels parent type
    project`` or a Jira field id."""
    message: str


@dataclass(frozen=True, slots=True)
class NotMade:
    """Jira definitely made nothing, and it was not this draft it objected to: the whole request was turned down."""

    message: str
    status: int | None
    """HTTP status; 400 may be any one draft's fault, 429 means later."""

    @property
    def lasts(self) -> bool:
        """Whether the next pass would hear the same: nobody was merely faster (409), and no limit was met (429)."""
        return self.status is not None and 400 <= self.status < 500 and self.status not in (409, 429)


@dataclass(frozen=True, slots=True)
class Unknown:
    """No usable answer: the ticket may or may not exist. Never repeated blindly."""

    message: str


Answer = Created | Refused | NotMade | Unknown


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a project's create form."""

    id: str
    name: str
    required: bool
    has_default: bool
    allowed: tuple[str, ...]
    """Names and ids of the allowed values, or empty when free."""

    @property
    def choices(self) -> tuple[str, ...]:
        """The allowed values as people name them."""
        return tuple(value for value in self.allowed if not value.isdigit()) or self.allowed

    schema: str = ""
    """Jira's kind of value: ``string``, ``option``, ``array/option``, ``string/textarea`` …; empty when not told."""


JIRA_FIELD = {"assignee": "assignee", "due": "duedate", "priority": "priority", "labels": "labels", "parent": "parent"}
"""Our name of each optional field and Jira's id of it on a create form."""


@dataclass(frozen=True, slots=True)
class CreateForm:
    """What Jira asks for and accepts when a ticket of one type is made in one project."""

    project: str
    type: str
    type_id: str
    fields: tuple[FormField, ...]
    subtask: bool = False
    """Tickets of this type stand under another one, whatever the form says of its field ``parent``."""

    def field(self, field_id: str) -> FormField | None:
        """The field of that Jira id, if it is on the form."""
        return next((f for f in self.fields if f.id == field_id), None)
