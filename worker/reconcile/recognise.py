"""Decides which tables hold action items, and says why in words a person understands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from worker.document.tables import Table
from worker.document.text import normalise
from worker.document.tree import Element
from worker.mapping.model import Items
from worker.reconcile.action_headings import announcing
from worker.reconcile.headers import Header, NoHeader, first_row, header
from worker.reconcile.roles import Role, Roles, assign, meaning

_CLOCK = frozenset({"time", "timestamp", "datetime", "utc", "gmt"})
_CLOCK_BESIDE = _CLOCK | {
    "date", "day", "start", "end", "local", "at", "hh", "mm", "ss", "est", "edt", "cst", "pst", "pdt", "pt", "et",
    "bst", "cet", "cest", "ist", "zone", "and", "of",
}  # fmt: skip
_DAY = frozenset({"date", "when", "day"})
_RACI = frozenset({"accountable", "consulted", "informed"})
_RACI_LETTERS = frozenset({"r", "a", "c", "i"})
_RENDERED = frozenset({"jira-table", "refresh-module-id", "jira-issues"})


@dataclass(frozen=True, slots=True)
class Taken:
    """The table holds action items."""

    reason: str
    header: Header
    roles: Roles
    sure: bool
    """Its header alone says so, wherever it stands."""


@dataclass(frozen=True, slots=True)
class Left:
    """The table is something else."""

    reason: str
    header: tuple[str, ...]


def recognise(table: Table, over: Iterable[str], items: Items) -> Taken | Left:
    """Whether a table holds action items; ``over`` is what is written over it, nearest first.

    An action column beside an owner, due date or ticket column says so by itself. Anything weaker counts only under one
    of the mapping's headings: an action column alone, a column that is called “Description” or “What”, or a date in
    front as in a timeline.
    """
    if _within(table.ancestors, "details"):
        return Left("it stands in the page properties macro", ())
    if any(_RENDERED.intersection(each.attrs.get("class", "").split()) for each in (*table.ancestors, table.element)):
        return Left("it is the rendered copy of a Jira macro", ())
    found = header(table)
    if isinstance(found, NoHeader):
        plain = first_row(table)
        if plain is None or not _speaks_for_itself(plain, items):
            return Left(found.reason, ())
        found = plain
    other = _something_else(found.texts)
    if other:
        return Left(other, found.texts)
    return _judge(found, assign(found.texts, items.columns), chain(found.titles, over), items)


def _judge(found: Header, roles: Roles, over: Iterable[str], items: Items) -> Taken | Left:
    action = roles.columns.get(Role.ACTION)
    if action is None:
        return Left("it has no column for actions", found.texts)
    name = found.texts[action]
    beside = [role for role in Role if role in roles.columns and role is not Role.ACTION]
    strong = {Role.OWNER, Role.DUE, Role.TICKET}.intersection(beside) or {Role.STATUS, Role.PRIORITY}.issubset(beside)
    words = [_words(text) for text in found.texts]
    dated = any(each and each <= _DAY for each in words[:action])
    reason = f"has an action column (“{name}”)"
    columns = [f"{_article(role)} {role.value} column (“{found.texts[roles.columns[role]]}”)" for role in beside]
    if columns:
        reason = f"{reason} and {columns[0]}"
    clocked = any(map(_is_clock, words))
    if strong and not roles.vague and not dated and not clocked:
        return Taken(reason, found, roles, sure=True)
    heading = announcing(over, items.headings)
    if heading is None:
        why = f"“{name}” can mean anything" if roles.vague else "its columns can mean anything"
        if dated or clocked:
            why = "it looks like a timeline"
        return Left(f"{why}, and no heading over it announces action items", found.texts)
    if roles.vague and not {Role.OWNER, Role.DUE, Role.TICKET, Role.STATUS}.intersection(beside):
        return Left(f"“{name}” can mean anything, and it has no owner, date or status", found.texts)
    return Taken(f"{reason}, under “{heading}”", found, roles, sure=False)


def _something_else(headers: Sequence[str]) -> str | None:
    """What other kind of table has these headers, as the end of a sentence."""
    words = [_words(text) for text in headers]
    names = {" ".join(each.split()) for each in map(normalise, headers)}
    told = next((each for each in words if each), frozenset())
    if _is_clock(told):
        return "it begins with a time, so it is a timeline or an agenda"
    if len(_RACI & names) > 1 or len(_RACI_LETTERS & names) > 2:
        return "it says who is responsible, accountable, consulted and informed"
    if "summary" in names and {"key", "issue key"} & names:
        return "it is a list of Jira issues"
    return None


def _words(text: str) -> frozenset[str]:
    return frozenset(normalise(text).split())


def _is_clock(words: frozenset[str]) -> bool:
    return bool(words & _CLOCK) and words <= _CLOCK_BESIDE


def _speaks_for_itself(found: Header, items: Items) -> bool:
    """Whether every cell of a plain row names a role, and there are at least three: no data reads like that."""
    texts = [text for text in found.texts if text]
    return len(texts) > 2 and all(len(text) <= 40 and meaning(text, items.columns) for text in texts)


def _within(ancestors: Sequence[Element], macro: str) -> bool:
    return any(each.attrs.get("ac:name") == macro for each in ancestors)


def _article(role: Role) -> str:
    return "an" if role.value[0] in "aeiou" else "a"
