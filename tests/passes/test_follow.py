"""What people change on the page reaches the ticket, what they change in Jira stays, and the row says what differs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.passes.stage import Stage, actions, mention, person, stage, table, team
from worker.sandbox.faults import Fault
from worker.sandbox.pages import StoredPage

HEADER = ("Action", "Owner", "Due", "Priority", "Ticket", "Status")


@pytest.fixture
def scene(deployment):
    """A sandbox with the Payments team."""
    with stage(deployment) as made:
        yield made


@pytest.fixture
def lost_priority(deployment):
    """The same team, whose mapping names a priority that the project does not have."""
    with stage(deployment, ticket={"project": "PAY", "priority": {"P1": "Highest", "P2": "Critical"}}) as made:
        yield made


def _tracked(scene: Stage, owner: str = "Alice Moreau") -> StoredPage:
    """A page with one item whose ticket is made."""
    who = mention(person(owner, scene.sandbox))
    page = scene.page(table(("Add an alert", who, '<time datetime="2027-01-15" />', "", "")))
    scene.sync()
    return page


def _replace(scene: Stage, page: StoredPage, old: str, new: str) -> None:
    before, after = scene.markup(old), scene.markup(new)
    scene.as_person(lambda who: scene.sandbox.confluence.person_replaces(page.id, before, after, who))


def _codes(report) -> list[str]:
    return [finding.code for page in report.pages for finding in page.plan.findings]


def _status(scene: Stage) -> str:
    issue = scene.sandbox.jira.issue("PAY-1")
    return next(each.name for each in scene.sandbox.jira.projects["PAY"].statuses if each.id == issue.status)


def _silent(scene: Stage) -> bool:
    before = scene.sandbox.writes
    scene.sync()
    return before == scene.sandbox.writes


def test_a_date_changed_on_the_page_reaches_the_ticket(scene: Stage) -> None:
    """Only that field is edited, once, and the page needs no save for it."""
    page = _tracked(scene)
    _replace(scene, page, "2027-01-15", "2027-02-28")
    planned = scene.plan()
    before = scene.sandbox.confluence.page(page.id).version.number
    report = scene.sync()

    assert "gets its due date 2027-02-28" in planned.pages[0].plan.changes[0].reason
    assert "2027-02-28" == str(scene.issues()[0].due)
    assert 1 == report.totals.updated
    assert before == scene.sandbox.confluence.page(page.id).version.number
    assert _silent(scene)


def test_an_owner_changed_on_the_page_reaches_the_ticket(scene: Stage) -> None:
    """The new one is asked about before, and assigned."""
    page = _tracked(scene)
    bob = person("Bob Lindqvist", scene.sandbox)
    _replace(scene, page, mention(person("Alice Moreau", scene.sandbox)), mention(bob))
    scene.sync()

    assert bob == scene.issues()[0].assignee
    assert _silent(scene)


def test_a_reworded_row_rewords_its_ticket(scene: Stage) -> None:
    """The key says which ticket it is."""
    page = _tracked(scene)
    _replace(scene, page, "Add an alert", "Add a pager alert for refunds")
    scene.sync()

    assert ["Add a pager alert for refunds"] == [issue.summary for issue in scene.issues()]
    assert _silent(scene)


def test_a_new_owner_who_cannot_be_assigned_is_tried_once(scene: Stage) -> None:
    """The ticket keeps its assignee, the row says so, and it is not asked again."""
    page = _tracked(scene)
    alice = person("Alice Moreau", scene.sandbox)
    _replace(scene, page, mention(alice), mention(person("Noor Visiting", scene.sandbox)))
    report = scene.sync()

    assert alice == scene.issues()[0].assignee
    assert "owner-not-assignable" in _codes(report)
    assert "is assigned to someone else" in scene.body(page)
    assert _silent(scene)


def test_a_date_changed_in_jira_is_said_on_the_row(scene: Stage) -> None:
    """People's cells stay as they are; the row's own cell says what differs."""
    page = _tracked(scene)
    scene.sandbox.run(lambda: scene.sandbox.jira.person_edits("PAY-1", due="2027-03-31"))
    scene.sync()

    assert "The ticket is due 2027-03-31." in scene.body(page)
    assert '<time datetime="2027-01-15" />' in scene.body(page)
    assert "2027-03-31" == str(scene.issues()[0].due)
    assert _silent(scene)


@pytest.mark.parametrize(("wins", "due"), [("page", "2027-02-28"), ("jira", "2027-03-31")])
def test_when_both_changed_the_mapping_decides(wins: str, due: str) -> None:
    """And a finding says what was on either side."""
    with stage(ticket={"project": "PAY", "follow": {"due": wins}}) as scene:
        page = _tracked(scene)
        _replace(scene, page, "2027-01-15", "2027-02-28")
        scene.sandbox.run(lambda: scene.sandbox.jira.person_edits("PAY-1", due="2027-03-31"))
        report = scene.sync()

        assert due == str(scene.issues()[0].due)
        assert "conflict-both-changed" in _codes(report)
        assert _silent(scene)


def test_following_can_be_switched_off() -> None:
    """The ticket is never edited after its creation; the row says what differs."""
    with stage(ticket={"project": "PAY", "follow": "off"}) as scene:
        page = _tracked(scene)
        _replace(scene, page, "2027-01-15", "2027-02-28")
        scene.sync()

        assert "2027-01-15" == str(scene.issues()[0].due)
        assert "The ticket is due 2027-01-15." in scene.body(page)
        assert _silent(scene)


def test_an_emptied_cell_is_no_instruction(scene: Stage) -> None:
    """Who takes the owner off the row does not unassign the ticket."""
    page = _tracked(scene)
    alice = person("Alice Moreau", scene.sandbox)
    _replace(scene, page, mention(alice), "")
    scene.sync()

    assert alice == scene.issues()[0].assignee


def test_a_refused_field_of_an_edit_is_told_with_what_was_done_all_the_same(lost_priority: Stage) -> None:
    """What is reported as changed is what was changed."""
    scene = lost_priority
    page = scene.page(table(("Add an alert", "", "2027-01-15", "P1", "", ""), header=HEADER))
    scene.sync()
    _replace(scene, page, "2027-01-15", "2027-02-28")
    _replace(scene, page, ">P1</p>", ">P2</p>")
    report = scene.sync()

    (change,) = report.pages[0].plan.changes
    (finding,) = [each for each in report.pages[0].plan.findings if each.code == "field-refused"]
    assert "PAY-1 gets its due date 2027-02-28 from the row" == change.reason
    assert (
        "Row 1 of “Action items”: Jira refused the priority Critical for PAY-1 (priority: The priority selected is "
        "invalid), so the ticket keeps what it has there and got its due date from the row. Write something else into "
        "the row, or set it on the ticket in Jira."
    ) == finding.message
    assert "2027-02-28" == str(scene.issues()[0].due)
    assert _silent(scene)


def test_a_priority_that_the_project_does_not_have_is_told_by_plan_and_as_long_as_it_stands(
    lost_priority: Stage,
) -> None:
    """It is not sent with the new ticket, and costs no request of its own; a corrected mapping reaches the ticket."""
    scene = lost_priority
    scene.page(table(("Add an alert", "", "2027-01-15", "P2", "", ""), header=HEADER))
    planned, first, second = scene.plan(), scene.sync(), scene.sync()

    for report in (planned, first):
        (told,) = [each.message for each in report.pages[0].plan.findings if each.code == "priority-unknown"]
        assert (
            "Row 1 of “Action items” has the priority “P2”, which ticket.priority in the mapping makes Critical, so "
            "the ticket gets Jira's default: PAY has no priority Critical; it has Highest, High, Medium, Low, Lowest. "
            "Correct it there."
        ) == told
    assert 1 == sum(each.path.endswith("/issue/bulk") for each in scene.sandbox.requests)
    (still,) = [each.message for each in second.pages[0].plan.findings if each.code == "priority-unknown"]
    assert "makes Critical; PAY-1 was made without it, for Jira did not take it. Correct it there" in still
    assert _silent(scene)
    scene.mapping = team(ticket={"project": "PAY", "priority": {"P2": "High"}})
    corrected = scene.sync()

    assert "priority-unknown" not in _codes(corrected)
    assert "2" == scene.issues()[0].priority


def test_a_priority_set_in_jira_outlives_one_that_the_project_lacks(deployment: str) -> None:
    """A row that asks for what Jira does not have, and then for what it had, changes nothing that was decided in Jira.

    A new row comes with it, for whose ticket the priorities of the project are read.
    """
    ticket = {"project": "PAY", "priority": {"P1": "Highest", "P2": "Critical"}, "follow": {"priority": "jira"}}
    with stage(deployment, ticket=ticket) as scene:
        page = scene.page(table(("Add an alert", "", "2027-01-15", "P1", "", ""), header=HEADER))
        scene.sync()
        scene.sandbox.run(lambda: scene.sandbox.jira.person_edits("PAY-1", priority="4"))
        before = scene.sandbox.confluence.page(page.id).body
        added = before.replace(">P1</p>", ">P2</p>").replace("</tbody>", _new_row("Upgrade postgres") + "</tbody>")
        scene.as_person(lambda who: scene.sandbox.confluence.person_saves(page.id, added, who))
        scene.sync()
        _replace(scene, page, ">P2</p>", ">P1</p>")
        scene.sync()

        assert ["Add an alert", "Upgrade postgres"] == [each.summary for each in scene.issues()]
        assert "4" == scene.issues()[0].priority
        assert _silent(scene)


def test_what_stands_of_a_row_is_told_by_every_pass(scene: Stage) -> None:
    """A past date and several owners are told when the ticket is made and by later passes, which write nothing."""
    both = mention(person("Alice Moreau", scene.sandbox)) + mention(person("Bob Lindqvist", scene.sandbox))
    scene.page(table(("Add an alert", both, '<time datetime="2020-01-15" />', "", "")))

    assert ["date-past", "owner-several"] == sorted(_codes(scene.sync()))
    assert ["date-past", "owner-several"] == sorted(_codes(scene.sync()))
    assert _silent(scene)


def test_a_page_that_rests_says_until_when(deployment: str) -> None:
    """With what the mapping says, and in a time zone that is named."""
    pages = {"space": "PAY", "labels": ["post-mortem"], "since": "2020-01-01", "quiet": "2h"}
    with stage(deployment, pages=pages) as scene:
        page = scene.page(actions("Add an alert"))
        report = scene.sync()
        saved = scene.sandbox.confluence.page(page.id).version.at
        (change,) = report.pages[0].plan.changes

        assert change.reason.endswith(
            f": 120 minutes after its last save, so not before {saved + timedelta(hours=2):%Y-%m-%d %H:%M} UTC"
        )
        assert [] == scene.issues()


def test_a_refused_assignee_at_birth_is_no_change_afterwards(scene: Stage) -> None:
    """What was degraded when the ticket was made is not taken for a person's change."""
    _tracked(scene, owner="Noor Visiting")
    report = scene.sync()

    assert "conflict-both-changed" not in _codes(report)
    assert scene.issues()[0].assignee is None


