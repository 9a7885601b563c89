"""``make storm``: tries points for as long as asked, and prints each broken promise with the command that repeats it."""

from __future__ import annotations

import argparse
import signal
import sys
import time

from tests.storm.crew import verdicts
from tests.storm.draw import Course
from tests.storm.scenarios import SCENARIOS
from tests.storm.tally import Tally, told
from tests.storm.trial import Point, tried

EVERY = 30.0
"""Seconds between two lines of progress."""

INTERRUPTED = 130
"""Exit code after Ctrl-C, as in a shell."""


def main() -> int:
    """The exit code: 1 when a promise was broken, 130 when it was interrupted before any was."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--points", type=int, default=6000, help="trials with passes inside this process")
    parser.add_argument("--kills", type=int, default=400, help="further trials, in which a worker process really dies")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2, help="how many points are tried at once")
    parser.add_argument("--deployment", choices=["cloud", "datacenter", "both"], default="both")
    parser.add_argument("--point", help="only this one, as printed, such as first-sync:cut-after@7")
    asked = parser.parse_args()
    tally = Tally()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    interrupted = False
    try:
        if asked.point:
            tally.add(tried(Point.read(asked.point)))
        else:
            _storm(asked, tally)
    except KeyboardInterrupt:
        interrupted = True
        _say("Interrupted; so far:")
    for line in tally.totals():
        _say(line)
    return 1 if tally.broken else INTERRUPTED if interrupted else 0


def _storm(asked: argparse.Namespace, tally: Tally) -> None:
    _say(f"{asked.points} points, and {asked.kills} more with a process that is killed")
    start = shown = time.monotonic()
    scenarios = tuple(name for name, each in SCENARIOS.items() if asked.deployment in (each.deployment, "both"))
    course = Course(asked.points, asked.kills, asked.seed, tally, scenarios)
    for verdict in verdicts(course.next, asked.processes):
        tally.add(verdict)
        if verdict.broken:
            _say(told(verdict))
        if time.monotonic() - shown > EVERY:
            shown = time.monotonic()
            _say(f"{tally.so_far()}, after {shown - start:.0f} s")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
