"""Reads what people wrote in a cell: tickets and status, owners, dates."""

from __future__ import annotations

from worker.document.document import Document
from worker.document.tree import Element
from worker.model.item import DateAsWritten, OwnCell, Owner


def own_cell(element: Element, document: Document, writable: bool = True) -> OwnCell:
    """A ticket or status cell."""
    raise NotImplementedError


def people(element: Element) -> tuple[Owner, ...]:
    """Owners as written, in order."""
    raise NotImplementedError


def dates(element: Element) -> tuple[DateAsWritten, ...]:
    """Dates as written, in order."""
    raise NotImplementedError
