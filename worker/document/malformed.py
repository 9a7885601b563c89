"""Says where a body is not well-formed, and why, in words for the author of the page."""

from __future__ import annotations

import pyexpat
import re

from worker.document.scan import EndTagAlone, open_tags

_REFERENCE = re.compile(rb"&[^;\s<]{0,40};?")
_ALONE = "this end tag closes nothing"


class Malformed(Exception):
    """The body is not well-formed storage format, so none of its places can be trusted.

    ``line`` and ``column`` count from 1, in characters, in the body's own lines.
    """

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(reason, line, column)
        self.reason = reason
        self.line = line
        self.column = column

    @property
    def where(self) -> str:
        """Place and reason, without advice."""
        return f"line {self.line}, column {self.column}: {self.reason}"

    def __str__(self) -> str:
        return (
            f"The page body is not well-formed at {self.where}. "
            "Open the page in the editor, repair that place and publish it."
        )


def malformed(source: bytes, offset: int, reason: str) -> Malformed:
    """The complaint about a place of the source."""
    return Malformed(reason, *_position(source[:offset]))


def complaint(source: bytes, error: pyexpat.ExpatError, offset: int) -> Malformed:
    """The parser's own complaint, which names the element or reference concerned. Before ``offset`` all is well."""
    is_mismatch = error.code == pyexpat.errors.codes[pyexpat.errors.XML_ERROR_TAG_MISMATCH]
    if is_mismatch:
        offset -= len("</")  # the parser points at the name
    offset = max(0, min(offset, len(source)))
    try:
        waiting = open_tags(source, offset)
    except EndTagAlone as alone:
        return malformed(source, alone.offset, _ALONE)
    if is_mismatch:
        if not waiting:
            return malformed(source, offset, _ALONE)
        tag, start = waiting[-1]
        line, _ = _position(source[:start])
        what = "the page ends" if offset == len(source) else "another element is closed"
        return malformed(source, offset, f"{what} while <{tag}> from line {line} is still open")
    message = pyexpat.errors.messages.get(error.code)
    if message == pyexpat.errors.XML_ERROR_UNDEFINED_ENTITY:
        reference = _REFERENCE.search(source, offset)
        name = reference.group().decode(errors="replace") if reference else "the reference"
        return malformed(source, offset, f"{name} is not an entity that Confluence knows")
    return malformed(source, offset, f"the parser says “{message}”")


def _position(before: bytes) -> tuple[int, int]:
    """Line and column of the place behind these bytes."""
    line_start = before.rfind(b"\n") + 1
    return before.count(b"\n") + 1, len(before[line_start:].decode(errors="ignore")) + 1
