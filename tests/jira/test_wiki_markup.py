"""Whatever stands on a page is shown by Jira Data Center as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.jira.wiki_rendering import shown
from worker.jira.wiki_markup import CUT_OFF, LIMIT, document, plain
from worker.model.ticket import Bullets, Link, Paragraph, Text

PAGE = "https://wiki.example.com/confluence/pages/viewpage.action?pageId=7"
TRICKY = st.text(alphabet="ab1 h.bq*_-+^~!?|\\{}[]#&;:()DPxy/@\n", max_size=40)
ANY = st.text(max_size=60).filter(lambda text: not any("\ue000" <= c <= "\uf8ff" for c in text))


def words(text: str) -> list[str]:
    """Text without the kinds of white space and invisible characters that no reader tells apart."""
    kept = "".join(c for c in text if c in "\n\t\r" or not (ord(c) < 0x20 or 0x7F <= ord(c) <= 0x9F))
    return "".join(c for c in kept if c not in "\u2028\u2029\ufffe\uffff").split()


def paragraph(text: str) -> str:
    return document((Paragraph((Text(text),)),))


@given(TRICKY | ANY)
def test_any_text_is_shown_as_it_is(text):
    """In a paragraph, no character becomes markup and none gets lost."""
    assert words(text) == words(shown(paragraph(text)))


@given(st.lists(TRICKY | ANY, max_size=4))
def test_any_text_in_a_list_is_shown_as_it_is(texts):
    """Every entry stays one entry, and blank ones are left out."""
    written = document((Bullets(tuple((Text(text),) for text in texts)),))
    said = [text for text in texts if words(text)]

    assert len(said) == len(written.split("\n") if written else [])
    assert [word for text in said for word in words(text)] == words(shown(written))


@given(TRICKY | ANY, TRICKY | ANY)
def test_any_title_is_shown_beside_its_address(title, behind):
    """A link shows its text, or its text and then its address."""
    seen = words(shown(document((Paragraph((Text("See "), Link(title, PAGE), Text(f" {behind}"))),))))
    beside = [word for word in seen if word != PAGE]

    assert words(f"See {title} {behind}") == beside


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Alert on queue depth, see PAY-12", "Alert on queue depth, see PAY-12"),
        ("follow-up of snake_case", "follow-up of snake_case"),
        ("{code} and [link|x]", r"\{code\} and \[link\|x\]"),
        ("h1. not a heading", "&#104;1. not a heading"),
        ("bq. not a quote", "&#98;&#113;. not a quote"),
        ("- no list\n# nor this", "\\- no list\n\\# nor this"),
        (r"C:\temp", r"C:&#92;temp"),
        ("a &amp; b & c", "a &#38;amp; b & c"),
        ("really?? yes :) (y)", r"really\?\? yes &#58;) &#40;y)"),
        ("https://x.example/a_b?c=d-e.", "https://x.example/a_b?c=d-e."),
        ("https://x.example/*a", r"https&#58;//x.example/\*a"),
    ],
)
def test_how_it_is_written(text, written):
    """Ordinary words stay readable in mails and in the editor."""
    assert written == plain(text)


def test_a_link_leads_to_its_page():
    """The address of the page is one that people can click."""
    assert f"[Checkout outage|{PAGE}]" == document((Paragraph((Link("Checkout outage", PAGE),)),))


def test_a_title_that_is_markup_stands_before_its_address():
    """Inside a link nothing can be escaped for sure."""
    assert rf"A \[b\] [{PAGE}]" == document((Paragraph((Link("A [b]", PAGE),)),))


def test_an_address_that_is_none_stays_text():
    """Only http and https lead anywhere."""
    assert "click" == document((Paragraph((Link("click", "javascript:alert(1)"),)),))


@given(st.integers(min_value=0, max_value=80))
def test_a_long_text_is_cut_off_and_says_so(shift):
    """Nothing of half an escape is left over."""
    written = paragraph("x" * shift + "*h1.\\" * LIMIT)

    assert len(written) <= LIMIT
    assert shown(written).endswith(CUT_OFF)
    assert set(shown(written.removesuffix(CUT_OFF))) <= set("x*h1.\\")
