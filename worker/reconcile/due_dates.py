"""Decides when an item is due: what its row says, or what the team's default makes of a row that says nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from worker.mapping.model import Due
from worker.model.finding import Finding
from worker.model.item import ActionItem, DateAsWritten, PickedDate, WrittenDate
from worker.reconcile.placeholders import says_nothing
from worker.reconcile.sentences import cell, subject
from worker.reconcile.written_dates import Ambiguous, Day, Meaning, Unreadable, read_picked, read_written

_LINE_ENDS = re.compile(r"\s*[\n;]\s*")


@dataclass(frozen=True, slots=True)
class DueReading:
    """When an item is due, as far as page and mapping can say."""

    due: date | None
    written: bool
    """The row says something about a date, readable or not."""
    defaulted: bool
    """The date is the team's default, not the row's."""
    findings: tuple[Finding, ...]


def read_due(item: ActionItem, due: Due, created: date, priority: str, today: date) -> DueReading:
    """The due date of an item.

    ``created`` is the day on which the page was made and ``today`` the day of this pass, both in ``due.timezone``;
    ``priority`` is the priority as written, for defaults that depend on it. Of several dates the first one that can be
    read counts, and a past one is kept. A default is for rows that say nothing: what cannot be read is reported, not
    replaced.
    """
    said = [(text, each) for written in item.dates for text, each in _lines(written) if not says_nothing(text)]
    if not said:
        return _default(item, due, created, priority, today)
    read = [(text, _read(each, due, created)) for text, each in said]
    telling = [each for each in read if not isinstance(each[1], Unreadable)] or read[:1]
    text, meaning = telling[0]
    if not isinstance(meaning, Day):
        return DueReading(None, written=True, defaulted=False, findings=(_unclear(item, text, meaning),))
    findings = []
    if any(other != meaning for _, other in telling):
        findings.append(_several(item, meaning.day))
    if meaning.day < today and not item.ticked:
        findings.append(_past(item, meaning.day))
    return DueReading(meaning.day, written=True, defaulted=False, findings=tuple(findings))


def _lines(written: DateAsWritten) -> list[tuple[str, DateAsWritten]]:
    """A date as written, with its text; of several lines in plain text each one."""
    if isinstance(written, PickedDate):
        return [(written.datetime, written)]
    return [(line, WrittenDate(line)) for line in _LINE_ENDS.split(written.text)]


def _read(written: DateAsWritten, due: Due, created: date) -> Meaning:
    if isinstance(written, PickedDate):
        return read_picked(written.datetime)
    return read_written(written.text, due.day_first, created)


def _default(item: ActionItem, due: Due, created: date, priority: str, today: date) -> DueReading:
    after = _after(due, priority)
    if after is not None:
        return DueReading(max(today, created + after), written=False, defaulted=True, findings=())
    where = f"pick one by typing // in {cell(item, 'due date')}," if item.has_due_column else "add a due date column"
    message = (
        f"{subject(item)} has no due date, so its ticket has none: {where} or set due.default_after in the mapping."
    )
    return DueReading(None, written=False, defaulted=False, findings=(Finding("date-missing", message, item.action),))


def _after(due: Due, priority: str) -> timedelta | None:
    match due.default_after:
        case dict() as by_priority:
            written = _folded(priority)
            return next((after for name, after in by_priority.items() if _folded(name) == written), None)
        case after:
            return after


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _unclear(item: ActionItem, text: str, meaning: Ambiguous | Unreadable) -> Finding:
    said = f"{subject(item)} says “{text if len(text) <= 60 else f'{text[:59]}…'}”"
    what_next = (
        f"so its ticket has no due date; pick one by typing // in {cell(item, 'due date')}, or write it like 2026-12-31"
    )
    match meaning:
        case Unreadable(why):
            message = f"{said}, which cannot be read as a date ({why}), {what_next}."
            return Finding("date-unreadable", message, item.action)
        case Ambiguous(days, why, order):
            can_be = f", which can be {' or '.join(day.isoformat() for day in days)}" if days else ""
            or_so = ", or set due.day_first in the mapping" if order else ""
            return Finding("date-ambiguous", f"{said}{can_be} ({why}), {what_next}{or_so}.", item.action)


def _several(item: ActionItem, day: date) -> Finding:
    message = f"{subject(item)} names several dates, and the first, {day.isoformat()}, counts. Leave only that one."
    return Finding("date-several", message, item.action)


def _past(item: ActionItem, day: date) -> Finding:
    message = (
        f"{subject(item)} was due on {day.isoformat()}, which is past; the ticket gets that date all the same. Set a "
        "new date, or close the item."
    )
    return Finding("date-past", message, item.action)
