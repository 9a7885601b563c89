"""Open tickets whose page is not listed any more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.passes.stage import Stage, actions, person, stage
from worker.sandbox.face import CLOUD
from worker.sandbox.pages import StoredPage


@pytest.fixture
def scene(deployment: str) -> Iterator[Stage]:
    """A world in which two pages got their tickets."""
    with stage(deployment) as made:
        made.page(actions("Add an alert"), title="Checkout outage")
        made.page(actions("Write the runbook"), title="Refund outage")
        made.sync()
        yield made


def archived(scene: Stage, title: str) -> StoredPage:
    """The page, which somebody archived; Data Center has no archive of pages, so there it is in the trash."""
    confluence = scene.sandbox.confluence
    page = confluence.page_titled(title)
    put_away = confluence.archive if scene.sandbox.world.face is CLOUD else confluence.trash
    scene.sandbox.run(lambda: put_away(page.id))
    return page


def test_a_page_that_left_costs_one_search_and_two_reads(scene: Stage, deployment: str) -> None:
    """Its tickets from the store, the page by a search and by id; nothing is written.

    Data Center reads every ticket by itself, and so this one too when its page is listed.
    """
    more = {"cloud": 3, "datacenter": 2}[deployment]
    calm = scene.sync().requests
    page = archived(scene, "Refund outage")
    before = scene.sandbox.writes
    report = scene.sync()

    assert calm + more == report.requests
    assert before == scene.sandbox.writes
    assert ["ticket-elsewhere"] == [each.code for each in report.findings]
    known = {"cloud": "“Refund outage” (", "datacenter": f"page {page.id}, which is deleted, or hidden"}[deployment]
    assert f" was made from {known}" in report.findings[0].message


def test_plan_says_the_same(scene: Stage) -> None:
    """It reads what sync reads."""
    archived(scene, "Refund outage")

    assert scene.plan().findings == scene.sync().findings != ()


def test_a_pass_over_single_pages_does_not_ask(scene: Stage) -> None:
    """The pages it leaves out have not left."""
    archived(scene, "Refund outage")
    first = scene.sandbox.confluence.page_titled("Checkout outage")

    assert () == scene.sync(pages=frozenset({first.id})).findings


def test_a_failed_search_proves_nothing() -> None:
    """Pages that were not found because nobody could ask have not left."""
    with stage() as scene:
        scene.page(actions("Add an alert"))
        scene.sync()
        scene.mapping = scene.mapping.model_copy(
            update={"pages": scene.mapping.pages.model_copy(update={"space": ("NOWHERE",)})}
        )
        report = scene.sync()

        assert 3 == report.exit
        assert () == report.findings


def test_a_mapping_that_selects_nothing_is_blamed_before_its_pages(scene: Stage) -> None:
    """One finding for the team with what its pages lack, an exit code that is no success, and no word of closing."""
    pages = scene.mapping.pages.model_copy(update={"labels": ("post-mortm",)})
    scene.mapping = scene.mapping.model_copy(update={"pages": pages})
    planned, report = scene.plan(), scene.sync()
    (finding,) = report.findings

    assert planned.findings == report.findings
    assert ("pages-gone", 4, 4) == (finding.code, planned.exit, report.exit)
    assert finding.message.startswith(
        "payments.yaml selects no page for Payments, and open tickets were made from 2 pages that are there: “Checkout"
    )
    assert "which lacks the label post-mortm. The mapping is probably wrong: correct pages.space, pages.labels" in (
        finding.message
    )
    assert "PAY-1, PAY-2" in finding.message
    assert "close" not in finding.message


def test_pages_that_are_put_away_are_no_fault_of_the_mapping(scene: Stage) -> None:
    """A team whose pages are all archived, or deleted, has no page left, and that is in order."""
    archived(scene, "Refund outage")
    archived(scene, "Checkout outage")
    report = scene.sync()

    assert ["ticket-elsewhere"] * 2 == [finding.code for finding in report.findings]
    assert 0 == report.exit


def test_tickets_of_people_are_none_of_it(scene: Stage) -> None:
    """They may bear the team's label, and they were made from no page."""
    alice = person("Alice Moreau", scene.sandbox)
    jira = scene.sandbox.jira
    values = {"type": "10001", "summary": "By hand", "labels": scene.mapping.ticket.labels}
    scene.sandbox.run(lambda: jira.create(jira.projects["PAY"], alice, values, {}))

    assert () == scene.sync().findings


def test_the_longest_list_of_keys_is_cut() -> None:
    """A page with many tickets is one finding of some lines."""
    with stage() as scene:
        scene.page(actions(*(f"Action number {number}" for number in range(22))))
        scene.sync()
        archived(scene, "Checkout outage")
        (finding,) = scene.sync().findings

        assert finding.message.startswith("PAY-1, PAY-2, ")
        assert "PAY-20 and 2 more were made from “Checkout outage”" in finding.message
