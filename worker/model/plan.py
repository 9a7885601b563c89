"""What a pass means to do, as values that can be printed, compared and limited before anything is done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from worker.model.finding import Finding
from worker.model.item import ActionItem
from worker.model.ticket import Draft


class Wait(Enum):
    """What a held item waits for."""

    PEOPLE = "people"
    TIME = "time"
    LIMIT = "limit"
    TURN = "turn"
    """Behind pages that wait longer: the limit of a pass is used up, and the next one goes on."""
    GUARD = "guard"

    @property
    def imposed(self) -> bool:
        """Whether the worker holds back what it could do, which the exit code tells."""
        return self in (Wait.LIMIT, Wait.TURN, Wait.GUARD)


@dataclass(frozen=True, slots=True)
class Create:
    """A ticket is to be made for this item."""

    item: ActionItem
    item_id: str
    draft: Draft
    reason: str
    accounts: tuple[str, ...] = ()
    """Whom the row names, resolvable to accounts, first one first: the assignee is chosen among them."""
    ticket: str | None = None
    """Key of the ticket, once it is made."""


@dataclass(frozen=True, slots=True)
class Update:
    """The item has its ticket, and the page or the ticket is to be brought up to date."""

    item: ActionItem
    ticket: str
    reason: str


@dataclass(frozen=True, slots=True)
class Keep:
    """Nothing is to be done, and here is why."""

    item: ActionItem
    ticket: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Something would have to be done, and is not, and here is why."""

    item: ActionItem
    ticket: str | None
    reason: str
    wait: Wait


@dataclass(frozen=True, slots=True)
class Failed:
    """Something was tried and refused for good in this pass."""

    item: ActionItem
    ticket: str | None
    reason: str


Change = Create | Update | Keep | Hold | Failed


@dataclass(frozen=True, slots=True)
class TableNote:
    """One table or task list of the page and why it was taken or left alone."""

    taken: bool
    section: str
    header: tuple[str, ...]
    reason: str
    """Goes on behind “taken:” or “left alone:”, which ``taken`` says."""


@dataclass(frozen=True, slots=True)
class PagePlan:
    """All changes of one page, in document order, and what people should know about it."""

    page: str
    title: str
    url: str
    team: str
    version: int
    """The version it was planned on; 0 where the page could not be read."""
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    tables: tuple[TableNote, ...] = ()
    saves: bool = False
    """Whether the page itself would be saved."""
    failed: bool = False
    """The page could not be read or written."""
