"""What the worker wrote on a page before it created anything: which item, which attempts, which ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """One intended create, written by compare-and-swap before the request goes out."""

    nonce: str
    at: datetime
    """Server time when the claim was written."""
    project: str
    label: str
    newest: int
    """Number of the newest ticket known in the project then: a later one may be ours."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One item of a page, for good: open while no ticket is known, settled afterwards."""

    item: str
    editor_id: str | None
    fingerprint: str
    attempts: tuple[str, ...]
    """Nonces, oldest first; empty once settled and forgotten."""
    ticket: str | None
    """Jira's numeric id, which survives moves."""
    shown: tuple[str, ...] = ()
    """Status titles that the worker may have written for this item: the last one shown, and the one being shown."""


@dataclass(frozen=True, slots=True)
class Claims:
    """All claims of one page, in the order they were made."""

    site: str
    page: str
    attempts: tuple[Attempt, ...] = ()
    items: tuple[Claim, ...] = ()
    rows: int = 0
    """How many tracked rows the page showed at the last write: the base of the shrink guard."""

    def attempt(self, nonce: str) -> Attempt | None:
        """The attempt of that nonce."""
        return next((a for a in self.attempts if a.nonce == nonce), None)
