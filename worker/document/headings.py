"""Says under which heading a place of the document stands."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from worker.document.document import Document
from worker.document.landmarks import HEADINGS
from worker.document.text import visible_text
from worker.model.item import Span

_CELLS = frozenset({"td", "th"})


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading with a text."""

    start: int
    level: int
    text: str
    scope: Span
    """Where it counts: the innermost cell around it, or the whole document."""
    outside: int
    """Index of the nearest heading before that scope which counts at the scope's start, or -1."""
    parent: int
    """Index of the nearest heading of a lower level that encloses this one, or -1."""


@dataclass(frozen=True, slots=True)
class Sections:
    """The headings of a document, in order."""

    headings: tuple[Heading, ...]

    def over(self, offset: int) -> tuple[Heading, ...]:
        """The headings that enclose a byte offset, nearest first: each of a higher level than the next.

        The first one is the last heading before the offset that counts there; one in a table's cell counts only inside
        that cell.
        """
        found: list[Heading] = []
        index = _counting(self.headings, bisect_left(self.headings, offset, key=_start) - 1, offset)
        while index >= 0:
            found.append(self.headings[index])
            index = self.headings[index].parent
        return tuple(found)


def sections(document: Document) -> Sections:
    """All headings of the document that have a text."""
    everywhere = Span(0, len(document.source) + 1)
    found: list[Heading] = []
    for landmark in document.landmarks:
        element = landmark.element
        level = HEADINGS.get(element.tag)
        if level is not None and (text := visible_text(element)):
            scope = next((each.span for each in reversed(landmark.ancestors) if each.tag in _CELLS), everywhere)
            before = bisect_left(found, scope.start, key=_start) - 1
            outside = _counting(found, before, scope.start)
            parent = _counting(found, len(found) - 1, element.start)
            while parent >= 0 and found[parent].level >= level:
                parent = found[parent].parent
            found.append(Heading(element.start, level, text, scope, outside, parent))
    return Sections(tuple(found))


def _counting(headings: Sequence[Heading], index: int, offset: int) -> int:
    """The first index, from there backwards, of a heading that counts at a later offset.

    A heading that does not is in a cell that has ended; whatever did not count where that cell began has ended too, so
    each step leaves a cell and the way is never longer than cells are nested.
    """
    while index >= 0 and offset >= headings[index].scope.end:
        index = headings[index].outside
    return index


def _start(heading: Heading) -> int:
    return heading.start
