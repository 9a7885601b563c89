"""What becomes of the worker's own cells when people write in them, clear them, comment on them or tick a task."""

from __future__ import annotations

import re

import pytest

from tests.lifecycle.life import BORN, SHOWN, STATUS, TICKET, Life

DAY = '<time datetime="2027-01-15" />'
LATER = '<time datetime="2027-02-28" />'
COMMENT = '<ac:inline-comment-marker ac:ref="1f4c2b1e-0000-4000-8000-000000000001">'


def _moves_along(life: Life, status: str = "In Progress") -> None:
    life.jira(lambda jira: jira.transition("PAY-1", status))


def test_key_cleared(life: Life, codes: list[str]) -> None:
    """The page remembers whose ticket it is."""
    life.write(1, TICKET, "")
    life.sync()

    assert codes == life.codes
    assert SHOWN == life.shows()[0]
    assert BORN == life.tickets()["PAY-1"]


def test_key_of_a_task_deleted_and_its_status_left(task_life: Life, codes: list[str]) -> None:
    """The claim knows the status for the worker's, so it is neither a person's word nor a change of the text."""
    link = re.search(r'<a href="[^"]*/browse/PAY-1".*?</a>', task_life.scene.body(task_life.page))
    assert link is not None
    task_life.replace(link.group(), "")
    task_life.sync()

    assert codes == task_life.codes
    assert ["[ ] Add an alert | PAY-1 To Do"] == task_life.shows()
    assert task_life.tickets()["PAY-1"].startswith("Add an alert, Alice Moreau")


def test_words_written_behind_the_key_of_a_task(task_life: Life, codes: list[str]) -> None:
    """They are part of its text; key and status are kept current before them, and a note finds no place."""
    task_life.replace("</ac:task-body>", "<p>Ask Bob first</p></ac:task-body>")
    _moves_along(task_life)
    task_life.jira(lambda jira: jira.person_edits("PAY-1", due="2027-03-31"))
    task_life.sync()

    assert codes == task_life.codes
    assert ["[ ] Add an alert\nAsk Bob first | PAY-1 In Progress"] == task_life.shows()
    assert task_life.tickets()["PAY-1"].startswith("Add an alert; Ask Bob first, Alice Moreau, 2027-03-31")


def test_link_to_another_ticket_behind_the_key_of_a_task(task_life: Life, codes: list[str]) -> None:
    """The task stays with the ticket whose status it shows; the further link is a person's word, formatted or not."""
    further = '<strong>see <a href="https://other.example/browse/OPS-1">OPS-1</a></strong>'
    task_life.replace("</ac:task-body>", f" {further}</ac:task-body>")
    _moves_along(task_life)
    task_life.sync()

    assert codes == task_life.codes
    assert ["[ ] Add an alert see OPS-1 | PAY-1 In Progress"] == task_life.shows()
    assert f" {further}</ac:task-body>" in _body(task_life)
    assert task_life.tickets()["PAY-1"].startswith("Add an alert see OPS-1, Alice Moreau")


def _wrapped(life: Life, opening: str, closing: str, upto: str = "</ac:task-body>") -> None:
    """Somebody puts something around a task's line, from its beginning to some markup."""
    line = re.search(rf"<ac:task-body>(.*?)(?={re.escape(upto)})", life.scene.body(life.page))
    assert line is not None
    life.replace(line.group(1), f"{opening}{line.group(1)}{closing}")


def test_task_struck_out_coloured_or_commented_on_with_its_key(task_life: Life, codes: list[str]) -> None:
    """What people put around a whole line is around the worker's words too, and makes them nobody else's."""
    opening, closing = f'<del><span style="color: red;">{COMMENT}', "</ac:inline-comment-marker></span></del>"
    _wrapped(task_life, opening, closing)
    _moves_along(task_life)
    task_life.sync()

    assert codes == task_life.codes
    assert ["[ ] Add an alert | PAY-1 In Progress"] == task_life.shows()
    assert task_life.tickets()["PAY-1"].startswith("Add an alert, Alice Moreau")
    assert re.search(f"{opening}.*In Progress.*{closing}</ac:task-body>", _body(task_life))


