"""The result as programs read it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.render.reports import PAGE, SETTLED, create, hold, item, keep, report
from worker.model.finding import Finding
from worker.model.plan import Failed, PagePlan, Wait
from worker.model.report import Exit, TicketState, TrackedTicket
from worker.render.json import render


def test_keys_are_those_that_scripts_lean_on() -> None:
    """The keys of every level, in their order; more may come, none of these goes."""
    result = json.loads(render(report(PAGE)))
    page = result["pages"][0]

    assert list(result) == [
        "command", "exit_code", "started_at", "finished_at", "stopped", "resumes_at", "errors", "notices", "pages", "findings",
        "totals", "tickets",
    ]  # fmt: skip
    assert list(page) == [
        "id", "title", "team", "url", "version", "changes", "findings", "tables", "saved", "would_save", "failed",
    ]  # fmt: skip
    assert list(page["changes"][0]) == ["kind", "item", "ticket", "reason", "place"]
    assert list(page["changes"][3]) == ["kind", "item", "ticket", "reason", "place", "wait"]
    assert list(page["findings"][0]) == ["code", "item", "message"]
    assert list(page["tables"][0]) == ["taken", "section", "header", "reason"]
    assert list(result["totals"]) == [
        "pages", "created", "updated", "kept", "held", "failed", "waiting", "pages_saved", "requests",
        "pages_failed",
    ]  # fmt: skip


def test_changes_are_told_as_written() -> None:
    """The action is given as written, with its paragraphs, and a missing ticket is null."""
    changes = json.loads(render(report(PAGE)))["pages"][0]["changes"]

    assert [change["kind"] for change in changes] == ["create", "update", "keep", "hold", "failed"]
    assert changes[4] == {
        "kind": "failed",
        "item": "Drop the old table\nand tell the DBA team",
        "ticket": None,
        "reason": "Jira refused the summary.",
        "place": "row 5 of “Action items”",
    }


def test_finding_about_the_page_has_no_item() -> None:
    """A finding that concerns the whole page has null for its item."""
    findings = json.loads(render(report(PAGE)))["pages"][0]["findings"]

    assert findings[1] == {
        "code": "page-read-only",
        "item": None,
        "message": "The worker may not edit this page; ask an admin of PAY.",
    }


def test_totals_of_a_plan_say_what_sync_would_do() -> None:
    """In a plan no page is saved, and the totals count those that would be."""
    result = json.loads(render(report(PAGE, SETTLED)))

    assert [page["saved"] for page in result["pages"]] == [False, False]
    assert result["totals"] == {
        "pages": 2, "created": 1, "updated": 1, "kept": 2, "held": 1, "failed": 1, "waiting": 1, "pages_saved": 1,
        "requests": 9, "pages_failed": 0,
    }  # fmt: skip


def test_a_failed_page_is_counted_apart_from_failed_items() -> None:
    """It may hold no item at all, as a page that cannot be read."""
    broken = replace(SETTLED, changes=(), failed=True)
    totals = json.loads(render(report(PAGE, broken)))["totals"]

    assert (totals["failed"], totals["pages_failed"]) == (1, 1)


def test_hidden_characters_are_escaped_and_not_lost() -> None:
    """Characters that reorder or hide text arrive as escapes that read back as what they were."""
    action = "a\u202eb\u200bc\ud800d\U000e0041e\x1bf ü"
    text = render(report(PagePlan("1", "t", "u", "T", 1, (keep(action),))))

    assert '"item": "a\\u202eb\\u200bc\\ud800d\\udb40\\udc41e\\u001bf ü"' in text
    assert json.loads(text)["pages"][0]["changes"][0]["item"] == action


HELD = PagePlan("1", "t", "u", "T", 1, (hold("a", Wait.LIMIT),))
GUARDED = PagePlan("2", "t", "u", "T", 1, (hold("a", Wait.GUARD),))
FAILED = PagePlan("3", "t", "u", "T", 1, (Failed(item("a"), None, "no"),))
UNREAD = PagePlan("4", "t", "u", "T", 1, failed=True)
WAITING = PagePlan("5", "t", "u", "T", 1, (hold("a", Wait.PEOPLE), hold("b", Wait.TIME), create("c")))


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (report(WAITING, SETTLED), Exit.SETTLED),
        (report(WAITING, stopped="the deadline was reached"), Exit.SETTLED),
        (report(HELD), Exit.HELD),
        (report(GUARDED, WAITING), Exit.HELD),
        (report(HELD, FAILED), Exit.FAILED),
        (report(HELD, UNREAD), Exit.FAILED),
        (report(HELD, errors=("a search failed",)), Exit.FAILED),
        (report(HELD, FAILED, refused=Exit.UNREACHABLE), Exit.UNREACHABLE),
    ],
)
def test_most_serious_exit_code_wins(told: object, code: Exit) -> None:
    """When several apply, 5 comes before 3 and 3 before 4; waiting and ending early are 0."""
    assert json.loads(render(told))["exit_code"] == code


def test_what_concerns_no_listed_page_stands_beside_the_pages() -> None:
    """With the keys of any finding."""
    left = Finding("ticket-elsewhere", "PAY-1 was made from page 7, which is archived.")
    result = json.loads(render(report(SETTLED, findings=(left,))))

    assert [{"code": "ticket-elsewhere", "item": None, "message": left.message}] == result["findings"]
    assert 0 == result["exit_code"]


def test_tickets_are_counted_by_team_and_state() -> None:
    """Every team that has tickets has all three states."""
    told = report(PAGE, tickets=(TrackedTicket("Payments", "PAY-9", None, TicketState.OVERDUE),))

    assert json.loads(render(told))["tickets"] == {"Payments": {"open": 0, "overdue": 1, "done": 0}}
