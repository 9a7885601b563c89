"""Finds tables and spreads their cells over a grid."""

from __future__ import annotations

from dataclasses import dataclass

from worker.document.document import Document
from worker.document.tree import Element


class TooLarge(Exception):
    """A page's tables cover more grid positions than the worker is willing to spread."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One ``td`` or ``th``; stands in every grid position it covers."""

    element: Element
    row: int
    column: int
    rows: int
    columns: int
    header: bool

    @property
    def shared(self) -> bool:
        """Covers more than one row."""
        return self.rows > 1


@dataclass(frozen=True, slots=True)
class Row:
    """One ``tr`` on the grid; None where a ragged row has no cell."""

    element: Element
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table, without the rows of tables inside it."""

    element: Element
    ancestors: tuple[Element, ...]
    """Outermost first."""
    rows: tuple[Row, ...]
    numbering: bool
    """Has the editor's own numbered column."""


def tables(document: Document) -> tuple[Table, ...]:
    """All tables in document order."""
    raise NotImplementedError