def test_words_written_between_key_and_status_of_a_task(task_life: Life, codes: list[str]) -> None:
    """The key is no word of the task; whoever takes it out gets it anew where nothing of a person's stands around it."""
    status = re.search(r'<ac:structured-macro ac:name="status".*?</ac:structured-macro>', _body(task_life))
    assert status is not None
    task_life.replace(status.group(), f"is still {status.group()}")
    before = _body(task_life)
    _moves_along(task_life)
    task_life.sync()

    assert codes == task_life.codes
    assert "PAY-1 stands amid its words" in task_life.messages[0]
    assert before == _body(task_life)
    assert task_life.tickets()["PAY-1"].startswith("Add an alert, Alice Moreau")

    link = re.search(r'<a href="[^"]*/browse/PAY-1".*?</a>|<ac:structured-macro ac:name="jira".*?macro>', before)
    assert link is not None
    task_life.replace(link.group(), "")
    task_life.sync()

    assert [] == task_life.codes
    assert ["[ ] Add an alert is still | PAY-1 In Progress"] == task_life.shows()
    assert task_life.tickets()["PAY-1"].startswith("Add an alert is still, Alice Moreau")


def test_key_of_a_task_formatted_together_with_words_and_its_status_not(task_life: Life, codes: list[str]) -> None:
    """The worker's place is neither inside the formatting nor outside."""
    _wrapped(task_life, "<strong>", "</strong>", upto=' <ac:structured-macro ac:name="status"')
    before = _body(task_life)
    _moves_along(task_life)
    task_life.sync()

    assert codes == task_life.codes
    assert before == _body(task_life)
    assert task_life.tickets()["PAY-1"].startswith("Add an alert, Alice Moreau")


def _body(life: Life) -> str:
    return life.scene.body(life.page)


@pytest.mark.parametrize(("deployment", "shown"), [("cloud", "PAY-4 | To Do"), ("datacenter", "PAY-4 To Do | To Do")])
def test_key_cleared_and_row_reworded_completely(life: Life, codes: list[str], shown: str) -> None:
    """Whoever takes the key out of a row and writes something else into it has a new item.

    Data Center gives rows no ids, so there nothing says that the status left in such a row was the worker's.
    """
    life.write(1, TICKET, "")
    life.replace("Add an alert", "Hire someone")
    life.sync()

    assert codes == life.codes
    assert f"Hire someone | {shown}" == life.shows()[0]
    assert BORN == life.tickets()["PAY-1"]
    assert BORN.replace("Add an alert", "Hire someone") == life.tickets()["PAY-4"]


def test_keys_of_two_rows_swapped(life: Life, codes: list[str]) -> None:
    """Word for word, each row is the other ticket's; cleared keys come back where they belong."""
    first, second = life.cell(1, TICKET), life.cell(2, TICKET)
    life.edit(lambda body: second.join(part.replace(second, first) for part in body.split(first)))
    life.sync()

    assert codes == life.codes
    assert ["Add an alert | PAY-2 | To Do", "Write the runbook | PAY-1 | To Do"] == life.shows()[:2]
    assert BORN == life.tickets()["PAY-1"]
    assert "PAY-2 stands in the row that PAY-1 was made for, word for word. If keys were swapped" in life.messages[0]

    life.write(1, TICKET, "")
    life.write(2, TICKET, "")
    life.sync()

    assert [SHOWN, "Write the runbook | PAY-2 | To Do"] == life.shows()[:2]


@pytest.mark.parametrize(("deployment", "status"), [("cloud", "In Progress"), ("datacenter", "To Do")])
def test_another_key_written_over(life: Life, codes: list[str], status: str) -> None:
    """The row is linked to the person's ticket: its status is shown, and neither ticket is edited.

    Where the row was changed besides, Data Center's lack of row ids leaves the status to whoever wrote it.
    """
    life.jira(lambda jira: jira.clone_issue("PAY-1"))
    cell = life.cell(1, TICKET)
    life.replace(cell, cell.replace("PAY-1", "PAY-4"))
    life.jira(lambda jira: jira.transition("PAY-4", "In Progress"))
    life.replace(DAY, LATER)
    life.sync()

    assert codes == life.codes
    assert f"Add an alert | PAY-4 | {status}" == life.shows()[0]
    assert BORN == life.tickets()["PAY-1"]
    assert "2027-01-15" in life.tickets()["PAY-4"]


