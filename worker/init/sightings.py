"""Sees what a team's pages say: columns, words, owners, priorities and dates as people wrote them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from worker.document.bounds import TooLarge
from worker.document.document import Document
from worker.document.parse import Malformed, parse
from worker.document.tables import Table, tables
from worker.document.tasks import TaskList, task_lists
from worker.init.columns import unknown_columns
from worker.mapping.model import Items
from worker.model.item import ActionItem, Kind, WrittenDate, WrittenName
from worker.model.page import FoundPage
from worker.reconcile.extract import extract
from worker.reconcile.placeholders import says_nothing
from worker.reconcile.roles import Role
from worker.reconcile.words import is_word
from worker.reconcile.written_dates import Ambiguous, Day, read_written

_DEFAULT = Items()


@dataclass(slots=True)
class Sightings:
    """What was seen, with how often; texts are as people wrote them."""

    pages: int = 0
    items: int = 0
    """Action items that the defaults find."""
    columns: dict[Role, Counter[str]] = field(default_factory=dict)
    """Headers that mean nothing by default, by what their cells hold."""
    titles: Counter[str] = field(default_factory=Counter)
    """Titles over task lists that the defaults leave alone."""
    done: Counter[str] = field(default_factory=Counter)
    """Words in green that are none of the defaults."""
    statuses: Counter[str] = field(default_factory=Counter)
    """Other words in status cells that are none of the defaults."""
    owners: Counter[str] = field(default_factory=Counter)
    """Names in plain text."""
    priorities: Counter[str] = field(default_factory=Counter)
    day_first: Counter[bool] = field(default_factory=Counter)
    """Dates that can be read in one order only, by whether the day comes first in it."""
    unclear_dates: Counter[str] = field(default_factory=Counter)


def see(pages: Iterable[FoundPage], items: Items = _DEFAULT) -> Sightings:
    """What these pages say, read by these rules; one that cannot be read, or only by some people, is passed over."""
    seen = Sightings()
    for found in pages:
        if found.restricted:
            continue
        try:
            document = parse(found.page.body)
            extraction = extract(document, items)
        except (Malformed, TooLarge):
            continue
        seen.pages += 1
        seen.items += len(extraction.items)
        created = found.page.created_at.date()
        blocks: list[Table | TaskList] = [*tables(document), *task_lists(document)]
        blocks.sort(key=lambda block: block.element.start)
        for verdict in extraction.verdicts:
            block = blocks[verdict.block] if verdict.block is not None else None
            if isinstance(block, Table):
                _see_table(block, document, created, seen)
            elif verdict.kind is Kind.TASK and block is not None and not verdict.taken and verdict.section:
                seen.titles[verdict.section] += 1
        for item in extraction.items:
            _see_item(item, created, seen)
    return seen


def _see_table(table: Table, document: Document, created: date, seen: Sightings) -> None:
    for role, name in unknown_columns(table, document, created):
        seen.columns.setdefault(role, Counter())[name] += 1


def _see_item(item: ActionItem, created: date, seen: Sightings) -> None:
    words = _DEFAULT.words
    for owner in item.owners:
        if isinstance(owner, WrittenName) and not says_nothing(owner.text):
            seen.owners[owner.text] += 1
    if item.priority and not says_nothing(item.priority):
        seen.priorities[" ".join(item.priority.split())] += 1
    word = item.status_word
    if word and not says_nothing(word) and not is_word(word, words):
        green = item.status is not None and any(each.colour == "green" for each in item.status.lozenges)
        (seen.done if green else seen.statuses)[word] += 1
    for written in item.dates:
        if isinstance(written, WrittenDate):
            _see_date(written.text, created, seen)


def _see_date(text: str, created: date, seen: Sightings) -> None:
    fits = {order for order in (True, False) if isinstance(read_written(text, order, created), Day)}
    meant = read_written(text, None, created)
    if isinstance(meant, Ambiguous) and meant.order:
        seen.unclear_dates[text] += 1
    elif len(fits) == 1:
        seen.day_first[fits.pop()] += 1
