"""Tables on their grid."""

from __future__ import annotations

import time

import pytest
from hypothesis import given

from tests.document.storage_pages import MadePage, storage_pages
from worker.document.bounds import MAX_POSITIONS, TooLarge
from worker.document.parse import parse
from worker.document.tables import Table, tables
from worker.document.text import visible_text


def grid(table: Table) -> list[list[str | None]]:
    return [[cell and visible_text(cell.element) for cell in row.cells] for row in table.rows]


def only(body: str) -> Table:
    (table,) = tables(parse(body))
    return table


@given(storage_pages())
def test_every_table_is_found_with_its_cells(page: MadePage) -> None:
    """Tables come in order, each row has the cells written in it, and every grid is rectangular."""
    found = tables(parse(page.body))
    assert len(page.tables) == len(found)
    for made, table in zip(page.tables, found, strict=True):
        assert made.rows == tuple(tuple(visible_text(cell.element) for cell in row.own) for row in table.rows)
        assert 1 == len({len(row.cells) for row in table.rows})
        if made.plain:
            assert all(not cell.shared and cell.columns == 1 for row in table.rows for cell in row.cells)


@given(storage_pages())
def test_a_cell_stands_wherever_it_says(page: MadePage) -> None:
    """A cell's row, column, height and width are the grid positions that hold it."""
    for table in tables(parse(page.body)):
        for y, row in enumerate(table.rows):
            for x, cell in enumerate(row.cells):
                if cell:
                    assert cell.row <= y < cell.row + cell.rows
                    assert cell.column <= x < cell.column + cell.columns


def test_merged_cells_stand_in_each_position() -> None:
    """A cell over two rows is shared, and the cells of the second row stand beside it."""
    table = only(
        "<table><tr><th>a</th><th colspan='2'>b</th></tr><tr><td rowspan='2'>c</td><td>d</td><td>e</td></tr>"
        "<tr><td>f</td><td>g</td></tr></table>"
    )
    assert [["a", "b", "b"], ["c", "d", "e"], ["c", "f", "g"]] == grid(table)
    assert table.rows[1].cells[0] is table.rows[2].cells[0]
    assert [True, False, False] == [cell.shared for cell in table.rows[1].cells if cell]
    assert [True, False, False] == [row.cells[0].header for row in table.rows if row.cells[0]]


@pytest.mark.parametrize("span", ["0", "x", "", "-3", "1.5"])
def test_junk_spans_count_as_one(span: str) -> None:
    """A span that is no positive number is no span."""
    assert [["a", "b"], ["c", "d"]] == grid(
        only(
            f"<table><tr><td colspan='{span}' rowspan='{span}'>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
        )
    )


def test_huge_spans_end_with_the_table() -> None:
    """A row span reaches the last row at most, a column span fifty columns."""
    table = only(
        "<table><tr><td rowspan='999999999'>a</td><td colspan='999999999'>b</td></tr><tr><td>c</td></tr></table>"
    )
    assert 51 == len(table.rows[0].cells)
    assert ["a", "c", None] == grid(table)[1][:3]


def test_a_wide_cell_ends_where_one_from_above_stands() -> None:
    """No position belongs to two cells."""
    table = only(
        "<table><tr><td>a</td><td>b</td><td rowspan='2'>c</td></tr><tr><td colspan='5'>d</td><td>e</td></tr></table>"
    )
    assert [["a", "b", "c", None], ["d", "d", "c", "e"]] == grid(table)


def test_ragged_rows_are_padded() -> None:
    """A row with fewer cells has None at its end."""
    assert [["a", "b"], ["c", None], [None, None]] == grid(
        only("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr><tr/></table>")
    )


def test_rows_of_all_groups_count_in_source_order() -> None:
    """Rows under the table itself, in a head, in several bodies and in a foot are all its rows."""
    table = only(
        "<table><colgroup><col/></colgroup><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody>"
        "<tr><td>c</td></tr><tbody><tr><td>d</td></tr></tbody><tfoot><tr><td>e</td></tr></tfoot></table>"
    )
    assert [["a"], ["b"], ["c"], ["d"], ["e"]] == grid(table)


def test_a_table_in_a_cell_is_a_table_of_its_own() -> None:
    """The outer table comes first and does not have the inner rows; ancestors are listed outermost first."""
    outer, inner = tables(parse("<div><table><tr><td>a<table><tr><td>b</td></tr></table></td></tr></table></div>"))
    assert 1 == len(outer.rows)
    assert [["b"]] == grid(inner)
    assert ["div"] == [each.tag for each in outer.ancestors]
    assert ["div", "table", "tr", "td"] == [each.tag for each in inner.ancestors]


def test_copies_and_code_are_no_tables() -> None:
    """A fallback repeats content, a parameter is none, and markup in CDATA is text."""
    body = (
        "<ac:adf-fallback><table><tr><td/></tr></table></ac:adf-fallback>"
        "<ac:plain-text-body><![CDATA[<table><tr><td/></tr></table>]]></ac:plain-text-body>"
    )
    assert () == tables(parse(body))


def test_a_table_without_rows_is_an_empty_grid() -> None:
    """Nothing to spread is no trouble."""
    assert () == only("<table><tbody></tbody></table>").rows


def test_ten_thousand_rows_are_spread() -> None:
    """A very long table is a table, in seconds."""
    began = time.monotonic()
    table = only("<table>" + "<tr><td>a</td><td>b</td><td>c</td><td>d</td><td>e</td></tr>" * 10_000 + "</table>")
    assert (10_000, 5) == (len(table.rows), len(table.rows[0].cells))
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "body",
    [
        "<table>" + "<tr><td rowspan='99999' colspan='50'>a</td></tr>" * 1_000 + "</table>",
        "<table><tr>" + "<td colspan='50'/>" * 1_000 + "</tr>" + "<tr/>" * 20_000 + "</table>",
        ("<table><tr><td rowspan='2000' colspan='50'/></tr>" + "<tr/>" * 2_000 + "</table>") * 10,
    ],
)
def test_span_bombs_are_refused(body: str) -> None:
    """A few bytes that cover millions of positions are answered with a sentence, at once."""
    began = time.monotonic()
    with pytest.raises(TooLarge, match=f"more than {MAX_POSITIONS:,} grid positions"):
        tables(parse(body))
    assert time.monotonic() - began < 10
