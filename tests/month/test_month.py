"""A short month on both deployments, and whether the judge sees what has no reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.month.judge import PROPERTY, differing
from tests.month.laws import broken_at_the_end
from tests.month.ledger import SHOWN, Cause, Ledger
from tests.month.month import BEGINS, Month
from tests.month.passes import Life, killed_process, one_pass
from tests.month.sheet import STATUS, TICKET, Sheet, fill
from tests.month.teams import TEAMS
from tests.passes.stage import stage, table
from worker.sandbox import storage_format
from worker.sandbox.pages import Mail, StoredPage

SEED = 20261102
DAYS = 2
EVERY = timedelta(minutes=30)


@pytest.mark.parametrize("deployment", ["cloud", "datacenter"])
def test_every_save_of_two_days_has_a_reason_and_no_promise_is_broken(deployment: str, tmp_path: Path) -> None:
    """With people at work, faults, deaths of workers, and a third one from the second day on."""
    with stage(deployment) as made:
        month = Month(made, tmp_path, days=DAYS, seed=SEED, every=EVERY)
        month.play()

        assert [] == month.broken
        assert 3 == month.count
        assert 100 < sum(month.passes.values())
        assert 20 < sum(month.judge.versions.values())
        assert 20 < len(month.scene.tickets())
        assert 50 < sum(month.people.did.values())
        assert {"workers at the same time", "a worker killed"} <= set(month.trouble)
        assert month.trouble["a process killed"] + month.passes["over before it was killed"] == DAYS
        mailed = month.judge.mails["Confluence: a page was saved"]
        assert mailed == 0 if deployment == "datacenter" else mailed > 20


@pytest.fixture
def quiet_day(tmp_path: Path) -> Iterator[Month]:
    """Some pages that have their tickets, and nothing wrong yet."""
    with stage() as made:
        month = Month(made, tmp_path, days=1, seed=SEED)
        month.begin()
        month.begin()
        month.calm_down()

        assert [] == month.broken
        assert 3 <= len(month.scene.tickets())
        yield month


def test_a_process_is_really_killed(quiet_day: Month) -> None:
    """In the middle of its pass; one that has less to ask than that comes to its end."""
    scene, mappings = quiet_day.scene, quiet_day.mappings

    assert "killed" == killed_process(scene, mappings, 0, 1, 2)
    assert "over" == killed_process(scene, mappings, 0, 1, 1000)


def _blank_page(month: Month) -> StoredPage:
    """A person begins a page of the team that does not wait for quiet."""
    pages: list[StoredPage] = []

    def do() -> None:
        pages.append(month.scene.stage.page("<p>Nothing yet.</p>", "A new outage", TEAMS[1].space))

    month.judge.person(do, began=month.judge.ledger.count)
    return pages[0]


def _written(month: Month, page: StoredPage, *tokens: str) -> None:
    """A person writes the last of these rows behind the others, in a table that has no column for tickets yet."""

    def do() -> None:
        rows = table(*((f"Add the alert of {token}", "") for token in tokens), header=("Action", "Owner"))
        month.scene.confluence.person_saves(page.id, rows, month.scene.somebody)
        month.judge.ledger.note(page.id, tokens[-1:], Cause.ROW, month.scene.confluence.clock.now())

    month.judge.person(do, began=month.judge.ledger.count)


def _keyed_after_a_pass(month: Month, page: StoredPage) -> list[str]:
    """What the rows are about that show a key when the next pass is over."""
    began = month.judge.ledger.count
    one_pass(month.scene, month.mappings, 0, 1, Life(month.scene, {}))
    month.judge.look(began)
    return [line.token for line in Sheet(page.body).lines() if line.keys]


def test_a_blank_cell_does_not_use_up_why_a_row_gets_its_key(quiet_day: Month) -> None:
    """Search does not know the second row yet when the first one gets its ticket, and the table the column for it."""
    page = _blank_page(quiet_day)
    _written(quiet_day, page, "item9001")
    quiet_day.scene.stage.sandbox.settings.confluence_lag_seconds = 60
    quiet_day.scene.advance(120)
    _written(quiet_day, page, "item9001", "item9002")

    assert ["item9001"] == _keyed_after_a_pass(quiet_day, page)
    assert [3, 3] == [len(line.element.children) for line in Sheet(page.body).lines()]
    quiet_day.scene.advance(120)
    assert ["item9001", "item9002"] == _keyed_after_a_pass(quiet_day, page)
    assert [] == quiet_day.broken


@pytest.mark.parametrize(
    ("cells", "differs"),
    [
        ("<td><p /></td>", False),
        ('<td local-id="2f"><p /></td><td><p /></td>', False),
        ("<td><p>OPS-1</p></td>", True),
        ("<td><p /></td><td><p>OPS-1</p></td>", True),
        ("<th><p>Ticket</p></th>", True),
    ],
)
def test_blank_cells_behind_a_row_say_nothing_and_everything_else_does(cells: str, differs: bool) -> None:
    """Whether the row is written otherwise; to take a blank cell away from it is always that."""
    row, longer = "<tr><td><p>Add item0001</p></td>", f"<tr><td><p>Add item0001</p></td>{cells}</tr>"

    assert differs == ("item0001" in differing(f"{row}</tr>", longer))
    assert {"item0001"} == differing(longer, f"{row}</tr>")


def _keyed(month: Month) -> tuple[str, str]:
    """A page and an item of it that shows its key in a cell."""
    return next(
        (page.id, line.token)
        for page in month.scene.pages
        for line in Sheet(page.body).lines()
        if line.keys and line.cell(TICKET)
    )


def _saved_by_the_worker(month: Month, change: str) -> None:
    """The worker saves a page of which it changes something in the row with the first key, or nothing."""
    page, token = _keyed(month)
    sheet = Sheet(month.scene.confluence.page(page).body)
    line = sheet.line(token)
    assert line is not None
    if change == "the ticket cell":
        fill(line.cell(TICKET), "for the look of it")
    if change == "the ticket cell, emptied":
        fill(line.cell(TICKET), "")
    if change == "a blank cell behind the row":
        line.element.children += storage_format.parse("<td><p></p></td>").children
    if change == "the action":
        fill(next(iter(line.element.children)), f"something else about {token}")
    stored = month.scene.confluence.page(page)
    month.scene.confluence.save(page, stored.title, sheet.body, month.scene.writer, stored.version.number + 1)
    month.judge.look(month.judge.ledger.count)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("the ticket cell", "nothing happened to it since the worker last wrote it"),
        ("the ticket cell, emptied", "nothing happened to it since the worker last wrote it"),
        ("a blank cell behind the row", "says of every item what the one before it said"),
        ("nothing", "says of every item what the one before it said"),
        ("the action", "changed people's part"),
    ],
)
def test_a_version_without_a_reason_is_seen(change: str, said: str, quiet_day: Month) -> None:
    """Own cells that nothing happened to, a cell for nothing, no cells at all, and a cell of a person's."""
    _saved_by_the_worker(quiet_day, change)

    assert any(said in sentence for sentence in quiet_day.broken)


