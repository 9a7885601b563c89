"""Which points are tried: single disturbances, pairs, passes in a row, and deaths of the process, in an order by seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import count

from tests.storm.faults import DISTURBANCES, KILL, PROCESS
from tests.storm.scenarios import SCENARIOS
from tests.storm.tally import Tally
from tests.storm.trial import Point, Spell, requests_of

ALL = tuple(SCENARIOS)
"""Scenarios of both deployments."""

SCHEDULES = 8
"""So many orders of turns, or starts in the same instant, are tried of two workers in a scenario."""

OWN = frozenset({"kill", "process"})
"""Kinds for which the worker is a process of its own, which takes twenty times as long as one inside this process."""

LONG_WAITS = frozenset({"429-minute", "429-date", "429-quota", "429-absurd"})
"""A process of its own really waits as long as these say, up to its deadline; inside this process nobody does."""

MARGIN = 20
"""Twice as many deaths as asked for, and so many more, are begun; then those that came about have to do."""


def singles(seed: int, scenarios: Sequence[str] = ALL) -> list[Point]:
    """Every disturbance at every request of every scenario, but for those of processes of their own."""
    points = [
        Point.once(scenario, (each.name, number))
        for scenario in scenarios
        for each in DISTURBANCES.values()
        if each.kind not in OWN
        for number in _numbers(scenario, each.name)
    ]
    random.Random(seed).shuffle(points)
    return points


def pairs(seed: int, scenarios: Sequence[str] = ALL) -> Iterator[Point]:
    """Two disturbances in one pass, without end; never two that both decide who works."""
    drawn = random.Random(seed)
    names = [name for name, each in DISTURBANCES.items() if each.kind not in OWN]
    while True:
        scenario = drawn.choice(scenarios)
        two = drawn.sample(names, 2)
        if all(DISTURBANCES[name].kind == "crowd" for name in two):
            continue
        yield Point.once(scenario, *((name, drawn.choice(_numbers(scenario, name))) for name in two))


def spells(seed: int, scenarios: Sequence[str] = ALL) -> Iterator[Point]:
    """Two or three disturbed passes in a row, one or two disturbances each, without end."""
    drawn = random.Random(seed)
    weather = pairs(seed + 1, scenarios)
    while True:
        first = next(weather)
        later = []
        for _ in range(drawn.choice((1, 1, 2))):
            strikes = [
                (name, drawn.choice(_numbers(first.scenario, name))) for name, _ in next(weather).spells[0].strikes
            ]
            later.append(Spell(tuple(strikes[: drawn.choice((1, 2))]), soon=drawn.random() < 0.5))
        yield Point(first.scenario, (Spell(first.spells[0].strikes[: drawn.choice((1, 2))]), *later))


def kills(seed: int, scenarios: Sequence[str] = ALL) -> Iterator[Point]:
    """A process that dies: at every request of every scenario, then again and again with a second disturbance."""
    drawn = random.Random(seed)
    alone = [Point.once(s, (each.name, n)) for s in scenarios for each in KILL for n in range(1, requests_of(s) + 1)]
    drawn.shuffle(alone)
    yield from alone
    names = [name for name, each in DISTURBANCES.items() if each.kind not in {*OWN, "crowd"} and name not in LONG_WAITS]
    while True:
        point, name = drawn.choice(alone), drawn.choice(names)
        yield Point.once(point.scenario, *point.spells[0].strikes, (name, drawn.choice(_numbers(point.scenario, name))))


def mixed(seed: int, scenarios: Sequence[str] = ALL) -> Iterator[Point]:
    """Single disturbances, pairs of them and passes in a row by turns, without end; no more singles once all were tried.

    Every fiftieth point is one with a process that is halted or told to end.
    """
    alone, two, rows, processes = (
        singles(seed, scenarios),
        pairs(seed, scenarios),
        spells(seed, scenarios),
        _processes(seed, scenarios),
    )
    for turn in count():
        if turn % 17 == 0:
            yield next(processes)
        if alone:
            yield alone.pop()
        yield next(two)
        yield next(rows)


def _processes(seed: int, scenarios: Sequence[str]) -> Iterator[Point]:
    drawn = random.Random(seed)
    while True:
        scenario, each = drawn.choice(scenarios), drawn.choice(PROCESS)
        yield Point.once(scenario, (each.name, drawn.choice(_numbers(scenario, each.name))))


class Course:
    """So many points, with so many deaths among them, spread evenly; a death that did not come about is tried anew."""

    def __init__(self, points: int, deaths: int, seed: int, tally: Tally, scenarios: Sequence[str] = ALL) -> None:
        """``tally`` counts what came of the points meanwhile."""
        self._points, self._deaths, self._tally = points, deaths, tally
        self._plain, self._deadly = mixed(seed, scenarios), kills(seed, scenarios)
        self._begun = self._deaths_begun = 0

    def next(self) -> Point | None:
        """The next point; None when all were begun, and no death is left or known to be needed."""
        under_way = self._deaths_begun - self._tally.deaths
        missing = self._deaths - self._tally.killed - under_way
        plain_over = self._begun >= self._points
        due = plain_over or (self._deaths - missing) * self._points < self._deaths * self._begun
        if missing > 0 and due and self._deaths_begun < 2 * self._deaths + MARGIN:
            self._deaths_begun += 1
            return next(self._deadly)
        if plain_over:
            return None
        self._begun += 1
        return next(self._plain)


def _numbers(scenario: str, name: str) -> range:
    match DISTURBANCES[name].kind:
        case "condition":
            return range(1, 2)
        case "crowd" if not name.startswith("rival"):
            return range(1, SCHEDULES + 1)
        case _:
            return range(1, requests_of(scenario) + 1)
