"""A short storm: every kind of trouble and every scenario at least once, always the same points."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count, cycle, islice

import pytest

from tests.passes.stage import Stage, stage
from tests.storm import draw
from tests.storm.faults import CROWD, DISTURBANCES, KILL
from tests.storm.laws import others_part
from tests.storm.passes import one_pass
from tests.storm.scenarios import SCENARIOS, first_sync
from tests.storm.trial import Point, requests_of, tried
from worker.errors import AccessError

SEED = 20261125
PAIRS = 60
SINGLES_A_KIND = 3


def _singles() -> Iterator[Point]:
    """Some points a kind of trouble, so that all scenarios have their turn."""
    left = dict.fromkeys(DISTURBANCES, SINGLES_A_KIND)
    for point in draw.singles(SEED):
        name = point.spells[0].strikes[0][0]
        if left[name] > 0:
            left[name] -= 1
            yield point


def _kills() -> Iterator[Point]:
    """One death a scenario, somewhere about the middle of the pass."""
    for (scenario, each), shift in zip(zip(SCENARIOS, cycle(KILL), strict=False), count(), strict=False):
        total = requests_of(scenario)
        yield Point.once(scenario, (each.name, 1 + (total // 2 + shift) % total))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_good_weather_keeps_every_law(scenario: str) -> None:
    """Undisturbed, a pass of each scenario asks something and breaks nothing."""
    verdict = tried(Point(scenario))

    assert () == verdict.broken
    assert verdict.requests >= 5


def test_any_single_disturbance_keeps_every_law() -> None:
    """Each kind of trouble, at requests drawn once and for all; and hardly any of them missed its mark."""
    verdicts = [tried(point) for point in _singles()]

    assert [] == [(str(each.point), each.broken) for each in verdicts if each.broken]
    assert {name for name, each in DISTURBANCES.items() if each.kind not in draw.OWN} == {
        trouble.name for each in verdicts for trouble in each.point.disturbances
    }
    assert set(SCENARIOS) == {each.point.scenario for each in verdicts}
    assert len(verdicts) * 3 // 4 < sum(bool(each.struck) for each in verdicts)


def test_two_disturbances_at_once_keep_every_law() -> None:
    """Pairs, drawn once and for all."""
    verdicts = [tried(point) for point in islice(draw.pairs(SEED), PAIRS)]

    assert [] == [(str(each.point), each.broken) for each in verdicts if each.broken]


def test_passes_in_a_row_that_are_all_disturbed_keep_every_law() -> None:
    """Trouble that goes on from pass to pass, drawn once and for all."""
    verdicts = [tried(point) for point in islice(draw.spells(SEED), PAIRS)]

    assert [] == [(str(each.point), each.broken) for each in verdicts if each.broken]


def test_two_workers_keep_every_law() -> None:
    """A second worker, in every scenario and in each way of being there at the same time."""
    verdicts = [tried(Point.once(scenario, (each.name, 3))) for scenario in SCENARIOS for each in CROWD]

    assert [] == [(str(each.point), each.broken) for each in verdicts if each.broken]
    assert all(each.struck for each in verdicts)


def test_a_killed_process_keeps_every_law() -> None:
    """A real worker process that dies before or after a request of each scenario."""
    verdicts = [tried(point) for point in _kills()]

    assert [] == [(str(each.point), each.broken) for each in verdicts if each.broken]
    assert all(each.struck for each in verdicts)


def test_a_process_that_is_halted_right_before_a_create_keeps_every_law() -> None:
    """It stands still for longer than the lag, and meanwhile another worker makes what it had claimed."""
    with stage() as good:
        scene = first_sync(good)
        one_pass(scene)
        method, path = good.route("create")
        asked = good.sandbox.requests
        number = next(n for n, each in enumerate(asked) if each.method == method and re.search(path, each.path))
    verdict = tried(Point.once("first-sync", ("halted", number)))

    assert () == verdict.broken
    assert ("halted",) == verdict.struck


@pytest.mark.parametrize("scenario", ["first-sync", "following", "two-pages"])
def test_a_process_that_is_told_to_end_keeps_every_law(scenario: str) -> None:
    """It finishes the page in hand, tells its result, and leaves with 0."""
    verdict = tried(Point.once(scenario, ("terminated", requests_of(scenario) // 2)))

    assert () == verdict.broken
    assert ("terminated",) == verdict.struck


@pytest.mark.parametrize("deployment", ["cloud", "datacenter"])
def test_a_worker_that_outlived_its_stage_stays_outside_of_the_next(deployment: str) -> None:
    """Whatever port it is left with, its tokens are not those of the stage that is there now."""
    with stage(deployment) as before, stage(deployment) as now:
        before.closed_to_strangers()
        now.closed_to_strangers()
        left = Stage(now.sandbox, now.mapping, tokens=before.tokens)
        with pytest.raises(AccessError):
            left.sync()
        assert now.plan().findings == ()


def test_a_point_reads_as_it_prints() -> None:
    """So that the command that was printed repeats it."""
    text = "first-sync:cut-after@7+very-row@9/503-before@2~renamed@1"

    assert text == str(Point.read(text))
    assert "task-list:" == str(Point.read("task-list:"))


def test_the_laws_see_what_they_are_for() -> None:
    """A changed word outside the worker's columns counts, and the worker's own cells do not."""
    head = "<tr><th><p>Action</p></th><th><p>Ticket</p></th></tr>"
    page = "<table><tbody>" + head + "<tr><td><p>{}</p></td><td><p>{}</p></td></tr></tbody></table>"

    assert others_part(page.format("Act", "")) == others_part(page.format("Act", "PAY-1"))
    assert others_part(page.format("Act", "")) != others_part(page.format("Act now", ""))
