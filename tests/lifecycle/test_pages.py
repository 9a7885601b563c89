"""What becomes of tickets when their page is copied, moved, restricted, archived or set back."""

from __future__ import annotations

from tests.lifecycle.life import BORN, SHOWN, Life

ALL = {"PAY-1", "PAY-2", "PAY-3"}


def test_page_copied_with_its_properties(life: Life, codes: list[str]) -> None:
    """Claims name their page, so the copy's count for nothing; its rows are held."""
    copy = life.copy(with_properties=True)
    report = life.sync()

    assert codes == life.codes
    assert 3 == report.totals.held
    assert SHOWN == life.shows(copy)[0]
    assert ALL == set(life.tickets())


def test_page_copied_without_its_properties(life: Life, codes: list[str]) -> None:
    """Tickets name the page they were made for."""
    copy = life.copy()
    report = life.sync()

    assert codes == life.codes
    assert 3 == report.totals.held
    assert SHOWN == life.shows(copy)[0]
    assert ALL == set(life.tickets())


def test_page_made_from_a_template_with_keys(life: Life, codes: list[str]) -> None:
    """Keys that came along edit nothing."""
    other = life.scene.page(life.scene.body(life.page).replace("Add an alert", "Restart the queue"), title="Another")
    life.sync()

    assert codes == life.codes
    assert "Restart the queue | PAY-1 | To Do" == life.shows(other)[0]
    assert BORN == life.tickets()["PAY-1"]


def test_key_deleted_on_the_copied_page(life: Life, codes: list[str]) -> None:
    """As the finding says: the row gets a ticket of its own."""
    copy = life.copy()
    life.sync()
    life.page, original = copy, life.page
    for row in (1, 2, 3):
        life.write(row, 4, "")
    life.sync()

    assert codes == life.codes
    assert ["Add an alert | PAY-4 To Do | To Do", SHOWN] == [life.shows()[0], life.shows(original)[0]]


def test_copied_page_adopted(life: Life, codes: list[str]) -> None:
    """Its rows are tracked from then on, and those of the original are linked."""
    copy = life.copy()
    life.sync(adopt=frozenset({copy.id}))
    report = life.sync()

    assert codes == life.codes
    assert 0 == report.exit
    life.edit(lambda body: body.replace("2027-01-15", "2027-02-28"), copy)
    life.edit(lambda body: body.replace("2027-01-16", "2027-02-28"))
    life.jira(lambda jira: jira.transition("PAY-1", "In Progress"))
    life.sync()

    assert 2 * ["Add an alert | PAY-1 | In Progress"] == [life.shows()[0], life.shows(copy)[0]]
    assert "Add an alert, Alice Moreau, 2027-02-28, Highest, In Progress" == life.tickets()["PAY-1"]
    assert "2027-01-16" in life.tickets()["PAY-2"]


def test_original_adopted_back(life: Life, codes: list[str]) -> None:
    """Each ticket comes back to the item that it was made for here, so none counts as gone."""
    copy = life.copy()
    life.sync(adopt=frozenset({copy.id}))
    life.sync(adopt=frozenset({life.page.id}))
    life.sync()

    assert codes == life.codes
    life.edit(lambda body: body.replace("2027-01-15", "2027-02-28"))
    life.edit(lambda body: body.replace("2027-01-16", "2027-02-28"), copy)
    life.sync()

    assert codes == life.codes
    assert BORN.replace("2027-01-15", "2027-02-28") == life.tickets()["PAY-1"]
    assert "2027-01-16" in life.tickets()["PAY-2"]
    life.edit(lambda body: body.replace(life.row(1), ""))
    life.sync()

    assert ["ticket-not-on-page"] == life.codes


def test_page_renamed(life: Life, codes: list[str]) -> None:
    """Pages are known by id."""
    body = life.scene.body(life.page)
    life.confluence(lambda confluence, who: confluence.person_saves(life.page.id, body, who, title="Refund outage"))
    life.sync()

    assert codes == life.codes
    assert SHOWN == life.shows()[0]
    assert ALL == set(life.tickets())


def test_page_moved(life: Life, codes: list[str]) -> None:
    """Within what the mapping selects."""
    parent = life.scene.page("<p>Post-mortems of 2026</p>", title="2026")
    life.confluence(lambda confluence, _: confluence.move_page(life.page.id, parent.id))
    life.sync()

    assert codes == life.codes
    assert SHOWN == life.shows()[0]
    assert ALL == set(life.tickets())


def test_page_moved_to_another_space(life: Life, codes: list[str]) -> None:
    """Out of what the mapping selects: its tickets are named, and why it is not listed."""
    overview = life.scene.page("<p>Everything</p>", title="Overview", labels=[], space="OPS")
    life.confluence(lambda confluence, _: confluence.move_page(life.page.id, overview.id))
    report = life.sync()

    assert codes == life.codes
    assert [] == life.pages
    assert 0 == report.exit
    (message,) = life.messages
    assert message.startswith("PAY-1, PAY-2, PAY-3 were made from “Checkout outage” (http")
    assert "which is in the space OPS now, so no mapping of this worker selects it." in message
    home = life.scene.page("<p>Everything</p>", title="Home", labels=[])
    life.confluence(lambda confluence, _: confluence.move_page(life.page.id, home.id))
    life.sync()

    assert [] == life.codes
    assert SHOWN == life.shows()[0]


