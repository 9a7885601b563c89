"""The result as a file to keep."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

from tests.render.reports import PAGE, SETTLED, hold, keep, report
from worker.model.finding import Finding
from worker.model.plan import PagePlan, Wait
from worker.model.report import TicketState, TrackedTicket
from worker.render.html import render

VOID = {"meta", "rect"}
TICKETS = (
    *(TrackedTicket("Payments", f"PAY-{n}", None, TicketState.OPEN if n < 2 else TicketState.DONE) for n in range(4)),
    TrackedTicket("Search <b>", "SRCH-1", None, TicketState.OVERDUE),
)


class _Outline(HTMLParser):
    """Collects elements and checks that they are nested."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.links: list[str] = []
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "td":
            self.cells.append("")
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_data(self, data: str) -> None:
        if "td" in self.open:
            self.cells[-1] += data


def outline(html: str) -> _Outline:
    parser = _Outline()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser


def test_file_stands_alone() -> None:
    """The file loads nothing, runs nothing, and links to the pages only."""
    seen = outline(render(report(PAGE, SETTLED, tickets=TICKETS)))

    assert set(seen.links) == {PAGE.url, SETTLED.url}
    assert not {"script", "img", "link", "iframe"} & set(seen.seen)


def test_parts_are_what_a_reader_does_about_them() -> None:
    """What is wrong comes first, then what waits and for whom, then what changed; each entry has page, ticket, item and
    reason, with the text as it was written, and stands once.
    """
    shown = render(report(PAGE, SETTLED, command="sync", saved=True))
    headings = re.findall(r"<h[23]>(?:<a[^>]*>)?([^<]*)", shown)
    cells = outline(shown).cells

    assert headings == [
        "What is wrong, and what to do", "What waits, and for whom", "For somebody to change the row or the ticket",
        "What changed", "Pages", PAGE.title, SETTLED.title,
    ]  # fmt: skip
    assert [cells[start : start + 4] for start in range(0, len(cells), 4)] == [
        [PAGE.title, "", "Drop the old table / and tell the DBA team", "failed: Jira refused the summary."],
        [PAGE.title, "", "Alert on queue depth | `page` the duty engineer", "owner-missing Row 1 names nobody; write a name."],
        [PAGE.title, "", "", "page-read-only The worker may not edit this page; ask an admin of PAY."],
        [PAGE.title, "PAY-13", "[bold]Move[/bold] <b>the</b> cron job", "hold: Two rows could be meant."],
        [PAGE.title, "", "Alert on queue depth | `page` the duty engineer", "create: The row has no ticket yet."],
        [PAGE.title, "PAY-12", "Rewrite the runbook", "update: Its status moved to In Progress."],
    ]  # fmt: skip


def test_findings_name_the_ticket_of_their_item() -> None:
    """Where two rows say the same it cannot be told, and a finding about the page has none."""
    actions = ("Rewrite the runbook", "Twice", None)
    page = replace(
        PAGE,
        changes=(keep("Rewrite the runbook", ticket="PAY-12"), keep("Twice", 1, "PAY-1"), keep("Twice", 2, "PAY-2")),
        findings=tuple(Finding("ticket-moved", f"About {action}.", action) for action in actions),
    )
    cells = outline(render(report(page))).cells

    assert [cells[at] for at in (1, 5, 9)] == ["PAY-12", "", ""]


def test_the_bar_of_kinds_has_a_legend() -> None:
    """Its colours are named, with how many items they stand for."""
    shown = render(report(PAGE))

    assert (
        '<p class="quiet"><i style="background: #1f845a"></i>1 create<i style="background: #1d7afc"></i>1 upd' in shown
    )
    assert '<i style="background: #c9372c"></i>1 failed</p>' in shown


def test_a_page_tells_what_stays_and_where_it_was_looked_for() -> None:
    """Below its counts stand the items that are kept, folded away, and what was thought of its tables."""
    shown = render(report(PAGE, command="sync", saved=True))

    assert "Payments, version 7, saved, 1 create, 1 update, 1 keep, 1 hold, 1 failed</p>" in shown
    assert "<li>PAY-9: Größe der Warteschlange begrenzen: It agrees with its ticket.</li>" in shown
    assert "<li>taken under “Action items” (Action, Owner): its headers name an action</li>" in shown


