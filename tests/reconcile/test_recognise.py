"""Which tables and task lists hold action items."""

from __future__ import annotations

import pytest

from tests.reconcile.pages import ANN, DAY, HEADING, actions, item, macro, read, row, table, task, tasks
from worker.model.item import Kind

ACTION_TABLE = table(["Action", "Owner", "Due"], ["Add an alert", ANN, DAY])


def taken(header: list[str], over: str = "", **rules: object) -> bool:
    """Whether a table with this header is taken."""
    (verdict,) = read(over + table(header, ["one"] * len(header)), **rules).verdicts
    return verdict.taken


@pytest.mark.parametrize(
    "header",
    [
        ["Action", "Owner", "Due Date", "Status"],
        ["#", "Action Item", "Owner", "Due Date", "Status"],
        ["Task", "Assignee"],
        ["Owner(s)", "Action Item Description", "Notes"],
        ["Due Date (PST)", "TASKS"],
        ["Priority", "Status", "Action"],
        ["Action Items", "Type", "Who", "Bug #"],
        ["Follow-up", "DRI"],
        ["🚨 Action:", "👤 Owner"],
        ["Corrective action", "Responsible", "Target date"],
        ["Action", "Responsibility", "Planned Date", "Links"],
        ["Task name", "Task owner"],
        ["Remediation", "Owner / Due"],
        ["Action Item", "Expected completion date"],
        ["Action / Task", "Ticket"],
        ["Corrective actions", "Due dates"],
        ["Action", "Jira ticket number"],
        ["Task to be done", "Task", "Task details", "Action due date"],
        ["1. Action", "2. Owner"],
        ["Action<br/>item", "Assigned&nbsp;to"],
    ],
)
def test_an_unmistakable_header_needs_no_heading(header):
    """An action column beside an owner, a date, a ticket, or a status with a priority says it all."""
    assert taken(header)


@pytest.mark.parametrize(
    "header",
    [
        ["Task", "Notes"],
        ["Action", "Status"],
        ["Description", "Owner"],
        ["Title", "Assignee", "Due"],
        ["Item", "Who"],
        ["Summary", "Owner", "ETA"],
        ["What", "Who", "By when"],
        ["When", "What", "Who"],
        ["Date", "Action", "Owner"],
    ],
)
def test_a_weaker_header_counts_under_an_action_heading_only(header):
    """The same table elsewhere can be anything."""
    assert (False, True, False) == (taken(header), taken(header, HEADING), taken(header, "<h2>Background</h2>"))


@pytest.mark.parametrize(
    "header",
    [
        ["Time", "Who", "Action"],
        ["Time (UTC)", "Event", "Action taken"],
        ["Date/Time", "Who/What", "Action/ Impact"],
        ["Timestamp", "Event"],
        ["Time", "Item", "Presenter", "Notes"],
        ["Date", "What happened"],
        ["Role", "Assignee"],
        ["Role", "Name"],
        ["Task", "Responsible", "Accountable", "Consulted", "Informed"],
        ["Activity", "Task", "R", "A", "C", "I"],
        ["Metric", "Value"],
        ["T", "Key", "Summary", "P", "Assignee", "Status", "Resolution"],
        ["Action taken", "Owner"],
        ["Service", "Owner"],
        ["Requirement", "User Story", "Importance", "Jira Issue", "Notes"],
        ["Description", "Valid values"],
    ],
)
def test_other_tables_are_left_alone_even_under_an_action_heading(header):
    """Timelines, agendas, roles, responsibilities, metrics and lists of Jira issues only resemble action items."""
    assert (False, False) == (taken(header), taken(header, HEADING))


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Action Items", True),
        ("Action Items &amp; Followups", True),
        ("Corrective &amp; Preventative Action Items", True),
        ("3. Next steps:", True),
        ("Remediation and follow-up", True),
        ("Open actions", True),
        ("FOLLOW-UP TASKS", True),
        ("Action Item(s)", True),
        ("Action", True),
        ("Actions taken", False),
        ("Previous action items", False),
        ("Interactions", False),
        ("Task force", False),
        ("Timeline", False),
    ],
)
def test_headings_are_compared_by_their_words(heading, expected):
    """A longer heading counts when it still announces what is to be done."""
    assert expected is taken(["Task", "Notes"], f"<h3>{heading}</h3>")


def test_a_heading_counts_for_its_subsections():
    """Tables by theme stand under headings of their own, below the one that announces them."""
    page = f"{HEADING}<h3>Prevention</h3>{table(['Task', 'Notes'], ['Fix it', ''])}"
    assert ["Fix it"] == actions(page)
    assert not taken(["Task", "Notes"], f"{HEADING}<p>none</p><h2>Background</h2>")


def test_a_heading_that_looks_back_takes_back_what_is_announced_above_it():
    """“Actions taken” below “Follow-up” is about the past, unless the mapping names it."""
    page = f"<h2>Follow-up</h2><h3>Actions taken</h3>{table(['Task', 'Notes'], ['Restarted it', ''])}"
    assert ([], ["Restarted it"]) == (actions(page), actions(page, headings=["Actions taken"]))