def test_a_lost_answer_to_an_edit_is_read_again(scene: Stage) -> None:
    """The edit is not repeated in the same pass, and the next one is silent if it happened."""
    page = _tracked(scene)
    _replace(scene, page, "2027-01-15", "2027-02-28")
    scene.sandbox.faults.append(Fault(scene.route("edit"), "drop", when="after"))
    report = scene.sync()

    assert 0 == report.exit
    assert 1 == report.totals.waiting
    assert "2027-02-28" == str(scene.issues()[0].due)
    scene.sync()

    assert _silent(scene)


TASK = (
    "<h2>Action items</h2><ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>incomplete"
    "</ac:task-status><ac:task-body>Write the runbook</ac:task-body></ac:task></ac:task-list>"
)


def test_a_tick_asks_jira_for_done(scene: Stage) -> None:
    """Where exactly one transition leads there."""
    page = scene.page(TASK)
    scene.sync()
    scene.sandbox.run(lambda: scene.sandbox.jira.transition("PAY-1", "In Progress"))
    scene.sync()
    scene.as_person(lambda who: scene.sandbox.confluence.person_ticks(page.id, "1", who))
    report = scene.sync()

    assert "Done" == _status(scene)
    assert "Done" in scene.body(page)
    assert 1 == report.totals.updated
    assert _silent(scene)


