"""What the rows and tasks of action tables and task lists become."""

from __future__ import annotations

import pytest

from tests.reconcile.pages import ANN, BEN, DAY, HEADING, actions, item, items, macro, read, row, table, task, tasks
from worker.document.columns import add_column
from worker.document.edits import splice
from worker.document.parse import Malformed, parse
from worker.mapping.model import Items
from worker.model.item import Kind, Mention, PickedDate, Place, WrittenDate, WrittenName
from worker.reconcile.extract import extract
from worker.reconcile.roles import Role

LOZENGE = (
    '<ac:structured-macro ac:name="status"><ac:parameter ac:name="colour">Green</ac:parameter>'
    '<ac:parameter ac:name="title">{}</ac:parameter></ac:structured-macro>'
)
JIRA = '<ac:structured-macro ac:name="jira"><ac:parameter ac:name="key">PAY-7</ac:parameter></ac:structured-macro>'


def test_a_row_is_read_by_the_roles_of_its_cells():
    """Columns stand in any order; what has no role goes along with its header, and the index column does not."""
    header = ["#", "Type", "Due Date", "Owner", "Action Item", "Prio", "Jira", "Status", "Notes"]
    body = HEADING + table(header, ["1", "prevent", DAY, ANN, "<p>Add an</p><p>alert</p>", "P1", JIRA, "Open", "soon"])
    found = item(body)
    assert Place(Kind.ROW, 0, 0, "🚨 Action items") == found.place
    assert (
        "Add an\nalert", (Mention("712020:ann"),), (PickedDate("2026-12-01"),), "P1", "Open", ("PAY-7",), "Open",
        (("Type", "prevent"), ("Notes", "soon")),
    ) == (
        found.action, found.owners, found.dates, found.priority, found.status_word, found.ticket.keys, found.status.rest,
        found.others,
    )  # fmt: skip
    assert (True, None, None) == (found.has_ticket_column, found.ticked, found.tick_span)


def test_own_cells_know_where_they_stand():
    """The spans of ticket and status cell are what a write replaces."""
    body = table(["Action", "Jira", "Status"], ["Fix", "<p />", LOZENGE.format("To Do")])
    found = item(body)
    source = body.encode()
    assert ("<p />", LOZENGE.format("To Do")) == tuple(
        source[cell.span.start : cell.span.end].decode() for cell in (found.ticket, found.status)
    )


def test_a_table_without_ticket_column_says_so():
    """Its rows have a blank ticket cell without a place, and no status cell."""
    found = item(table(["Action", "Owner"], ["Fix", ANN]))
    assert (False, True, None, None) == (found.has_ticket_column, found.ticket.blank, found.ticket.span, found.status)


def test_lines_count_all_rows_but_headers():
    """Skipped rows are counted, since people count them too; repeated headers and subheadings are told apart."""
    page = table(
        ["Action", "Owner"],
        ["One", ANN],
        '<tr><td colspan="2"><strong>Prevention</strong></td></tr>',
        ["", ""],
        row(["Action", "Owner"], "th"),
        ["Two", ANN],
    )
    found = read(page)
    (one,) = found.tables
    assert ["One", "Two"] == [each.action for each in found.items]
    assert ([0, 3], (0, 4), [1, 5]) == (
        [each.place.line for each in found.items], one.header_rows, [one.grid_row(each.place.line) for each in found.items]
    )  # fmt: skip
    assert (2,) == one.heading_rows
    assert {Role.ACTION: 0, Role.OWNER: 1} == one.columns


def test_blocks_count_tables_and_task_lists_together():
    """An item's block tells its table or list, whatever else stands on the page."""
    page = f"{table(['A'], ['x'])}{HEADING}{tasks(task('Do'))}{table(['Action', 'Owner'], ['Fix', ANN])}"
    assert [("Do", 1), ("Fix", 2)] == [(each.action, each.place.block) for each in items(page)]


def test_what_rows_share_counts_for_each_and_is_never_written():
    """A merged owner or date is that of every row; a merged ticket or status cell belongs to none of them."""
    first = (
        f'<tr><td>One</td><td rowspan="2">{ANN}</td><td rowspan="2">{DAY}</td><td rowspan="2" /><td rowspan="2" /></tr>'
    )
    found = items(table(["Action", "Owner", "Due", "Jira", "Status"], first, ["Two"]))
    assert [("One", 1, 1, None, None), ("Two", 1, 1, None, None)] == [
        (each.action, len(each.owners), len(each.dates), each.ticket.span, each.status.span) for each in found
    ]


