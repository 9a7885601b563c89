"""A pass under rate limits: it ends in good order, says until when, and goes on by itself later."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Event, Timer

import pytest

from tests.passes.stage import Stage, actions, stage
from worker.bootstrap import connected, scope
from worker.errors import Exhausted, LimitTooLow
from worker.model.plan import Create, Hold, Wait
from worker.model.report import Exit, Report
from worker.run import sync_pass
from worker.sandbox.faults import Fault
from worker.sandbox.settings import RateLimit

PRODUCTS = {"jira": "/rest/api/[23]/", "confluence": "/rest/api/content|/api/v2/"}
"""What paths each product has, on either deployment."""


@pytest.fixture
def scene() -> Iterator[Stage]:
    """A sandbox and a team."""
    with stage() as made:
        yield made


def limited(scene: Stage, *, delay: float = 0.0, stop: Event | None = None, **settings: object) -> Report:
    """One ``sync`` with these settings."""
    stop = stop or Event()
    changed = replace(scene.settings, **settings)  # type: ignore[arg-type] — a test names fields of its own accord
    with connected(changed, stop=stop) as world:
        return sync_pass(
            scene.teams,
            world.readers,
            world.writers(),
            scope(changed, delay=timedelta(seconds=delay)),
            requests=world.requests,
            stop=stop,
            allowance=world.allowance,
        )


def made(report: Report) -> int:
    """How many tickets the pass made."""
    return sum(isinstance(change, Create) for page in report.pages for change in page.plan.changes)


def test_a_quota_that_is_used_up_ends_the_pass_and_says_until_when(scene: Stage) -> None:
    """Rows wait for time, no page after it is touched, Jira is asked nothing more, and the next pass does the rest."""
    for number in range(6):
        scene.page(actions("Add an alert"), f"Outage {number}")
    scene.sandbox.faults.append(Fault(("POST", "/issue/bulk$"), "quota:1800", nth=2))
    at = scene.sandbox.world.clock.now()
    report = limited(scene, concurrency=1)
    refused = [each.status for each in scene.sandbox.requests].index(429)
    after = [each for each in scene.sandbox.requests[refused + 1 :] if not each.path.startswith("/wiki")]
    holds = [change for page in report.pages for change in page.plan.changes if isinstance(change, Hold)]

    assert report.resumes_at is not None
    assert abs(report.resumes_at - at - timedelta(seconds=1800)) < timedelta(seconds=30)
    assert f"no more before {report.resumes_at.isoformat()}" in str(report.stopped)
    assert "jira-quota-tenant-based" in str(report.stopped)
    assert (report.exit, made(report), len(holds)) == (Exit.SETTLED, 1, 5)
    assert {hold.wait for hold in holds} == {Wait.TIME}
    assert after == []
    scene.sandbox.faults.clear()
    limited(scene)
    assert len(scene.issues()) == 6


@pytest.mark.parametrize("path", ["/rest/api/content|/api/v2/", "/rest/api/3/"])
def test_a_quota_that_is_used_up_while_reading_ends_the_pass_before_it_began(scene: Stage, path: str) -> None:
    """Nothing is known to be done, so nothing is said of pages; who calls hears until when."""
    scene.page(actions("Add an alert"))
    scene.sandbox.faults.append(Fault(("*", path), "quota:1800", times=99))
    with pytest.raises(Exhausted) as failure:
        limited(scene)
    assert failure.value.until is not None
    assert scene.sandbox.writes == 0


@pytest.mark.parametrize("product", ["jira", "confluence"])
@pytest.mark.parametrize("deployment", ["cloud", "datacenter"])
def test_a_quota_that_is_used_up_right_after_a_create_doubles_nothing(deployment: str, product: str) -> None:
    """The tickets were made, and can neither be read back nor recorded; the next pass finds them and goes on."""
    with stage(deployment) as scene:
        pages = [scene.page(actions("Add an alert", "Rotate the keys"), f"Outage {number}") for number in range(2)]
        taken = Fault(("*", PRODUCTS[product]), "quota:1800", times=999)
        scene.sandbox.faults.append(
            Fault(scene.route("create"), lambda: scene.sandbox.faults.append(taken), when="after")
        )
        report = limited(scene, concurrency=1)
        at_once = [issue.summary for issue in scene.issues()]
        codes = [finding.code for page in report.pages for finding in page.plan.findings]
        scene.sandbox.faults.clear()

        assert (report.exit, report.resumes_at is not None, taken.seen > 0) == (Exit.SETTLED, True, True)
        assert (at_once, codes.count("page-interrupted")) == (["Add an alert", "Rotate the keys"], 1)
        assert not any("PAY-" in scene.body(page) for page in pages)

        again = limited(scene)
        shown = [set(re.findall(r"PAY-\d+", scene.body(page))) for page in pages]
        assert (len(scene.issues()), again.stopped, again.exit) == (4, None, Exit.SETTLED)
        assert sorted(map(sorted, shown)) == [["PAY-1", "PAY-2"], ["PAY-3", "PAY-4"]]
        calm = scene.sandbox.writes
        limited(scene)
        assert scene.sandbox.writes == calm


def test_a_limit_of_one_ticket_costs_its_row_alone(scene: Stage) -> None:
    """The edit of one ticket waits for a later pass; those of others go on, and the pass does not end."""
    pages = [scene.page(actions(f"Add alert {number}"), f"Outage {number}") for number in range(3)]
    limited(scene)
    for page in pages:
        body = scene.body(page).replace("Add alert", "Add an alert")
        scene.as_person(lambda who, page=page, body=body: scene.sandbox.confluence.person_saves(page.id, body, who))
    busy = scene.issues()[1]
    scene.sandbox.faults.append(Fault(("PUT", f"/issue/({busy.id}|{busy.key})$"), "per-issue:600", times=9))
    report = limited(scene)
    summaries = [issue.summary for issue in scene.issues()]

    assert sum(summary.startswith("Add an alert") for summary in summaries) == 2
    assert (report.stopped, report.exit, report.totals.waiting) == (None, Exit.SETTLED, 1)


def test_the_cap_ends_the_pass_like_the_deadline(scene: Stage) -> None:
    """Pages in work are finished, the rest waits, and passes get done one after the other."""
    for number in range(4):
        scene.page(actions("Add an alert"), f"Outage {number}")
    reading = scene.plan().requests
    report = limited(scene, concurrency=1, max_requests=reading + 3)

    assert (report.stopped, report.exit) == (
        f"the pass has sent the {reading + 3} requests that MAX_REQUESTS_PER_PASS allows",
        Exit.SETTLED,
    )
    assert (made(report), report.totals.waiting, report.totals.pages_saved) == (1, 3, 1)
    limited(scene)
    assert len(scene.issues()) == 4


def test_a_cap_that_is_met_by_the_last_page_ends_nothing_early(scene: Stage) -> None:
    """The page in work is finished, and nothing was left to a later pass."""
    scene.page(actions("Add an alert"))
    report = limited(scene, max_requests=scene.plan().requests + 1)

    assert (report.stopped, made(report), report.totals.waiting) == (None, 1, 0)


def test_a_cap_below_what_reading_takes_is_said_before_anything_is_done(scene: Stage) -> None:
    """Not one request more is sent than the cap allows."""
    scene.page(actions("Add an alert"))
    with pytest.raises(LimitTooLow, match=r"had sent 2 requests .* raise MAX_REQUESTS_PER_PASS"):
        limited(scene, max_requests=2)
    assert len(scene.sandbox.requests) == 2


def test_a_cap_that_reading_just_fits_into_is_too_low_while_there_is_work(scene: Stage) -> None:
    """No page could be begun, today and in every later pass; with one request more one is begun, and all is done."""
    scene.page(actions("Add an alert"))
    reading = scene.plan().requests
    with pytest.raises(LimitTooLow, match=f"had sent {reading} requests"):
        limited(scene, max_requests=reading)
    assert scene.sandbox.writes == 0
    limited(scene, max_requests=reading + 1)
    assert len(scene.issues()) == 1


def test_a_cap_that_reading_just_fits_into_is_enough_where_nothing_is_to_be_done(scene: Stage) -> None:
    """Nothing waits for a later pass, so nothing is wrong."""
    scene.page(actions("Add an alert"))
    limited(scene)
    silent = scene.plan().requests
    report = limited(scene, max_requests=silent)

    assert (report.exit, report.stopped, report.requests) == (Exit.SETTLED, None, silent)


def test_a_pass_that_waits_for_its_start_ends_when_it_is_told_to(scene: Stage) -> None:
    """Nothing was asked by then, and it says why it ended."""
    scene.page(actions("Add an alert"))
    stop = Event()
    Timer(0.05, stop.set).start()
    began = time.monotonic()
    report = limited(scene, delay=60, stop=stop)

    assert time.monotonic() - began < 10
    assert (report.stopped, report.exit, report.requests) == ("the worker was asked to stop", Exit.SETTLED, 0)
    assert scene.sandbox.requests == []


def test_a_delayed_pass_does_its_work_within_the_deadline(scene: Stage) -> None:
    """The delay counts: where it takes all of the deadline, nothing can be begun."""
    scene.page(actions("Add an alert"))
    with pytest.raises(LimitTooLow, match="DEADLINE_SECONDS"):
        limited(scene, delay=0.02, deadline=timedelta(seconds=0.01))
    assert scene.issues() == []
    assert made(limited(scene, delay=0.02)) == 1


def test_threads_share_what_one_of_them_heard(scene: Stage) -> None:
    """Eight threads under ten requests a second are refused seldom, and everything gets done."""
    for number in range(12):
        scene.page(actions("Add an alert"), f"Outage {number}")
    scene.sandbox.settings.rate_limit = RateLimit(10, 1.0)
    report = limited(scene, concurrency=8)
    refused = sum(each.status == 429 for each in scene.sandbox.requests)

    assert (made(report), report.exit) == (12, Exit.SETTLED)
    assert refused <= len(scene.sandbox.requests) / 6