def test_a_second_ticket_is_seen(quiet_day: Month) -> None:
    """A ticket made for an item that has one."""
    first, jira = quiet_day.scene.tickets()[0], quiet_day.scene.jira
    jira.create(
        jira.projects[first.project], quiet_day.scene.writer, {"summary": first.summary, "type": first.type},
        {PROPERTY: first.properties[PROPERTY]},
    )  # fmt: skip
    quiet_day.judge.look(quiet_day.judge.ledger.count)

    assert any("has two tickets" in sentence for sentence in quiet_day.broken)


def test_a_change_of_a_ticket_without_a_reason_is_seen(quiet_day: Month) -> None:
    """The worker moves a date that nobody changed on the page."""
    first = quiet_day.scene.tickets()[0]
    quiet_day.scene.jira.person_edits(first.key, quiet_day.scene.writer, due="2027-12-24")
    quiet_day.judge.look(quiet_day.judge.ledger.count)

    assert any("nobody asked for it" in sentence for sentence in quiet_day.broken)


def test_a_mail_without_a_reason_is_seen(quiet_day: Month) -> None:
    """One mail more than there are watchers of what was saved."""
    page, _ = _keyed(quiet_day)
    quiet_day.scene.confluence.mails.append(Mail("somebody", page, "Outage was updated"))
    quiet_day.judge.look(quiet_day.judge.ledger.count)

    assert any("has no reason" in sentence for sentence in quiet_day.broken)
    assert 1 == quiet_day.judge.unjustified


@pytest.mark.parametrize("instead", [{"item": "of another row"}, {"message": "It differs."}, {"code": "date-past"}])
def test_an_old_status_needs_a_finding_of_its_row(instead: dict[str, str], quiet_day: Month) -> None:
    """Words of people in its own cells are no excuse by themselves, nor is what is found of something else."""
    scene, words = quiet_day.scene, quiet_day.people.words
    page, token = _keyed(quiet_day)
    sheet = Sheet(scene.confluence.page(page).body)
    line = sheet.line(token)
    assert line is not None
    for cell in filter(None, (line.cell(TICKET), line.cell(STATUS))):
        cell.children.extend(storage_format.parse("<p>ask Bob first</p>").children)
    words[page].append("ask Bob first")
    for do in (
        lambda: scene.confluence.person_saves(page, sheet.body, scene.somebody),
        lambda: scene.jira.transition(line.keys[0], "In Progress", scene.somebody),
    ):
        quiet_day.judge.person(do, began=quiet_day.judge.ledger.count)
    quiet_day.calm_down()

    assert [] == quiet_day.broken
    last = quiet_day.last
    plans = {each.plan.page: each.plan for each in last.pages}
    findings = tuple(replace(each, **instead) for each in plans[page].findings)
    doubted = replace(last, pages=tuple(
        replace(each, plan=replace(each.plan, findings=findings)) if each.plan.page == page else each
        for each in last.pages
    ))  # fmt: skip
    (broken,) = broken_at_the_end(scene, quiet_day.judge, words, doubted)

    assert broken.startswith(f"row “{token}” of page {page} does not show In Progress of {line.keys[0]}")


def test_a_reason_is_good_for_one_save() -> None:
    """The second save for the same happening has none, and an old happening is none at all."""
    ledger = Ledger()
    item = ("1", "item0001")
    ledger.note("1", ["item0001"], Cause.DUE, BEGINS)

    assert Cause.DUE is ledger.reason(item, "page", SHOWN, began=1, at=BEGINS)
    assert ledger.reason(item, "page", SHOWN, began=1, at=BEGINS) is None
    ledger.note("1", ["item0001"], Cause.DUE, BEGINS)
    assert ledger.reason(item, "page", SHOWN, began=2, at=BEGINS + timedelta(days=2)) is None