def test_page_archived_or_deleted(life: Life, codes: list[str], deployment: str) -> None:
    """It is not found any more; it goes on when it is restored."""
    said = life.put_away()
    life.jira(lambda jira: jira.transition("PAY-1", "In Progress"))
    life.sync()

    assert codes == life.codes
    assert [] == life.pages
    assert SHOWN == life.shows()[0]
    assert said in life.messages[0]
    life.confluence(lambda confluence, _: confluence.trash(life.page.id))
    for key in ("PAY-1", "PAY-2"):
        life.jira(lambda jira, of=key: jira.transition(of, "Done"))
    life.sync()

    assert [] == life.pages
    gone = f"page {life.page.id}, which is deleted, or hidden from the worker's account, so no mapping of this worker selects it."
    whose, why = {
        "cloud": ("“Checkout outage” (http", "which is trashed, so no mapping of this worker selects it."),
        "datacenter": (gone, gone),
    }[deployment]
    assert life.messages[0].startswith(f"PAY-3 was made from {whose}")
    assert why in life.messages[0]
    life.jira(lambda jira: jira.transition("PAY-1", "In Progress"))
    life.confluence(lambda confluence, _: confluence.unarchive(life.page.id))
    life.sync()

    assert "Add an alert | PAY-1 | In Progress" == life.shows()[0]


def test_page_loses_its_label(life: Life, codes: list[str]) -> None:
    """It is no post-mortem of the team's any more; it goes on when the label is back."""
    life.confluence(lambda confluence, who: confluence.remove_label(life.page.id, "post-mortem", who))
    life.jira(lambda jira: jira.transition("PAY-1", "In Progress"))
    life.sync()

    assert codes == life.codes
    assert [] == life.pages
    assert SHOWN == life.shows()[0]
    assert "which lacks the label post-mortem, so" in life.messages[0]
    life.confluence(lambda confluence, who: confluence.add_labels(life.page.id, ["post-mortem"], who))
    life.sync()

    assert "Add an alert | PAY-1 | In Progress" == life.shows()[0]


def test_page_made_read_only_for_the_worker(life: Life, codes: list[str]) -> None:
    """A ticket can still follow; what would have to be written on the page is said to have failed."""
    life.confluence(lambda confluence, who: confluence.restrict(life.page.id, editors=[who]))
    life.replace("2027-01-16", "2027-02-28")
    life.jira(lambda jira: jira.transition("PAY-1", "In Progress"))
    report = life.sync()

    assert 3 == report.exit
    assert codes == life.codes
    assert (1, 1) == (report.totals.failed, report.totals.updated)
    assert SHOWN == life.shows()[0]
    assert "2027-02-28" in life.tickets()["PAY-2"]
    life.confluence(lambda confluence, _: confluence.restrict(life.page.id))
    life.sync()

    assert "Add an alert | PAY-1 | In Progress" == life.shows()[0]


def test_reading_the_page_restricted(life: Life, codes: list[str]) -> None:
    """Nothing of it goes to Jira any more, unless the mapping says so."""
    worker = life.scene.sandbox.world.worker.account_id
    life.confluence(lambda confluence, who: confluence.restrict(life.page.id, readers=[who, worker]))
    life.replace("2027-01-15", "2027-02-28")
    life.jira(lambda jira: jira.transition("PAY-1", "In Progress"))
    life.sync()

    assert codes == life.codes
    assert SHOWN == life.shows()[0]
    assert "2027-01-15" in life.tickets()["PAY-1"]


def test_page_hidden_from_the_worker(life: Life, codes: list[str]) -> None:
    """What cannot be seen is not listed; its tickets are, without a word of what the page says."""
    life.confluence(lambda confluence, who: confluence.restrict(life.page.id, readers=[who]))
    life.sync()

    assert codes == life.codes
    assert f"page {life.page.id}, which is deleted, or hidden from the worker's account" in life.messages[0]
    assert [] == life.pages
    assert ALL == set(life.tickets())


def test_old_version_restored(life: Life, codes: list[str]) -> None:
    """From before the keys: they come back, and no ticket is made."""
    life.confluence(lambda confluence, who: confluence.restore_version(life.page.id, 1, who))
    life.sync()

    assert codes == life.codes
    assert SHOWN == life.shows()[0]
    assert ALL == set(life.tickets())


def test_old_version_restored_after_rewording_step_by_step(life: Life, codes: list[str]) -> None:
    """The row reads as when it was first claimed, so it is that item, though no word is left of what it said last."""
    life.replace("Add an alert", "Add an alert and a refund dashboard")
    life.sync()
    life.replace("Add an alert and a refund dashboard", "Build the refund dashboard")
    life.sync()
    life.confluence(lambda confluence, who: confluence.restore_version(life.page.id, 1, who))
    life.sync()

    assert codes == life.codes
    assert SHOWN == life.shows()[0]
    assert ALL == set(life.tickets())
    assert BORN == life.tickets()["PAY-1"]