def test_a_tick_without_a_way_to_done_is_asked_once_and_reported(scene: Stage) -> None:
    """From To Do no transition leads to Done in this workflow."""
    page = scene.page(TASK)
    scene.sync()
    scene.as_person(lambda who: scene.sandbox.confluence.person_ticks(page.id, "1", who))
    first, before = scene.sync(), len(scene.sandbox.requests)
    second = scene.sync()

    assert "transition-unclear" in _codes(first)
    assert "transition-unclear" in _codes(second)
    assert not any("transitions" in each.path for each in scene.sandbox.requests[before:])
    assert "<ac:task-status>complete" in scene.body(page)
    assert _silent(scene)


def test_a_task_reopened_in_jira_is_unticked_and_may_be_ticked_again(scene: Stage) -> None:
    """Both ways, as often as people do it."""
    page = scene.page(TASK)
    scene.sync()
    for _ in range(2):
        scene.sandbox.run(lambda: scene.sandbox.jira.transition("PAY-1", "In Progress"))
        scene.sync()
        assert "<ac:task-status>incomplete" in scene.body(page)
        scene.as_person(lambda who: scene.sandbox.confluence.person_ticks(page.id, "1", who))
        scene.sync()
        assert "Done" == _status(scene)
    assert _silent(scene)


