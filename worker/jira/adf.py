"""Writes a description as an Atlassian Document, with the few kinds of node that Jira takes from anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from worker.model.ticket import Bullets, Description, Link, Paragraph, Run, Text

LIMIT = 20_000
"""Characters of text in one document: Jira's limit of 32,767 counts its own stored form, which is longer."""
CUT_OFF = "… (cut off here; the page has the rest)"

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""C0, DEL, C1, lone surrogates and the two non-characters: what JSON carries and Jira's XML layers refuse."""


class _Budget:
    """Hands out characters until they are used up, and then one note that something is missing."""

    def __init__(self, limit: int) -> None:
        self._left = limit - len(CUT_OFF)
        self.spent = False

    def take(self, text: str) -> str:
        if self.spent:
            return ""
        if len(text) <= self._left:
            self._left -= len(text)
            return text
        self.spent = True
        return text[: self._left] + CUT_OFF


def document(description: Description) -> dict[str, Any]:
    """The description as ADF: paragraph, text with a link mark, hardBreak and bulletList, at most 20,000 characters.

    Unknown nodes, empty text nodes and line breaks inside text are refused by Jira (ADF reference), so none are
    written; control characters are left out; an address that is not http(s) stays plain text.
    """
    budget = _Budget(LIMIT)
    return {"type": "doc", "version": 1, "content": [node for block in description for node in _block(block, budget)]}


def text_document(text: str) -> dict[str, Any]:
    """Plain text as ADF, for multi-line custom fields: one paragraph, a line break for each newline."""
    return document((Paragraph((Text(text),)),))


def _block(block: Paragraph | Bullets, budget: _Budget) -> Iterator[dict[str, Any]]:
    match block:
        case Paragraph(runs):
            content = _inline(runs, budget)
            if content:
                yield {"type": "paragraph", "content": content}
        case Bullets(items):
            lines = [content for runs in items if (content := _inline(runs, budget))]
            if lines:
                yield {
                    "type": "bulletList",
                    "content": [
                        {"type": "listItem", "content": [{"type": "paragraph", "content": line}]} for line in lines
                    ],
                }


def _inline(runs: tuple[Run, ...], budget: _Budget) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = []
    for run in runs:
        for number, line in enumerate(run.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
            if budget.spent:
                return nodes
            if number:
                nodes.append({"type": "hardBreak"})
            written = budget.take(_printable(line))
            if written:
                nodes.append({"type": "text", "text": written, **_marks(run)})
    return nodes if any(node["type"] == "text" for node in nodes) else []


def _marks(run: Run) -> dict[str, Any]:
    if isinstance(run, Link) and urlsplit(run.url).scheme in ("http", "https"):
        return {"marks": [{"type": "link", "attrs": {"href": run.url}}]}
    return {}


def _printable(text: str) -> str:
    return _CONTROL.sub("", text.replace("\t", " "))
