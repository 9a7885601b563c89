"""What people are told when Jira does not take a ticket, or a part of it."""

from __future__ import annotations

import pytest

from tests.passes.stage import Stage, actions, stage
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
            "Payments: ticket.parent: Sub-task is a sub-task, and PAY makes none without a parent; write "
            "`parent: PAY-…` under `ticket`, or take another ticket.type.",
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
