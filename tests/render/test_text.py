"""The result as people read it, in a terminal and in a file."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from tests.render.reports import PAGE, SETTLED, create, hold, item, keep, report
from worker.model.finding import Finding
from worker.model.plan import Keep, PagePlan, TableNote, Wait
from worker.render.text import render, show


def test_plan_reads_page_by_page() -> None:
    """Every kind of change, findings and totals stand in plain text, and markup in it is only text."""
    expected = """\
Cash-out outage [red] (Payments), would be saved
https://example.atlassian.net/wiki/spaces/PAY/pages/101
  + create  Alert on queue depth | `page` the duty engineer
            The row has no ticket yet.
  ~ update  PAY-12: Rewrite the runbook
            Its status moved to In Progress.
  = keep    PAY-9: Größe der Warteschlange begrenzen
            It agrees with its ticket.
  ! hold    PAY-13: [bold]Move[/bold] <b>the</b> cron job
            waits for people: Two rows could be meant.
  x failed  Drop the old table / and tell the DBA team
            Jira refused the summary.
    owner-missing: Alert on queue depth | `page` the duty engineer
        Row 1 names nobody; write a name.
    page-read-only
        The worker may not edit this page; ask an admin of PAY.

= Vault retries (Payments): 1 item as it should be

2 pages: 1 to create, 1 to update, 2 to keep, 1 waiting, 1 failed; 1 page would be saved. 9 requests in 2.3 s.
To do this, run “postmortem-sync sync” with the same options.
What failed is tried again by the next pass; the reason stands beside it.
Every finding is explained in the project's docs/findings.md.
"""

    assert expected == render(report(PAGE, SETTLED), terminal=False)


def test_sync_tells_what_was_done() -> None:
    """After a sync the words are in the past, the new key is shown, and no next step is invented."""
    page = replace(SETTLED, title="Cut", changes=(create("Alert on depth", 0, "PAY-14"),), saves=True)
    expected = """\
Cut (Payments), saved
https://example.atlassian.net/wiki/spaces/PAY/pages/102
  + create  PAY-14: Alert on depth
            The row has no ticket yet.

1 page: 1 created, 0 updated, 0 kept; 1 page saved. 9 requests in 2.3 s.
"""

    assert expected == render(report(page, command="sync", saved=True), terminal=False)


def test_shared_reason_is_told_once() -> None:
    """Neighbours of one kind with one reason show it once, below the last of them; others keep their own."""
    changes = (create("One", 0), create("Two", 1), hold("Three", Wait.TIME, 2), hold("Four", Wait.PEOPLE, 3))
    lines = render(report(replace(SETTLED, changes=changes)), terminal=False).splitlines()

    assert lines[2:9] == [
        "  + create  One",
        "  + create  Two",
        "            The row has no ticket yet.",
        "  ! hold    Three",
        "            waits for time: Two rows could be meant.",
        "  ! hold    Four",
        "            waits for people: Two rows could be meant.",
    ]


def test_many_kept_items_are_counted() -> None:
    """More than three items that stay as they are take one line on a page that has something to tell."""
    changes = (*(keep(f"Item {number}", number) for number in range(4)), hold("Other", Wait.TIME, 5))
    text = render(report(replace(SETTLED, changes=changes)), terminal=False)
    expected = """\
Vault retries (Payments)
https://example.atlassian.net/wiki/spaces/PAY/pages/102
  ! hold    Other
            waits for time: Two rows could be meant.
  = keep    4 items as they should be

1 page: 0 to create, 0 to update, 4 to keep, 1 waiting; 0 pages would be saved. 9 requests in 2.3 s.
What waits for time goes on by itself in a later pass.
"""

    assert expected == text


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (1, "  = keep    3 items as they should be, 1 item that a finding below tells of"),
        (4, "  = keep    4 items that a finding below tells of"),
    ],
)
def test_kept_items_with_findings_are_not_called_in_order(told: int, line: str) -> None:
    """An item of which a finding tells stays as it is, and is counted apart."""
    changes = tuple(keep(f"Item {number}", number) for number in range(4))
    findings = tuple(Finding("owner-missing", "Names nobody.", f"Item {number}") for number in range(told))
    lines = render(report(replace(SETTLED, changes=changes, findings=findings)), terminal=False).splitlines()

    assert line == lines[2]


def test_a_page_of_two_mappings_is_counted_once() -> None:
    """It is listed for either team, and is one page all the same."""
    claimed = replace(SETTLED, team="Checkout", findings=(Finding("page-claimed", "a.yaml matches this page too."),))

    assert "\n1 page: " in render(report(SETTLED, claimed), terminal=False)


def test_what_a_limit_holds_names_the_way_out() -> None:
    """The sentence that lifts a limit can be copied, with the page's number in it."""
    held = replace(SETTLED, changes=(hold("One", Wait.LIMIT),))
    guarded = replace(SETTLED, page="103", changes=(hold("Two", Wait.GUARD),))
    lines = render(report(held, guarded, command="sync"), terminal=False).splitlines()

    assert lines[-1] == (
        "What a limit or the shrink guard holds stays held until a person has looked: "
        "“postmortem-sync sync --approve 102 --approve 103” lets it through once."
    )