def test_a_plan_tells_what_would_change() -> None:
    """Nothing has changed yet."""
    assert "<h2>What would change</h2>" in render(report(PAGE))


def test_what_waits_says_for_whom() -> None:
    """Those who have to do something come first; what goes on by itself comes last."""
    page = replace(PAGE, changes=tuple(hold("Add an alert", wait, line) for line, wait in enumerate(reversed(Wait))))

    assert re.findall(r"<h3>(For [^<]*)", render(report(page))) == [
        "For somebody to change the row or the ticket", "For a person to look and approve",
        "For a person to say whether the lost rows were meant", "For its turn in one of the next passes, by itself",
        "For a later pass, by itself",
    ]  # fmt: skip


def test_picture_shows_each_team_in_bars_and_words() -> None:
    """A bar is as long as the team has tickets, the most overdue team first, and the label says the same in words."""
    shown = render(report(PAGE, tickets=TICKETS))
    bars = re.findall(r'<rect x="([\d.]+)" y="\d+" width="([\d.]+)" height="16" fill="(#\w+)"/>', shown)

    assert 'aria-label="Search &lt;b&gt;: 1 overdue; Payments: 2 open, 2 done"' in shown
    assert bars == [("190.0", "85.0", "#c9372c"), ("190.0", "170.0", "#1d7afc"), ("360.0", "170.0", "#1f845a")]
    assert ">2 open, 2 done</text>" in shown


def test_tickets_are_links_where_jira_is_known() -> None:
    """A key leads to its ticket when the report knows Jira's address, and what is no key stays text."""
    update = replace(PAGE.changes[1], ticket='"><b>')
    page = replace(PAGE, changes=(*PAGE.changes, update))
    seen = outline(render(report(page, jira="https://example.atlassian.net")))

    assert {link for link in seen.links if link != PAGE.url} == {
        f"https://example.atlassian.net/browse/PAY-{n}" for n in (12, 9, 13)
    }


def test_bar_divides_the_items() -> None:
    """The bar is as wide as there are items, and its label says the same in words."""
    html = render(report(PAGE, SETTLED))

    assert 'viewBox="0 0 6 1"' in html
    assert 'aria-label="1 create, 1 update, 2 keep, 1 hold, 1 failed"' in html
    assert re.findall(r'<rect x="(\d)" width="(\d)"', html) == [
        ("0", "1"),
        ("1", "1"),
        ("2", "2"),
        ("4", "1"),
        ("5", "1"),
    ]


def test_hostile_text_stays_text() -> None:
    """Neither a title nor an address can add an element, an attribute or a script."""
    page = replace(PAGE, title="</title><script>x</script>", team='"><img src=x>', url="javascript:alert(1)")
    seen = outline(render(report(page)))

    assert seen.links == []
    assert not {"script", "img"} & set(seen.seen)


def test_empty_pass_has_no_bar() -> None:
    """Where there is nothing to divide there is no bar."""
    assert "svg" not in outline(render(report())).seen


def test_tickets_of_pages_that_left_stand_below_the_pages() -> None:
    """Under a heading of their own."""
    left = Finding("ticket-elsewhere", "PAY-1 was made from page <7>.")
    end = (
        "<h2>Pages that are not listed any more</h2>\n<ul>\n<li><code>ticket-elsewhere</code> "
        "PAY-1 was made from page &lt;7&gt;.</li>\n</ul>\n</body>\n</html>\n"
    )

    assert render(report(PAGE, findings=(left,))).endswith(end)


def test_a_finding_that_a_held_row_tells_is_told_once() -> None:
    """Its code stands behind the reason."""
    held = hold("Add an alert", Wait.PEOPLE)
    page = PagePlan("7", "Outage", "https://x/7", "Payments", 1, (held,), (Finding("row-ambiguous", held.reason),))
    shown = render(report(page))

    assert 1 == shown.count(held.reason)
    assert f"hold:</span> {held.reason} <code>row-ambiguous</code>" in shown
