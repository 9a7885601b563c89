"""A first sync over HTTP: every item gets its ticket, the page shows it, and the second pass is silent."""

from __future__ import annotations

import re

import pytest

from tests.passes.stage import Stage, actions, mention, person, stage, table, team
from worker.bootstrap import connected, scope
from worker.model.plan import Hold, Wait
from worker.run import plan_pass
from worker.sandbox.faults import Fault
from worker.survey import Team


@pytest.fixture
def scene(deployment):
    """A sandbox with the Payments team."""
    with stage(deployment) as made:
        yield made


def _kinds(report) -> list[str]:
    return [type(change).__name__ for page in report.pages for change in page.plan.changes]


def test_every_row_gets_its_ticket_and_the_page_shows_it(scene: Stage) -> None:
    """Owner, due date and labels arrive; key and status come back."""
    alice = person("Alice Moreau", scene.sandbox)
    page = scene.page(
        table(
            ("Add an alert", mention(alice), '<time datetime="2027-01-15" />', "", ""),
            ("Write the runbook", "", "", "", ""),
        )
    )
    report = scene.sync()

    assert ["Create", "Create"] == _kinds(report)
    first, second = scene.issues()
    assert ("Add an alert", alice, "2027-01-15") == (first.summary, first.assignee, str(first.due))
    assert "Write the runbook" == second.summary
    body = scene.body(page)
    assert f"/browse/{first.key}" in body
    assert body.index(f"/browse/{first.key}") < body.index("Write the runbook") < body.index(f"/browse/{second.key}")
    assert 2 == body.count('ac:name="status"')
    assert report.pages[0].saved
    assert 0 == report.exit


def test_the_second_pass_writes_nothing(scene: Stage) -> None:
    """Nothing new, no write: counted by the sandbox."""
    scene.page(actions("Add an alert", "Write the runbook"))
    scene.sync()
    before = scene.sandbox.writes
    report = scene.sync()

    assert ["Keep", "Keep"] == _kinds(report)
    # reading tickets in bulk is a POST in Jira's API, and so is counted as a read by the sandbox
    assert before == scene.sandbox.writes
    assert not report.pages[0].saved


def test_planning_writes_nothing_and_says_what_sync_would_do(scene: Stage) -> None:
    """The plan and the sync that follows tell the same story."""
    scene.page(actions("Add an alert"))
    planned = scene.plan()

    assert 0 == scene.sandbox.writes
    assert ["Create"] == _kinds(planned)
    assert planned.totals.pages_saved == scene.sync().totals.pages_saved == 1


def test_a_table_without_ticket_column_gets_one(scene: Stage) -> None:
    """At its right end, headed by the mapping's first name."""
    page = scene.page(table(("Add an alert", "", ""), header=("Action", "Owner", "Due")))
    scene.sync()
    body = scene.body(page)

    assert "<strong>Ticket</strong>" in body
    assert f"/browse/{scene.issues()[0].key}" in body
    scene.sync()

    assert 2 == scene.sandbox.confluence.page(page.id).version.number


def test_a_task_list_gets_its_tickets(scene: Stage) -> None:
    """Owner is the mention, due is the date, and the tail of the task shows key and status."""
    bob = person("Bob Lindqvist", scene.sandbox)
    page = scene.page(
        "<h2>Action items</h2><ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>incomplete"
        f"</ac:task-status><ac:task-body><span>Write the runbook {mention(bob)} "
        '<time datetime="2027-02-01" /></span></ac:task-body></ac:task><ac:task><ac:task-id>2</ac:task-id>'
        "<ac:task-status>complete</ac:task-status><ac:task-body>Done long ago</ac:task-body></ac:task></ac:task-list>"
    )
    report = scene.sync()
    (issue,) = scene.issues()

    assert ("Write the runbook", bob, "2027-02-01") == (issue.summary, issue.assignee, str(issue.due))
    assert ["Create", "Keep"] == _kinds(report)
    assert f"/browse/{issue.key}" in scene.body(page)
    before = scene.sandbox.writes
    scene.sync()

    assert before == scene.sandbox.writes


def test_a_status_that_moves_comes_back_to_the_page(scene: Stage) -> None:
    """Its category changed, so the page is saved."""
    page = scene.page(actions("Add an alert"))
    scene.sync()
    key = scene.issues()[0].key
    scene.sandbox.run(lambda: scene.sandbox.jira.transition(key, "In Progress"))
    report = scene.sync()

    assert ["Update"] == _kinds(report)
    assert "In Progress" in scene.body(page)
    assert "To Do" not in scene.body(page)
    before = scene.sandbox.writes
    scene.sync()

    assert before == scene.sandbox.writes


def test_done_ticks_and_reopened_unticks(scene: Stage) -> None:
    """A task follows its ticket both ways."""
    page = scene.page(
        "<h2>Action items</h2><ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>incomplete"
        "</ac:task-status><ac:task-body>Write the runbook</ac:task-body></ac:task></ac:task-list>"
    )
    scene.sync()
    key = scene.issues()[0].key
    for status, state in (("Done", "complete"), ("To Do", "incomplete")):
        scene.sandbox.run(lambda status=status: scene.sandbox.jira.transition(key, status))
        scene.sync()

        assert f"<ac:task-status>{state}</ac:task-status>" in scene.body(page)


