"""The places of a document: elements and text with their byte offsets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from worker.document.characters import attributes, characters
from worker.model.item import Span


@dataclass(slots=True, eq=False)
class TextNode:
    """Character data (references resolved, CDATA included) between two tags."""

    text: str
    start: int
    end: int


_NO_ATTRS: Mapping[str, str] = MappingProxyType({})


class Element:
    """One element. ``start`` is its ``<``; the inner span is empty and equals ``end`` for ``<x/>``.

    Attributes and text are decoded when somebody asks for them: of most of a page nobody ever does, and decoding it all
    would take several times as long as finding the tags.
    """

    __slots__ = ("_attrs", "_below", "_children", "_source", "end", "inner_end", "inner_start", "start", "tag")

    def __init__(
        self,
        source: bytes,
        tag: str,
        start: int,
        inner_start: int,
        inner_end: int,
        end: int,
        below: Sequence[Element],
    ) -> None:
        self._source = source
        self.tag = tag
        self.start = start
        self.inner_start = inner_start
        self.inner_end = inner_end
        self.end = end
        self._below = below
        self._attrs: Mapping[str, str] | None = None
        self._children: Sequence[Element | TextNode] | None = None

    @property
    def attrs(self) -> Mapping[str, str]:
        """Attributes by name, in order."""
        if self._attrs is None:
            self._attrs = _NO_ATTRS if self.bare else attributes(self._source[self.start : self.inner_start])
        return self._attrs

    @property
    def children(self) -> Sequence[Element | TextNode]:
        """Child elements and the text around them, in order."""
        if self._children is None:
            self._children = self._with_text()
        return self._children

    @property
    def bare(self) -> bool:
        """Written as ``<x>``, which most are."""
        return self.inner_start - self.start == len(self.tag) + len("<>")

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

    def holds(self, markup: bytes) -> bool:
        """Whether these bytes stand anywhere in the element; where a tag's name does not, there is no such element."""
        return self._source.find(markup, self.start, self.end) >= 0

    def elements(self) -> Sequence[Element]:
        """Child elements in order."""
        return self._below

    def descendants(self) -> Iterator[Element]:
        """All elements below this one, in document order."""
        waiting = list(reversed(self._below))
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.elements()))

    def find(self, tag: str) -> Element | None:
        """The first child element of that tag."""
        for element in self._below:
            if element.tag == tag:
                return element
        return None

    def _with_text(self) -> Sequence[Element | TextNode]:
        found: list[Element | TextNode] = []
        source, at = self._source, self.inner_start
        for element in self._below:
            start = element.start
            if at < start and (text := characters(source[at:start])):
                found.append(TextNode(text, at, start))
            found.append(element)
            at = element.end
        end = self.inner_end
        if at < end and (text := characters(source[at:end])):
            found.append(TextNode(text, at, end))
        return found
