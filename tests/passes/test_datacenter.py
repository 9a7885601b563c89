"""What pages and tickets of Data Center look like after a sync, where they differ from Cloud's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.passes.stage import Stage, mention, person, stage, table
from worker.sandbox.faults import Fault
from worker.sandbox.samples.datacenter import JIRA_SERVER_ID, jira_macro


@pytest.fixture
def scene() -> Iterator[Stage]:
    """Data Center with the Payments team."""
    with stage("datacenter") as made:
        yield made


def silent(scene: Stage) -> bool:
    """Whether another pass writes nothing."""
    before = scene.sandbox.writes
    scene.sync()
    return before == scene.sandbox.writes


def test_a_mentioned_person_gets_the_ticket_by_user_name(scene: Stage) -> None:
    """Every mention is looked up, each person once a pass."""
    alice = person("Alice Moreau", scene.sandbox)
    scene.page(table(*((f"Act {number}", mention(alice), "", "", "") for number in range(3))))
    scene.sync()

    assert [alice] * 3 == [issue.assignee for issue in scene.issues()]
    assert 1 == sum(each.path.endswith("/rest/api/user") for each in scene.sandbox.requests)
    assert silent(scene)


def test_a_person_whom_confluence_does_not_know_is_said_on_the_row(scene: Stage) -> None:
    """The ticket is made without an assignee, and nothing is tried again."""
    page = scene.page(table(("Add an alert", '<ac:link><ri:user ri:userkey="ffff0000" /></ac:link>', "", "", "")))
    report = scene.sync()

    assert "owner-unknown" in [each.code for each in report.pages[0].plan.findings]
    assert scene.issues()[0].assignee is None
    note = "The ticket has no assignee (Confluence does not know the person mentioned here, mention somebody else)."
    assert note in scene.body(page)
    assert silent(scene)


def test_no_answer_about_a_person_makes_nobody_a_stranger(scene: Stage) -> None:
    """The page fails, and the next pass makes the ticket with its owner."""
    alice = person("Alice Moreau", scene.sandbox)
    scene.page(table(("Add an alert", mention(alice), "", "", "")))
    scene.sandbox.faults.append(Fault(("GET", r"/rest/api/user$"), "status:500"))
    report = scene.sync()

    assert (3, []) == (report.exit, scene.issues())
    assert ["page-failed"] == [each.code for each in report.pages[0].plan.findings]
    scene.sync()
    assert [alice] == [issue.assignee for issue in scene.issues()]


@pytest.mark.parametrize("wins", ["page", "jira"])
def test_an_alias_in_another_case_is_the_same_person(wins: str) -> None:
    """The row has no note, and an owner who is changed on the page later was changed on one side alone."""
    owners, ticket = {"aliases": {"DBA team": "ALICE"}}, {"project": "PAY", "follow": {"owner": wins}}
    with stage("datacenter", owners=owners, ticket=ticket) as scene:
        bob = person("Bob Lindqvist", scene.sandbox)
        page = scene.page(table(("Add an alert", "DBA team", '<time datetime="2027-01-15" />', "", "")))
        report = scene.sync()

        assert [] == [each.code for each in report.pages[0].plan.findings]
        assert [person("Alice Moreau", scene.sandbox)] == [issue.assignee for issue in scene.issues()]
        assert "differs" not in scene.body(page)
        assert silent(scene)
        change = scene.markup(mention(bob))
        scene.as_person(lambda who: scene.sandbox.confluence.person_replaces(page.id, "DBA team", change, who))
        report = scene.sync()
        assert [] == [each.code for each in report.pages[0].plan.findings]
        assert [bob] == [issue.assignee for issue in scene.issues()]
        assert silent(scene)


def test_a_page_that_names_its_jira_gets_macros_and_another_one_links(scene: Stage) -> None:
    """The macro names the same Jira as the one that people put there."""
    scene.as_person(lambda who: scene.sandbox.jira.create(
        scene.sandbox.jira.projects["PAY"], who, {"type": "10001", "summary": "By hand"}, {},
    ))  # fmt: skip
    named = scene.page(table(("Add an alert", "", "", "", "")) + f"<p>See {jira_macro('PAY-1')}</p>", title="Named")
    plain = scene.page(table(("Write the runbook", "", "", "", "")), title="Plain")
    scene.sync()
    key = {issue.summary: issue.key for issue in scene.issues()}

    assert 2 == scene.body(named).count(f'<ac:parameter ac:name="serverId">{JIRA_SERVER_ID}</ac:parameter>')
    assert "/browse/" not in scene.body(named)
    assert f'/browse/{key["Write the runbook"]}">{key["Write the runbook"]}</a>' in scene.body(plain)
    assert silent(scene)


def test_text_of_the_page_is_no_markup_in_the_description(scene: Stage) -> None:
    """The summary is what the row says, and the description shows it."""
    scene.page(table(("Fix {code} &amp; *[links]*", "", "", "", "")))
    scene.sync()
    (issue,) = scene.issues()

    assert "Fix {code} & *[links]*" == issue.summary
    assert "\n\n" + r"Fix \{code\} & \*\[links\]\*" + "\n\n" in issue.description
    assert silent(scene)
