"""Decodes what stands between tags and in attributes: references, CDATA, comments, line ends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.entities import name2codepoint

NAMED: Mapping[str, int] = name2codepoint
"""Code point by name: the named entities of XHTML 1.0, which are all that Confluence knows."""

_CHARACTERS = {name: chr(code) for name, code in NAMED.items()} | {"apos": "'"}
_REFERENCE = re.compile("&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|([^#;]+));")
_RUN = re.compile(r"<!(?:--.*?--|\[CDATA\[(.*?)\]\])>|([^<]+)", re.DOTALL)
_ATTRIBUTE = re.compile(r"""\s([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.ASCII)
_BLANK = re.compile(r"\r\n|[\t\n\r]")


def characters(markup: bytes) -> str:
    """The text that markup without tags stands for, as a strict parser gives it (XML 1.0, 2.11 and 4.4)."""
    text = markup.decode()
    if "<" in text:
        return "".join(_references(_lines(plain)) or _lines(cdata) for cdata, plain in _RUN.findall(text))
    if "\r" in text:
        text = _lines(text)
    return _references(text) if "&" in text else text


def attributes(tag: bytes) -> dict[str, str]:
    """The attributes of a start tag, in order, with their values normalised (XML 1.0, 3.3.3)."""
    return {name: _value(quoted or single) for name, quoted, single in _ATTRIBUTE.findall(tag.decode())}


def _value(written: str) -> str:
    return written if written.isprintable() and "&" not in written else _references(_BLANK.sub(" ", written))


def _lines(written: str) -> str:
    return written.replace("\r\n", "\n").replace("\r", "\n")


def _references(written: str) -> str:
    return _REFERENCE.sub(_character, written)


def _character(reference: re.Match[str]) -> str:
    hexadecimal, decimal, name = reference.groups()
    if name:
        return _CHARACTERS[name]
    return chr(int(hexadecimal, 16) if hexadecimal else int(decimal))
