"""Writes the few pieces of storage format that the worker puts on a page."""

from __future__ import annotations

import re
from collections.abc import Iterable

from worker.model.item import Lozenge, Note

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def text(value: str) -> str:
    """Plain text as markup, for content and attribute values alike; what XML 1.0 cannot hold is left out."""
    return _NOT_XML.sub("", value).translate(_ESCAPES)


def paragraph(*parts: str) -> str:
    """Pieces of markup as one paragraph, separated by spaces; empty pieces are left out."""
    return f"<p>{' '.join(part for part in parts if part)}</p>"


def lozenge(value: Lozenge) -> str:
    """A status macro.

    The parameter has the British name ``colour`` and a capitalised value (Atlassian documentation, status macro). It is
    written on one line, because line breaks inside a macro show on the page.
    """
    return (
        '<ac:structured-macro ac:name="status" ac:schema-version="1">'
        f'<ac:parameter ac:name="title">{text(value.title)}</ac:parameter>'
        f'<ac:parameter ac:name="colour">{text(value.colour.capitalize())}</ac:parameter>'
        "</ac:structured-macro>"
    )


def smart_link(url: str) -> str:
    """A link that Confluence Cloud shows as an inline card: what its editor stores for a pasted ticket address."""
    return f'<a href="{text(url)}" data-card-appearance="inline">{text(url)}</a>'


def plain_link(url: str, words: str) -> str:
    """An ordinary link."""
    return f'<a href="{text(url)}">{text(words)}</a>'


def jira_macro(key: str, server: Iterable[tuple[str, str]]) -> str:
    """A Jira macro that shows one ticket's key and status, on one line.

    ``server`` are the parameters that name its Jira. The summary is left out, since the row says it.
    """
    given = "".join(
        f'<ac:parameter ac:name="{text(name)}">{text(value)}</ac:parameter>'
        for name, value in (*server, ("showSummary", "false"), ("key", key))
    )
    return f'<ac:structured-macro ac:name="jira" ac:schema-version="1">{given}</ac:structured-macro>'


def note(value: Note) -> str:
    """A note in the one form that the worker recognises as its own: a grey lozenge and one sentence."""
    return f"{lozenge(Lozenge(value.kind.value, 'grey'))} {text(value.sentence)}"
