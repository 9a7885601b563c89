"""Gives a table one more column at its right end."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from worker.document import markup
from worker.document.document import Document
from worker.document.edits import Edit, fill
from worker.document.tables import Row, Table
from worker.document.text import visible_text
from worker.document.tree import Element
from worker.model.item import Span

_EMPTY = "<p></p>"
_LOOKS = ("class", "scope", "data-highlight-colour")
"""What makes a header look like its neighbour; ids, widths and spans are the neighbour's own."""
_RENDERED_CLASS = {"td": "confluenceTd", "th": "confluenceTh"}
_RENDERED = frozenset(_RENDERED_CLASS.values())
"""Classes of every cell in pages that were made from a rendered page; other classes colour one cell."""


def add_column(
    document: Document,
    table: Table,
    heading: str,
    cells: Mapping[int, str],
    header_rows: Collection[int],
    heading_rows: Collection[int] = (),
    padding: Mapping[tuple[int, int], str] = MappingProxyType({}),
) -> tuple[Edit, ...]:
    """The edits that add a column at the right end of the grid, in document order.

    Every ``tr`` gets one cell: in the header rows (by index) the heading in the style of that row's last header, in
    the heading rows, which head others without naming columns, an empty header cell, in the others the markup given
    for their index or an empty paragraph. Ragged rows are padded first, so that the new cell lands in the new column,
    with what ``padding`` holds for their row and column; a row of one full-width cell gets a cell behind it. A
    ``colgroup`` with columns gets a ``col``. No attribute of the table changes: ``data-number-column`` numbers the rows
    as before.
    """
    edits = list(_column_description(table))
    for index, row in enumerate(table.rows):
        own = [cell.element for cell in row.own]
        missing = [column for column, cell in enumerate(row.cells) if cell is None]
        padded = "".join(_body_cell(row, padding.get((index, column), _EMPTY)) for column in missing)
        if index in header_rows:
            new = _header_cell(own, heading)
        elif index in heading_rows:
            new = _plain_cell("th", row, _EMPTY)
        else:
            new = _body_cell(row, cells.get(index, _EMPTY))
        edits.append(_behind_cells(document, row, own, padded + new))
    return tuple(sorted(edits, key=lambda edit: edit.span.start))


def _column_description(table: Table) -> Iterator[Edit]:
    groups = [child for child in table.element.elements() if child.tag == "colgroup"]
    columns = [child for group in groups for child in group.elements() if child.tag == "col"]
    if columns:
        yield Edit(Span(columns[-1].end, columns[-1].end), "<col/>")


def _behind_cells(document: Document, row: Row, own: list[Element], new: str) -> Edit:
    if row.element.self_closed:
        return fill(document, row.element, new)
    at = own[-1].end if own else row.element.inner_start
    return Edit(Span(at, at), new)


def _body_cell(row: Row, inner: str) -> str:
    """``th`` only in a row of nothing else, such as a subheading over all columns."""
    own = row.own
    return _plain_cell("th" if own and all(cell.header for cell in own) else "td", row, inner)


def _plain_cell(tag: str, row: Row, inner: str) -> str:
    """A cell without looks of its own, of the class that all cells of a rendered page have."""
    rendered = any(_RENDERED.intersection(cell.element.attrs.get("class", "").split()) for cell in row.own)
    classes = f' class="{_RENDERED_CLASS[tag]}"' if rendered else ""
    return f"<{tag}{classes}>{inner}</{tag}>"


def _header_cell(own: list[Element], heading: str) -> str:
    neighbour = next((cell for cell in reversed(own) if visible_text(cell)), own[-1] if own else None)
    inner = markup.text(heading)
    if neighbour is None:
        return f"<th>{inner}</th>"
    inside = {below.tag for below in neighbour.descendants()}
    for tag in ("strong", "b"):
        if tag in inside:
            inner = f"<{tag}>{inner}</{tag}>"
            break
    if "p" in inside:
        inner = f"<p>{inner}</p>"
    looks = "".join(
        f' {name}="{markup.text(value)}"'
        for name in _LOOKS
        if (value := neighbour.attrs.get(name)) and "numberingColumn" not in value
    )
    return f"<{neighbour.tag}{looks}>{inner}</{neighbour.tag}>"
