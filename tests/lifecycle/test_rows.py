"""What becomes of tickets when people sort, move, split, merge, copy and delete rows, and rebuild tables."""

from __future__ import annotations

import re

from tests.lifecycle.life import BORN, HEADER, SHOWN, STATUS, TASKS, TICKET, Life, blank, task
from tests.passes.stage import table

RUNBOOK, KEYS = "Write the runbook | PAY-2 | To Do", "Rotate the keys | PAY-3 | To Do"


def _without_key(row: str) -> str:
    cells = re.findall(r"<td.*?</td>", row, re.DOTALL)
    for column in (TICKET, STATUS):
        row = row.replace(cells[column], "<td><p></p></td>")
    return row


def test_rows_sorted(life: Life, codes: list[str]) -> None:
    """The key goes with its row."""
    first, second, third = (life.row(number) for number in (1, 2, 3))
    life.replace(first + second + third, third + second + first)
    life.sync()

    assert codes == life.codes
    assert [KEYS, RUNBOOK, SHOWN] == life.shows()
    assert BORN == life.tickets()["PAY-1"]


def test_row_moved_to_another_table(life: Life, codes: list[str]) -> None:
    """Of the same page."""
    header, row = life.row(0), life.row(1)
    other = f"<h2>Follow-up</h2><table><tbody>{header}{row}</tbody></table>"
    life.edit(lambda body: body.replace(row, "") + other)
    life.sync()

    assert codes == life.codes
    assert [RUNBOOK, KEYS, SHOWN] == life.shows()
    assert BORN == life.tickets()["PAY-1"]


def test_row_moved_to_another_page(life: Life, codes: list[str]) -> None:
    """Held there, and missed here, until the other page adopts it."""
    other = life.scene.page(f"<h2>Action items</h2><table><tbody>{life.row(0)}{life.row(1)}</tbody></table>", "Another")
    life.replace(life.row(1), "")
    life.sync()

    assert codes == life.codes
    assert [[RUNBOOK, KEYS], [SHOWN]] == [life.shows(), life.shows(other)]
    assert {"PAY-1", "PAY-2", "PAY-3"} == set(life.tickets())

    life.sync(adopt=frozenset({other.id}))
    life.edit(lambda body: body.replace("2027-01-15", "2027-02-28"), other)
    life.sync()

    assert [] == life.codes
    assert BORN.replace("2027-01-15", "2027-02-28") == life.tickets()["PAY-1"]


def test_row_split_in_two(life: Life, codes: list[str]) -> None:
    """The part that keeps the key keeps the ticket, the other part is new."""
    old = life.row(1)
    half = old.replace("Add an alert", "Add an alert for payouts")
    life.replace(old, half + _without_key(old.replace("Add an alert", "Add an alert for refunds")))
    life.sync()

    assert codes == life.codes
    assert ["Add an alert for payouts | PAY-1 | To Do", "Add an alert for refunds | PAY-4 | To Do"] == life.shows()[:2]
    assert BORN.replace("alert", "alert for payouts") == life.tickets()["PAY-1"]
    assert BORN.replace("alert", "alert for refunds") == life.tickets()["PAY-4"]


def test_two_rows_merged(life: Life, codes: list[str]) -> None:
    """The row that is gone leaves its ticket behind."""
    life.replace(life.row(2), "")
    life.replace("Add an alert", "Add an alert and write the runbook")
    life.sync()

    assert codes == life.codes
    assert ["Add an alert and write the runbook | PAY-1 | To Do", KEYS] == life.shows()
    assert BORN.replace("alert", "alert and write the runbook") == life.tickets()["PAY-1"]
    assert life.tickets()["PAY-2"].startswith("Write the runbook")


def test_two_rows_merged_with_both_keys(life: Life, codes: list[str]) -> None:
    """Which of two tickets the row is about is for people to say."""
    key = re.search(r"<p.*</p>", life.cell(2, TICKET), re.DOTALL)
    assert key is not None
    life.replace(life.row(2), "")
    cell = life.cell(1, TICKET)
    life.replace(cell, cell.replace("</td>", f"{key.group()}</td>"))
    life.sync()

    assert codes == life.codes
    assert ["Add an alert | PAY-1 PAY-2 | To Do", KEYS] == life.shows()
    assert BORN == life.tickets()["PAY-1"]


def test_row_copied_with_its_key(life: Life, codes: list[str]) -> None:
    """The original goes on, the copy is held."""
    row = life.row(1)
    life.edit(lambda body: body.replace(row, row.replace("Add an alert", "Add a dashboard") + row))
    life.sync()

    assert codes == life.codes
    assert ["Add a dashboard | PAY-1 | To Do", SHOWN] == life.shows()[:2]
    assert {"PAY-1", "PAY-2", "PAY-3"} == set(life.tickets())
    assert BORN == life.tickets()["PAY-1"]


def test_row_copied_without_its_key(life: Life, codes: list[str]) -> None:
    """It says exactly the same, so it is one item."""
    row = life.row(1)
    life.replace(row, row + _without_key(row))
    life.sync()

    assert codes == life.codes
    note = "(Another row says exactly the same: delete this one, or write what differs.)"
    assert [SHOWN, f"Add an alert | {note} |"] == life.shows()[:2]
    assert {"PAY-1", "PAY-2", "PAY-3"} == set(life.tickets())


