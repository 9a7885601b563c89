"""What a template left and what a person wrote."""

from __future__ import annotations

import pytest

from worker.reconcile.placeholders import is_placeholder, says_nothing


@pytest.mark.parametrize(
    "text", ["", " ", "-", "–", "…", "...", "?", "TBD", "tbd.", "N/A", "n.a.", "None", "To be decided", "\u200b"]
)
def test_some_words_say_nothing(text):
    """Dashes, dots and their spelled-out kin are as good as an empty cell."""
    assert says_nothing(text)
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "[Action]", "<describe action>", "{{owner}}", "${action}", "e.g. add an alert", "E.g., fix it", "eg. fix it",
        "Add action items here", "Add action items here...", "List the follow-up actions here", "Action 1", "Task", "Owner", "Due date",
        "YYYY-MM-DD", "dd/mm/yyyy", "MM/DD/YY", "DD.MM.YYYY", "dd mmm yyyy", "mm/yyyy",
        "Describe the action", "Enter task description",
        'Type your task here, using "@" to assign to a user and "//" to select a due date',
    ],
)  # fmt: skip
def test_what_a_template_asks_people_to_replace_is_no_item(text):
    """Hints in brackets, examples, forms of dates and instructions stay behind on pages that nobody filled in."""
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "Add an alert on queue lag", "Add action metrics to the dashboard", "Write the runbook", "Describe the failover in the runbook",
        "[PAY] fix the alert", "Action the audit findings", "List tasks by owner in the console", "Document actions taken by on-call staff",
        "Egress rules: tighten", "Tbd service: add health check", "Enter maintenance mode before upgrades", "Fix", "修正する", "DD", "MD5 my",
    ],
)  # fmt: skip
def test_real_work_is_never_taken_for_a_placeholder(text):
    """Actions may begin like a template's instruction."""
    assert not is_placeholder(text)