def test_requests_of_a_first_sync_stay_within_the_budget(scene: Stage, deployment: str) -> None:
    """6 + ⌈m/50⌉ + ⌈m/100⌉ for the page, besides what is asked once a pass.

    Data Center is asked whether it is read-only, and reads tickets one by one.
    """
    scene.page(actions(*(f"Action number {number}" for number in range(5))))
    once = 8  # who am I twice, one search of pages and one of open tickets, two for the form, one newest key
    modes, tickets = {"cloud": (0, 1), "datacenter": (2, 5)}[deployment]
    report = scene.sync()

    assert 5 == report.totals.created
    assert report.requests <= once + modes + 6 + 1 + tickets, [f"{e.method} {e.path}" for e in scene.sandbox.requests]


def test_requests_of_a_silent_pass_stay_within_the_budget(scene: Stage, deployment: str) -> None:
    """2 to sign in, ⌈N/50⌉ for the pages, ⌈T/100⌉ for the tickets, 1 for open tickets of pages that are not listed.

    Data Center is asked whether it is read-only, and reads tickets one by one.
    """
    for number in range(3):
        scene.page(actions("Add an alert", "Write the runbook"), title=f"Outage {number}")
    scene.sync()
    report = scene.sync()

    modes, tickets = {"cloud": (0, 1), "datacenter": (2, 6)}[deployment]
    assert report.requests <= 2 + modes + 1 + tickets + 1, [f"{e.method} {e.path}" for e in scene.sandbox.requests]


def test_a_malformed_page_is_its_own_trouble(scene: Stage) -> None:
    """It is a finding and exit 3, and the other page is done."""
    bad = scene.page("<p>fine</p>", title="Broken")
    scene.sandbox.run(lambda: bad.versions.append(bad.versions[-1].__class__(**{
        **{name: getattr(bad.versions[-1], name) for name in bad.versions[-1].__slots__}, "body": "<p>broken", "number": 2
    })))  # fmt: skip
    scene.sandbox.run(lambda: scene.sandbox.confluence._indexed(bad))
    scene.page(actions("Add an alert"))
    report = scene.sync()

    assert 1 == len(scene.issues())
    assert 3 == report.exit
    assert "page-malformed" in [f.code for page in report.pages for f in page.plan.findings]


def test_a_person_who_cannot_be_assigned_costs_the_assignee_only(scene: Stage) -> None:
    """The ticket is made, the row says what is wrong, and the second pass is silent."""
    page = scene.page(table(("Add an alert", mention(person("Noor Visiting", scene.sandbox)), "", "", "")))
    report = scene.sync()

    assert scene.issues()[0].assignee is None
    assert "owner-not-assignable" in [f.code for f in report.pages[0].plan.findings]
    assert "has no assignee" in scene.body(page)
    before = scene.sandbox.writes
    scene.sync()

    assert before == scene.sandbox.writes


def test_limits_hold_a_page_whole(scene: Stage) -> None:
    """31 rows are more than anyone meant; approving lets them through once."""
    page = scene.page(actions(*(f"Action number {number}" for number in range(31))))
    held = scene.sync()

    assert 4 == held.exit
    assert [] == scene.issues()
    assert all(isinstance(change, Hold) for change in held.pages[0].plan.changes)
    approved = scene.sync(approve=frozenset({page.id}))

    assert 0 == approved.exit
    assert 31 == len(scene.issues())


def test_the_limit_of_a_pass_spreads_a_rollout_over_several() -> None:
    """What a pass leaves waits for its turn with exit code 4, and the next passes make it without anybody's doing."""
    with stage(limits={"new_tickets_per_run": 2}) as scene:
        scene.page(actions("One", "Two", "Three"), title="A")
        scene.page(actions("Four", "Five"), title="B")
        seen = []
        for _ in range(4):
            report = scene.sync()
            waits = [each.wait for page in report.pages for each in page.plan.changes if isinstance(each, Hold)]
            seen.append((int(report.exit), len(scene.issues()), waits))

        assert seen == [(4, 2, [Wait.TURN] * 3), (4, 4, [Wait.TURN]), (0, 5, []), (0, 5, [])]


def test_a_person_saving_in_the_middle_loses_nothing(scene: Stage) -> None:
    """Their paragraph and the worker's keys are both there."""
    page = scene.page(actions("Add an alert") + "<p>Lessons</p>")
    bob = person("Bob Lindqvist", scene.sandbox)

    def save() -> None:
        scene.sandbox.confluence.person_replaces(page.id, ">Lessons<", ">Lessons learned<", bob)

    scene.sandbox.faults.append(Fault(scene.route("save"), save))
    report = scene.sync()

    assert "Lessons learned" in scene.body(page)
    assert f"/browse/{scene.issues()[0].key}" in scene.body(page)
    assert 1 == len(scene.issues())
    assert 0 == report.exit


