"""Gives a table one more column at its right end."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from worker.document.document import Document
from worker.document.edits import Edit
from worker.document.tables import Table


def add_column(
    document: Document, table: Table, heading: str, cells: Mapping[int, str], header_rows: Collection[int]
) -> tuple[Edit, ...]:
    """The edits that add a column."""
    raise NotImplementedError
