"""A mistake of the worker itself shows at one page: the others are none the worse for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes.wire import Moment
from tests.machine.scene import Scene
from tests.machine.sheet import row
from worker.mishap import OWN_FAULT
from worker.model.report import Exit, Report
from worker.model.ticket import Category, Status


def _stumble() -> None:
    raise ZeroDivisionError("a secret of the page")


def _two_pages() -> Scene:
    scene = Scene()
    scene.write(row("Add an alert"))
    scene.write(row("Write the runbook"))
    return scene


def _told(report: Report | None) -> list[list[str]]:
    """What is said of mistakes of the worker's own, page by page, up to the kind of mistake."""
    assert report is not None
    return [
        [
            message.partition("), so")[0].removeprefix(f"{OWN_FAULT} (")
            for message in (each.message for each in page.plan.findings if each.code == "page-failed")
        ]
        for page in report.pages
    ]


@pytest.mark.parametrize("call", ["page", "create", "properties"])
def test_a_mistake_at_one_page_is_told_there_and_the_other_gets_its_ticket(
    call: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """While it is worked on, whichever port call it is; the log says where, in words of the code alone."""
    scene = _two_pages()
    report = scene.sync(Moment(_stumble, name=call))

    assert [["ZeroDivisionError"], []] == _told(report)
    assert report is not None
    assert Exit.FAILED == report.exit
    said = capsys.readouterr().out + caplog.text  # whether or not a test before set up the log
    assert "test_mishap.py:" in said
    assert "secret" not in str(report) + said
    assert "Write the runbook" in {each.ticket.summary for each in scene.world.jira.tickets.values()}


def test_a_ticket_that_the_worker_cannot_cope_with_is_the_trouble_of_its_page() -> None:
    """While it is decided what is to be done."""
    scene = _two_pages()
    scene.sync()
    stored = next(iter(scene.world.jira.tickets.values()))
    stored.ticket = replace(stored.ticket, status=Status(5, Category.DOING))
    scene.world.clock.tick(10)
    report = scene.sync()

    assert [["AttributeError"], []] == _told(report)
