"""Descriptions as Atlassian Documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from worker.jira.adf import CUT_OFF, LIMIT, document
from worker.model.ticket import Bullets, Link, Paragraph, Text


def content(*blocks):
    return document(blocks)["content"]


def text_nodes(node: Any) -> Iterator[dict[str, Any]]:
    if node["type"] == "text":
        yield node
    for child in node.get("content", ()):
        yield from text_nodes(child)


def test_a_paragraph_with_a_link_and_line_breaks():
    """Text, a link mark and a hard break for each newline, in the order given."""
    block = Paragraph((Text("From "), Link("Outage", "https://acme.example/wiki/x"), Text(":\nsee\nthere")))
    assert content(block) == [
        {
            "type": "paragraph",
            "content": [
                {"type": "text", "text": "From "},
                {
                    "type": "text",
                    "text": "Outage",
                    "marks": [{"type": "link", "attrs": {"href": "https://acme.example/wiki/x"}}],
                },
                {"type": "text", "text": ":"},
                {"type": "hardBreak"},
                {"type": "text", "text": "see"},
                {"type": "hardBreak"},
                {"type": "text", "text": "there"},
            ],
        }
    ]


def test_bullets_are_a_list_of_paragraphs():
    """Each bullet is a list item with one paragraph."""
    assert content(Bullets(((Text("Team: Pay"),), (Text("Due: soon"),)))) == [
        {
            "type": "bulletList",
            "content": [
                {
                    "type": "listItem",
                    "content": [{"type": "paragraph", "content": [{"type": "text", "text": line}]}],
                }
                for line in ("Team: Pay", "Due: soon")
            ],
        }
    ]


def test_nothing_is_left_of_empty_text():
    """Empty runs, paragraphs and lists make no nodes, because Jira refuses empty text."""
    assert content(Paragraph((Text(""), Text("\n"))), Bullets(((Text(""),),)), Bullets(()), Paragraph(())) == []


def test_control_characters_are_left_out():
    """What Jira's XML layers refuse is gone; a tab becomes a space and emoji stay."""
    block = Paragraph((Text("a\x00b\x0bc\td\x85e\ud800f\ufffe 🙂"),))
    assert [node["text"] for node in text_nodes(content(block)[0])] == ["abc def 🙂"]


def test_markup_stays_text():
    """Braces, brackets and tags are characters like any other."""
    block = Paragraph((Text("{code} [x|y] <b>"),))
    assert [node["text"] for node in text_nodes(content(block)[0])] == ["{code} [x|y] <b>"]


def test_an_address_that_is_no_web_address_is_no_link():
    """A javascript address is shown as text only."""
    assert content(Paragraph((Link("click", "javascript:alert(1)"),)))[0]["content"] == [
        {"type": "text", "text": "click"}
    ]


def test_a_long_description_is_cut_with_a_note():
    """Beyond the limit the text ends with a note, and later blocks are left out."""
    blocks = content(
        Paragraph((Text("x" * LIMIT * 2),)), Paragraph((Text("later"), Text("latest"))), Bullets(((Text("last"),),))
    )
    (node,) = [node for block in blocks for node in text_nodes(block)]
    assert len(node["text"]) == LIMIT
    assert node["text"].endswith("x" + CUT_OFF)


runs = st.lists(st.one_of(st.builds(Text, st.text()), st.builds(Link, st.text(), st.text())), max_size=4).map(tuple)
blocks = st.one_of(st.builds(Paragraph, runs), st.builds(Bullets, st.lists(runs, max_size=4).map(tuple)))


@given(st.lists(blocks, max_size=4).map(tuple))
def test_every_text_node_is_one_that_jira_takes(description):
    """Whatever is put in, no text node is empty or holds a line break or control character."""
    for node in text_nodes(document(description)):
        assert node["text"]
        assert not [c for c in node["text"] if ord(c) < 0x20 or ord(c) == 0x7F]
