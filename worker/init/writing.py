"""Writes a proposed mapping as YAML that explains itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from worker.init.proposal import Proposal

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 _.'’/-]*")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_WIDTH = 110


def written(proposal: Proposal) -> str:
    """The whole file; what is commented out shows what could be said."""
    return "\n".join(line.rstrip() for line in _lines(proposal)) + "\n"


def _lines(p: Proposal) -> Iterator[str]:
    wanted = p.wanted
    yield f"# Which pages are the post-mortems of {_comment(wanted.team)}, and what tickets their action items become."
    yield "# Written by `postmortem-sync init`; docs/mapping.md explains every key. Next: `check --live`, then `plan`."
    yield ""
    yield f"team: {scalar(wanted.team)}"
    yield ""
    yield "pages:"
    yield f"  space: {scalar(wanted.space)}"
    if wanted.labels:
        yield f"  labels: {_list(wanted.labels)}  # a page must have all of them"
    else:
        yield "  # labels: [post-mortem]    # without labels every page of the space is looked at"
    yield f"  since: {p.since.isoformat()}  # only pages created on or after this day: older ones stay as they are"
    yield "  # quiet: 10m               # a page is touched only when its newest version is this old"
    yield "  # restricted: skip         # pages that only some may read: skip, title-only or full"
    yield ""
    yield from _items(p)
    yield "ticket:"
    yield f"  project: {scalar(wanted.project)}"
    yield f"  type: {scalar(wanted.type)}"
    yield "  labels: [post-mortem-action]  # the first one is how the worker finds its tickets again"
    yield from _priority(p)
    for note in p.field_notes.values():
        yield f"  # {_comment(note)}"
    if p.fields:
        yield f"  fields: {_flow(p.fields)}"
    yield f"  # parent: {wanted.project}-100         # an epic or another parent of every ticket"
    yield ""
    yield from _owners(p)
    yield from _due(p)
    yield ""
    yield "# limits: {new_tickets_per_page: 30, new_tickets_per_run: 100}   # a larger plan than anyone meant is held"


def _items(p: Proposal) -> Iterator[str]:
    if p.columns or p.done:
        yield "items:                        # beside the names that templates use, those seen on the team's pages"
    if p.columns:
        yield "  columns:                    # by what stood in their cells; check them"
        for role, names in p.columns.items():
            yield from _folded(f"    {role}: ", names)
    if p.done:
        yield "  words:"
        yield from _folded("    done: ", p.done)
    if p.statuses:
        yield f"# Seen in status cells, and no word so far: {_examples(p.statuses)}."
        yield "# Such words tell rows that need no ticket: items: {words: {done: […], declined: […], untracked: […]}}"
    if p.titles:
        yield f"# Task lists stand under these titles and are left alone: {_examples(p.titles)}."
        yield "# To read them, name the titles: items: {headings: [Action items, …]}"
    if p.columns or p.done or p.statuses or p.titles:
        yield ""


def _priority(p: Proposal) -> Iterator[str]:
    if p.priority:
        yield f"  priority: {_flow(p.priority)}  # written priority -> Jira priority; check it"
    elif not p.guesses:
        yield "  # priority: {P1: Highest, P2: High}   # written priority -> Jira priority; Jira's own names need none"
    if p.guesses:
        yield "  # Guessed, each from a single cell; take over what is right:"
        yield f"  # priority: {_flow(p.guesses)}"
    if p.priorities:
        yield f"  # Seen as well, and not understood: {_examples(p.priorities)}."


def _owners(p: Proposal) -> Iterator[str]:
    if not p.owners:
        yield "# owners:                     # written names -> Jira account; people who are mentioned with @ need none"
        yield "#   aliases: {On-call lead: ACCOUNT}"
        yield "#   default: null             # account of whoever gets what nobody owns"
        return
    yield "# Names in plain text on the pages; write the Jira account of each, and take the # away:"
    yield "# owners:"
    yield "#   aliases:"
    for name in p.owners:
        yield f"#     {quoted(_comment(name))}: ACCOUNT"


def _due(p: Proposal) -> Iterator[str]:
    yield ""
    yield "due:"
    if p.day_first is not None:
        order = "the third of April" if p.day_first else "the fourth of March"
        yield f"  day_first: {str(p.day_first).lower()}  # 3/4 is {order}, as the dates on the pages show"
    else:
        seen = f" On the pages: {_examples(p.unclear_dates)}." if p.unclear_dates else ""
        yield f"  # Is 3/4 the third of April? Without an answer such a date is reported, not guessed.{seen}"
        yield "  # day_first: true"
    yield "  default_after: null         # or 4w: due date of a row without one, counted from the page's creation"
    yield "  timezone: UTC               # where this team's days begin"


def scalar(text: str) -> str:
    """A text as YAML 1.2 reads it back."""
    plain = _PLAIN.fullmatch(text) and text == text.strip() and text.casefold() not in _WORDS
    return text if plain else quoted(text)


def quoted(text: str) -> str:
    """A text in double quotes; what YAML takes for no printable character is escaped."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def _list(names: Iterable[str]) -> str:
    return f"[{', '.join(map(scalar, names))}]"


def _flow(pairs: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{scalar(name)}: {scalar(value)}" for name, value in pairs.items()) + "}"


def _folded(start: str, names: Iterable[str]) -> Iterator[str]:
    """A list that goes on below its first line where it is long."""
    line, inside = f"{start}[", " " * (len(start) + 1)
    for name in names:
        piece = f"{scalar(name)}, "
        if len(line) + len(piece) > _WIDTH:
            yield line
            line = inside
        line += piece
    yield f"{line.removesuffix(', ')}]"


def _examples(words: Iterable[str]) -> str:
    return ", ".join(f"“{_comment(word)}”" for word in words)


def _comment(text: str) -> str:
    """Text that stays within its line of comment."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
