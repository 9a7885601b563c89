"""What people are told when Jira does not take a ticket, or a part of it."""

from __future__ import annotations

import pytest

from tests.passes.stage import Stage, actions, known_as, mention, person, stage, table, team
from worker.errors import ConfigurationError
from worker.model.plan import Failed, Hold
from worker.model.report import Report


@pytest.fixture
def scene(deployment):
    """A sandbox with the Payments team, which wants sub-tasks."""
    with stage(deployment, ticket={"project": "PAY", "type": "sub-task"}) as made:
        yield made


def _told(report: Report) -> list[tuple[str, str]]:
    return [(each.code, each.message) for page in report.pages for each in page.plan.findings]


def test_sub_tasks_without_a_parent_stop_plan_and_sync_before_anything_is_written(scene: Stage) -> None:
    """Jira would refuse every one of them, so the mapping is wrong and not the rows."""
    page = scene.page(actions("Add an alert", "Write the runbook"))
    before, body = scene.sandbox.writes, scene.body(page)
    for go in (scene.plan, scene.sync):
        with pytest.raises(ConfigurationError) as stopped:
            go()
        assert stopped.value.problems == (
            "payments.yaml: Payments: ticket.parent: Sub-task is a sub-task, and PAY makes none without a parent; write "
            "`parent: PAY-…` under `ticket`, or take another ticket.type. Correct it there; `postmortem-sync check "
            "--live` tries it out.",
        )

    assert (before, body) == (scene.sandbox.writes, scene.body(page))
    assert [] == scene.issues()


def test_a_refusal_is_told_in_its_pass_with_the_reason_and_later_with_a_way_to_find_it(deployment: str) -> None:
    """Exactly one finding a row: what Jira said first, and that it was said before from then on."""
    with stage(deployment, ticket={"project": "PAY", "type": "Sub-task", "parent": "PAY-99"}) as scene:
        scene.page(actions("Add an alert", "Write the runbook"))
        first = scene.sync()
        asked = sum(each.path.endswith("/issue/bulk") for each in scene.sandbox.requests)
        second, planned = scene.sync(), scene.plan()

        assert (3, 2, 0) == (first.exit, first.totals.failed, len(scene.issues()))
        assert ["field-refused"] * 2 == [code for code, _ in _told(first)]
        for line, (_, message) in enumerate(_told(first), 1):
            assert message.startswith(f"Row {line} of “Action items”: Jira refused this ticket: parent: ")
            assert message.endswith(
                ". Change the row or the mapping, and the next pass tries again; once Jira itself was changed, run "
                "`sync --approve PAGE`."
            )
        assert [message for _, message in _told(first)] == [
            change.reason for change in first.pages[0].plan.changes if isinstance(change, Failed)
        ]
        assert 1 == asked == sum(each.path.endswith("/issue/bulk") for each in scene.sandbox.requests)
        for later in (second, planned):
            assert 2 == sum(isinstance(change, Hold) for change in later.pages[0].plan.changes)
            assert (
                "field-refused",
                "Row 1 of “Action items”: Jira refused this ticket before, and neither the row nor the mapping changed "
                "since. Run `check --live` to see what Jira demands, and change the row or the mapping; once Jira "
                "itself was changed, run `sync --approve PAGE`.",
            ) == _told(later)[0]
            assert 2 == len(_told(later))


def test_a_refused_field_is_told_once_the_ticket_is_made_without_it(deployment: str) -> None:
    """A parent that is not there costs a task its parent, and nothing else."""
    with stage(deployment, ticket={"project": "PAY", "parent": "PAY-99"}) as scene:
        scene.page(actions("Add an alert"))
        report = scene.sync()
        ((code, message), *more) = [each for each in _told(report) if each[0] != "owner-missing"]

        assert ("field-refused", []) == (code, more)
        assert message.startswith("Row 1 of “Action items”: Jira refused parent: ")
        assert "The ticket is made without it" in message
        assert ["Add an alert"] == [issue.summary for issue in scene.issues()]


def _forbid(scene: Stage) -> None:
    (project,) = (each for each in scene.sandbox.jira.projects.values() if each.key == "PAY")
    project.assigners, project.schedulers = set(), set()


def _after_birth(scene: Stage) -> list[list[tuple[str, str]]]:
    """What the first sync says, and what ``sync`` and ``plan`` say afterwards; the last two write nothing."""
    told = [_told(scene.sync())]
    before = scene.sandbox.writes
    told.extend((_told(scene.sync()), _told(scene.plan())))
    assert before == scene.sandbox.writes
    return told


def test_who_may_not_assign_and_schedule_is_told_to_ask_for_the_permissions(deployment: str) -> None:
    """Jira hides both fields without them, and naming somebody else would not help, whoever is named."""
    with stage(deployment) as scene:
        scene.sandbox.run(lambda: _forbid(scene))
        alice = mention(person("Alice Moreau", scene.sandbox))
        page = scene.page(table(("Add an alert", alice, '<time datetime="2027-01-15" />', "", "")))
        first, *later = _after_birth(scene)

        assert [
            (
                "field-refused",
                f"Row 1 of “Action items”: {field} is not on the create screen of PAY Task, or the worker's account "
                f"lacks the permission “{permission}” in PAY, so the ticket is made without it; ask a Jira "
                "administrator for either.",
            )
            for field, permission in (("assignee", "Assign issues"), ("duedate", "Schedule issues"))
        ] == first
        for told in later:
            assert [
                (
                    "field-refused",
                    "Row 1 of “Action items”: PAY-1 has no assignee, for assignee is not on the create screen of PAY "
                    "Task, or the worker's account lacks the permission “Assign issues” in PAY; assign the ticket in "
                    "Jira, and ask a Jira administrator for either.",
                )
            ] == told
        assert "has no assignee" in scene.body(page)


@pytest.mark.parametrize(
    ("owner", "given_by"),
    [("TBD", "owners.default in the mapping"), ("Robin", "the alias “Robin” under owners.aliases in the mapping")],
)
def test_an_account_of_the_mapping_that_cannot_be_assigned_is_mended_in_the_mapping(
    deployment: str, owner: str, given_by: str
) -> None:
    """Findings name the key of the mapping in every pass, and so does a note; a row that names nobody gets none."""
    with stage(deployment) as scene:
        noor = known_as("Noor Visiting", scene.sandbox)
        scene.mapping = team(owners={"default": noor, "aliases": {"Robin": noor}})
        page = scene.page(table(("Add an alert", owner, '<time datetime="2027-01-15" />', "", "")))

        for told in _after_birth(scene):
            assert [
                (
                    "owner-not-assignable",
                    f"Row 1 of “Action items”: {given_by} is an account that Jira does not take as an assignee here, "
                    "so the ticket has none; correct it there, assign the ticket in Jira, or ask a Jira administrator "
                    "for access.",
                )
            ] == told
        said = f"The ticket has no assignee (Jira did not take {given_by})." in scene.body(page)
        assert said is (owner == "Robin")


def test_a_default_that_was_set_later_is_blamed_for_nothing(deployment: str) -> None:
    """A ticket that was made for nobody stays so, and a default that Jira takes is in order."""
    with stage(deployment) as scene:
        scene.page(actions("Add an alert"))
        scene.sync()
        scene.mapping = team(owners={"default": known_as("Alice Moreau", scene.sandbox)})

        assert [] == _told(scene.plan())