def test_a_row_that_only_continues_the_one_above_is_no_item():
    """An action that reaches down makes an item of a row that adds an owner, and none of one that adds nothing."""
    first = f'<tr><td rowspan="3">One</td><td>{ANN}</td></tr>'
    assert [("One", (Mention("712020:ann"),)), ("One", (Mention("8a69b33"),))] == [
        (each.action, each.owners) for each in items(table(["Action", "Owner"], first, row([BEN]), row([""])))
    ]


def test_a_ragged_row_is_read_as_far_as_it_goes():
    """A cell that is not there cannot be written."""
    found = item(table(["Action", "Owner", "Jira", "Status"], row(["Fix"])))
    assert ("Fix", (), None, None) == (found.action, found.owners, found.ticket.span, found.status)


@pytest.mark.parametrize(
    "cells",
    [
        ["", "", ""],
        ["<p />", "<p><br /></p>", "&nbsp;"],
        ["TBD", "-", "n/a"],
        ["[Action]", "[Owner]", "[Date]"],
        ["e.g. Add an alert", "", ""],
        ["Add action items here", "TBD", ""],
        ["<ac:placeholder>What is to be done</ac:placeholder>", "<ac:placeholder>@ owner</ac:placeholder>", ""],
        ['<at:var at:name="action" />', '<at:var at:name="owner" />', ""],
        ["&lt;describe action&gt;", "&lt;name&gt;", "&lt;date&gt;"],
    ],
)
def test_empty_rows_and_leftovers_of_a_template_are_no_items(cells):
    """Nobody wrote anything there."""
    assert [] == actions(table(["Action", "Owner", "Due"], cells))


def test_a_row_without_an_action_is_an_item_once_somebody_owns_it():
    """A person began it, so it is reported instead of being overlooked."""
    page = table(["Action", "Owner", "Due"], ["", ANN, ""], ["", "", DAY], ["[Action]", "Bo", ""], ["", "TBD", ""])
    assert [("", 0), ("", 1), ("", 2)] == [(each.action, each.place.line) for each in items(page)]


def test_the_first_action_column_is_the_action():
    """A second one says more about it."""
    found = item(table(["Task", "Action", "Owner"], ["Alerts", "Add one on lag", ANN]))
    assert ("Alerts", (("Action", "Add one on lag"),)) == (found.action, found.others)


@pytest.mark.parametrize(
    ("cell", "owners", "dates"),
    [
        (f"{ANN}{DAY}", (Mention("712020:ann"),), (PickedDate("2026-12-01"),)),
        ("Ann / 12 Sep 2026", (WrittenName("Ann"),), (WrittenDate("12 Sep 2026"),)),
        ("<p>Ann</p><p>Sep 12, 2026</p>", (WrittenName("Ann"),), (WrittenDate("Sep 12, 2026"),)),
        ("Ann, 12 Sep 2026", (WrittenName("Ann"),), (WrittenDate("12 Sep 2026"),)),
        ("Ann", (WrittenName("Ann"),), ()),
        ("2026-09-12", (), (WrittenDate("2026-09-12"),)),
    ],
)
def test_owner_and_date_can_share_a_cell(cell, owners, dates):
    """A mention and a picked date cannot be mixed up; in plain text, digits are dates."""
    found = item(table(["Action", "Owner / Due"], ["Fix", cell]))
    assert (owners, dates) == (found.owners, found.dates)


def test_a_cell_merged_over_action_and_owner_names_nobody():
    """The text of the action is not read as a name."""
    found = item(table(["Action", "Owner", "Due"], f'<tr><td colspan="2">Fix the thing</td><td>{DAY}</td></tr>'))
    assert ("Fix the thing", ()) == (found.action, found.owners)


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("Done", "Done"),
        ("<p>In  progress</p>", "In progress"),
        (LOZENGE.format("Not doing"), "Not doing"),
        (f"{LOZENGE.format('Done')} by Ann", "Done by Ann"),
        (f"{LOZENGE.format('Done')} {LOZENGE.format('Late')}", "Done Late"),
        (LOZENGE.replace("Green", "Grey").format("no ticket") + " Write what is to be done here.", ""),
        (LOZENGE.replace("Green", "Grey").format("differs") + " I changed this sentence.", ""),
        (tasks(task("", done=True)), "done"),
        (tasks(task("", done=False)), ""),
        (tasks(task("Done", done=False)), ""),
        ('<ac:emoticon ac:name="tick" />', "done"),
        ("", ""),
    ],
)
def test_the_status_word_is_what_the_whole_cell_says(status, word):
    """Text, lozenges, a ticked box; a note is no word, not even an edited one."""
    found = item(table(["Action", "Owner", "Status"], ["Fix", ANN, status]))
    assert word == found.status_word


