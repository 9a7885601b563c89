"""Finds plain lists, with bullets or numbers."""

from __future__ import annotations

from worker.document.document import Document
from worker.document.landmarks import LISTS, TASK_LIST, Landmark

_AROUND = LISTS | {"td", "th", TASK_LIST}


def plain_lists(document: Document) -> tuple[Landmark, ...]:
    """The ``ul`` and ``ol`` in document order, without those that are part of another list, a task or a cell."""
    return tuple(
        landmark
        for landmark in document.landmarks
        if landmark.element.tag in LISTS and all(each.tag not in _AROUND for each in landmark.ancestors)
    )
