"""A short month on both deployments, and whether the judge sees what has no reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.month.judge import PROPERTY
from tests.month.ledger import SHOWN, Cause, Ledger
from tests.month.month import BEGINS, Month
from tests.month.passes import killed_process
from tests.month.sheet import TICKET, Sheet, fill
from tests.passes.stage import stage
from worker.sandbox.pages import Mail

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


def _keyed(month: Month) -> tuple[str, str]:
    """A page and an item of it that shows its key in a cell."""
    return next(
        (page.id, line.token)
        for page in month.scene.pages
        for line in Sheet(page.body).lines()
        if line.keys and line.cell(TICKET)
    )


def _saved_by_the_worker(month: Month, change: str) -> None:
    """The worker saves a page whose first key it replaces, or that it leaves as it is."""
    page, token = _keyed(month)
    sheet = Sheet(month.scene.confluence.page(page).body)
    line = sheet.line(token)
    assert line is not None
    if change == "the ticket cell":
        fill(line.cell(TICKET), "for the look of it")
    if change == "the action":
        fill(next(iter(line.element.children)), f"something else about {token}")
    stored = month.scene.confluence.page(page)
    month.scene.confluence.save(page, stored.title, sheet.body, month.scene.writer, stored.version.number + 1)
    month.judge.look(month.judge.ledger.count)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("the ticket cell", "nothing happened to it since the worker last wrote it"),
        ("nothing", "says of every item what the one before it said"),
        ("the action", "changed people's part"),
    ],
)
def test_a_version_without_a_reason_is_seen(change: str, said: str, quiet_day: Month) -> None:
    """Own cells that nothing happened to, no cells at all, and a cell of a person's."""
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


def test_a_reason_is_good_for_one_save() -> None:
    """The second save for the same happening has none, and an old happening is none at all."""
    ledger = Ledger()
    item = ("1", "item0001")
    ledger.note("1", ["item0001"], Cause.DUE, BEGINS)

    assert Cause.DUE is ledger.reason(item, "page", SHOWN, began=1, at=BEGINS)
    assert ledger.reason(item, "page", SHOWN, began=1, at=BEGINS) is None
    ledger.note("1", ["item0001"], Cause.DUE, BEGINS)
    assert ledger.reason(item, "page", SHOWN, began=2, at=BEGINS + timedelta(days=2)) is None