@pytest.mark.parametrize(
    ("box", "word"),
    [
        (tasks(task(" ", done=True)), "done"),
        (tasks(task(" ")), ""),
        ("Yes", "done"),
        ("✅", "done"),
        ("no", ""),
        ("", ""),
    ],
)
def test_a_done_column_is_read_and_never_written(box, word):
    """Its ticked box is the word for done; the table still has no status cell."""
    found = item(table(["Task", "Owner", "Done?"], ["Fix", ANN, box]))
    assert (word, None, ()) == (found.status_word, found.status, found.others)


def test_a_column_called_status_is_the_status():
    """Even behind another one that could be."""
    found = item(table(["Action", "Owner", "Progress", "Status"], ["Fix", ANN, "half", "Done"]))
    assert ("Done", (("Progress", "half"),)) == (found.status_word, found.others)


def test_a_column_of_complaints_called_issue_is_no_ticket_column():
    """It is one when it names tickets, or is blank."""
    header = ["Issue", "Action", "Owner"]
    prose, key = items(table(header, ["Queue was full", "Fix", ANN])), items(table(header, ["PAY-7", "Fix", ANN]))
    assert [(False, (("Issue", "Queue was full"),)), (True, ())] == [
        (each.has_ticket_column, each.others) for each in (*prose, *key)
    ]
    note = LOZENGE.replace("Green", "Grey").format("no ticket") + " Another row says exactly the same."
    assert [True, True] == [item(table(header, [cell, "Fix", ANN])).has_ticket_column for cell in ("", note)]


def test_issue_gives_way_to_a_column_that_can_only_name_tickets():
    """“Jira ticket” is the ticket whichever comes first."""
    found = item(table(["Issue", "Action", "Jira ticket"], ["PAY-1", "Fix", "PAY-7"]))
    assert (("PAY-7",), (("Issue", "PAY-1"),)) == (found.ticket.keys, found.others)


def test_a_row_is_known_by_the_editors_id_unless_it_was_copied():
    """An id that stands on the page twice identifies nothing."""
    page = table(
        ["Action", "Owner"],
        row(["One", ANN], attributes=' ac:local-id="r1"'),
        row(["Two", ANN], attributes=' local-id="r2"'),
        row(["Three", ANN], attributes=' ac:local-id="r2"'),
        row(["Four", ANN]),
    )
    assert ["r1", None, None, None] == [each.editor_id for each in items(page)]


def test_tasks_in_an_action_table_belong_to_their_row():
    """They are no items of their own, and their text is part of the action."""
    page = HEADING + table(["Action", "Owner"], [f"<p>Harden</p>{tasks(task('Limit retries', number=1))}", ANN])
    found = read(page)
    assert ["Harden\nLimit retries"] == [each.action for each in found.items]
    assert "it belongs to the row of the action table that it stands in" == found.verdicts[1].reason


def test_a_task_is_read_with_its_people_dates_and_box():
    """Its ticket stands at the end of its text, and its box can be ticked."""
    body = HEADING + tasks(task(f"Write it {ANN[3:-5]} by <time datetime='2026-12-01' /> {JIRA}", number=3, done=True))
    found = item(body)
    assert (Kind.TASK, True, "complete", ("PAY-7",), None, True, "3") == (
        found.place.kind, found.ticked, parse(body).text_of(found.tick_span), found.ticket.keys, found.status,
        found.has_ticket_column, found.editor_id,
    )  # fmt: skip
    assert ((Mention("712020:ann"),), (PickedDate("2026-12-01"),)) == (found.owners, found.dates)


