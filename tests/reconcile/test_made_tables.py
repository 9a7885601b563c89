"""Extraction finds exactly what a generator put on a page, whatever the tables look like."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from tests.document.storage_pages import BLANKS, OTHERS, storage_pages, texts
from tests.reconcile.pages import macro, read, row
from worker.model.item import Mention, PickedDate

NAMES = {
    "action": ["Action", "Action item", "TASK", "📌 Tasks:", "Corrective action"],
    "owner": ["Owner", "Owner(s)", "Assignee", "Who", "Assigned to"],
    "due": ["Due", "Due date", "Due Date (UTC)", "Deadline"],
    "priority": ["Priority", "Prio"],
    "ticket": ["Ticket", "Jira", "Jira ticket"],
    "status": ["Status", "State"],
    "type": ["Type"],
}
LEFTOVERS = ["", "<p />", "TBD", "[Action]", "e.g. fix it", "<ac:placeholder>fill in</ac:placeholder>"]
HEADERS = {
    "th": lambda names: row([f"<p><strong>{name}</strong></p>" for name in names], "th"),
    "bold": lambda names: row([f"<strong>{name}</strong>" for name in names]),
    "thead": lambda names: f"<thead>{row(names)}</thead>",
    "titled": lambda names: f'<tr><td colspan="{len(names)}">Plan</td></tr>{row(names, "th")}',
}
AROUND = [
    "{}",
    "<ac:layout><ac:layout-section ac:type='single'><ac:layout-cell>{}</ac:layout-cell></ac:layout-section></ac:layout>",
    macro("expand", "{}"),
    "<div class='x'>{}</div>",
    macro("details", "<table><tr><th>Owner</th><td>Ann</td></tr><tr><th>Action</th><td>none</td></tr></table>") + "{}",
    "<table><tr><td><h2>Left</h2></td><td>{}</td></tr></table>",
]


@dataclass(frozen=True)
class Written:
    """One item as the generator wrote it."""

    action: str
    owner: str
    day: str
    priority: str


@st.composite
def action_tables(draw: st.DrawFn) -> tuple[str, list[Written]]:
    """An action table and its items; rows of leftovers and subheadings stand between them."""
    more = draw(st.sets(st.sampled_from(["due", "priority", "ticket", "status", "type"])))
    columns = draw(st.permutations(["action", "owner", *sorted(more)]))
    names = [draw(st.sampled_from(NAMES[column])) for column in columns]
    written: list[Written] = []
    rows: list[str] = []
    for kind in draw(st.lists(st.sampled_from(["item", "item", "blank", "subheading"]), max_size=6)):
        if kind == "subheading":
            rows.append(f'<tr><th colspan="{len(columns)}">Prevention</th></tr>')
            continue
        if kind == "blank":
            left = draw(st.sampled_from(LEFTOVERS))
            rows.append(row([left if column == "action" else "" for column in columns]))
            continue
        text, blank = draw(texts()), draw(BLANKS)
        owner = draw(st.sampled_from(["712020:ann", "8a69b33", ""]))
        day = draw(st.sampled_from(["2026-12-01", "2027-01-15", ""])) if "due" in columns else ""
        priority = draw(st.sampled_from(["P1", "High", ""])) if "priority" in columns else ""
        cells = {
            "action": f"<p>{text.markup}</p>{blank}",
            "owner": f'<p><ac:link><ri:user ri:account-id="{owner}" /></ac:link> </p>' if owner else "<p />",
            "due": f'<p><time datetime="{day}" /> </p>' if day else "",
            "priority": priority,
        }
        rows.append(row([cells.get(column, draw(st.sampled_from(["", "<p />"]))) for column in columns]))
        written.append(Written(text.seen, owner, day, priority))
    head = HEADERS[draw(st.sampled_from(sorted(HEADERS)))](names)
    return f"<table>{head}{''.join(rows)}</table>", written


@given(st.lists(st.tuples(action_tables(), OTHERS, st.sampled_from(AROUND)), max_size=3))
def test_extraction_finds_exactly_what_was_written(parts):
    """Every item once, in document order, with its owner, date and priority; nothing else of the page is an item."""
    page = "".join(other + around.replace("{}", markup) for (markup, _), other, around in parts)
    expected = [
        (
            each.action,
            (Mention(each.owner),) if each.owner else (),
            (PickedDate(each.day),) if each.day else (),
            each.priority,
        )
        for (_, written), _, _ in parts
        for each in written
    ]
    assert expected == [(each.action, each.owners, each.dates, each.priority) for each in read(page).items]


@given(action_tables())
def test_lines_lead_back_to_their_rows(made):
    """Each item's line is the grid row that holds its action."""
    found = read(made[0])
    (taken,) = found.tables
    starts = [taken.table.rows[taken.grid_row(each.place.line)].element.start for each in found.items]
    assert sorted(starts) == starts
    assert len(set(starts)) == len(made[1])


@given(storage_pages())
def test_any_page_gets_a_verdict_on_each_table_and_list(page):
    """Whatever stands on a page, extraction ends, and items come from what was taken alone."""
    found = read(page.body, task_lists="anywhere")
    taken = {each.block for each in found.verdicts if each.taken}
    assert list(range(len(found.verdicts))) == [each.block for each in found.verdicts]
    assert len(found.verdicts) >= len(page.tables)
    assert {each.place.block for each in found.items} <= taken
    assert {each.block for each in found.tables} <= taken
