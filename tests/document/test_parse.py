"""A body is read strictly and given back exactly."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.document.storage_pages import MadePage, storage_pages
from worker.document.parse import MAX_DEPTH, Malformed, parse
from worker.document.tree import Element, TextNode
from worker.model.item import Span


@given(storage_pages())
def test_a_page_comes_back_as_it_was_read(page: MadePage) -> None:
    """Reading a page and giving it back changes no byte."""
    assert page.body == parse(page.body).render()


@given(st.text(alphabet="<>&;/=\"'! -[]CDATAp:x\n\r😀", max_size=40))
def test_any_text_is_read_exactly_or_refused(body: str) -> None:
    """No input does anything but come back unchanged or be Malformed."""
    try:
        document = parse(body)
    except Malformed:
        return
    assert body == document.render()


@given(storage_pages())
def test_every_place_is_where_the_tree_says(page: MadePage) -> None:
    """Tags start and end at their offsets, and children fill their parent without gaps except for comments."""
    document = parse(page.body)
    for element in document.root.descendants():
        opening = document.text_of(Span(element.start, element.inner_start))
        assert opening.startswith(f"<{element.tag}")
        assert opening.endswith("/>" if element.self_closed else ">")
        closing = document.text_of(Span(element.inner_end, element.end))
        assert closing == ("" if element.self_closed else f"</{element.tag}>")
        at = element.inner_start
        for child in element.children:
            between = document.text_of(Span(at, child.start))
            assert between == "" or between.startswith("<!--")
            at = child.end


def test_text_between_tags_is_one_node() -> None:
    """Entities, CDATA, comments and character references between two tags are one text with one place."""
    document = parse("<p>a&nbsp;&#x1F600;<!-- <b> --><![CDATA[<i>]]]]><![CDATA[>]]>\r\nz</p>")
    (paragraph,) = document.root.elements()
    (text,) = paragraph.children
    assert isinstance(text, TextNode)
    assert "a\u00a0😀<i>]]>\nz" == text.text
    assert (paragraph.inner.start, paragraph.inner.end) == (text.start, text.end)


def test_attributes_may_hold_entities_quotes_and_angle_brackets() -> None:
    """A ``>`` in an attribute does not end the tag, and named entities are known there too."""
    document = parse("""<img alt="&nbsp;>" title='"&rarr;"'/><p>x</p>""")
    image, paragraph = document.root.elements()
    assert {"alt": "\u00a0>", "title": '"→"'} == image.attrs
    assert "<p>x</p>" == document.text_of(paragraph.span)


def test_a_byte_order_mark_and_line_ends_keep_their_bytes() -> None:
    """Offsets count the mark and both characters of a CRLF."""
    document = parse("\ufeff\r\n<p>x</p>\r\n")
    (paragraph,) = document.root.elements()
    assert Span(5, 13) == paragraph.span


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ("<p>a\n<td>b</p>", "line 2, column 6: another element is closed while <td> from line 2 is still open"),
        ("<p>", "line 1, column 4: the page ends while <p> from line 1 is still open"),
        ("é\n\n x &lol; y", "line 3, column 4: &lol; is not an entity that Confluence knows"),
        ("</page><page>", "line 1, column 1: this end tag closes nothing"),
        ("x</page>", "line 1, column 2: this end tag closes nothing"),
        ("a</p>", "line 1, column 2: this end tag closes nothing"),
        ("x\ud800y", "line 1, column 2: half of a surrogate pair is not a character"),
        ("\n<?php x ?>", "line 2, column 1: a processing instruction is not allowed on a page"),
    ],
)
def test_a_malformed_body_is_refused_with_its_place(body: str, where: str) -> None:
    """The complaint names line, column and what is wrong there."""
    with pytest.raises(Malformed) as caught:
        parse(body)
    assert where == caught.value.where
    assert str(caught.value).startswith("The page body is not well-formed at line ")


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]><p>&a;</p>',
        '<!ENTITY a "b">',
        '<?xml version="1.0"?><p/>',
        "</page><!-- ",
        "</page><![CDATA[",
        '<p title="&unknown;"/>',
        '<p a="1" a="2"/>',
        '<p a="<"/>',
        "<br\\>",
        "a & b",
        "a\x00b",
        "\ufffe",
        "<![CDATA[ ",
        "<!-- -- -->",
        "<p></P>",
    ],
)
def test_what_xml_or_confluence_does_not_allow_is_refused(body: str) -> None:
    """Declarations, escapes from the wrapper, unknown entities and plain mistakes are Malformed."""
    with pytest.raises(Malformed):
        parse(body)


def test_depth_has_a_bound() -> None:
    """The deepest page allowed is read, one level more is refused, and thousands do not crash."""
    assert parse("<b>" * MAX_DEPTH + "</b>" * MAX_DEPTH).root.children
    for depth in (MAX_DEPTH + 1, 1000, 100_000):
        with pytest.raises(Malformed, match=f"nested more than {MAX_DEPTH} deep"):
            parse("<b>" * depth + "</b>" * depth)


def test_ten_megabytes_are_read_in_seconds() -> None:
    """Time grows with size, not with its square: in elements, in one text, and in one attribute."""
    began = time.monotonic()
    for body in (
        '<td class="x"><p>cell &amp; text</p></td>' * 250_000,
        "x&nbsp;" * 1_500_000,
        f'<p a="{"b>" * 5_000_000}"/>',
    ):
        assert len(body) > 10_000_000
        assert body == parse(body).render()
    assert time.monotonic() - began < 60


def test_descendants_come_in_document_order() -> None:
    """Elements below the root are listed as their start tags are written."""
    root: Element = parse("<a><b><c/></b><d/></a><e/>").root
    assert ["a", "b", "c", "d", "e"] == [element.tag for element in root.descendants()]
