"""The result as a file to keep."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

from tests.render.reports import PAGE, SETTLED, hold, report
from worker.model.finding import Finding
from worker.model.plan import PagePlan, Wait
from worker.render.html import render

VOID = {"meta", "rect"}


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
    seen = outline(render(report(PAGE, SETTLED)))

    assert seen.links == [PAGE.url, SETTLED.url]
    assert not {"script", "img", "link", "iframe"} & set(seen.seen)


def test_changes_are_cells() -> None:
    """Every change is a row of kind, ticket, action and reason, with the text as it was written."""
    cells = outline(render(report(PAGE))).cells

    assert cells[12:16] == [
        "hold", "PAY-13", "[bold]Move[/bold] <b>the</b> cron job", "waits for people: Two rows could be meant.",
    ]  # fmt: skip


def test_tickets_are_links_where_jira_is_known() -> None:
    """A key leads to its ticket when the report knows Jira's address, and what is no key stays text."""
    update = replace(PAGE.changes[1], ticket='"><b>')
    page = replace(PAGE, changes=(*PAGE.changes, update))
    seen = outline(render(report(page, jira="https://example.atlassian.net")))

    assert seen.links == [PAGE.url, *(f"https://example.atlassian.net/browse/PAY-{n}" for n in (12, 9, 13))]


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
    assert f"waits for people: {held.reason} (row-ambiguous)" in shown
