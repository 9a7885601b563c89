"""Reads owners and due dates out of their cells, told apart where one cell holds both."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from worker.document.cells import dates, people
from worker.document.tree import Element
from worker.model.item import DateAsWritten, Owner, PickedDate, WrittenDate, WrittenName
from worker.reconcile.placeholders import is_placeholder

_JOINING = r"(?:due(?: date| by| on)?|by|until|till|before|on|eta|deadline)"
_DATE_BEHIND = re.compile(rf"(?:^|\s){_JOINING}\b[\s:–-]{{0,9}}(?:\D{{0,12}}\d.{{0,40}})?$", re.IGNORECASE)
"""What a name is followed by up to its date, which is a text of its own when it was picked in the editor."""
_NAME_IN_FRONT = re.compile(rf"^(?:[^\d,]*,\s*|(?:[^\d,]{{0,80}}\s)?{_JOINING}\b[\s:]*)", re.IGNORECASE)
_LINES = re.compile(r"\s*[\n;]\s*|\s+[/|–—-]\s+")


def owners(cell: Element, nested: Collection[Element] = (), *, with_date: bool) -> Iterator[Owner]:
    """People in an owner cell, in order, without those in ``nested`` tables.

    ``with_date``: what has a digit, and “by” or “until”, is no name there.
    """
    for owner in people(cell, nested):
        if not isinstance(owner, WrittenName):
            yield owner
            continue
        name = _DATE_BEHIND.sub("", owner.text).rstrip(" –—-:") if with_date else owner.text
        if name and not (is_placeholder(name) or (with_date and any(map(str.isdigit, name)))):
            yield WrittenName(name)


def due_dates(cell: Element, nested: Collection[Element] = (), *, with_owner: bool) -> Iterator[DateAsWritten]:
    """Dates in a due cell, in order, without those in ``nested`` tables.

    ``with_owner``: its lines with a digit, without a name in front.
    """
    for written in dates(cell, nested):
        if isinstance(written, PickedDate):
            yield written
        elif with_owner:
            parts = (_NAME_IN_FRONT.sub("", part) for part in _LINES.split(written.text))
            yield from (WrittenDate(part) for part in parts if any(map(str.isdigit, part)))
        elif not is_placeholder(written.text):
            yield written