def test_a_copied_page_can_be_made_the_home_of_its_tickets(scene: Stage) -> None:
    """Its rows are held until then; the original's rows become linked ones, and no ticket is made."""
    original = _tracked(scene)
    scene.as_person(lambda who: scene.sandbox.confluence.copy_page(original.id, "Copy", who))
    copy = scene.sandbox.confluence.page_titled("Copy")
    held = scene.sync()

    assert "page-copied" in _codes(held)
    assert _silent(scene)
    scene.sync(adopt=frozenset({copy.id}))
    report = scene.sync()

    assert "page-copied" not in _codes(report)
    assert ["PAY-1"] == [issue.key for issue in scene.issues()]
    assert _silent(scene)
    _replace(scene, copy, "2027-01-15", "2027-02-28")
    scene.sync()

    assert "2027-02-28" == str(scene.issues()[0].due)


def test_a_row_that_waits_for_nothing_is_kept(scene: Stage) -> None:
    """Two rows, one changed: only its ticket is edited."""
    page = scene.page(actions("Add an alert", "Write the runbook"))
    scene.sync()
    _replace(scene, page, "Write the runbook", "Write the whole runbook")
    report = scene.sync()

    assert (1, 1) == (report.totals.updated, report.totals.kept)


def test_words_written_behind_the_key_of_a_task_change_nothing_else(scene: Stage) -> None:
    """The cursor lands there: the words are the item's, the key still names the ticket, and no second one is written."""
    page = scene.page(TASK)
    scene.sync()
    _replace(
        scene, page, "</ac:structured-macro></ac:task-body>", "</ac:structured-macro> see the thread</ac:task-body>"
    )
    scene.sync()
    body = scene.body(page)

    assert ["Write the runbook see the thread"] == [issue.summary for issue in scene.issues()]
    assert 1 == body.count('/browse/PAY-1"')
    assert _silent(scene)


