"""How far two texts count as one item in other words."""

from __future__ import annotations

import pytest

from worker.reconcile.likeness import same_item


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Add an alert", "Add an alert and page the lead", True),
        ("Add an alert and page the lead", "Add an alert", True),
        ("Write the runbook for refunds", "Write a runbook for refunds", True),
        ("Replace the disk of db-03", "Replace the disk of db-11", False),
        ("Add an alert", "Call the vendor", False),
        ("Add an alert", "", False),
    ],
)
def test_words_added_or_taken_away_leave_an_item_what_it_was(one: str, other: str, same: bool) -> None:
    """A text that is part of the other is the same item, unless its numbers differ; another one is not."""
    assert (same_item(one, other) >= 0.6) is same
