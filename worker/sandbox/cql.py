"""Confluence's query language over indexed pages: the fields a page search needs, and a refusal for the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from worker.sandbox import instants
from worker.sandbox.pages import PageSnapshot
from worker.sandbox.people import Person
from worker.sandbox.query import BadQuery, Call, Clause, Order, Value, Word, clauses, holds, parse

_WORDS: dict[str, Callable[[PageSnapshot], frozenset[str]]] = {
    "type": lambda _page: frozenset({"page"}),
    "space": lambda page: frozenset({page.space.lower()}),
    "space.key": lambda page: frozenset({page.space.lower()}),
    "label": lambda page: frozenset(page.labels),
    "ancestor": lambda page: frozenset(page.ancestors),
    "parent": lambda page: frozenset({page.parent} if page.parent else ()),
    "id": lambda page: frozenset({page.id}),
    "content": lambda page: frozenset({page.id}),
    "title": lambda page: frozenset({page.version.title.lower()}),
    "creator": lambda page: frozenset({page.author}),
}
_DATES: dict[str, Callable[[PageSnapshot], datetime]] = {
    "created": lambda page: page.created_at,
    "lastmodified": lambda page: page.version.at,
}
_TYPES = frozenset({"page", "blogpost", "comment", "attachment", "whiteboard", "database", "folder", "embed"})
_IDS = frozenset({"ancestor", "parent", "id", "content"})
_ORDERS: dict[str, Callable[[PageSnapshot], Any]] = {
    "created": lambda page: page.created_at.isoformat(),
    "lastmodified": lambda page: page.version.at.isoformat(),
    "title": lambda page: page.version.title.lower(),
    "id": lambda page: int(page.id),
}


@dataclass(frozen=True, slots=True)
class PageQuery:
    """A query that was read and checked for one caller at one moment."""

    matches: Callable[[PageSnapshot], bool]
    arranged: Callable[[list[PageSnapshot]], list[PageSnapshot]]


def read(
    text: str, caller: Person | None, now: datetime, spaces: Sequence[str],
    account_of: Callable[[str], str | None] = lambda account_id: account_id,
) -> PageQuery:  # fmt: skip
    """The query. Raises BadQuery for an unknown field, operator, function, space, person or date.

    Dates without a zone are read in the caller's own (Atlassian, "Advanced searching using CQL"). ``account_of`` finds
    the account of a person as the deployment names people; None for nobody of that name.
    """
    if not text.strip():
        raise BadQuery("Could not parse cql : ")
    condition, orders = parse(text)
    zone = ZoneInfo(caller.timezone if caller else "UTC")
    known = frozenset(key.lower() for key in spaces)

    def instant(value: Value) -> datetime:
        if isinstance(value, Call):
            return instants.called(value.name, value.arguments, now, zone)
        return instants.absolute(value.text, zone)

    def word(field: str, value: Value) -> str:
        if isinstance(value, Call):
            if field == "creator" and value.name.lower() == "currentuser" and not value.arguments:
                return caller.account_id if caller else ""
            raise BadQuery(f"Unable to find a function called '{value.name}' for the field '{field}'.")
        if field == "creator":
            account = account_of(value.text)
            if account is None:
                raise BadQuery(f"Could not parse cql : no user '{value.text}'.")
            return account
        return _checked(field, value, known)

    tests = {clause: _test(clause, instant, word) for clause in clauses(condition)}
    return PageQuery(lambda page: holds(condition, lambda clause: tests[clause](page)), _order(orders))


def _test(
    clause: Clause, instant: Callable[[Value], datetime], word: Callable[[str, Value], str]
) -> Callable[[PageSnapshot], bool]:
    field, operator = clause.field, clause.operator
    if field in _DATES:
        if operator not in instants.COMPARISONS or not clause.values:
            raise _unsupported(clause)
        date_of, compare = _DATES[field], instants.COMPARISONS[operator]
        limit = instants.to_minute(instant(clause.values[0]))
        return lambda page: compare(instants.to_minute(date_of(page)), limit)
    if field not in _WORDS:
        raise BadQuery(f"Could not parse cql : field '{field}' is unknown.")
    words_of = _WORDS[field]
    wanted = frozenset(word(field, value) for value in clause.values)
    match operator:
        case "=" | "in" if wanted:
            return lambda page: not wanted.isdisjoint(words_of(page))
        case "!=" | "not-in" if wanted:
            return lambda page: wanted.isdisjoint(words_of(page))
        case "~" | "!~" if field == "title" and wanted:
            parts = next(iter(wanted)).replace("*", "").split()
            asked = operator == "~"
            return lambda page: all(part in page.version.title.lower() for part in parts) is asked
    raise _unsupported(clause)


def _checked(field: str, value: Word, spaces: frozenset[str]) -> str:
    text = value.text.lower()
    if field == "type" and text not in _TYPES:
        raise BadQuery(f"Could not parse cql : unsupported content type '{value.text}'.")
    if field in _IDS and not (text.isascii() and text.isdigit()):
        raise BadQuery(f"Could not parse cql : '{value.text}' is no content id.")
    if field in {"space", "space.key"} and text not in spaces:
        raise BadQuery(f"Could not parse cql : no space with key '{value.text}'.")
    return text


def _order(orders: tuple[Order, ...]) -> Callable[[list[PageSnapshot]], list[PageSnapshot]]:
    for order in orders:
        if order.field not in _ORDERS:
            raise BadQuery(f"Could not parse cql : cannot order by '{order.field}'.")

    def arranged(pages: list[PageSnapshot]) -> list[PageSnapshot]:
        for order in reversed(orders):
            pages = sorted(pages, key=_ORDERS[order.field], reverse=order.descending)
        return pages

    return arranged


def _unsupported(clause: Clause) -> BadQuery:
    operator = clause.operator.replace("-", " ")
    return BadQuery(f"Could not parse cql : the field '{clause.field}' does not support the operator '{operator}'.")
