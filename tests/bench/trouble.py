"""Finds the single fault that costs most requests until all is as it should be."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from tests.storm.faults import WIRE
from tests.storm.trial import Point, requests_of, tried

SCENARIOS = {
    "cloud": ("first-sync", "following"),
    "datacenter": ("datacenter.first-sync", "datacenter.following"),
}
"""A first sync, and a later pass in which rows changed."""


@dataclass(frozen=True, slots=True)
class Worst:
    """How many requests the fault adds, which it is, and among how many it was found."""

    added: int
    point: str
    points: int


def worst(deployment: str) -> Worst:
    """Every fault that strikes once, at every request; what is counted are the requests until a pass is silent, beyond
    those without the fault.
    """
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        scenarios = SCENARIOS[deployment]
        alone = dict(zip(scenarios, pool.map(_requests, (Point(each) for each in scenarios)), strict=True))
        points = list(_points(scenarios))
        added = [
            number - alone[point.scenario]
            for point, number in zip(points, pool.map(_requests, points, chunksize=8), strict=True)
        ]
    most = max(range(len(points)), key=added.__getitem__)
    return Worst(added[most], str(points[most]), len(points))


def _points(scenarios: Iterable[str]) -> Iterator[Point]:
    once = [each.name for each in WIRE if each.once]
    for scenario in scenarios:
        for name in once:
            yield from (Point.once(scenario, (name, number)) for number in range(1, requests_of(scenario) + 1))


def _requests(point: Point) -> int:
    verdict = tried(point)
    if verdict.broken:
        raise SystemExit(f"{point} breaks a promise: {verdict.broken}")
    return verdict.altogether