def test_the_title_of_an_expand_or_a_row_across_the_table_is_a_heading_too():
    """People write “Action items” there instead."""
    plain = table(["Task", "Notes"], ["Fix it", ""])
    across = plain.replace("<tbody>", '<tbody><tr><th colspan="2">Action items</th></tr>')
    assert [["Fix it"], ["Fix it"]] == [actions(macro("expand", plain, title="Action items")), actions(across)]


def test_the_mapping_replaces_headers_and_headings():
    """A team has its own words, and “Description” can be one of them."""
    columns = {"action": ["Description", "Maßnahme"], "owner": ["Zuständig"]}
    assert taken(["Maßnahme", "Zuständig"], columns=columns)
    assert taken(["Description", "Zuständig"], columns=columns)
    assert taken(["Task", "Notes"], "<h2>Maßnahmen</h2>", headings=["Maßnahmen"])


@pytest.mark.parametrize(
    "around",
    [
        "<ac:layout><ac:layout-section ac:type='two_equal'><ac:layout-cell>{}</ac:layout-cell></ac:layout-section></ac:layout>",
        macro("expand", "{}"),
        macro("panel", "{}"),
        macro("info", "{}"),
        macro("excerpt", "{}"),
        macro("table-filter", "{}"),
        "<div class='x'>{}</div>",
        "<ac:adf-extension><ac:adf-node type='panel'><ac:adf-content>{}</ac:adf-content></ac:adf-node>"
        "<ac:adf-fallback>{}</ac:adf-fallback></ac:adf-extension>",
    ],
)
def test_a_table_counts_wherever_it_stands(around):
    """Layouts, macros and boxes do not matter, and a fallback is no second table."""
    assert ["Add an alert"] == actions(around.replace("{}", ACTION_TABLE))


@pytest.mark.parametrize(
    "body",
    [
        macro("details", ACTION_TABLE),
        f"<div class='jira-table refresh-module-id'>{ACTION_TABLE}</div>",
        "<table><tr><th>Owner</th><td>Ann</td></tr><tr><th>Action</th><td>Fix</td></tr><tr><th>Due</th><td>x</td></tr></table>",
        '<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA['
        + ACTION_TABLE
        + "]]></ac:plain-text-body></ac:structured-macro>",
        '<h2>Action items</h2><p><ac:structured-macro ac:name="jira"><ac:parameter ac:name="jqlQuery">project = PAY</ac:parameter></ac:structured-macro></p>',
        '<h2>Action items</h2><ul class="inline-task-list"><li><span>&nbsp;</span>Add an alert</li></ul>',
        "<h2>Action items</h2><p><ac:placeholder>Add action items</ac:placeholder></p>",
    ],
)
def test_what_only_looks_like_action_items_is_left_alone(body):
    """Page properties, rendered copies, code samples, queries and hints hold no action items."""
    assert [] == actions(body)


def test_a_cell_that_is_far_too_large_is_no_header():
    """A page laid out in a table has whole chapters in its first row."""
    chapter = f"Action{'<p> </p>' * 1000}"
    assert [] == actions(f"<table>{row([chapter, 'Owner'], 'th')}{row(['Fix', ANN])}</table>")


@pytest.mark.parametrize(
    "head",
    [
        "<thead><tr><td>Action</td><td>Owner</td></tr></thead>",
        "<tr><th>Action</th><th>Owner</th></tr>",
        "<tr><td><strong>Action</strong></td><td><p><b>Owner</b></p></td></tr>",
        "<tr><th><h6><span style='color: red;'>Action</span></h6></th><th scope='col'><p><em>Owner</em></p></th></tr>",
        "<tr><td /><td /></tr><tr><th>Action</th><th>Owner</th></tr>",
        "<tr><td colspan='2'>Follow-ups</td></tr><tr><th>Action</th><th>Owner</th></tr>",
        "<tr><th rowspan='2'>Action</th><th colspan='1'>People</th></tr><tr><th>Owner</th></tr>",
    ],
)
def test_a_header_row_is_told_by_its_looks(head):
    """A table head, header cells or bold cells; a title or an empty row may stand above."""
    assert ["Fix"] == actions(f"<table>{head}<tr><td>Fix</td><td>{ANN}</td></tr></table>")


def test_a_plain_row_is_a_header_when_every_cell_names_a_column():
    """No row of data reads “Task, Owner, Due”; “Task, Owner” alone could be anything."""
    assert ["Fix"] == actions(f"<table>{row(['Task', 'Owner', 'Due'])}{row(['Fix', ANN, DAY])}</table>")
    assert [] == actions(f"<table>{row(['Task', 'Owner'])}{row(['Fix', ANN])}</table>")


def test_the_numbering_column_of_the_editor_is_no_header_column():
    """Its first cell is of the row's kind whatever the others are."""
    first = '<td class="numberingColumn">1</td>'
    head = '<tr><th class="numberingColumn" /><th>Action</th><th>Owner</th></tr>'
    (item,) = read(f"<table>{head}<tr>{first}<td>Fix</td><td>{ANN}</td></tr></table>").items
    assert ("Fix", ()) == (item.action, item.others)


