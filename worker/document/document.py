"""A page body as it was read: the source bytes and the tree of places in them."""

from __future__ import annotations

from dataclasses import dataclass

from worker.document.landmarks import Landmark
from worker.document.tree import Element
from worker.model.item import Span


@dataclass(frozen=True, slots=True)
class Document:
    """A storage-format body that parsed strictly."""

    source: bytes
    """The body, UTF-8."""
    root: Element
    """A made-up element around everything: its span and inner span are the whole source."""
    landmarks: tuple[Landmark, ...]
    """Every table, task list and heading that is content, in document order."""

    def render(self) -> str:
        """The body, exactly as it was read."""
        return self.source.decode()

    def text_of(self, span: Span) -> str:
        """The markup that stands at a span."""
        return self.source[span.start : span.end].decode()
