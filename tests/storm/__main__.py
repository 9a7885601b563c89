"""``make storm``: tries points for as long as asked, and prints each broken promise with the command that repeats it."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice

from tests.storm import draw
from tests.storm.faults import DISTURBANCES
from tests.storm.trial import Point, Verdict, tried

EVERY = 30.0
"""Seconds between two lines of progress."""


def main() -> int:
    """The exit code: 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--points", type=int, default=6000, help="trials with passes inside this process")
    parser.add_argument("--kills", type=int, default=400, help="trials in which a worker process is killed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--point", help="only this one, as printed, such as first-sync:cut-after@7")
    asked = parser.parse_args()
    if asked.point:
        return _told([tried(Point.read(asked.point))])
    points = [*_mixed(asked.points, asked.seed), *islice(draw.kills(asked.seed), asked.kills)]
    return _told(_all(points, asked.processes))


def _mixed(number: int, seed: int) -> list[Point]:
    """Single disturbances, pairs of them and passes in a row by turns; without the first once all were tried."""
    alone, two, rows = draw.singles(seed), draw.pairs(seed), draw.spells(seed)
    points: list[Point] = []
    while len(points) < number:
        points += [*([alone.pop()] if alone else ()), next(two), next(rows)]
    return points[:number]


def _all(points: list[Point], processes: int) -> Iterator[Verdict]:
    _say(f"{len(points)} points")
    start = shown = time.monotonic()
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        for done, verdict in enumerate(pool.map(tried, points, chunksize=8), 1):
            if verdict.broken:
                _print_broken(verdict)
            if time.monotonic() - shown > EVERY:
                shown = time.monotonic()
                _say(f"{done} of {len(points)} points after {shown - start:.0f} s")
            yield verdict


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _print_broken(verdict: Verdict) -> None:
    _say("\n        ".join([f'BROKEN  python -m tests.storm --point "{verdict.point}"', *verdict.broken]))


def _told(verdicts: Iterator[Verdict] | list[Verdict]) -> int:
    kinds: Counter[str] = Counter()
    struck: Counter[str] = Counter()
    broken: list[Verdict] = []
    total = killed = 0
    for verdict in verdicts:
        total += 1
        passes = len(verdict.point.spells)
        kinds[
            "+".join(sorted(each.kind for each in verdict.point.disturbances)) if passes == 1 else f"{passes} passes"
        ] += 1
        struck.update(set(verdict.struck))
        killed += any(DISTURBANCES[name].kind == "kill" for name in verdict.struck)
        if verdict.broken:
            broken.append(verdict)
    _say(f"{total} points tried, {killed} of them with a process that was really killed.")
    _say("By kind: " + ", ".join(f"{kind} {number}" for kind, number in kinds.most_common()))
    _say("Came to pass: " + ", ".join(f"{name} {struck[name]}" for name in DISTURBANCES))
    _say(f"{len(broken)} points broke a promise.")
    for verdict in broken:
        _print_broken(verdict)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
