"""Decides what a first mapping says, from what was seen and from what Jira takes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from worker.document.text import normalise
from worker.init.columns import KEYS, with_names
from worker.init.sightings import Sightings
from worker.init.wanted import Wanted
from worker.mapping.model import Items, TeamMapping, Words
from worker.model.ticket import CreateForm, FormField
from worker.reconcile.demands import required_but_empty
from worker.reconcile.roles import Role

_NUMBERED = re.compile(r"(?:p|prio|priority|sev|severity)[ -]?([0-9])", re.IGNORECASE)
_MEANT = {
    "blocker": 0, "critical": 0, "urgent": 0, "highest": 0, "major": 1, "high": 1, "important": 1, "medium": 2,
    "normal": 2, "moderate": 2, "minor": 3, "low": 3, "trivial": 4, "lowest": 4,
}  # fmt: skip
"""How high a written priority is, from the highest."""
_MOST = 8
"""Examples that are shown of one kind."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to be written: ``tree`` as YAML, the rest as comments beside it."""

    wanted: Wanted
    since: date
    columns: Mapping[str, tuple[str, ...]]
    done: tuple[str, ...]
    """Words for done, the usual ones included; empty when the defaults do."""
    priority: Mapping[str, str]
    guesses: Mapping[str, str]
    """What a word of one single cell may mean among Jira's priorities."""
    fields: Mapping[str, str]
    field_notes: Mapping[str, str]
    """What to know of each of the fields."""
    day_first: bool | None
    owners: tuple[str, ...]
    """Names whose accounts nobody knows."""
    statuses: tuple[str, ...]
    titles: tuple[str, ...]
    priorities: tuple[str, ...]
    """Written priorities that nobody can translate."""
    unclear_dates: tuple[str, ...]


def propose(wanted: Wanted, seen: Sightings, form: CreateForm | None, since: date) -> Proposal:
    """The mapping that fits; without a form (Jira lets us create nothing) nothing is said of priorities and fields."""
    priority, guesses, unknown = _priorities(seen.priorities, form.field("priority") if form else None)
    fields, notes = _fields(wanted, form, since)
    return Proposal(
        wanted=wanted,
        since=since,
        columns=_columns(seen.columns),
        done=tuple(dict.fromkeys((*Words().done, *_most(seen.done)))) if seen.done else (),
        priority=priority,
        guesses=guesses,
        fields=fields,
        field_notes=notes,
        day_first=next(iter(seen.day_first)) if len(seen.day_first) == 1 else None,
        owners=_most(seen.owners),
        statuses=_most(seen.statuses),
        titles=_most(seen.titles),
        priorities=unknown,
        unclear_dates=_most(seen.unclear_dates),
    )


def _columns(seen: Mapping[Role, Counter[str]]) -> Mapping[str, tuple[str, ...]]:
    taken: set[str] = set()
    columns: dict[str, tuple[str, ...]] = {}
    for role, names in seen.items():
        new = [name for name, _ in names.most_common(_MOST) if name.casefold() not in taken]
        taken.update(name.casefold() for name in new)
        if new:
            columns[KEYS[role]] = with_names(role, new)
    return columns


def _priorities(
    seen: Counter[str], field: FormField | None
) -> tuple[Mapping[str, str], Mapping[str, str], tuple[str, ...]]:
    """Jira's name for each written priority that it does not know itself, what is only guessed, and what is unknown.

    Numbers rank themselves; a word that stands in one cell alone may be anything.
    """
    allowed = [name for name in field.allowed if not name.isdigit()] if field else []
    if not allowed:
        return {}, {}, ()
    known = {name.casefold() for name in allowed}
    strange = [written for written, _ in seen.most_common() if written.casefold() not in known]
    numbers = [int(found[1]) for written in strange if (found := _NUMBERED.fullmatch(normalise(written)))]
    first = 0 if 0 in numbers else 1
    meant: dict[str, str] = {}
    guesses: dict[str, str] = {}
    for written in sorted(strange):
        found = _NUMBERED.fullmatch(normalise(written))
        height = int(found[1]) - first if found else _MEANT.get(normalise(written))
        if height is not None:
            surely = meant if found or seen[written] > 1 else guesses
            surely[written] = allowed[min(height, len(allowed) - 1)]
    return meant, guesses, tuple(each for each in strange if each not in meant and each not in guesses)[:_MOST]


def _fields(wanted: Wanted, form: CreateForm | None, since: date) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """A value for each field that Jira demands and the worker does not fill, and what to know of it."""
    if form is None:
        return {}, {}
    bare = TeamMapping.model_validate(
        {
            "team": wanted.team,
            "pages": {"space": wanted.space, "since": since},
            "ticket": {"project": wanted.project, "type": wanted.type},
        }
    )
    fields: dict[str, str] = {}
    notes: dict[str, str] = {}
    for shown in required_but_empty(bare, form):
        field = form.field(shown.rpartition("(")[2].rstrip(")"))
        if field is None:
            continue
        choices = [value for value in field.allowed if not value.isdigit()] or list(field.allowed)
        fields[field.id] = choices[0] if choices else "post-mortem"
        listed = f": one of {', '.join(choices[:_MOST])}" if choices else ""
        notes[field.id] = f"{field.name}, which {wanted.project} demands{listed}"
    return fields, notes


def items_of(proposal: Proposal) -> Items:
    """How the mapping would find action items."""
    given: dict[str, object] = {}
    if proposal.columns:
        given["columns"] = dict(proposal.columns)
    if proposal.done:
        given["words"] = {"done": proposal.done}
    return Items.model_validate(given)


def _most(seen: Counter[str]) -> tuple[str, ...]:
    return tuple(name for name, _ in seen.most_common(_MOST))


def chosen_label(labels: Sequence[str]) -> str | None:
    """The first of the labels that speaks of post-mortems; None when none does."""
    return next((label for label in labels if _SPEAKS.search(label) and "template" not in label), None)


_SPEAKS = re.compile(r"post-?mortem|retro|incident|outage|rca|pir\b|lessons", re.IGNORECASE)
