"""Finds what a sound mapping says and what can then never happen, or happens in two ways at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from worker.document.text import normalise
from worker.mapping.model import Columns, TeamMapping, as_written
from worker.mapping.places import Path

_LONGEST_QUIET = timedelta(weeks=4)
_LONGEST_DEFAULT = timedelta(weeks=520)
_FIELD = re.compile(r"customfield_[0-9]+|[a-z][A-Za-z0-9]*")
"""Ids of Jira's fields: those that an administrator made, and Jira's own."""
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'')


def never(mapping: TeamMapping) -> Iterator[tuple[Path, str]]:
    """Where in the mapping something cannot work, and why, with what to write instead."""
    yield from _pages(mapping)
    yield from _names(mapping)
    yield from _twice(mapping)
    yield from _ticket(mapping)
    yield from _times(mapping)
    limits = mapping.limits
    if limits.new_tickets_per_page > limits.new_tickets_per_run:
        written = "new_tickets_per_page" if "new_tickets_per_page" in limits.model_fields_set else "new_tickets_per_run"
        yield (
            ("limits", written),
            (
                f"a page may bring {limits.new_tickets_per_page} new tickets and a pass only "
                f"{limits.new_tickets_per_run}, so the page's limit is never reached; lower `new_tickets_per_page`, or "
                "raise `new_tickets_per_run`"
            ),
        )


def _pages(mapping: TeamMapping) -> Iterator[tuple[Path, str]]:
    pages = mapping.pages
    skipped = {label.casefold() for label in pages.skip_labels}
    for label in pages.labels:
        if label.casefold() in skipped:
            yield (
                ("pages", "labels"),
                (
                    f"`{label}` is under `labels` and under `skip_labels`, so that no page is ever selected; keep it "
                    "under one of them"
                ),
            )
    if pages.cql is not None:
        bare = _QUOTED.sub("", pages.cql)
        if '"' in bare or "'" in bare:
            yield ("pages", "cql"), "`cql` has a quote that is never closed; close it"
        elif bare.count("(") != bare.count(")"):
            yield ("pages", "cql"), "`cql` has a parenthesis without its partner; add it, or remove it"


def _names(mapping: TeamMapping) -> Iterator[tuple[Path, str]]:
    """Names of which nothing is left when signs and case are taken away: they match nothing."""
    items = mapping.items
    named: list[tuple[Path, Sequence[str]]] = [(("items", "headings"), items.headings)]
    named += [(("items", "columns", role), getattr(items.columns, role)) for role in Columns.model_fields]
    for path, names in named:
        for index, name in enumerate(names):
            if not normalise(name):
                yield (
                    (*path, index),
                    f"`{name}` has neither letter nor digit, so it never matches; write words, or remove it",
                )


def _twice(mapping: TeamMapping) -> Iterator[tuple[Path, str]]:
    """A name that a role got and another role has by default; both written ones are told as contradictions."""
    items = mapping.items
    for group, given, what in (("columns", items.columns, "column"), ("words", items.words, "word")):
        written = given.model_fields_set
        defaults = {
            _folded(name): role
            for role in type(given).model_fields
            if role not in written
            for name in getattr(given, role)
        }
        for role in sorted(written):
            for index, name in enumerate(getattr(given, role)):
                other = defaults.get(_folded(name))
                if other is not None:
                    yield (
                        ("items", group, role, index),
                        (
                            f"the {what} `{name}` is under `{role}`, and `{other}` has it by default; write `{other}` "
                            "too, without it"
                        ),
                    )


def _ticket(mapping: TeamMapping) -> Iterator[tuple[Path, str]]:
    for name in mapping.ticket.fields:
        if not _FIELD.fullmatch(name):
            yield (
                ("ticket", "fields", name),
                (
                    f"`{name}` is a field's name, and Jira needs its id; write it like "
                    "customfield_10010 (the address rest/api/2/field of Jira lists them)"
                ),
            )
    yield from _same(mapping.ticket.priority, ("ticket", "priority"), "priority")
    yield from _same(mapping.owners.aliases, ("owners", "aliases"), "name")


def _same(given: Mapping[str, str], path: Path, what: str) -> Iterator[tuple[Path, str]]:
    """Two spellings of one written word that mean two things."""
    first: dict[str, str] = {}
    for written, meant in given.items():
        before = first.setdefault(_folded(written), written)
        if before != written and given[before] != meant:
            yield (
                (*path, written),
                f"the {what} `{written}` is `{before}` in another spelling, and they mean two things; keep one of them",
            )


def _times(mapping: TeamMapping) -> Iterator[tuple[Path, str]]:
    quiet = mapping.pages.quiet
    if quiet > _LONGEST_QUIET:
        yield (
            ("pages", "quiet"),
            (
                f"`quiet` is {as_written(quiet)}, so that a page which somebody edits now and then is never touched; "
                "write minutes or hours, like 10m"
            ),
        )
    after = mapping.due.default_after
    for path, each in _each_default(after):
        if each > _LONGEST_DEFAULT:
            yield path, f"`{as_written(each)}` is more than ten years, which nobody waits for; write weeks, like 4w"
    if isinstance(after, dict):
        yield from _defaults_for_nothing(after, mapping.ticket.priority)


def _each_default(after: object) -> Iterator[tuple[Path, timedelta]]:
    if isinstance(after, timedelta):
        yield ("due", "default_after"), after
    elif isinstance(after, dict):
        for name, each in after.items():
            yield ("due", "default_after", name), each


def _defaults_for_nothing(after: Mapping[str, timedelta], priorities: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    known = {_folded(name) for name in priorities}
    for name in after:
        if known and _folded(name) not in known and _folded(name) not in map(_folded, priorities.values()):
            yield (
                ("due", "default_after", name),
                f"no row can have the priority `{name}` by `ticket.priority`; write one of {', '.join(priorities)}",
            )


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
