"""The end of a pass: what is still waited for when it was told to stop, or its deadline is over."""

from __future__ import annotations

import re
import time
from pathlib import Path
from threading import Event, Timer

import pytest

from worker.remote.ending import FINISHING, Ending

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


class Clock:
    """A clock that moves only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def told_to_stop(deadline: float = 1000.0) -> tuple[Ending, Clock]:
    """A pass in virtual time that was told to stop a moment ago."""
    stop, clock = Event(), Clock()
    stop.set()
    return Ending(stop, deadline, clock, clock.sleep), clock


def test_a_pass_that_was_told_to_stop_waits_for_its_turn_and_for_nothing_else() -> None:
    """Requests stay as far apart as before, and no time is left for a wait before a repetition."""
    ending, clock = told_to_stop()
    ending.space(3.0)
    ending.wait(60.0)
    assert (clock.now, ending.remaining()) == (103.0, 0.0)


def test_spacing_delays_the_end_by_so_much_and_no_more() -> None:
    """However many requests finish the work in hand, their turns together take that long; then they just go out."""
    ending, clock = told_to_stop()
    for _ in range(20):
        ending.space(3.0)
    assert clock.now == 100.0 + FINISHING
    clock.now += 50.0
    ending.space(3.0)
    assert clock.now == 150.0 + FINISHING


@pytest.mark.parametrize(("over", "ends"), [(0.0, 100.0 + FINISHING), (4.0, 96.0 + FINISHING), (FINISHING, 100.0)])
def test_after_the_deadline_it_is_the_same_from_the_deadline_on(over: float, ends: float) -> None:
    """What is over of that time is not given again."""
    ending, clock = told_to_stop(deadline=100.0 - over)
    ending.space(60.0)
    assert clock.now == ends


def test_a_wait_that_crosses_the_deadline_ends_soon_after_it() -> None:
    """Nobody told the pass to stop, and its turn would come a minute later."""
    now = time.monotonic()
    ending = Ending(Event(), now - FINISHING + 0.05, time.monotonic)
    ending.space(60.0)
    assert 0.04 < time.monotonic() - now < 10


def test_a_turn_that_is_waited_for_comes_no_sooner_because_the_pass_ends() -> None:
    """Told to stop in the middle of the wait, the request still goes out when it was to."""
    stop, now = Event(), time.monotonic()
    Timer(0.01, stop.set).start()
    Ending(stop, now + 60.0, time.monotonic).space(0.08)
    assert stop.is_set()
    assert 0.079 < time.monotonic() - now < 10


@pytest.mark.parametrize(
    ("file", "setting"),
    [
        ("base/cron-job.yaml", r"terminationGracePeriodSeconds: (\d+)$"),
        ("systemd/postmortem-sync.service", r"TimeoutStopSec=(\d+)$"),
    ],
)
def test_whoever_sends_sigterm_waits_three_times_as_long(file: str, setting: str) -> None:
    """Spacing takes no more than a third of the time that is left between SIGTERM and SIGKILL."""
    [given] = re.findall(setting, (DEPLOY / file).read_text("utf-8"), re.MULTILINE)
    assert int(given) >= 3 * FINISHING
