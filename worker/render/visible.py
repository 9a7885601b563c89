"""Makes text from pages and tickets safe to look at: nothing in it can move the cursor, reorder a line or hide."""

from __future__ import annotations

import re

_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_REORDERING = "\u202a-\u202e\u2066-\u2069"
_UNPRINTABLE = "\u2028\u2029\ud800-\udfff\U000e0000-\U000e007f"
_DANGEROUS = re.compile(f"[{_CONTROL}{_REORDERING}{_UNPRINTABLE}]")
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff]")
"""Soft hyphens, marks and spaces without width: editors leave them behind, and nobody misses them."""


def one_line(text: str) -> str:
    """The text in one line: paragraphs are joined by a slash, control characters are spelt out like ``\\x1b``."""
    paragraphs = (" ".join(part.split(" ")).strip() for part in text.replace("\t", " ").splitlines())
    return spelt_out(" / ".join(part for part in paragraphs if part))


def spelt_out(text: str) -> str:
    """Control characters, surrogates and marks that reorder a line as escapes; marks without width are dropped."""
    return _DANGEROUS.sub(lambda found: escape(found[0]), _INVISIBLE.sub("", text))


def escape(character: str) -> str:
    """One character as Python writes it in a string: ``\\x1b``, ``\\u202e`` or ``\\U000e0041``."""
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def shortened(text: str, longest: int) -> str:
    """The text, cut behind a word where it is longer than ``longest`` characters."""
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
