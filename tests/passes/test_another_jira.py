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


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("/jira/browse/PAY-1", True),
        ("/jira/secure/RapidBoard.jspa?rapidView=1&amp;selectedIssue=PAY-1", True),
        ("/jira/projects/PAY/issues/PAY-1", True),
        ("/other/browse/PAY-1", False),
        ("/browse/PAY-1", False),
        ("/jira/other/browse/PAY-1", False),
        ("/jira2/projects/PAY/issues/PAY-1", False),
    ],
)
def test_a_jira_beside_ours_on_one_host_is_another(path: str, ours: bool) -> None:
    """Its address includes the context path; only a link below it shows our ticket's status."""
    with stage("datacenter") as scene:
        jira = scene.sandbox.jira
        values = {"type": "10001", "summary": "By hand"}
        scene.as_person(lambda who: jira.create(jira.projects["PAY"], who, values, {}))
        host = scene.sandbox.jira_url.removesuffix("/jira")
        page = scene.page(table(("Ask the vendor", "", "", f'<a href="{host}{path}">PAY-1</a>', "")))
        before = scene.body(page)
        scene.sync()

        assert (scene.body(page) != before, len(scene.issues())) == (ours, 1)


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
