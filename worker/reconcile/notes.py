"""The sentences the worker writes behind ``no ticket`` and ``differs``, for the author of the row."""

from __future__ import annotations

from typing import Literal

from worker.model.item import Lozenge, Note, NoteKind, digest

DUPLICATE = Note(NoteKind.NO_TICKET, "Another row says exactly the same: delete this one, or write what differs.")
EMPTY_ACTION = Note(NoteKind.NO_TICKET, "Write what is to be done here.")
AMBIGUOUS = Note(NoteKind.NO_TICKET, "It is not clear which ticket belongs to this row: write its key here.")
REFUSED = Note(NoteKind.NO_TICKET, "Jira refused this item: change the row, or ask whoever runs the sync.")
NEEDS_OWNER = Note(NoteKind.NO_TICKET, "Jira wants an owner for it: mention one with @.")
NEEDS_DATE = Note(NoteKind.NO_TICKET, "Jira wants a due date for it: write one like 2026-12-31.")
NEEDS_PRIORITY = Note(NoteKind.NO_TICKET, "Jira wants a priority for it: write one that Jira knows.")

FIXED = frozenset({DUPLICATE, EMPTY_ACTION, AMBIGUOUS, REFUSED, NEEDS_OWNER, NEEDS_DATE, NEEDS_PRIORITY})
"""Notes without a word from the row: recognised wherever they stand."""


def differs(*parts: str) -> Note | None:
    """How the ticket differs from the row, in predicates such as ``has no assignee (…)``; None when it does not."""
    return Note(NoteKind.DIFFERS, f"The ticket {' and '.join(parts)}.") if parts else None


def note_digest(note: Note) -> str:
    """What a claim remembers of a note."""
    return digest(f"{note.kind.value}: {note.sentence}", length=6)


def lozenge_digest(lozenge: Lozenge, place: Literal["ticket", "status"]) -> str:
    """What a claim remembers of a status in the ticket cell (or at the end of a task), or in the status cell.

    Each place for itself: what the worker wrote in one cell says nothing about who wrote in the other.
    """
    return digest(f"{place}|{lozenge.title.casefold()}|{lozenge.colour}", length=6)


def is_ours(note: Note, shown: tuple[str, ...]) -> bool:
    """Whether the worker wrote this note as it stands; an edited one belongs to whoever edited it."""
    return note in FIXED or note_digest(note) in shown
