"""How a ticket's description looks in the browser."""

from __future__ import annotations

from typing import Any

import pytest

from worker.sandbox.reader.adf import render_adf


def text(words: str, *marks: dict[str, Any]) -> dict[str, Any]:
    """A text node."""
    return {"type": "text", "text": words, "marks": list(marks)}


def link(url: str) -> dict[str, Any]:
    """A link mark."""
    return {"type": "link", "attrs": {"href": url}}


@pytest.mark.parametrize(
    ("node", "html"),
    [
        (None, ""),
        (text("a < b"), "a &lt; b"),
        (text("a", {"type": "strong"}), "<strong>a</strong>"),
        (text("a", link("https://x.example/?a=1&b")), '<a href="https://x.example/?a=1&amp;b">a</a>'),
        (text("a", link("javascript:alert(1)")), "a"),
        (text("a", {"type": "unheard-of"}), "a"),
        ({"type": "inlineCard", "attrs": {"url": "/browse/PAY-1"}}, '<a href="/browse/PAY-1">/browse/PAY-1</a>'),
        ({"type": "unheard-of", "content": [text("a")]}, "a"),
        ({"type": "hardBreak"}, "<br>"),
        (
            {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [text("a")]}]},
            "<p>a</p>",
        ),
        (
            {"type": "bulletList", "content": [{"type": "listItem", "content": [text("a")]}]},
            "<ul><li>a</li></ul>",
        ),
    ],
)
def test_documents_become_safe_html(node: object, html: str) -> None:
    """Known nodes have an element, unknown ones show what they hold, and no address runs a script."""
    assert render_adf(node) == html