def test_what_the_limit_of_a_pass_holds_goes_on_by_itself() -> None:
    """A rollout over several passes needs nobody: the last line says so, and asks for no approval of each page."""
    lines = render(report(replace(SETTLED, changes=(hold("One", Wait.TURN),)), command="sync"), terminal=False)

    assert lines.splitlines()[-1] == (
        "What waits for its turn goes on by itself in the next passes; “--approve”, as said beside it, is for what "
        "cannot wait."
    )
    assert "a person has looked" not in lines


def test_copied_page_names_the_way_out() -> None:
    """A copied page says how it becomes the home of its tickets."""
    copied = replace(SETTLED, findings=(Finding("page-copied", "The page is a copy of page 9."),))
    text = render(report(copied), terminal=False)

    assert "“postmortem-sync sync --adopt 102” makes the copy their home." in text


def test_trouble_of_the_whole_pass_stands_before_the_totals() -> None:
    """Why a pass ended early, failed searches and notices are told once, above the totals."""
    told = report(
        stopped="the deadline was reached",
        errors=("Payments: the search failed.",),
        notices=("Page 7 is not selected.",),
    )
    expected = """\
Page 7 is not selected.
The pass ended early: the deadline was reached.
Payments: the search failed.
0 pages: 0 to create, 0 to update, 0 to keep; 0 pages would be saved. 9 requests in 2.3 s.
What failed is tried again by the next pass; the reason stands beside it.
"""

    assert expected == render(told, terminal=False)


def test_row_without_action_is_named_by_its_place() -> None:
    """A row that says nothing is shown by where it stands."""
    page = replace(SETTLED, changes=(Keep(item("", 2), None, "It has no action."), hold("X", Wait.PEOPLE)))

    assert "  = keep    (row 3 of “Action items”)\n" in render(report(page), terminal=False)


def test_page_without_items_hints_at_its_tables() -> None:
    """A page on which nothing was recognised says where to read why, so that a missed table is noticed."""
    for number, what in ((1, "1 table or list"), (2, "2 tables and lists")):
        page = PagePlan("1", "A", "https://a.example", "T", 1, tables=(TableNote(False, "", ("A",), "no"),) * number)
        assert render(report(page), terminal=False).startswith(
            f"= A (T): no action items; --format markdown tells why {what} held none\n"
        )


def test_control_characters_are_spelt_out() -> None:
    """Text of a page can neither colour a terminal nor turn a line around."""
    page = replace(SETTLED, title="Cut\x1b[31m\u202eoff\u200b", findings=(Finding("page-failed", "No.\x07"),))
    text = render(report(page), terminal=False)

    assert text.startswith("Cut\\x1b[31m\\u202eoff (Payments)\n")
    assert "        No.\\x07\n" in text


def test_terminal_gets_colours_and_folded_lines() -> None:
    """On a terminal lines are folded behind their indent, and the mark has a colour."""
    paper = StringIO()
    page = replace(SETTLED, changes=(create("Alert on the depth of the queue of the settlement service"),))
    show(report(page), Console(file=paper, force_terminal=True, width=50, color_system="standard", no_color=False))
    lines = paper.getvalue().splitlines()

    assert "\x1b[32m  + create  \x1b[0mAlert on the depth of the queue of the" == lines[2]
    assert "            settlement service" == lines[3]


def test_tickets_of_pages_that_left_stand_below_the_pages() -> None:
    """Under a heading of their own."""
    left = Finding("ticket-elsewhere", "PAY-1 was made from page 7, which is archived.")

    assert (
        "\n\nPages that are not listed any more\n    ticket-elsewhere\n"
        "        PAY-1 was made from page 7, which is archived.\n\n1 page: "
    ) in render(report(SETTLED, findings=(left,)), terminal=False)


def test_a_finding_that_a_held_row_tells_is_told_once() -> None:
    """Its code stands behind the reason."""
    held = hold("Add an alert", Wait.PEOPLE)
    page = PagePlan("7", "Outage", "https://x/7", "Payments", 1, (held,), (Finding("row-ambiguous", held.reason),))
    shown = render(report(page), terminal=False)

    assert 1 == shown.count(held.reason)
    assert f"waits for people: {held.reason} (row-ambiguous)" in shown
