"""What becomes of a row when its ticket is moved, closed, reopened, hidden, deleted or cloned in Jira."""

from __future__ import annotations

import pytest

from tests.lifecycle.life import BORN, SHOWN, STATUS, TICKET, Life


def test_ticket_moved_to_another_project(life: Life, codes: list[str]) -> None:
    """Its key changes; it is known by id, and still follows."""
    life.jira(lambda jira: jira.move_issue("PAY-1", "OPS"))
    life.sync()

    assert codes == life.codes
    assert "Add an alert | OPS-1 | To Do" == life.shows()[0]
    life.replace("2027-01-15", "2027-02-28")
    life.sync()

    assert BORN.replace("2027-01-15", "2027-02-28") == life.tickets()["OPS-1"]


def test_ticket_given_another_type(life: Life, codes: list[str]) -> None:
    """The mapping's type is for new tickets."""
    life.jira(lambda jira: jira.person_edits("PAY-1", type="10002"))
    life.sync()

    assert codes == life.codes
    assert SHOWN == life.shows()[0]
    assert "10002" == life.scene.issues()[0].type


def test_ticket_deleted(life: Life, codes: list[str]) -> None:
    """It cannot be told from a hidden one, so nothing is made anew; another key is the way out."""
    life.jira(lambda jira: jira.delete_issue("PAY-1"))
    life.sync()

    assert codes == life.codes
    assert SHOWN == life.shows()[0]
    assert {"PAY-2", "PAY-3"} == set(life.tickets())
    life.jira(lambda jira: jira.clone_issue("PAY-2"))
    life.write(1, TICKET, "PAY-4")
    life.sync()

    assert ["ticket-not-on-page"] == life.codes


def test_ticket_deleted_and_its_key_cleared(life: Life, codes: list[str]) -> None:
    """Nor then."""
    life.jira(lambda jira: jira.delete_issue("PAY-1"))
    life.write(1, TICKET, "")
    life.write(1, STATUS, "")
    life.sync()

    assert codes == life.codes
    assert "Add an alert |  |" == life.shows()[0]
    assert {"PAY-2", "PAY-3"} == set(life.tickets())


def test_ticket_hidden_from_the_worker(life: Life, codes: list[str]) -> None:
    """Its last status stays, and its row is not lost."""
    life.jira(lambda jira: jira.hide("PAY-1", life.scene.sandbox.world.worker.account_id))
    life.replace("2027-01-15", "2027-02-28")
    life.sync()

    assert codes == life.codes
    assert SHOWN == life.shows()[0]
    assert BORN == life.tickets()["PAY-1"]


def test_ticket_done(life: Life, codes: list[str]) -> None:
    """It is left in peace: what changes on the row afterwards does not reach it."""
    life.jira(lambda jira: jira.transition("PAY-1", "Done"))
    life.replace("2027-01-15", "2027-02-28")
    life.sync()

    assert codes == life.codes
    assert "Add an alert | PAY-1 | Done" == life.shows()[0]
    assert BORN.replace("To Do", "Done") == life.tickets()["PAY-1"]


def test_ticket_reopened(life: Life, codes: list[str]) -> None:
    """What changed on the row while it was done reaches it now."""
    life.jira(lambda jira: jira.transition("PAY-1", "Done"))
    life.sync()
    life.replace("2027-01-15", "2027-02-28")
    life.sync()
    life.jira(lambda jira: jira.transition("PAY-1", "To Do"))
    life.sync()

    assert codes == life.codes
    assert SHOWN == life.shows()[0]
    assert BORN.replace("2027-01-15", "2027-02-28") == life.tickets()["PAY-1"]


def test_ticket_of_a_task_done(task_life: Life, codes: list[str]) -> None:
    """The task is ticked, and unticked when the ticket is reopened."""
    task_life.jira(lambda jira: jira.transition("PAY-1", "Done"))
    task_life.sync()

    assert codes == task_life.codes
    assert ["[x] Add an alert | PAY-1 Done"] == task_life.shows()
    task_life.jira(lambda jira: jira.transition("PAY-1", "In Progress"))
    task_life.sync()

    assert ["[ ] Add an alert | PAY-1 In Progress"] == task_life.shows()


@pytest.mark.parametrize(("deployment", "status"), [("cloud", "In Progress"), ("datacenter", "To Do")])
def test_ticket_cloned_and_the_clone_s_key_pasted(life: Life, codes: list[str], status: str) -> None:
    """A clone that took the origin along is still not ours: the claim knows the real one.

    Where the row was changed besides, Data Center's lack of row ids leaves the status to whoever wrote it.
    """
    life.jira(lambda jira: jira.clone_issue("PAY-1", with_properties=True))
    cell = life.cell(1, TICKET)
    life.replace(cell, cell.replace("PAY-1", "PAY-4"))
    life.jira(lambda jira: jira.transition("PAY-4", "In Progress"))
    life.replace("2027-01-15", "2027-02-28")
    life.sync()

    assert codes == life.codes
    assert f"Add an alert | PAY-4 | {status}" == life.shows()[0]
    assert [BORN, "2027-01-15"] == [life.tickets()["PAY-1"], str(life.scene.issues()[3].due)]


def test_status_moved_within_its_category(life: Life, codes: list[str]) -> None:
    """Not worth a version of the page, unless the mapping says so; it comes along with the next save."""
    life.jira(lambda jira: jira.transition("PAY-1", "In Progress"))
    life.sync()
    life.jira(lambda jira: jira.transition("PAY-1", "In Review"))
    life.sync()

    assert codes == life.codes
    assert "Add an alert | PAY-1 | In Progress" == life.shows()[0]
    life.jira(lambda jira: jira.transition("PAY-2", "In Progress"))
    life.sync()

    assert "Add an alert | PAY-1 | In Review" == life.shows()[0]


def test_status_of_a_task_called_like_a_note(task_life: Life, codes: list[str]) -> None:
    """The note is the one that a sentence follows."""
    task_life.jira(lambda jira: jira.rename_status("PAY", "To Do", "No ticket"))
    task_life.jira(lambda jira: jira.person_edits("PAY-1", due="2027-03-31"))
    task_life.sync()

    assert codes == task_life.codes
    assert ["[ ] Add an alert | PAY-1 No ticket (The ticket is due 2027-03-31.)"] == task_life.shows()

    task_life.jira(lambda jira: jira.person_edits("PAY-1", due="2027-01-15"))
    task_life.sync()

    assert codes == task_life.codes
    assert ["[ ] Add an alert | PAY-1 No ticket"] == task_life.shows()


def test_status_renamed_in_jira(life: Life, codes: list[str]) -> None:
    """As with any status of the same category."""
    life.jira(lambda jira: jira.rename_status("PAY", "To Do", "Backlog"))
    life.sync()

    assert codes == life.codes
    assert SHOWN == life.shows()[0]
    life.jira(lambda jira: jira.transition("PAY-2", "In Progress"))
    life.sync()

    assert "Add an alert | PAY-1 | Backlog" == life.shows()[0]