def test_a_person_s_key_cleared(life: Life, codes: list[str]) -> None:
    """A row that was linked by hand and is not any more is an item without a ticket."""
    life.jira(lambda jira: jira.clone_issue("PAY-1"))
    row = f"<tr><td><p>Call them</p></td>{life.cell(1, 1)}{life.cell(1, 2)}{'<td><p></p></td>' * 3}</tr>"
    life.replace(life.row(3), life.row(3) + row.replace("<td><p></p></td></tr>", "<td><p>weekly</p></td></tr>"))
    life.write(4, TICKET, "PAY-4")
    life.sync()

    assert "Call them | PAY-4 | weekly" == life.shows()[3]
    life.write(4, TICKET, "")
    life.sync()

    assert codes == life.codes
    assert "Call them | PAY-5 To Do | weekly" == life.shows()[3]
    assert life.tickets()["PAY-4"].startswith("CLONE - Add an alert")


def test_another_key_written_beside(life: Life, codes: list[str]) -> None:
    """The row goes on with its own ticket, and the cell is left to the person."""
    life.jira(lambda jira: jira.clone_issue("PAY-1"))
    cell = life.cell(1, TICKET)
    life.replace(cell, cell.replace("</p>", " PAY-4</p>", 1))
    _moves_along(life)
    life.replace(DAY, LATER)
    life.sync()

    assert codes == life.codes
    assert "Add an alert | PAY-1 PAY-4 | In Progress" == life.shows()[0]
    assert "Add an alert, Alice Moreau, 2027-02-28, Highest, In Progress" == life.tickets()["PAY-1"]


def test_words_written_in_the_ticket_cell(life: Life, codes: list[str]) -> None:
    """They stay; the ticket still follows, and what the row cannot say any more the finding does."""
    cell = life.cell(1, TICKET)
    life.replace(cell, cell.replace("</p>", " ask Bob</p>", 1))
    _moves_along(life)
    life.jira(lambda jira: jira.person_edits("PAY-1", due="2027-03-31"))
    life.sync()

    assert codes == life.codes
    assert "Add an alert | PAY-1 ask Bob | In Progress" == life.shows()[0]


def test_words_written_in_the_status_cell(life: Life, codes: list[str]) -> None:
    """They stay, and the status goes behind the key."""
    life.write(1, STATUS, "waiting for the vendor")
    _moves_along(life)
    life.sync()

    assert codes == life.codes
    assert "Add an alert | PAY-1 In Progress | waiting for the vendor" == life.shows()[0]


def test_words_written_in_both_own_cells(life: Life, codes: list[str]) -> None:
    """Nothing is said while the status that stands there is right, nor once a cell is free for it."""
    for column in (TICKET, STATUS):
        cell = life.cell(1, column)
        life.replace(cell, cell.replace("</p>", " ask Bob</p>", 1))
    life.sync()

    assert ([], "Add an alert | PAY-1 ask Bob | To Do ask Bob") == (life.codes, life.shows()[0])
    _moves_along(life)
    life.sync()

    assert codes == life.codes
    assert "Add an alert | PAY-1 ask Bob | To Do ask Bob" == life.shows()[0]
    assert "does not say that PAY-1 is In Progress (it shows “To Do”)" in life.messages[0]
    assert life.is_silent()
    life.write(1, STATUS, "")
    life.sync()

    assert ([], "Add an alert | PAY-1 ask Bob | In Progress") == (life.codes, life.shows()[0])


def test_words_written_in_the_ticket_cell_of_a_ticket_that_is_moved(life: Life, codes: list[str]) -> None:
    """The former key stands beside them, and the finding names the new one."""
    cell = life.cell(1, TICKET)
    life.replace(cell, cell.replace("</p>", " ask Bob</p>", 1))
    life.jira(lambda jira: jira.move_issue("PAY-1", "OPS"))
    life.sync()

    assert codes == life.codes
    assert "Add an alert | PAY-1 ask Bob | To Do" == life.shows()[0]
    assert any(
        "does not say that its ticket is OPS-1: its ticket cell says “ask Bob”" in each for each in life.messages
    )
    assert life.is_silent()
    life.write(1, TICKET, "")
    life.sync()

    assert ([], "Add an alert | OPS-1 | To Do") == (life.codes, life.shows()[0])


def test_lozenge_edited(life: Life, codes: list[str]) -> None:
    """It is the person's from then on."""
    cell = life.cell(1, STATUS)
    life.replace(cell, cell.replace("To Do", "Blocked"))
    _moves_along(life)
    life.sync()

    assert codes == life.codes
    assert "Add an alert | PAY-1 In Progress | Blocked" == life.shows()[0]


