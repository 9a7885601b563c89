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
    """Ten hex digits, the same for every worker that claims the same row of the same page."""
    editor: str | None
    """Digest of the row's or task's own id of the editor."""
    fingerprint: str
    """Digest of the action's text."""
    whole: str
    """Digest of the row's other cells: tells apart rows with the same action."""
    attempts: tuple[str, ...] = ()
    """Nonces of creates with unknown outcome, oldest first."""
    ticket: str | None = None
    """Jira's numeric id, which survives moves."""
    linked: bool = False
    """The ticket is a person's: shown, never edited."""
    refused: str | None = None
    """Digest of what Jira refused: of a create for what it says, which is not sent again; or of a create or an edit for
    another reason, together with the day, so that it is not sent again on that day."""
    shown: tuple[str, ...] = ()
    """Digests of the status titles and notes that the worker may have written for this item: what it wrote last, and
    what it was about to write. Anything else in its cells is a person's. Beside them stand marks: what was asked of
    Jira, and what was seen on the page."""


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

    def last_attempt(self, claim: Claim) -> Attempt | None:
        """The newest attempt of an open claim."""
        return self.attempt(claim.attempts[-1]) if claim.attempts else None
