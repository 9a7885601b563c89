"""Edits change their own places and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.document.storage_pages import MadePage, made_tables, storage_pages
from worker.document import markup
from worker.document.columns import add_column
from worker.document.edits import Edit, EditRefused, fill, splice
from worker.document.parse import parse
from worker.document.tables import tables
from worker.document.text import visible_text
from worker.model.item import Lozenge, Span


@given(storage_pages(), st.data())
def test_a_filled_element_leaves_every_other_byte(page: MadePage, data: st.DataObject) -> None:
    """Whatever element is filled, what stands before and behind it is the same."""
    document = parse(page.body)
    places = [e for e in document.root.descendants() if e.tag in {"td", "th", "p", "ac:task-body"}]
    if not places:
        return
    element = data.draw(st.sampled_from(places))
    edit = fill(document, element, "<p>new &amp; 😀</p>")
    if "ac:inline-comment-marker" in document.text_of(edit.span):
        with pytest.raises(EditRefused, match="anchor of an inline comment"):
            splice(document, [edit])
        return
    source, edited = document.source, splice(document, [edit]).encode()
    assert source[: edit.span.start] + edit.replacement.encode() + source[edit.span.end :] == edited


@given(storage_pages())
def test_no_edits_give_the_same_page(page: MadePage) -> None:
    """Nothing to do changes nothing."""
    assert page.body == splice(parse(page.body), [])


def test_edits_apply_in_any_order() -> None:
    """Places count in the document that was read, however many edits there are."""
    document = parse("<p>a</p>é<p>b</p>")
    first, second = (
        Edit(element.inner, text) for element, text in zip(document.root.elements(), ("longer", ""), strict=True)
    )
    assert "<p>longer</p>é<p></p>" == splice(document, [second, first]) == splice(document, [first, second])


BODY = '<tr><td a="1">x</td><td>y<ac:inline-comment-marker ac:ref="r">z</ac:inline-comment-marker></td></tr>é'


@pytest.mark.parametrize(
    ("cuts", "new", "message"),
    [
        (["x", "x"], "n", "Two edits meet at byte 14; each place can be written once."),
        (["x</td><td>y"], "n", "An edit would cut through <td> at byte 4."),
        (["x"], "</td><td>", "The text for byte 14 is not well-formed by itself: line 1, column 1: this end tag closes nothing."),
        (["x"], "&foo;", "The text for byte 14 is not well-formed by itself: line 1, column 1: &foo; is not an entity that Confluence knows."),
        (['a="1"'], 'a="2"', "An edit would cut through <td> at byte 4."),
        (["td"], "th", "An edit would cut through <td> at byte 4."),
        (['<td a="1">'], "<td>", "The text for byte 4 is not well-formed by itself"),
        (['y<ac:inline-comment-marker ac:ref="r">z</ac:inline-comment-marker>'], "y", "remove the anchor of an inline comment"),
        (["<ac:inline-comment-marker"], "<ac:x", "not well-formed by itself"),
    ],
)  # fmt: skip
def test_an_edit_that_does_more_is_refused(cuts: list[str], new: str, message: str) -> None:
    """The sentence says which place and why."""
    document = parse(BODY)
    spans = [Span(BODY.index(cut), BODY.index(cut) + len(cut)) for cut in cuts]
    with pytest.raises(EditRefused) as caught:
        splice(document, [Edit(span, new) for span in spans])
    assert message in str(caught.value)


def test_a_span_outside_the_page_or_within_a_character_is_refused() -> None:
    """Offsets are checked before anything is put together."""
    document = parse(BODY)
    end = len(document.source)
    with pytest.raises(EditRefused, match="lies outside the page"):
        splice(document, [Edit(Span(end, end + 1), "x")])
    with pytest.raises(EditRefused, match="cut through a character"):
        splice(document, [Edit(Span(end - 1, end), "x")])


def test_two_insertions_at_one_place_are_refused() -> None:
    """Their order would be a guess."""
    with pytest.raises(EditRefused, match="Two edits meet at byte 0"):
        splice(parse(BODY), [Edit(Span(0, 0), "a"), Edit(Span(0, 0), "b")])


def test_an_anchor_may_move_with_its_text() -> None:
    """A replacement that keeps the marker is no loss."""
    document = parse(BODY)
    marker = BODY[BODY.index("<ac:inline") : BODY.index("</td></tr>")]
    start = BODY.index("y<ac:")
    assert f"new {marker}" in splice(document, [Edit(Span(start, start + len("y" + marker)), f"new {marker}")])


@given(st.text(max_size=20), st.text(max_size=20))
def test_written_text_is_read_again(title: str, words: str) -> None:
    """Whatever a title or sentence holds, its markup is well-formed and says the same, control characters apart."""
    body = markup.paragraph(
        markup.text(words),
        markup.lozenge(Lozenge(title, "blue")),
        markup.smart_link(words),
        markup.plain_link(title, words),
    )
    (paragraph,) = parse(body).root.elements()
    link = [element for element in paragraph.elements() if element.tag == "a"][-1]
    legal = "".join(
        c for c in words if c in "\t\n\r" or ("\x20" <= c <= "\ud7ff") or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
    assert visible_text(parse(f"<p>{markup.text(legal)}</p>").root) == visible_text(link)


@given(made_tables(), st.booleans())
def test_a_new_column_keeps_the_grid_rectangular(made, pretty: bool) -> None:
    """Every row gets one more position at the right end, every other byte stays, and the old cells stay in place."""
    body = f"x{made[0]}{' ' if pretty else ''}y"
    document = parse(body)
    (table,) = tables(document)
    width = len(table.rows[0].cells)
    edits = add_column(document, table, "Ticket & key", {1: "<p>PAY-1</p>"}, {0})
    edited = splice(document, edits)
    (wider,) = tables(parse(edited))
    assert {width + 1} == {len(row.cells) for row in wider.rows}
    new = [row.cells[-1] for row in wider.rows]
    assert all(cell and not cell.shared and cell.columns == 1 and cell.column == width for cell in new)
    assert ["Ticket & key", "PAY-1"][: len(new)] == [visible_text(cell.element) for cell in new[:2] if cell]
    assert all(visible_text(cell.element) == "" for cell in new[2:] if cell)
    for old, row in zip(table.rows, wider.rows, strict=True):
        for before, after in zip(old.cells, row.cells[:-1], strict=True):
            assert after
            assert (visible_text(before.element) if before else "") == visible_text(after.element)
    kept, at = b"", 0
    for edit in edits:
        kept += document.source[at : edit.span.start] + edit.replacement.encode()
        at = edit.span.end
        assert edit.span.start == at or document.text_of(edit.span) == "<tr/>"
    assert edited.encode() == kept + document.source[at:]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "<table data-number-column='true'><colgroup><col/><col style='w' /></colgroup><tbody>"
            "<tr><th class='numberingColumn'/><th data-highlight-colour='#fff' local-id='1'><p><strong>Owner</strong></p></th></tr>"
            "<tr><td class='numberingColumn'>1</td><td data-highlight-colour='#0f0'><p>a</p></td></tr></tbody></table>",
            "<table data-number-column='true'><colgroup><col/><col style='w' /><col/></colgroup><tbody>"
            "<tr><th class='numberingColumn'/><th data-highlight-colour='#fff' local-id='1'><p><strong>Owner</strong></p></th>"
            '<th data-highlight-colour="#fff"><p><strong>Ticket</strong></p></th></tr>'
            "<tr><td class='numberingColumn'>1</td><td data-highlight-colour='#0f0'><p>a</p></td><td>NEW</td></tr></tbody></table>",
        ),
        (
            "<table><tr><th>Owner</th><th/></tr><tr><td>a</td></tr></table>",
            "<table><tr><th>Owner</th><th/><th>Ticket</th></tr><tr><td>a</td><td><p></p></td><td>NEW</td></tr></table>",
        ),
        (
            "<table><tr><td class='confluenceTd'><b>Owner</b></td></tr><tr><td class='confluenceTd'>a</td></tr></table>",
            "<table><tr><td class='confluenceTd'><b>Owner</b></td><td class=\"confluenceTd\"><b>Ticket</b></td></tr>"
            "<tr><td class='confluenceTd'>a</td><td class=\"confluenceTd\">NEW</td></tr></table>",
        ),
        (
            "<table><tr><th class='numberingColumn'>#</th><th/></tr></table>",
            "<table><tr><th class='numberingColumn'>#</th><th/><th>Ticket</th></tr></table>",
        ),
        (
            "<table><tr><th>A</th><th rowspan='2'>B</th></tr><tr/></table>",
            "<table><tr><th>A</th><th rowspan='2'>B</th><th>Ticket</th></tr><tr><td><p></p></td><td>NEW</td></tr></table>",
        ),
        (
            "<table><tr><th>A</th><th>B</th></tr><tr><th colspan='2'>Later</th></tr></table>",
            "<table><tr><th>A</th><th>B</th><th>Ticket</th></tr><tr><th colspan='2'>Later</th><th>NEW</th></tr></table>",
        ),
    ],
)
def test_a_new_column_looks_like_its_neighbour(before: str, after: str) -> None:
    """The heading takes the style of the last header, other cells only that of the table, and padding comes first."""
    document = parse(before)
    (table,) = tables(document)
    assert after == splice(document, add_column(document, table, "Ticket", {1: "NEW"}, {0}))


def test_a_cell_that_a_short_row_gets_may_say_something() -> None:
    """What is to stand in a padded cell stands there from the first save on."""
    document = parse("<table><tr><th>A</th><th>S</th></tr><tr><td>b</td></tr></table>")
    (table,) = tables(document)
    after = splice(document, add_column(document, table, "T", {1: "KEY"}, {0}, padding={(1, 1): "TO DO"}))

    assert after == (
        "<table><tr><th>A</th><th>S</th><th>T</th></tr><tr><td>b</td><td>TO DO</td><td>KEY</td></tr></table>"
    )


def test_a_row_that_heads_others_gets_an_empty_header_cell() -> None:
    """Upper levels of a header and subheadings do not name the new column, and stay telling from rows of data."""
    rows = (
        "<tr><th rowspan='2'>A</th><th colspan='2'>B</th>{0}</tr><tr><th>C</th><th>D</th>{1}</tr>"
        "<tr><td class='confluenceTd' colspan='3'>Later</td>{2}</tr><tr><td/><td/><td/>{3}</tr>"
    )
    document = parse(f"<table>{rows.format('', '', '', '')}</table>")
    (table,) = tables(document)
    new = ("<th><p></p></th>", "<th>Ticket</th>", '<th class="confluenceTh"><p></p></th>', "<td>NEW</td>")
    after = splice(document, add_column(document, table, "Ticket", {3: "NEW"}, {1}, {0, 2}))
    assert f"<table>{rows.format(*new)}</table>" == after