def test_tasks_inside_tasks_are_items_too():
    """Each list is a block of its own, and items come in document order."""
    page = HEADING + tasks(task(f"Outer {tasks(task('Inner', number=2))}", number=1), task("Last", number=3))
    assert [("Outer", 0, 0), ("Inner", 1, 0), ("Last", 0, 1)] == [
        (each.action, each.place.block, each.place.line) for each in items(page)
    ]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<p />",
        '<span class="placeholder-inline-tasks">&nbsp;</span>',
        "<ac:placeholder>Type your task here</ac:placeholder>",
        'Type your task here, using "@" to assign to a user and "//" to select a due date',
        "TBD",
    ],
)
def test_blank_tasks_are_no_items(body):
    """Neither is a task without any body."""
    bare = "<ac:task><ac:task-status>incomplete</ac:task-status></ac:task>"
    assert ["Real"] == actions(HEADING + tasks(task(body), bare, task("Real")))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Done: fix the pump", "Done"),
        ("Won't do - too dear", "Won't do"),
        ("PROPOSED – buy a second one", "PROPOSED"),
        ("No ticket", "No ticket"),
        ("Draft-mode switch: remove", ""),
        ("Closed circuit: test it", ""),
        ("Not done: fix", ""),
        ("Fix: done", ""),
    ],
)
def test_a_task_says_its_word_at_its_start(text, word):
    """Before a colon or a dash, or as all it says; the action keeps its text as written."""
    found = item(HEADING + tasks(task(text)))
    assert (text, word) == (found.action, found.status_word)


def test_a_task_is_known_by_its_uuid_or_number_unless_it_was_copied():
    """A copied list brings its ids along."""
    page = HEADING + tasks(
        task("One", number=1, uuid="u1"),
        task("Two", number=2),
        task("Three", number=3),
        task("Four", number=3),
        task("Five"),
    )
    assert ["u1", "2", None, None, None] == [each.editor_id for each in items(page)]


def test_an_empty_page_has_no_items():
    """Nor any verdicts."""
    assert ((), (), ()) == (read("").items, read("").verdicts, read("").tables)


def test_a_rich_page_is_read_in_document_order():
    """Layouts, expands and lists take turns."""
    page = (
        macro("expand", table(["Action", "Owner"], ["One", ANN]))
        + HEADING
        + tasks(task("Two"))
        + table(["Owner", "Action"], [ANN, "Three"])
    )
    assert ["One", "Two", "Three"] == actions(page)


HEADS = [
    "<tr><th>Action</th><th>Owner</th><th>Due</th></tr>",
    "<tr><td><strong>Action</strong></td><td><strong>Owner</strong></td><td><strong>Due</strong></td></tr>",
    "<tr><td>Action</td><td>Owner</td><td>Due</td></tr>",
    "<thead><tr><td>Action</td><td>Owner</td><td>Due</td></tr></thead>",
    "<tr><td colspan='3'>Our plan</td></tr><tr><th>Action</th><th>Owner</th><th>Due</th></tr>",
    "<tr><td /><td /><td /></tr><tr><td><b>Action</b></td><td><b>Owner</b></td><td><b>Due</b></td></tr>",
    "<tr><th rowspan='2'>Action</th><th colspan='2'>People</th></tr><tr><th>Owner</th><th>Due</th></tr>",
]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("status", [False, True])
def test_a_table_with_an_added_ticket_column_is_read_as_before(head, status):
    """The heading stands once a header, and subheadings stay what they are."""
    if status:
        head = head.replace("<th>Due</th>", "<th>Status</th>").replace(">Due<", ">Status<")
    rows = (
        row(["One", ANN, ""]),
        "<tr><td colspan='3'>Prevention</td></tr>",
        "<tr><th colspan='3'><p>Detection</p></th></tr>",
        row(["Two"]),
        row(["", "", ""]),
        row(["Action", "Owner", "Status" if status else "Due"], "th"),
        row(["Three", BEN, ""]),
    )
    document = parse(f"<table><colgroup><col /><col /><col /></colgroup>{head}{''.join(rows)}</table>")
    before = extract(document, Items())
    (old,) = before.tables
    edits = add_column(document, old.table, "Ticket", {}, old.header_rows, old.heading_rows)
    wider = parse(splice(document, edits))
    after = extract(wider, Items())
    assert 2 == sum("Ticket" in edit.replacement for edit in edits)
    assert ["One", "Two", "Three"] == [each.action for each in before.items]
    assert [(each.place, each.action, each.owners) for each in before.items] == [
        (each.place, each.action, each.owners) for each in after.items
    ]
    assert all(each.has_ticket_column and each.ticket.blank and each.ticket.span for each in after.items)


