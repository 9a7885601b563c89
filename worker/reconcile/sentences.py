"""Begins a sentence about an item with the place where people find it."""

from __future__ import annotations

from worker.model.item import ActionItem, Kind


def subject(item: ActionItem) -> str:
    """The item's place as the first words of a sentence, such as ``Row 4 of “Action items”``."""
    place = str(item.place)
    return place[:1].upper() + place[1:]


def cell(item: ActionItem, column: str) -> str:
    """Where on the item something is written: ``its owner cell``, or ``the task``, which has no cells."""
    return f"its {column} cell" if item.place.kind is Kind.ROW else "the task"
