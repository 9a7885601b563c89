"""Something a person should know: what, where, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

CODES = (
    "owner-missing", "owner-unknown", "owner-not-assignable", "owner-several",
    "date-missing", "date-ambiguous", "date-unreadable", "date-past", "date-several",
    "priority-unknown", "field-refused",
    "duplicate-row", "row-ambiguous", "row-reused", "row-shared-cell", "row-empty-action",
    "ticket-not-visible", "ticket-elsewhere", "ticket-not-on-page", "ticket-moved",
    "page-malformed", "page-restricted", "page-read-only", "page-claimed", "page-does-not-keep",
    "page-copied", "page-state-newer", "page-state-corrupt", "page-failed", "page-interrupted", "page-too-large",
    "table-shrunk", "pages-gone", "limit-page", "limit-run",
    "claim-waiting", "conflict-both-changed", "transition-unclear",
)  # fmt: skip
"""Every code there is; each has a paragraph in docs/findings.md."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark; ``item`` is the action as written, or None when it concerns the page."""

    code: str
    message: str
    item: str | None = None

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"no such finding: {self.code}")
