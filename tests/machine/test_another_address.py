"""One Confluence under another address: no row gets a second ticket."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.fakes.confluence import SITE
from tests.fakes.wire import Fault, Trouble
from tests.machine.scene import LAG, Scene
from tests.machine.sheet import ACTION, TICKET, row, sheet
from worker.model.plan import Hold, Wait

RENAMED = "https://acme-new.example/wiki"


def made_and_not_saved() -> tuple[Scene, str]:
    """Two tickets were made, and the worker died before their keys stood on the page."""
    scene = Scene()
    page = scene.write(row("Add an alert"), row("Write the runbook"))
    scene.sync(Fault(Trouble.KILLED_BEFORE, name="save"))
    return scene, page


def later(scene: Scene):
    """Three passes, each beyond the lag; gives the only page as the last one reports it."""
    for _ in range(3):
        scene.world.clock.tick(LAG + 2)
        report = scene.sync()
    (only,) = report.pages
    return only


def test_rows_whose_tickets_the_claims_know_wait_for_a_person() -> None:
    """The finding says which address, and what to do; under the old address all goes on."""
    scene, page = made_and_not_saved()
    scene.world.confluence.site = RENAMED
    told = later(scene)

    assert [Wait.PEOPLE] * 2 == [change.wait for change in told.plan.changes if isinstance(change, Hold)]
    (finding,) = told.plan.findings
    assert "page-copied" == finding.code
    assert f"another address of Confluence ({SITE})" in finding.message
    assert "write missing keys into their rows" in finding.message
    assert 2 == len(scene.world.jira.births)
    scene.world.confluence.site = SITE
    scene.calm_down()

    assert [("PAY-1",), ("PAY-2",)] == [each.keys for each in scene.read(page).rows]


def test_a_create_without_answer_is_waited_for_under_another_address() -> None:
    """The claims do not know its ticket yet, and it may be there."""
    scene = Scene()
    scene.write(row("Add an alert"))
    scene.sync(Fault(Trouble.LOST, name="create"))
    scene.world.confluence.site = RENAMED
    later(scene)

    assert 1 == len(scene.world.jira.births)


def test_keys_written_by_a_person_let_the_page_go_on() -> None:
    """Every ticket that the claims know stands in a row then, so a new row gets one."""
    scene, page = made_and_not_saved()
    scene.world.confluence.site = RENAMED
    later(scene)
    first, second = scene.read(page).rows
    keyed = (first.with_cell(TICKET, "PAY-1"), second.with_cell(TICKET, "PAY-2"), row("Call the bank"))
    scene.save(page, sheet(*keyed))
    later(scene)

    assert ["PAY-3"] == [key for each in scene.read(page).rows for key in each.keys]
    assert 3 == len(scene.world.jira.births)


def test_a_page_that_shows_all_its_tickets_goes_on_under_another_address() -> None:
    """Its rows are linked, and new ones get tickets."""
    scene = Scene()
    page = scene.write(row("Add an alert"))
    scene.sync()
    scene.world.confluence.site = RENAMED
    scene.save(page, sheet(*scene.read(page).rows, row("Call the bank")))
    later(scene)

    assert [("PAY-1",), ("PAY-2",)] == [each.keys for each in scene.read(page).rows]


def nothing(_scene: Scene, _page: str) -> None:
    """The first pass under the new address finds all as it was."""


def new_row(scene: Scene, page: str) -> None:
    """Claims are written under the new address, for the ticket of a new row."""
    scene.save(page, sheet(*scene.read(page).rows, row("Call the bank")))


def new_status(scene: Scene, _page: str) -> None:
    """Claims are written under the new address, for what the page is to show."""
    scene.world.jira.person_edits("PAY-1", status="In Progress")


@pytest.mark.parametrize("meanwhile", [nothing, new_row, new_status])
def test_rows_of_a_restored_version_get_no_second_ticket_under_another_address(
    meanwhile: Callable[[Scene, str], None],
) -> None:
    """They wait for a person, whatever was written under the new address."""
    scene = Scene()
    page = scene.write(row("Add an alert"), row("Write the runbook"))
    scene.sync()
    scene.world.confluence.site = RENAMED
    meanwhile(scene, page)
    later(scene)
    births = len(scene.world.jira.births)
    scene.world.confluence.person_restores(page, 1)
    told = later(scene)

    assert [(Wait.PEOPLE, "PAY-1"), (Wait.PEOPLE, "PAY-2")] == [
        (change.wait, change.ticket) for change in told.plan.changes if isinstance(change, Hold)
    ]
    assert "PAY-1 was made for it under another address of Confluence" in told.plan.changes[0].reason
    assert births == len(scene.world.jira.births)


@pytest.mark.parametrize("meanwhile", [nothing, new_status])
def test_an_address_that_was_another_one_for_a_while_loses_nothing(meanwhile: Callable[[Scene, str], None]) -> None:
    """Tickets that were made under the address that is back are matched as ever, and their keys come back."""
    scene = Scene()
    page = scene.write(row("Add an alert"), row("Write the runbook"))
    scene.sync()
    scene.world.confluence.site = RENAMED
    meanwhile(scene, page)
    later(scene)
    scene.world.confluence.site = SITE
    scene.world.confluence.person_restores(page, 1)
    scene.calm_down()

    assert [("PAY-1",), ("PAY-2",)] == [each.keys for each in scene.read(page).rows]
    assert 2 == len(scene.world.jira.births)


def test_no_ticket_is_edited_under_another_address() -> None:
    """The site may be a copy of the one whose tickets they are."""
    scene = Scene()
    page = scene.write(row("Add an alert"))
    scene.sync()
    scene.world.confluence.site = RENAMED
    (only,) = scene.read(page).rows
    scene.save(page, sheet(only.with_cell(ACTION, "Add an alert for a full disk")))
    told = later(scene)

    assert ["linked to PAY-1 by hand"] == [change.reason for change in told.plan.changes]
    assert "Add an alert" == scene.world.jira.ticket("PAY-1").summary


def test_a_create_without_answer_holds_a_page_on_which_nothing_is_asked_for() -> None:
    """Its claims are not written, so that the old address still finds the ticket."""
    scene = Scene()
    page = scene.write(row("Add an alert"))
    scene.sync(Fault(Trouble.LOST, name="create"))
    kept = [each.value for each in scene.world.confluence.pages[page].properties]
    scene.world.confluence.site = RENAMED
    scene.save(page, sheet())
    later(scene)

    assert kept == [each.value for each in scene.world.confluence.pages[page].properties]
    scene.world.confluence.site = SITE
    scene.world.confluence.person_restores(page, 1)
    scene.calm_down()

    assert [("PAY-1",)] == [each.keys for each in scene.read(page).rows]
    assert 1 == len(scene.world.jira.births)
