"""A row may link to a ticket of another Jira, which has a PAY-1 of its own."""

from __future__ import annotations

import pytest

from tests.passes.stage import actions, stage, table
from worker.model.plan import Keep

THEIRS = '<a href="https://other.example.org/browse/PAY-1">PAY-1</a>'


@pytest.mark.parametrize("deployment", ["cloud", "datacenter"])
def test_a_link_to_another_jira_shows_nothing_of_ours(deployment: str) -> None:
    """The row is linked by hand: our PAY-1 gives it no status, and it gets no ticket."""
    with stage(deployment) as scene:
        scene.page(actions("Add an alert"), "First outage")
        scene.sync()
        page = scene.page(table(("Ask the vendor", "", "", THEIRS, "")), "Second outage")
        before = scene.body(page)
        report = scene.sync()

        (change,) = next(each.plan.changes for each in report.pages if each.plan.page == str(page.id))
        assert isinstance(change, Keep)
        assert (scene.body(page), len(scene.issues())) == (before, 1)


@pytest.mark.parametrize("deployment", ["cloud", "datacenter"])
def test_a_link_to_another_jira_edits_nothing_of_ours(deployment: str) -> None:
    """A row like ours that was written over with their key is theirs: our ticket keeps its text."""
    with stage(deployment) as scene:
        page = scene.page(actions("Add an alert for checkout errors", "Rotate the certificates"))
        scene.sync()
        row = table(
            ("Add an alert for checkout errors in the Berlin shop", "", "", THEIRS, ""),
            ("Rotate the certificates", "", "", "", ""),
        )
        scene.as_person(lambda by: scene.sandbox.confluence.person_saves(page.id, row, by))
        scene.sync()

        assert [issue.summary for issue in scene.issues()] == [
            "Add an alert for checkout errors",
            "Rotate the certificates",
        ]


def test_an_address_that_our_jira_had_before_is_ours() -> None:
    """The very row that was given the ticket keeps it, whatever host its link names by now."""
    with stage() as scene:
        page = scene.page(actions("Add an alert"))
        scene.sync()
        old = (
            scene.body(page)
            .replace(scene.sandbox.jira_url, "https://old.example.org")
            .replace("2027-01-15", "2027-02-28")
        )
        scene.as_person(lambda by: scene.sandbox.confluence.person_saves(page.id, old, by))
        scene.sync()

        (issue,) = scene.issues()
        assert str(issue.due) == "2027-02-28"
