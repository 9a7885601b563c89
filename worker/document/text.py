"""What a reader sees of an element, and how headings are compared."""

from __future__ import annotations

from collections.abc import Container

from worker.document.tree import Element, TextNode


def visible_text(node: Element | TextNode, skip: Container[Element] = ()) -> str:
    """The text a reader sees."""
    raise NotImplementedError


def normalise(text: str) -> str:
    """Heading or column header reduced to what is compared."""
    raise NotImplementedError