def test_identical_rows_written(life: Life, codes: list[str]) -> None:
    """One ticket, for the row that stands first; it passes on when that one is deleted."""
    last = life.row(3)
    row = blank("Call them").replace("<td><p></p></td>" * 2, life.cell(1, 1) + life.cell(1, 2), 1)
    life.replace(last, last + row + row)
    life.sync()

    assert codes == life.codes
    note = "(Another row says exactly the same: delete this one, or write what differs.)"
    assert ["Call them | PAY-4 | To Do", f"Call them | {note} |"] == life.shows()[3:]

    life.replace(life.row(4), "")
    life.sync()

    assert ["Call them | PAY-4 | To Do"] == life.shows()[3:]
    assert {"PAY-1", "PAY-2", "PAY-3", "PAY-4"} == set(life.tickets())


def test_row_deleted(life: Life, codes: list[str]) -> None:
    """Absence is no instruction."""
    life.replace(life.row(1), "")
    life.sync()

    assert codes == life.codes
    assert [RUNBOOK, KEYS] == life.shows()
    assert BORN == life.tickets()["PAY-1"]

    life.jira(lambda jira: jira.transition("PAY-1", "Done"))
    life.sync()

    assert [] == life.codes


def test_row_brought_back(life: Life, codes: list[str]) -> None:
    """From the history with its key, or typed again without: it is the same item."""
    row = life.row(1)
    life.replace(row, "")
    life.sync()
    life.replace(life.row(1), row + life.row(1))
    life.sync()

    assert codes == life.codes
    assert [SHOWN, RUNBOOK, KEYS] == life.shows()

    life.replace(life.row(1), "")
    life.sync()
    life.replace(life.row(2), life.row(2) + _without_key(row))
    life.sync()

    assert [RUNBOOK, KEYS, SHOWN] == life.shows()
    assert {"PAY-1", "PAY-2", "PAY-3"} == set(life.tickets())


def test_action_emptied(life: Life, codes: list[str]) -> None:
    """The key still says which ticket it is, and nothing is taken from an empty cell."""
    life.write(1, 0, "")
    life.sync()

    assert codes == life.codes
    assert "| PAY-1 | To Do" == life.shows()[0]
    assert BORN == life.tickets()["PAY-1"]


def test_row_marked_done(life: Life, codes: list[str]) -> None:
    """A word in the status cell closes nothing."""
    life.write(1, STATUS, "Done")
    life.sync()

    assert codes == life.codes
    assert "Add an alert | PAY-1 To Do | Done" == life.shows()[0]
    assert BORN == life.tickets()["PAY-1"]


def test_row_declined(life: Life, codes: list[str]) -> None:
    """The team has to close the ticket itself."""
    life.write(1, STATUS, "not doing")
    life.sync()

    assert codes == life.codes
    assert "Add an alert | PAY-1 To Do | not doing" == life.shows()[0]
    assert BORN == life.tickets()["PAY-1"]


def test_header_renamed_to_a_synonym(life: Life, codes: list[str]) -> None:
    """Columns are read by what their headers mean."""
    life.replace(">Action<", ">What<")
    life.replace(">Ticket<", ">Jira<")
    life.sync()

    assert codes == life.codes
    assert [SHOWN, RUNBOOK, KEYS] == life.shows()
    assert BORN == life.tickets()["PAY-1"]


def test_action_header_renamed_to_nonsense(life: Life, codes: list[str]) -> None:
    """The table is not recognised any more, and the guard holds the page; it is as if nothing happened once undone."""
    life.replace(">Action<", ">Blurb<")
    report = life.sync()

    assert 4 == report.exit
    assert codes == life.codes
    assert [] == life.shows()
    assert BORN == life.tickets()["PAY-1"]

    life.replace(">Blurb<", ">Action<")
    life.sync()

    assert [] == life.codes
    assert [SHOWN, RUNBOOK, KEYS] == life.shows()


def test_ticket_header_renamed_to_nonsense(life: Life, codes: list[str]) -> None:
    """The column goes on, for its keys stand in the rows that they were made for; it serves new rows too."""
    life.replace(">Ticket<", ">Blurb<")
    life.jira(lambda jira: jira.transition("PAY-1", "In Progress"))
    life.sync()

    assert codes == life.codes
    assert 6 == life.row(1).count("<td")
    assert "In Progress" in life.cell(1, STATUS)
    life.edit(lambda body: body.replace("</tbody>", f"{blank('Page the vendor')}</tbody>"))
    life.sync()

    assert "PAY-4" in life.cell(4, TICKET)
    life.replace(">Blurb<", ">Ticket<")
    life.sync()

    assert ["Add an alert | PAY-1 | In Progress", RUNBOOK, KEYS] == life.shows()[:3]
    assert {"PAY-1", "PAY-2", "PAY-3", "PAY-4"} == set(life.tickets())