@pytest.mark.parametrize("updates", ["never", "daily", "category"])
def test_a_ticket_reopened_by_a_person_is_not_closed_again(updates: str) -> None:
    """Whoever ticked the task asked for done once; reopening in Jira unticks it."""
    with stage(page={"status_updates": updates}) as scene:
        page = scene.page(TASK)
        scene.sync()
        scene.sandbox.run(lambda: scene.sandbox.jira.transition("PAY-1", "In Progress"))
        scene.as_person(lambda who: scene.sandbox.confluence.person_ticks(page.id, "1", who))
        scene.sync()
        assert "Done" == _status(scene)
        scene.sandbox.run(lambda: scene.sandbox.jira.transition("PAY-1", "In Progress"))
        scene.sync()
        scene.sync()

        assert "In Progress" == _status(scene)
        assert "<ac:task-status>incomplete" in scene.body(page)


def test_asking_for_done_is_not_used_up_by_a_failed_question(scene: Stage) -> None:
    """The transitions could not be read, so the next pass asks."""
    page = scene.page(TASK)
    scene.sync()
    scene.sandbox.run(lambda: scene.sandbox.jira.transition("PAY-1", "In Progress"))
    scene.as_person(lambda who: scene.sandbox.confluence.person_ticks(page.id, "1", who))
    scene.sandbox.faults.append(Fault(("GET", "/transitions$"), "status:404", times=2))  # for the plan, and once more
    failed = scene.sync()
    scene.sync()

    assert 3 == failed.exit
    assert "Done" == _status(scene)


def test_neighbours_in_a_list_are_items_of_their_own(scene: Stage) -> None:
    """A row that is like a deleted one, but no more than like those that stand, is new."""
    page = scene.page(actions(*(f"Upgrade postgres on db-0{number}" for number in range(5))))
    scene.sync()
    _replace(scene, page, "Upgrade postgres on db-03", "Upgrade postgres on db-11")
    body = scene.body(page)
    key = next(issue.key for issue in scene.issues() if issue.summary.endswith("db-03"))
    row = next(part for part in body.split("<tr") if f"/browse/{key}" in part)
    scene.as_person(
        lambda who: scene.sandbox.confluence.person_saves(
            page.id,
            body.replace("<tr" + row, "").replace("</tbody>", _new_row("Upgrade postgres on db-11") + "</tbody>"),
            who,
        )
    )
    report = scene.sync()

    assert 1 == report.totals.created


def _new_row(action: str) -> str:
    return f"<tr><td><p>{action}</p></td><td><p /></td><td><p /></td><td><p /></td><td><p /></td></tr>"


def test_an_open_row_is_no_twin_of_a_done_one(scene: Stage) -> None:
    """Only truly identical rows are one item."""
    scene.page(table(("Review alerts", "", "", "", "done"), ("Review alerts", "", "", "", "")))
    report = scene.sync()

    assert (1, 1) == (report.totals.created, report.totals.kept)


@pytest.mark.parametrize("status", ["In Progress", "Done"])
def test_equal_rows_in_two_tables_are_told_apart(status: str) -> None:
    """Under headings of one name, too: what ``plan`` says of each is what ``sync`` does."""
    with stage() as scene:
        scene.page(actions("Add an alert") * 2)
        scene.sync()
        scene.sandbox.run(lambda: scene.sandbox.jira.transition("PAY-1", status))
        planned, done = scene.plan(), scene.sync()

        kinds = [
            [type(change).__name__ for page in report.pages for change in page.plan.changes]
            for report in (planned, done)
        ]
        assert kinds == [["Update", "Hold"]] * 2
        assert [
            getattr(planned.totals, name) == getattr(done.totals, name) for name in ("updated", "held", "waiting")
        ] == [True] * 3