def test_claims_left_over_from_a_copy_do_not_stop_a_page(scene: Stage) -> None:
    """A second property that came along with a copied page is ignored, and overwritten once it is needed."""
    with stage(limits={"new_tickets_per_page": 500, "new_tickets_per_run": 5000}) as big:
        page = big.page(actions(*(f"Act number {number}" for number in range(205))))
        big.sync()
        bob = person("Bob Lindqvist", big.sandbox)
        copied = big.sandbox.run(lambda: big.sandbox.confluence.copy_page(page.id, "Copy", bob, with_properties=True))
        new = actions(*(f"New number {number}" for number in range(200)))
        big.sandbox.run(lambda: big.sandbox.confluence.person_saves(copied.id, new, bob))
        big.sync()
        before = big.sandbox.writes
        report = big.sync()

        assert 405 == len(big.issues())
        assert (0, before) == (report.exit, big.sandbox.writes)


def test_a_page_two_teams_match_is_the_firsts(scene: Stage) -> None:
    """The other one reports it, and does nothing."""
    page = scene.page(actions("Add an alert"))
    second = scene.mapping.model_copy(update={"team": "Second"})
    with connected(scene.settings) as world:
        teams = [Team(scene.mapping, "a.yaml"), Team(second, "b.yaml")]
        report = plan_pass(teams, world.readers, scope(scene.settings), requests=world.requests)

    assert [("Payments", 1), ("Second", 0)] == [(each.plan.team, len(each.plan.changes)) for each in report.pages]
    assert ["page-claimed"] == [f.code for each in report.pages for f in each.plan.findings if f.code == "page-claimed"]
    assert {page.id} == {each.plan.page for each in report.pages}


def test_jira_asking_to_slow_down_is_no_refusal(scene: Stage) -> None:
    """The row waits, without a note, and gets its ticket in the next pass."""
    page = scene.page(actions("Add an alert"))
    scene.sandbox.faults.append(Fault(("POST", "/issue/bulk$"), "status:429", times=9))
    waiting = scene.sync()
    body = scene.body(page)
    scene.sandbox.faults.clear()
    scene.sync()

    assert (0, 1) == (waiting.exit, waiting.totals.waiting)
    assert "no ticket" not in body
    assert 1 == len(scene.issues())


def test_one_draft_jira_chokes_on_keeps_no_other_from_its_ticket(scene: Stage) -> None:
    """A bulk request refused as a whole is sent again draft by draft: provably nothing was made."""
    scene.page(actions("Add an alert", "Write the runbook"))
    scene.sandbox.faults.append(Fault(("POST", "/issue/bulk$"), "status:400"))
    scene.sync()

    assert ["Add an alert", "Write the runbook"] == [issue.summary for issue in scene.issues()]


def test_a_demanded_due_date_holds_the_rows_without_one(scene: Stage) -> None:
    """The others get their tickets, plan says so before, and a written date lets the row go on."""
    scene.sandbox.run(lambda: scene.sandbox.jira.require_field("PAY", "Task", "duedate"))
    page = scene.page(
        table(("Add an alert", "", '<time datetime="2027-01-15" />', "", ""), ("Undated", "", "", "", ""))
    )
    planned, report = scene.plan(), scene.sync()

    assert (1, 1, 1) == (report.totals.created, report.totals.held, report.totals.waiting)
    assert (1, 1, 1) == (planned.totals.created, planned.totals.held, planned.totals.waiting)
    assert 0 == report.exit
    (finding,) = [each for each in report.pages[0].plan.findings if each.code == "field-refused"]
    assert (
        "Row 2 of “Action items”: PAY makes no Task without a due date. Write it into the row, or set "
        "due.default_after in the mapping."
    ) == finding.message
    assert "Jira wants a due date for it: write one like 2026-12-31." in scene.body(page)
    before = scene.sandbox.writes
    scene.sync()
    assert before == scene.sandbox.writes

    body = scene.body(page)
    row = re.findall(r"<tr.*?</tr>", body, re.DOTALL)[2]
    due = list(re.finditer(r"<td.*?</td>", row, re.DOTALL))[2]
    dated = body.replace(row, f"{row[: due.start()]}<td><p>2027-03-01</p></td>{row[due.end() :]}")
    scene.as_person(lambda who: scene.sandbox.confluence.person_saves(page.id, dated, who))
    scene.sync()

    assert 2 == len(scene.issues())
    assert "Jira wants" not in scene.body(page)


def test_a_field_that_is_not_on_the_screen_is_told_by_plan_and_not_sent(scene: Stage) -> None:
    """So that it costs no refused request."""
    scene.mapping = team(ticket={"project": "PAY", "fields": {"customfield_19999": "Platform"}})
    scene.page(actions("Add an alert"))
    planned = [finding.code for finding in scene.plan().pages[0].plan.findings]
    report = scene.sync()

    assert "field-refused" in planned
    assert 1 == report.totals.created
    assert 1 == sum(each.path.endswith("/issue/bulk") for each in scene.sandbox.requests)