def test_ticket_header_renamed_and_its_keys_cleared(life: Life, codes: list[str]) -> None:
    """Nothing tells it from a column of people's any more, so the worker gets one of its own."""
    life.replace(">Ticket<", ">Blurb<")
    for number in (1, 2, 3):
        life.write(number, TICKET, "")
    life.sync()

    assert codes == life.codes
    assert [SHOWN, RUNBOOK, KEYS] == life.shows()
    assert 7 == life.row(1).count("<td")
    assert {"PAY-1", "PAY-2", "PAY-3"} == set(life.tickets())


def test_ticket_or_status_column_deleted(life: Life, codes: list[str]) -> None:
    """The page remembers whose tickets they are; without a status cell the status goes behind the key."""
    for number in range(4):
        row = life.row(number)
        life.replace(row, row.replace(life.cell(number, TICKET), ""))
    life.sync()

    assert codes == life.codes
    assert [SHOWN, RUNBOOK, KEYS] == life.shows()

    for number in range(4):
        row = life.row(number)
        life.replace(row, row.replace(life.cell(number, TICKET), ""))  # the status column stands there now
    life.sync()

    assert ["Add an alert | PAY-1 To Do", "Write the runbook | PAY-2 To Do"] == life.shows()[:2]
    assert {"PAY-1", "PAY-2", "PAY-3"} == set(life.tickets())


def test_column_inserted(life: Life, codes: list[str]) -> None:
    """Wherever it stands."""
    for number in range(4):
        owner = life.cell(number, 1)
        row = life.row(number)
        life.replace(row, row.replace(owner, ("<td><p>Core</p></td>" if number else "<th><p>Team</p></th>") + owner, 1))
    life.sync()

    assert codes == life.codes
    assert [SHOWN, RUNBOOK, KEYS] == life.shows()
    assert BORN == life.tickets()["PAY-1"]


def test_table_turned_into_a_task_list_and_back(life: Life, codes: list[str]) -> None:
    """Equal texts are the same items, whatever holds them; the worker knows its status from before."""
    before = life.scene.body(life.page)
    who = re.search(r"<ac:link>.*?</ac:link>", life.row(1), re.DOTALL)
    assert who is not None
    texts = ("Add an alert", "Write the runbook", "Rotate the keys")
    listed = (
        task(number, f'{text} {who.group()} <time datetime="2027-01-{14 + number}" />')
        for number, text in enumerate(texts, 1)
    )
    life.edit(lambda _: TASKS.format("".join(listed)))
    life.sync()

    assert codes == life.codes
    assert ["[ ] Add an alert | PAY-1 To Do", "[ ] Write the runbook | PAY-2 To Do"] == life.shows()[:2]

    life.jira(lambda jira: jira.transition("PAY-1", "In Progress"))
    life.sync()
    life.jira(lambda jira: jira.transition("PAY-1", "Done"))
    life.sync()
    life.edit(lambda _: before)
    life.sync()

    assert ["Add an alert | PAY-1 | Done", RUNBOOK, KEYS] == life.shows()
    assert {"PAY-1", "PAY-2", "PAY-3"} == set(life.tickets())


def test_page_emptied(life: Life, codes: list[str]) -> None:
    """The guard holds it; once the text is back it is as if nothing happened."""
    before = life.scene.body(life.page)
    life.edit(lambda _: "<p>Moved to the archive.</p>")
    report = life.sync()

    assert 4 == report.exit
    assert codes == life.codes
    assert all("To Do" in told for told in life.tickets().values())
    life.edit(lambda _: before)
    life.sync()

    assert [SHOWN, RUNBOOK, KEYS] == life.shows()
    assert {"PAY-1", "PAY-2", "PAY-3"} == set(life.tickets())


def test_heading_over_a_task_list_renamed_to_nonsense(task_life: Life, codes: list[str]) -> None:
    """The list is not read any more; the task goes on when the heading is back."""
    task_life.replace("Action items", "Weather")
    task_life.sync()

    assert codes == task_life.codes
    assert [] == task_life.shows()
    assert task_life.tickets()["PAY-1"].endswith("To Do")
    task_life.replace("Weather", "Action items")
    task_life.sync()

    assert ["[ ] Add an alert | PAY-1 To Do"] == task_life.shows()


def test_table_shrunk_by_more_than_half(life: Life, codes: list[str]) -> None:
    """The page waits for a person, whose approval makes the rest the new normal; no ticket is closed."""
    texts = ("Paint it", "Clean it", "Order it", "Break it", "Mend it")
    life.edit(lambda _: table(*((text, "Alice", "2027-01-15", "", "", "") for text in texts), header=HEADER))
    life.sync(approve=frozenset({life.page.id}))
    for _ in range(3):
        life.replace(life.row(3), "")
    held = life.sync()

    assert 4 == held.exit
    assert codes == [code for code in life.codes if code != "owner-unknown"]

    approved = life.sync(approve=frozenset({life.page.id}))

    assert 0 == approved.exit
    assert ["owner-unknown", "ticket-not-on-page"] == life.codes
    assert 8 == len(life.tickets())
    assert all("To Do" in told for told in life.tickets().values())
