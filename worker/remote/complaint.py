"""Reads out of an error answer what the server had to say, short and without markup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

LIMIT = 300
"""Characters of server text that reach a person; the rest is noise and may hold page text."""
_EXCEPTION = re.compile(r"\b(?:[a-z]\w*\.)+[A-Z][\w$]*(?::\s*|\b)")


def plain(text: str) -> str:
    """One line without tags, references and control characters, at most ``LIMIT`` characters."""
    line = html.unescape(re.sub(r"<[^>]*>", " ", text))
    line = " ".join("".join(c if c.isprintable() else " " for c in line).split())
    return line if len(line) <= LIMIT else line[: LIMIT - 1] + "…"


def without_classes(text: str) -> str:
    """The text without the names of Java exceptions that Atlassian's servers put before their sentences."""
    return _EXCEPTION.sub("", text)


def said(body: Any) -> str:
    """What an error answer says, ``""`` when it says nothing that can be read.

    Reads the envelopes of Confluence v1 and Data Center (``message``, ``data.errors``), Confluence v2
    (``errors[].title/detail``), Jira (``errorMessages``, ``errors``), the API gateway (``code``, ``message``) and
    OAuth (``error_description``); each appears in public logs or in the official descriptions.
    """
    return plain("; ".join(dict.fromkeys(sentence for sentence in _sentences(body) if sentence)))


def _sentences(body: Any) -> Iterator[str]:
    if not isinstance(body, dict):
        return
    for name in ("message", "error_description"):
        if isinstance(body.get(name), str):
            yield body[name]
    for message in body.get("errorMessages") or ():
        yield str(message)
    match body.get("errors"):
        case dict() as fields:
            for name, message in fields.items():
                yield f"{name}: {message}"
        case list() as errors:
            for error in errors:
                yield from _entry(error)
        case _:
            pass
    data = body.get("data")
    if isinstance(data, dict):
        for error in data.get("errors") or ():
            yield from _entry(error.get("message") if isinstance(error, dict) else error)


def _entry(error: Any) -> Iterator[str]:
    if isinstance(error, str):
        yield error
    elif isinstance(error, dict):
        for name in ("title", "detail", "message", "translation"):
            if isinstance(error.get(name), str):
                yield error[name]
