"""Finds the rows, cells and ticks of a page the way a browser does, apart from how the worker reads them."""

from __future__ import annotations

from worker.document.tree import Element, TextNode


def rows_of(table: Element) -> tuple[Element, ...]:
    """The rows of a table itself, not those of tables inside its cells, in document order."""
    found: list[Element] = []
    for child in table.elements():
        if child.tag == "tr":
            found.append(child)
        elif child.tag in ("tbody", "thead", "tfoot"):
            found.extend(row for row in child.elements() if row.tag == "tr")
    return tuple(found)


def cells_of(row: Element) -> tuple[Element, ...]:
    """The cells of a row, header cells included, in document order."""
    return tuple(cell for cell in row.elements() if cell.tag in ("td", "th"))


def is_ticked(task: Element) -> bool:
    """Whether an ``ac:task`` says ``complete``."""
    status = task.find("ac:task-status")
    said = "".join(node.text for node in status.children if isinstance(node, TextNode)) if status else ""
    return said.strip() == "complete"


def grid_of(table: Element) -> tuple[tuple[Element | None, ...], ...]:
    """Cells by row and column; a merged cell stands in each place it covers, None where a ragged row has no cell."""
    rows = rows_of(table)
    grid: list[dict[int, Element]] = [{} for _ in rows]
    for number, row in enumerate(rows):
        column = 0
        for cell in cells_of(row):
            while column in grid[number]:
                column += 1
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            for line in grid[number : number + high]:
                line.update(dict.fromkeys(range(column, column + wide), cell))
            column += wide
    width = max((max(line, default=-1) + 1 for line in grid), default=0)
    return tuple(tuple(line.get(column) for column in range(width)) for line in grid)


def _span(cell: Element, name: str) -> int:
    written = cell.attrs.get(name, "1")
    return min(max(int(written), 1), 1000) if written.isdecimal() else 1
