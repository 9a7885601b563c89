"""What happened to each item, so that whatever the worker writes can be traced to something that happened since."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

TOKEN = re.compile(r"item\d{4}")
"""The one word of an item that names what it is about, whatever else it says."""


class Cause(Enum):
    """What can happen to an item, to its ticket, or to what is known about either."""

    ROW = "a new row"
    WORDS = "a row reworded"
    HEADER = "a header renamed on the page"
    OWNER = "an owner changed on the page"
    DUE = "a date changed on the page"
    TICK = "a task ticked"
    OWN_CELL = "an edit in the worker's own cell"
    RESTORED = "an older version restored"
    RETURNED = "a page that came back"
    STATUS = "a status moved in Jira"
    REOPENED = "a ticket reopened in Jira"
    FIELD = "a field changed in Jira"
    MOVED = "a ticket moved to another project"
    FOLLOWED = "the ticket followed its row"
    MAPPING = "a changed mapping"


SHOWN = frozenset(Cause) - {Cause.WORDS}
"""What can be a reason to write on the page; other words for the same thing are none."""

BIRTHS = frozenset({Cause.ROW, Cause.RESTORED})
"""What can be a reason to make a ticket; that an item gets no second one is judged besides."""

_ANY = frozenset({Cause.RESTORED, Cause.RETURNED, Cause.REOPENED})
EDITED = {
    "summary": _ANY | {Cause.WORDS},
    "assignee": _ANY | {Cause.OWNER, Cause.MAPPING},
    "due": _ANY | {Cause.DUE},
    "status": _ANY | {Cause.TICK},
}
"""By the name of a ticket's field: what can be a reason to change it."""

LASTING = frozenset({Cause.ROW, Cause.STATUS, Cause.REOPENED, Cause.RETURNED})
"""These may have to wait: for an answer that never came, or for the next save, as a step within one category does."""

LONGEST = timedelta(days=1)
"""So long anything else may be a reason; afterwards passes enough have left it alone."""

Item = tuple[str, str]
"""A page's id and the token of one of its items."""


@dataclass(frozen=True)
class Happening:
    """One thing that happened, with its place in the order of all of them."""

    number: int
    at: datetime
    cause: Cause


@dataclass
class Ledger:
    """All happenings by item, and up to which of them each use has been made."""

    count: int = 0
    _by_item: dict[Item, list[Happening]] = field(default_factory=lambda: defaultdict(list))
    _used: dict[tuple[Item, str], set[int]] = field(default_factory=lambda: defaultdict(set))

    def note(self, page: str, tokens: Iterable[str], cause: Cause, at: datetime) -> None:
        """Something happened to these items of a page."""
        for token in tokens:
            self.count += 1
            self._by_item[page, token].append(Happening(self.count, at, cause))

    def happened(self, page: str) -> set[Cause]:
        """All that ever happened to items of that page."""
        return {each.cause for (of, _), each_of in self._by_item.items() if of == page for each in each_of}

    def reason(self, item: Item, use: str, causes: Collection[Cause], *, began: int, at: datetime) -> Cause | None:
        """Why the worker wrote something of that item, by what happened since it last did; None when there is no reason.

        What happened before number ``began``, when the pass began, is used up by it; what happened meanwhile may not
        have been seen, and stays.
        """
        used = self._used[item, use]
        open_ = [
            each
            for each in self._by_item.get(item, ())
            if each.cause in causes and each.number not in used and (each.cause in LASTING or at - each.at <= LONGEST)
        ]
        used.update(each.number for each in open_ if each.number <= began)
        if open_ and open_[0].number > began:
            used.add(open_[0].number)
        return open_[-1].cause if open_ else None
