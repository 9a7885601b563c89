"""The places of a document: elements and text with their byte offsets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from worker.model.item import Span


@dataclass(slots=True, eq=False)
class TextNode:
    """Character data (references resolved, CDATA included) between two tags."""

    text: str
    start: int
    end: int


@dataclass(slots=True, eq=False)
class Element:
    """One element. ``start`` is its ``<``; the inner span is empty and equals ``end`` for ``<x/>``."""

    tag: str
    attrs: dict[str, str]
    start: int
    inner_start: int
    inner_end: int = -1
    end: int = -1
    children: list[Element | TextNode] = field(default_factory=list)

    @property
    def self_closed(self) -> bool:
        """Written as ``<x/>``."""
        return self.inner_start == self.end

    @property
    def inner(self) -> Span:
        """What stands between the tags."""
        return Span(self.inner_start, self.inner_end)

    @property
    def span(self) -> Span:
        """The element with its tags."""
        return Span(self.start, self.end)

    def elements(self) -> Iterator[Element]:
        """Child elements in order."""
        for child in self.children:
            if isinstance(child, Element):
                yield child

    def descendants(self) -> Iterator[Element]:
        """All elements below this one, in document order."""
        waiting = list(reversed(self.children))
        while waiting:
            node = waiting.pop()
            if isinstance(node, Element):
                yield node
                waiting.extend(reversed(node.children))

    def find(self, tag: str) -> Element | None:
        """The first child element of that tag."""
        return next((e for e in self.elements() if e.tag == tag), None)