def test_lozenge_deleted(life: Life, codes: list[str]) -> None:
    """A blank cell is written again."""
    life.write(1, STATUS, "")
    life.sync()

    assert codes == life.codes
    assert SHOWN == life.shows()[0]


def test_note_edited(life: Life, codes: list[str]) -> None:
    """It is the person's from then on, also when it does not hold any more."""
    life.jira(lambda jira: jira.person_edits("PAY-1", due="2027-03-31"))
    life.sync()
    life.replace("The ticket is due", "We know that it is due")
    life.jira(lambda jira: jira.person_edits("PAY-1", due="2027-01-15"))
    _moves_along(life)
    life.sync()

    assert codes == life.codes
    assert "Add an alert | PAY-1 (We know that it is due 2027-03-31.) | In Progress" == life.shows()[0]


def test_note_deleted(life: Life, codes: list[str]) -> None:
    """It comes back for as long as it holds."""
    life.jira(lambda jira: jira.person_edits("PAY-1", due="2027-03-31"))
    life.sync()
    life.write(1, TICKET, "")
    life.sync()

    assert codes == life.codes
    assert "Add an alert | PAY-1 (The ticket is due 2027-03-31.) | To Do" == life.shows()[0]


def test_comment_on_the_status(life: Life, codes: list[str]) -> None:
    """A comment's anchor is never removed, so the status goes behind the key."""
    cell = life.cell(1, STATUS)
    around = cell.replace("<ac:structured-macro", f"{COMMENT}<ac:structured-macro")
    life.replace(cell, around.replace("</ac:structured-macro>", "</ac:structured-macro></ac:inline-comment-marker>"))
    _moves_along(life)
    life.sync()

    assert codes == life.codes
    assert "Add an alert | PAY-1 In Progress | To Do" == life.shows()[0]
    assert COMMENT in life.scene.body(life.page)


def test_comment_on_the_key(life: Life, codes: list[str]) -> None:
    """The cell is left alone; what would stand there the finding says."""
    cell = life.cell(1, TICKET)
    life.replace(cell, cell.replace("<a ", f"{COMMENT}<a ").replace("</a>", "</a></ac:inline-comment-marker>"))
    life.jira(lambda jira: jira.person_edits("PAY-1", due="2027-03-31"))
    _moves_along(life)
    life.sync()

    assert codes == life.codes
    assert "Add an alert | PAY-1 | In Progress" == life.shows()[0]
    assert COMMENT in life.scene.body(life.page)


def _ticks(life: Life, *, done: bool = True) -> None:
    life.confluence(lambda confluence, who: confluence.person_ticks(life.page.id, "1", who, done=done))


def test_task_ticked(task_life: Life, codes: list[str]) -> None:
    """Jira is asked for done, where exactly one transition leads there."""
    _moves_along(task_life)
    _ticks(task_life)
    task_life.sync()

    assert codes == task_life.codes
    assert ["[x] Add an alert | PAY-1 Done"] == task_life.shows()
    assert task_life.tickets()["PAY-1"].endswith("Done")


def test_task_ticked_where_no_way_leads_to_done(task_life: Life, codes: list[str]) -> None:
    """Jira is asked once; the tick stays."""
    _ticks(task_life)
    planned = task_life.scene.plan()
    report = task_life.sync()

    assert codes == task_life.codes
    assert (0, 1) == (report.totals.updated, report.totals.kept) == (planned.totals.updated, planned.totals.kept)
    assert [each.plan.findings for each in planned.pages] == [each.plan.findings for each in report.pages]
    assert "no transition leads there" in task_life.messages[0]
    assert ["[x] Add an alert | PAY-1 To Do"] == task_life.shows()
    assert task_life.tickets()["PAY-1"].endswith("To Do")


def test_task_unticked_while_its_ticket_is_done(task_life: Life, codes: list[str]) -> None:
    """Reopening is done in Jira."""
    _moves_along(task_life, "Done")
    task_life.sync()
    _ticks(task_life, done=False)
    task_life.sync()

    assert codes == task_life.codes
    assert ["[x] Add an alert | PAY-1 Done"] == task_life.shows()
    assert task_life.tickets()["PAY-1"].endswith("Done")
