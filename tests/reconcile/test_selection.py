"""What is said of a page that the selection leaves alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from worker.model.page import Page, Version
from worker.reconcile.selection import rests


def test_until_when_a_page_rests_is_told_in_utc() -> None:
    """Data Center answers in the zone of its server; the hour that is told is UTC all the same."""
    saved = datetime.fromisoformat("2026-11-25T00:30:00.000+02:00")
    page = Page("7", "Outage", "https://x/7", "current", saved, Version(2, saved, "ann", ""), "")

    assert rests(page, timedelta(minutes=10)).endswith(
        ": 10 minutes after its last save, so not before 2026-11-24 22:40 UTC"
    )