def test_a_table_around_the_action_table_is_a_layout():
    """The innermost table with the right header counts, even where the outer one stands under an action heading."""
    outer = f"{HEADING}{table(['Task', 'Notes'], ['Look here', ACTION_TABLE])}"
    assert ["Add an alert"] == actions(outer)


def test_a_table_in_an_action_cell_is_part_of_its_row():
    """Unless its own header is unmistakable; then both are lists of actions."""
    inner = table(["Option", "Cost"], ["Buy", "9"])
    weak = table(["Item", "Owner"], ["Cable", ANN])
    page = HEADING + table(["Action", "Owner"], [f"Compare{inner}{weak}", ANN])
    assert ["Compare\nOption\nCost\nBuy\n9\nItem\nOwner\nCable"] == actions(page)
    sure = table(["Action", "Owner"], [f"<p>Plan</p>{ACTION_TABLE}", ANN])
    assert ["Plan", "Add an alert"] == actions(sure)


def test_tasks_count_under_an_action_heading():
    """Elsewhere they are somebody's private list."""
    some = tasks(task("Write it down", number=1))
    assert (["Write it down"], []) == (actions(HEADING + some), actions(f"<h2>Agenda</h2>{some}"))


def test_the_mapping_says_whether_tasks_count():
    """Anywhere on the page, under the headings, or never."""
    some = tasks(task("Write it down", number=1))
    assert (["Write it down"], []) == (actions(some, task_lists="anywhere"), actions(HEADING + some, task_lists=False))


def test_every_table_and_list_gets_a_verdict_in_document_order():
    """People see why something was taken or left alone."""
    page = (
        f"{macro('details', '<table><tr><th>Owner</th><td>Ann</td></tr></table>')}{HEADING}{ACTION_TABLE}"
        f"{tasks(task('Write it down'))}<h2>Timeline</h2>{table(['Time', 'Event'], ['10:00', 'Alarm'])}{tasks(task('Lunch'))}"
    )
    assert [
        (0, False, "", "it stands in the page properties macro", ()),
        (
            1,
            True,
            "🚨 Action items",
            "has an action column (“Action”) and an owner column (“Owner”)",
            ("Action", "Owner", "Due"),
        ),
        (2, True, "🚨 Action items", "it stands under “🚨 Action items”", ()),
        (
            3,
            False,
            "Timeline",
            "it begins with a time, so it is a timeline or an agenda",
            ("Time", "Event"),
        ),
        (4, False, "Timeline", "no heading over it announces action items", ()),
    ] == [(each.block, each.taken, each.section, each.reason, each.header) for each in read(page).verdicts]


def test_a_plain_list_where_items_are_announced_is_told_of():
    """It makes no items, and its author learns what would; lists elsewhere, in cells and in tasks are nobody's loss."""
    plain = "<ul><li>Fix it<ol><li>soon</li></ol></li></ul>"
    page = f"{plain}{HEADING}{plain}{table(['Action', 'Owner'], [plain, ANN])}{tasks(task(plain))}<h2>Notes</h2>{plain}"
    found = read(page)
    assert ["Fix it\nsoon"] * 2 == [each.action for each in found.items]
    assert [
        (None, Kind.TASK, False, "🚨 Action items", "a plain list, not a task list; type [] to make tasks"),
        (0, Kind.ROW, True, "🚨 Action items", "has an action column (“Action”) and an owner column (“Owner”)"),
        (1, Kind.TASK, True, "🚨 Action items", "it stands under “🚨 Action items”"),
    ] == [(each.block, each.kind, each.taken, each.section, each.reason) for each in found.verdicts]
    (left,) = read(f"{HEADING}{plain}", task_lists=False).verdicts
    assert "a plain list, and the mapping says that only tables are read (items.task_lists)" == left.reason


@pytest.mark.parametrize(
    ("page", "section"),
    [
        ("<h2>Impact</h2>{panel}", "Follow-up tasks"),
        ("<h2>Impact</h2>{panel_with_heading}", "Prevention"),
        ("<h2>Actions taken</h2>{panel}", "Follow-up tasks"),
        ("<h2>Action items</h2>{note}", "Action items"),
        ("<h2>Action items</h2><h3>Detection</h3>{note}", "Detection"),
        ("{note}", ""),
    ],
)
def test_the_nearest_title_that_means_the_items_is_their_section(page, section):
    """A heading always counts, the title of a panel or expand only when it announces action items."""
    some = tasks(task("Fix"))
    page = page.format(
        panel=macro("panel", some, title="Follow-up tasks"),
        panel_with_heading=macro("panel", f"<h3>Prevention</h3>{some}", title="Follow-up tasks"),
        note=macro("expand", some, title="Click to see more"),
    )
    assert section == item(page, task_lists="anywhere").place.section
    assert [] == actions("<h2>Follow-up tasks</h2><h3>Actions taken</h3>" + some)
    assert ["Fix"] == actions("<h2>Actions taken</h2>" + macro("panel", some, title="Follow-up tasks"))
