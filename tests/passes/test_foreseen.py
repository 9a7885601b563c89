"""What ``plan`` foresees of pages that may not be written, as far as reading tells."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.passes.stage import Stage, actions, person, stage
from worker.model.report import Exit, Report
from worker.sandbox.pages import StoredPage


@pytest.fixture(params=["cloud", "datacenter"])
def scene(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """A sandbox and a team."""
    with stage(request.param) as made:
        yield made


def reserved(scene: Stage, page: StoredPage) -> None:
    """Only Bob may edit the page from now on."""
    bob = person("Bob Lindqvist", scene.sandbox)
    scene.sandbox.run(lambda: scene.sandbox.confluence.restrict(page.id, editors=[bob]))


def told(report: Report) -> list[str]:
    """What the report finds of a right to edit."""
    findings = (finding for page in report.pages for finding in page.plan.findings)
    return [finding.message for finding in findings if finding.code == "page-read-only"]


def test_a_missing_right_to_edit_is_foreseen_without_a_request_more(scene: Stage) -> None:
    """The search tells it; ``sync`` is told by the write itself, and says it once."""
    page = scene.page(actions("Add an alert"))
    free = scene.plan()
    reserved(scene, page)
    plan = scene.plan()

    assert (told(free), plan.requests, plan.exit) == ([], free.requests, Exit.SETTLED)
    assert told(plan) == [
        "Confluence says that the worker's account may not edit this page, so `sync` will not write it: give the "
        "account the right to edit it, or add a skip label."
    ]
    report = scene.sync()
    (said,) = told(report)
    assert (said.startswith("The page cannot be written"), report.exit, scene.issues()) == (True, Exit.FAILED, [])


def test_a_page_with_nothing_to_write_is_not_spoken_of(scene: Stage) -> None:
    """Nobody has to give a right that is not used."""
    page = scene.page(actions("Add an alert"))
    scene.sync()
    reserved(scene, page)

    assert told(scene.plan()) == []


def test_where_search_does_not_tell_nothing_is_foreseen() -> None:
    """Silence is no missing right."""
    with stage() as scene:
        reserved(scene, scene.page(actions("Add an alert")))
        scene.sandbox.settings.search_answers_expands = False

        assert told(scene.plan()) == []