def test_real_pages_yield_few_action_items(corpus):
    """Of many documents, most of them templates and fixtures, only unmistakable lists are taken."""
    taken = {}
    for file in sorted(corpus.glob("*.xml")):
        try:
            document = parse(file.read_text())
        except Malformed:
            continue
        verdicts = extract(document, Items()).verdicts
        assert all(each.reason and not each.reason.startswith(("taken", "left alone")) for each in verdicts)
        taken |= {(file.name, each.block): each for each in verdicts if each.taken}
    headers = [each.header for each in taken.values() if each.kind is Kind.ROW]
    assert [] == [header for header in headers if {"Presenter", "Participants", "Approver"}.intersection(header)]
    assert 1 <= len(taken) <= 10


MERGED = '<tr><td colspan="2">{}</td>{}</tr>'


@pytest.mark.parametrize(
    ("merged", "found"),
    [
        (MERGED.format("Do it together", "<td />"), [("Do it together", ())]),
        (MERGED.format("Do it together", "<td><p /></td>"), [("Do it together", ())]),
        (MERGED.format("<strong>Prevention</strong>", "<td />"), []),
        (MERGED.format("Prevention", "<th><p /></th>"), []),
        ('<tr><th colspan="2">Prevention</th><td /></tr>', []),
        ('<tr><td colspan="3">Prevention</td></tr>', []),
    ],
)
def test_an_action_across_columns_is_an_item_unless_it_reads_like_a_heading(merged, found):
    """A cell of its own for the ticket makes a row an item, whose owner is missing then."""
    page = table(["Action", "Owner", "Ticket"], merged, ["Fix", ANN, ""])
    assert [*found, ("Fix", (Mention("712020:ann"),))] == [(each.action, each.owners) for each in items(page)]


def test_the_foot_of_a_table_holds_no_items():
    """It sums the table up, whatever stands in it."""
    page = (
        f"<table><tr><th>Action</th><th>Owner</th></tr>{row(['Fix', ANN])}<tfoot>{row(['Total', BEN])}</tfoot></table>"
    )
    assert ["Fix"] == actions(page)


def test_one_column_can_be_ticket_and_status():
    """A word in it is the row's status, a key the row's ticket, and both at once are both."""
    found = items(
        table(["Action", "Ticket / Status"], ["One", "Done"], ["Two", "PAY-1"], ["Three", "PAY-2 done"], ["Four", ""])
    )
    assert [
        ("Done", (), "Done", None),
        ("", ("PAY-1",), "", None),
        ("done", ("PAY-2",), "done", None),
        ("", (), "", None),
    ] == [(each.status_word, each.ticket.keys, each.ticket.rest, each.status) for each in found]
    assert all(each.ticket.span for each in found)


@pytest.mark.parametrize("between", ["by", "until", "due", "Due by:", "–", "- due", "on"])
def test_what_leads_to_a_date_is_no_second_owner(between):
    """In a cell for both, whether the person is mentioned or written and the date picked or written."""
    mentioned = item(table(["Action", "Owner / Due"], ["Fix", f"{ANN[:-4]} {between} {DAY[3:]}"]))
    assert ((Mention("712020:ann"),), (PickedDate("2026-12-01"),)) == (mentioned.owners, mentioned.dates)
    named = item(table(["Action", "Owner / Due"], ["Fix", f"Ann Lee {between} {DAY[3:-4]}"]))
    assert ((WrittenName("Ann Lee"),), (PickedDate("2026-12-01"),)) == (named.owners, named.dates)


@pytest.mark.parametrize("between", ["by", "until", "due by"])
def test_a_written_date_behind_a_written_name_is_told_apart(between):
    """“Ann by 2026-12-01” is a person and a day."""
    found = item(table(["Action", "Owner / Due"], ["Fix", f"Ann Lee {between} 2026-12-01"]))
    assert ((WrittenName("Ann Lee"),), (WrittenDate("2026-12-01"),)) == (found.owners, found.dates)


def test_a_row_says_which_columns_its_table_has():
    """So that advice never speaks of cells that are not there."""
    bare, full = (
        item(table(["Action", "Ticket"], ["Fix", ""])),
        item(table(["Action", "Owner", "Due"], ["Fix", "", ""])),
    )
    assert ((False, False), (True, True)) == (
        (bare.has_owner_column, bare.has_due_column), (full.has_owner_column, full.has_due_column)
    )  # fmt: skip


def test_a_row_of_a_template_is_no_item_though_it_shows_the_form_of_a_date():
    """Nobody filled it in."""
    page = table(["Action", "Owner", "Due"], ["[Action]", "[Name]", "YYYY-MM-DD"], ["Fix", ANN, "DD/MM/YYYY"])
    assert [("Fix", ())] == [(each.action, each.dates) for each in items(page)]
