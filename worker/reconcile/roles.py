"""Gives the columns of a table their roles by what their headers mean, never by where they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from worker.document.text import normalise
from worker.mapping.model import Columns


class Role(Enum):
    """What a column is for; the value names it in sentences."""

    ACTION = "action"
    OWNER = "owner"
    DUE = "due date"
    PRIORITY = "priority"
    TICKET = "ticket"
    STATUS = "status"
    DONE = "done"
    """A column of boxes to tick: read like a status, never written."""

    __hash__ = object.__hash__
    """A member is one object; the hash of ``Enum`` is a call in Python for every look-up."""


VAGUE = frozenset({"description", "title", "item", "summary", "what", "recommendation", "measure", "improvement"})
"""Headers that can mean an action, and mean something else in most tables."""
DOUBTFUL_TICKET = frozenset({"issue", "bug"})
"""Headers of a ticket column that as often head a column of complaints in prose."""

_SHARING = ({Role.OWNER, Role.DUE}, {Role.TICKET, Role.STATUS})
_DONE = frozenset({"done", "completed", "complete", "closed", "done y n", "done yes no", "finished", "is done"})
_DETAILS = (" description", " details", " detail", " summary", " name", " text", " to take", " required")
_KINDS = ("expected ", "estimated ", "planned ", "proposed ", "current ", "primary ", "target ", "agreed ", "final ")
_KEYS = (" id", " ids", " key", " keys", " number", " no", " nr", " link", " links", " url", " ref", " reference")
_PARENTHESES = re.compile(r"\([^()]*\)|\[[^][]*\]")
_PARTS = re.compile(r"\s*[/&+,|\n]\s*|\s+(?:and|or)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Roles:
    """Which grid column plays which role. One column can play two, like “Owner / Due”."""

    columns: Mapping[Role, int]
    vague: bool
    """The action column is one by a name that usually means something else."""


def assign(headers: Sequence[str], names: Columns) -> Roles:
    """The roles of the columns with these headers, left to right.

    Of several columns for one role the first counts, except that a column called just “Status” is the status, and a
    header that can only be a ticket's goes before “Issue” and “Bug”.
    """
    found: dict[Role, int] = {}
    for column, header in enumerate(headers):
        for role in meaning(header, names):
            best = found.setdefault(role, column)
            plain = normalise(header)
            sure = role is Role.STATUS and plain == "status" and normalise(headers[best]) != "status"
            doubtful = role is Role.TICKET and normalise(headers[best]) in DOUBTFUL_TICKET
            if sure or (doubtful and plain not in DOUBTFUL_TICKET):
                found[role] = column
    vague = Role.ACTION not in found
    if vague:
        free = [column for column, header in enumerate(headers) if _is_vague(header) and column not in found.values()]
        if free:
            found[Role.ACTION] = free[0]
    return Roles(found, vague)


@lru_cache(maxsize=4096)
def meaning(header: str, names: Columns) -> frozenset[Role]:
    """The roles that a header names: by itself, without what is in parentheses, or part by part.

    Owner and due date share a column (“Owner / Due”), because a person and a date can be told apart, and so do ticket
    and status (“Ticket / Status”), because a key is no word. Of any other pair one counts: “Action / Owner” is an
    action.
    """
    known = _vocabulary(names)
    plain = _PARENTHESES.sub(" ", header)
    parts = [_role(normalise(part), known) for part in _PARTS.split(plain) if normalise(part)]
    said = {role for role in parts if role is not None}
    if len(parts) > 1 and None not in parts:
        return frozenset(said if said in _SHARING else {min(said, key=[*Role].index)})
    roles = (_role(normalise(text), known) for text in (header, plain))
    return frozenset([role for role in roles if role is not None][:1])


@lru_cache(maxsize=64)
def _vocabulary(names: Columns) -> Mapping[str, Role]:
    """Role by normalised name. The vague names are left out as long as a team has not chosen its own."""
    given = (
        (Role.STATUS, names.status),
        (Role.TICKET, names.ticket),
        (Role.PRIORITY, names.priority),
        (Role.DUE, names.due),
        (Role.OWNER, names.owner),
        (Role.ACTION, names.action),
    )
    known = dict.fromkeys(_DONE, Role.DONE) | {normalise(name): role for role, group in given for name in group}
    if names.action == Columns().action:
        return {name: role for name, role in known.items() if name not in VAGUE}
    return known


def _role(name: str, known: Mapping[str, Role]) -> Role | None:
    """The role of a name, also with the words that people put around it: “Task owner”, “Planned date”, “Jira no”."""
    for form in (name, name.removesuffix("s"), f"{name}s"):
        if form in known:
            return known[form]
    for ending in _DETAILS:
        if name.endswith(ending) and known.get(name.removesuffix(ending)) in {Role.ACTION, Role.OWNER}:
            return known[name.removesuffix(ending)]
    for ending in _KEYS:
        if name.endswith(ending) and known.get(name.removesuffix(ending)) is Role.TICKET:
            return Role.TICKET
    for kind in _KINDS:
        if name.startswith(kind) and name.removeprefix(kind) in known:
            return known[name.removeprefix(kind)]
    words = name.split()
    for length in range(1, len(words)):
        if known.get(" ".join(words[:length])) is Role.ACTION:
            role = known.get(" ".join(words[length:]))
            if role is not Role.ACTION:
                return role
    return None


def _is_vague(header: str) -> bool:
    return normalise(_PARENTHESES.sub(" ", header)) in VAGUE
