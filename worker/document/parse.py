"""Reads storage format strictly into a tree that knows every byte's place."""

from __future__ import annotations

from worker.document.document import Document


class Malformed(Exception):
    """The body is not well-formed storage format; nothing on that page can be edited safely."""

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(reason, line, column)
        self.reason = reason
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"The page body cannot be read at line {self.line}, column {self.column}: {self.reason}."


def parse(body: str) -> Document:
    """The body as a document."""
    raise NotImplementedError(body)
