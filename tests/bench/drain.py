"""Measures how long a backlog takes under a limit of requests: ``make bench BENCH=drain``, or ``BENCH=drain-datacenter``."""

from __future__ import annotations

import time

from rich.table import Table

from tests.bench.runs import Run, worker, world
from worker.model.report import Exit

PAGES, ROWS, A_SECOND = 200, 25, 10
PASSES = 5
"""So many passes are made at most."""


def table(deployment: str = "cloud") -> Table:
    """The figures of 5,000 new items under 10 requests a second, with 429 beyond."""
    with world(PAGES, ROWS, deployment=deployment) as site:
        site.ask(f"limit {A_SECOND}")
        began = time.monotonic()
        runs: list[Run] = []
        while sum(run.totals["created"] for run in runs) < PAGES * ROWS and len(runs) < PASSES:
            runs.append(worker(site, endings=(Exit.SETTLED, Exit.FAILED)))
        seconds = time.monotonic() - began
        count = site.ask("count")
    made = sum(run.totals["created"] for run in runs)
    floor = count["busiest"] / A_SECOND
    found = Table(
        "figure", "measured", title=f"a backlog of {PAGES * ROWS:,} items, {A_SECOND} requests a second, {deployment}"
    )
    found.add_row("tickets made", f"{made:,}")
    found.add_row("passes", str(len(runs)))
    found.add_row("items left to a later pass", str(sum(run.totals["failed"] for run in runs)))
    found.add_row("requests that were served", f"{count['served']:,}")
    found.add_row("requests answered with 429", f"{count['refused']:,}")
    found.add_row("time", f"{seconds:.0f} s")
    found.add_row("least time that the limit allows for the busiest product and kind of method", f"{floor:.0f} s")
    found.add_row("time against that", f"{seconds / floor:.2f} ×")
    return found
