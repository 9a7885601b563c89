"""Writes a description in Jira's wiki markup so that every character of it is shown as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from worker.model.ticket import Bullets, Description, Link, Paragraph, Run

LIMIT = 30_000
"""Characters of markup in one description: Jira Data Center takes 32,767 unless an administrator changed it."""
CUT_OFF = "… (cut off here; the page has the rest)"

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
"""What JSON carries and Jira's XML layers refuse, and line breaks that are none to Jira."""
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9/:.=&%,;_?#-]*[A-Za-z0-9/]")
"""An address in which nothing reads as markup: Jira makes a link of it by itself."""
_PIECES = re.compile(
    rf"(?P<address>(?<![A-Za-z0-9]){_PLAIN_ADDRESS.pattern}(?=[.,;:)]*(?:\s|$)))"
    r"|(?P<line>^[ \t]*(?:h[1-6]|bq)(?=\.))"
    r"|(?P<scheme>(?<=[A-Za-z]):(?=//)|(?<=mailto):)"
    r"|(?P<emoticon>[:;](?=[()DPp|-])|\((?=[a-z*!?/+-]{1,9}\)))"
    r"|(?P<reference>&(?=#?\w+;))"
    r"|(?P<sign>[\\{}\[\]|*^~!+#]|(?<![^\W_])[-_]|[-_](?![^\W_])|\?(?=\?)|(?<=\?)\?)"
)
_HALF_ESCAPE = re.compile(r"(?:\s*\\+|&#?\d*)$")
_BREAK = r" \\ "


def document(description: Description) -> str:
    """The description as wiki markup of at most 30,000 characters, cut off with a sentence where it is longer.

    Rules of Jira's text formatting help: a backslash keeps a character from being markup. A backslash itself, an
    ampersand that begins a reference, the beginnings of headings, quotes and emoticons, and an address that holds
    markup are written as character references, which Jira shows as the character.
    """
    written = "\n\n".join(text for block in description if (text := "\n".join(_lines(block))))
    if len(written) <= LIMIT:
        return written
    return _HALF_ESCAPE.sub("", written[: LIMIT - len(CUT_OFF)]) + CUT_OFF


def plain(text: str) -> str:
    """Plain text as markup that shows it; a newline is a line break."""
    return "\n".join(_escaped(line) for line in _printable(text).split("\n"))


def _lines(block: Paragraph | Bullets) -> Iterator[str]:
    match block:
        case Paragraph(runs):
            written = _inline(runs, "\n")
            if written.strip():
                yield written
        case Bullets(items):
            for runs in items:
                written = _inline(runs, _BREAK)
                if written.strip():
                    yield f"* {written}"


def _inline(runs: tuple[Run, ...], line_break: str) -> str:
    """Runs on one or more lines; only the beginning of the first can be the beginning of a line."""
    written = ""
    for run in runs:
        text = _link(run) if isinstance(run, Link) else plain(run.text)
        written += text
    return line_break.join(line.strip() for line in written.split("\n") if line.strip())


def _link(link: Link) -> str:
    """``[text|address]`` where the text holds no markup; else the text, and the address behind it."""
    text = " ".join(_printable(link.text).split())
    if urlsplit(link.url).scheme not in ("http", "https"):
        return _escaped(text)
    address = quote(link.url, safe="/:?#@$&'()+,;=%")
    shown = _escaped(text)
    return f"[{text}|{address}]" if text and shown == text else f"{shown} [{address}]".lstrip()


def _escaped(line: str) -> str:
    return _PIECES.sub(_piece, line)


def _piece(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "address":
            return found[0]
        case "line":
            return "".join(_reference(c) if c.isalpha() else c for c in found[0])
        case "sign" if found[0] != "\\":
            return f"\\{found[0]}"
        case _:
            return _reference(found[0])


def _reference(text: str) -> str:
    return "".join(f"&#{ord(character)};" for character in text)


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
