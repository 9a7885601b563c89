"""Finds which cells, tasks and paragraphs of a page differ between two of its versions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from worker.document.tree import Element
from worker.sandbox.reader.grid import is_ticked
from worker.sandbox.reader.resolve import Card
from worker.sandbox.reader.runs import as_text, runs_of

_LEAVES = frozenset((
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "pre", "ac:task",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changes:
    """Offsets of the elements that changed, as each side's body counts them."""

    before: frozenset[int]
    after: frozenset[int]


class _NoNames:
    """Compares people and tickets by what the page holds: their ids."""

    def person(self, account: str) -> str:
        return account

    def card(self, key: str) -> Card | None:  # noqa: ARG002 — the protocol's shape; a live status is not part of the page
        return None


def changes(before: Element, after: Element) -> Changes:
    """Compares what readers see (text, people, dates, lozenges, ticks), never the markup that carries it."""
    old, new = list(_leaves(before)), list(_leaves(after))
    matcher = SequenceMatcher(None, [text for _, text in old], [text for _, text in new], autojunk=False)
    gone: set[int] = set()
    come: set[int] = set()
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind != "equal":
            gone.update(start for start, text in old[old_from:old_to] if text)
            come.update(start for start, text in new[new_from:new_to] if text)
    return Changes(frozenset(gone), frozenset(come))


def _leaves(element: Element) -> Iterator[tuple[int, str]]:
    for child in element.elements():
        if child.tag in _LEAVES and not any(inner.tag in _LEAVES - {"p"} for inner in child.descendants()):
            tick = ("☑ " if is_ticked(child) else "☐ ") if child.tag == "ac:task" else ""
            yield child.start, tick + as_text(runs_of(child, _NoNames()))
        else:
            yield from _leaves(child)
