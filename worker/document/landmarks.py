"""Says which elements the rest of a page is understood by, and which are no content at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from worker.document.tree import Element

TABLE = "table"
TASK_LIST = "ac:task-list"
LISTS = frozenset({"ul", "ol"})
HEADINGS = {f"h{level}": level for level in range(1, 7)}
"""Level by tag."""
TAGS = frozenset({TABLE, TASK_LIST, *LISTS, *HEADINGS})

_NOT_CONTENT = frozenset({"ac:parameter", "ac:adf-fallback", "ac:placeholder"})


class Landmark(NamedTuple):
    """A table, list, task list or heading with what stands around it."""

    element: Element
    ancestors: tuple[Element, ...]
    """What it stands in, outermost first, without the document's root."""


def is_content(ancestors: Sequence[Element]) -> bool:
    """Whether what stands in these elements is there for a reader.

    Parameters and placeholders are not content, and ``ac:adf-fallback`` is a second copy of content that stands beside
    it.
    """
    return all(each.tag not in _NOT_CONTENT for each in ancestors)
