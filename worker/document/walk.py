"""Finds elements of some kinds, each with what stands around it."""

from __future__ import annotations

from collections.abc import Container, Iterator

from worker.document.tree import Element

_NOT_CONTENT = frozenset({"ac:parameter", "ac:adf-fallback", "ac:placeholder"})


def placed(root: Element, tags: Container[str]) -> Iterator[tuple[Element, tuple[Element, ...]]]:
    """Elements with one of the tags in document order, each with its ancestors below ``root``, outermost first.

    Parameters and placeholders are not content, and ``ac:adf-fallback`` is a second copy of content that stands
    beside it; what is in them is not found.
    """
    path: list[Element] = []
    levels = [root.elements()]
    while levels:
        element = next(levels[-1], None)
        if element is None:
            levels.pop()
            if path:
                path.pop()
        elif element.tag not in _NOT_CONTENT:
            if element.tag in tags:
                yield element, tuple(path)
            path.append(element)
            levels.append(element.elements())
