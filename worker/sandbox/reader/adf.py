"""Renders a ticket's description in the Atlassian Document Format as safe HTML."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

_TAGS = {
    "paragraph": "p", "bulletList": "ul", "orderedList": "ol", "listItem": "li", "blockquote": "blockquote",
    "codeBlock": "pre", "table": "table", "tableRow": "tr", "tableHeader": "th", "tableCell": "td",
}  # fmt: skip
_MARKS = {"strong": "strong", "em": "em", "code": "code", "strike": "s", "underline": "u"}


def render_adf(node: Any) -> Markup:
    """A node and everything below it; nodes of unknown kinds show their content only."""
    if not isinstance(node, dict):
        return Markup("")
    kind = node.get("type", "")
    inside = Markup("").join(render_adf(child) for child in node.get("content", ()))
    attrs = node.get("attrs", {})
    if kind == "text":
        return _marked(escape(node.get("text", "")), node.get("marks", ()))
    if kind == "hardBreak":
        return Markup("<br>")
    if kind == "rule":
        return Markup("<hr>")
    if kind == "heading":
        return Markup("<h3>{}</h3>").format(inside)
    if kind == "mention":
        return Markup('<span class="mention">{}</span>').format(attrs.get("text", ""))
    if kind in ("inlineCard", "blockCard"):
        return _link(attrs.get("url", ""), escape(attrs.get("url", "")))
    if tag := _TAGS.get(kind):
        return Markup("<{0}>{1}</{0}>").format(Markup(tag), inside)  # noqa: S704 — the tag is one of the table above
    return inside


def _marked(text: Markup, marks: Any) -> Markup:
    for mark in marks:
        kind = mark.get("type")
        if kind == "link":
            text = _link(mark.get("attrs", {}).get("href", ""), text)
        elif tag := _MARKS.get(kind):
            text = Markup("<{0}>{1}</{0}>").format(Markup(tag), text)  # noqa: S704 — the tag is one of the table above
    return text


def _link(url: str, text: Markup) -> Markup:
    if not url.startswith(("http://", "https://", "/", "#")):
        return text
    return Markup('<a href="{}">{}</a>').format(url, text)
