"""What a written priority is in Jira."""

from __future__ import annotations

import pytest

from tests.reconcile.made import row
from worker.reconcile.priorities import read_priority

MAPPING = {"P1": "Highest", "2 - High": "High"}


@pytest.mark.parametrize(
    ("written", "name", "said"),
    [
        ("P1", "Highest", "P1"),
        (" p1 ", "Highest", "p1"),
        ("P1!", "Highest", "P1!"),
        ("2 – high", "High", "2 – high"),
        ("", None, ""),
        ("-", None, ""),
        ("TBD", None, ""),
    ],
)
def test_a_priority_is_read_in_any_case_and_punctuation(written, name, said):
    """A row that says nothing has no priority, and nobody is bothered with it."""
    reading = read_priority(row(priority=written), MAPPING)
    assert (name, said, None) == (reading.name, reading.written, reading.finding)


def test_an_unknown_priority_is_reported_with_those_that_are_known():
    """The text as written comes out too, since Jira's own form may know it."""
    reading = read_priority(row(priority="urgent"), MAPPING)
    assert (None, "urgent", "priority-unknown") == (reading.name, reading.written, reading.finding.code)
    assert "write one of P1, 2 - High, or add it under ticket.priority" in reading.finding.message


def test_without_any_mapping_the_message_says_where_it_goes():
    """An empty list of known priorities is not printed."""
    finding = read_priority(row(priority="urgent"), {}).finding
    assert "say under ticket.priority in the mapping which Jira priority it is." in finding.message
