"""One Confluence under another address: no row gets a second ticket."""

from __future__ import annotations

from tests.fakes.confluence import SITE
from tests.fakes.wire import Fault, Trouble
from tests.machine.scene import LAG, Scene
from tests.machine.sheet import TICKET, row, sheet
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
