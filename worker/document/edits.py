"""Puts edits into a document and proves that nothing else changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from worker.document.document import Document
from worker.document.tree import Element
from worker.model.item import Span


class EditRefused(Exception):
    """Edits that would touch more than their own places; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Markup that replaces what stands at a span of the document that was read."""

    span: Span
    replacement: str


def fill(document: Document, place: Element | Span, inner: str) -> Edit:
    """The edit that makes ``inner`` the content of an element, or of the own cell whose span is given."""
    raise NotImplementedError


def splice(document: Document, edits: Iterable[Edit]) -> str:
    """The body with the edits in it."""
    raise NotImplementedError
