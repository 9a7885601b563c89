"""Says under which heading a place of the document stands."""

from __future__ import annotations

from dataclasses import dataclass

from worker.document.document import Document


@dataclass(frozen=True, slots=True)
class Sections:
    """The headings of a document."""

    def above(self, offset: int) -> str:
        """Visible text of the last heading before a byte offset, or an empty string."""
        raise NotImplementedError

    def path(self, offset: int) -> tuple[str, ...]:
        """Headings that enclose a byte offset, outermost first."""
        raise NotImplementedError


def sections(document: Document) -> Sections:
    """The headings of a document."""
    raise NotImplementedError
