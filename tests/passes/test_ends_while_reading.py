"""A pass is told to stop, or meets its deadline, before it knows what there is to do."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest

from tests.passes.stage import Stage, actions, stage
from worker.bootstrap import connected, scope
from worker.errors import Exhausted, LimitTooLow
from worker.model.report import Report
from worker.run import sync_pass
from worker.sandbox.faults import Fault
from worker.sandbox.pages import StoredPage
from worker.survey import Team

READS_TICKETS = {
    "cloud": ("POST", "/rest/api/3/issue/bulkfetch$"),
    "datacenter": ("GET", r"/rest/api/2/issue/\d+$"),
}
"""What a pass asks once it has read the pages."""
READS_THE_PAGE = ("GET", r"/(api/v2/pages|rest/api/content)/\d+$")
"""The first thing it does on a page once all is planned."""


class Hours:
    """A clock that somebody moves on."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds

    def pass_by(self) -> None:
        """An hour goes by."""
        self.seconds += 3600


def synced(scene: Stage, stop: Event, hours: Hours) -> Report:
    """One ``sync`` that knows of time what ``hours`` tells, with a deadline of ten minutes."""
    with connected(scene.settings, stop=stop) as world:
        return sync_pass(
            [Team(scene.mapping, "payments.yaml")],
            world.readers,
            world.writers(),
            scope(replace(scene.settings, deadline=timedelta(minutes=10))),
            requests=world.requests,
            stop=stop,
            clock=hours,
            allowance=world.allowance,
        )


def _with_work(scene: Stage) -> StoredPage:
    """A page whose row has its ticket, and another one with a new row."""
    scene.page(actions("Add an alert"))
    scene.sync()
    return scene.page(actions("Write a runbook"), "Outage 2")


def test_a_pass_that_is_told_to_stop_while_it_reads_asks_nothing_more(deployment: str) -> None:
    """It has nothing in hand, so it ends with the answer that is under way, and nothing went wrong."""
    with stage(deployment) as scene:
        _with_work(scene)
        stop = Event()
        scene.sandbox.faults.append(Fault(READS_TICKETS[deployment], stop.set))
        before, writes = len(scene.sandbox.requests), scene.sandbox.writes
        with pytest.raises(Exhausted, match=r"^the worker was asked to stop$"):
            synced(scene, stop, Hours())

        *_, last = scene.sandbox.requests[before:]
        assert re.search(READS_TICKETS[deployment][1], last.path)
        assert scene.sandbox.writes == writes


def test_a_deadline_that_is_met_while_it_reads_is_too_short(deployment: str) -> None:
    """No page could be begun, today and in every later pass: it says what to raise."""
    with stage(deployment) as scene:
        _with_work(scene)
        hours, writes = Hours(), scene.sandbox.writes
        scene.sandbox.faults.append(Fault(READS_TICKETS[deployment], hours.pass_by))
        with pytest.raises(
            LimitTooLow, match=r"\(DEADLINE_SECONDS, 600\) while it still read.* raise DEADLINE_SECONDS"
        ):
            synced(scene, Event(), hours)

        assert scene.sandbox.writes == writes


def test_a_pass_that_is_told_to_stop_with_a_page_in_hand_finishes_it(deployment: str) -> None:
    """The ticket is made and the page shows it."""
    with stage(deployment) as scene:
        page = _with_work(scene)
        stop = Event()
        scene.sandbox.faults.append(Fault(READS_THE_PAGE, stop.set))
        report = synced(scene, stop, Hours())

        assert len(scene.issues()) == 2
        assert "PAY-2" in scene.body(page)
        assert report.totals.created == 1
