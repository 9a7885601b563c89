"""A row may link to a ticket of another Jira, which has a PAY-1 of its own."""

from __future__ import annotations

import pytest

from tests.passes.stage import actions, stage, table
from worker.mapping.model import PageRules, TeamMapping
from worker.model.plan import Keep
from worker.sandbox.samples.datacenter import JIRA_SERVER_ID

PARTNER = "2c6d6a3e-9d0a-3b47-8a5c-0a3a4f1c7f10"
"""Id of an application link to another Jira."""
THEIRS = '<a href="https://other.example.org/browse/PAY-1">PAY-1</a>'


def naming(mapping: TeamMapping, server_id: str | None) -> TeamMapping:
    """The mapping with this id for our Jira."""
    return mapping.model_copy(update={"page": PageRules(jira_server_id=server_id)})


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


def macro(server_id: str, key: str = "PAY-1") -> str:
    """A Jira macro as people insert it; without an id it shows the primary Jira."""
    named = f'<ac:parameter ac:name="serverId">{server_id}</ac:parameter>' if server_id else ""
    return (
        '<ac:structured-macro ac:name="jira" ac:schema-version="1"><ac:parameter ac:name="server">System Jira'
        f'</ac:parameter>{named}<ac:parameter ac:name="key">{key}</ac:parameter></ac:structured-macro>'
    )


@pytest.mark.parametrize(
    ("configured", "macros", "ours"),
    [
        (JIRA_SERVER_ID, macro(PARTNER), False),
        (JIRA_SERVER_ID, macro(JIRA_SERVER_ID), True),
        (JIRA_SERVER_ID.upper(), macro(JIRA_SERVER_ID), True),
        (JIRA_SERVER_ID, macro(""), True),
        (JIRA_SERVER_ID, macro(PARTNER) + macro(JIRA_SERVER_ID), True),
        (JIRA_SERVER_ID, THEIRS + macro(JIRA_SERVER_ID), True),
        (JIRA_SERVER_ID, THEIRS + macro(PARTNER), False),
        (None, macro(PARTNER), True),
    ],
)
def test_a_macro_of_another_jira_shows_nothing_of_ours(configured: str | None, macros: str, ours: bool) -> None:
    """It tells by the id of its application link, as far as the mapping says which one is ours."""
    with stage("datacenter") as scene:
        scene.mapping = naming(scene.mapping, configured)
        jira = scene.sandbox.jira
        values = {"type": "10001", "summary": "By hand"}
        scene.as_person(lambda who: jira.create(jira.projects["PAY"], who, values, {}))
        page = scene.page(table(("Ask the vendor", "", "", macros, "")))
        before = scene.body(page)
        scene.sync()

        assert (scene.body(page) != before, len(scene.issues())) == (ours, 1)


def test_a_macro_of_another_jira_edits_nothing_of_ours() -> None:
    """A row like ours that was written over with their key is theirs: our ticket keeps its text."""
    with stage("datacenter") as scene:
        scene.mapping = naming(scene.mapping, JIRA_SERVER_ID)
        page = scene.page(actions("Add an alert for checkout errors"))
        scene.sync()
        assert scene.body(page).count(JIRA_SERVER_ID) == 1
        row = table(("Add an alert for checkout errors in the Berlin shop", "", "", macro(PARTNER), ""))
        scene.as_person(lambda by: scene.sandbox.confluence.person_saves(page.id, row, by))
        scene.sync()

        assert [issue.summary for issue in scene.issues()] == ["Add an alert for checkout errors"]


def test_a_macro_that_the_worker_wrote_with_an_earlier_id_is_ours() -> None:
    """The very row that was given the ticket keeps it, whatever id the mapping says by now."""
    with stage("datacenter") as scene:
        scene.mapping = naming(scene.mapping, PARTNER)
        page = scene.page(actions("Add an alert"))
        scene.sync()
        scene.mapping = naming(scene.mapping, JIRA_SERVER_ID)
        later = scene.body(page).replace("2027-01-15", "2027-02-28")
        scene.as_person(lambda by: scene.sandbox.confluence.person_saves(page.id, later, by))
        scene.sync()

        (issue,) = scene.issues()
        assert str(issue.due) == "2027-02-28"


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
