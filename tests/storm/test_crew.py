"""The processes of a storm: whatever becomes of one, its point is told of and the others go on."""

from __future__ import annotations

import time
from collections import Counter

from tests.storm.crew import verdicts
from tests.storm.draw import Course
from tests.storm.pretend import acted
from tests.storm.tally import Tally, is_death
from tests.storm.trial import Point, Verdict


def tried(*scenarios: str, longest: float = 120) -> dict[str, tuple[str, ...]]:
    """What two processes say of these, by scenario."""
    left = [Point(name) for name in scenarios]
    return {
        each.point.scenario: each.broken
        for each in verdicts(lambda: left.pop(0) if left else None, 2, try_=acted, longest=longest)
    }


def test_a_process_that_vanishes_is_told_of_and_replaced() -> None:
    """With the point it was at; the points after it are tried, though both processes were lost."""
    found = tried("vanishes", "good", "raises")

    assert "vanished, with exit code -9" in found["vanishes"][0]
    assert "no such thing" in found["raises"][0]
    assert () == found["good"]


def test_a_point_that_comes_to_no_end_is_ended() -> None:
    """Within the time it may take, its children with it."""
    began = time.monotonic()
    found = tried("hangs", longest=3)

    assert "came to no end" in found["hangs"][0]
    assert time.monotonic() - began < 30


def test_deaths_are_spread_evenly_and_made_up_for() -> None:
    """One in five; every other one does not come about at first, and is drawn again, until there are enough."""
    tally = Tally()
    course, drawn = Course(40, 10, 1, tally), []
    while (point := course.next()) is not None:
        drawn.append(is_death(point))
        name = next((name for name, _ in point.spells[0].strikes if name.startswith("killed")), "")
        really = is_death(point) and sum(drawn) % 2 == 0
        tally.add(Verdict(point, (), (name,) if really else (), 1))

    assert (10, 40) == (tally.killed, Counter(drawn)[False])
    assert all(any(drawn[start : start + 10]) for start in range(0, 40, 10))
    assert tally.so_far().startswith("60 points tried, 10 processes killed, 0 ")


def test_deaths_that_never_come_about_have_an_end() -> None:
    """A storm ends, whatever happens."""
    tally = Tally()
    course, number = Course(0, 3, 1, tally), 0
    while (point := course.next()) is not None:
        number += 1
        tally.add(Verdict(point, (), (), 1))

    assert (26, 0) == (number, tally.killed)
