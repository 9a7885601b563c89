"""Measures a pass that several processes share, as the pods of an Indexed Job do: ``make bench BENCH=shards``."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from rich.table import Table

from tests.bench.runs import CONCURRENCY, LATENCY, Run, Site, worker, world

PAGES, ROWS = 2000, 5
COUNTS = (1, 2, 4)


def table() -> Table:
    """The figures of a first pass over 2,000 new pages and of the silent one after it, by 1, 2 and 4 processes."""
    found = Table(
        "processes", "pass", "time", "against one", "requests", "of one process", "peak memory of one", "processor time of one",
        title=f"{PAGES:,} pages × {ROWS} items at {LATENCY * 1000:.0f} ms an answer, {CONCURRENCY} threads a process",
        caption="Of one process: the most that any of them had. The sandbox is one process beside them; this machine has "
        f"{os.cpu_count()} processors.",
    )  # fmt: skip
    alone: dict[str, float] = {}
    for count in COUNTS:
        with world(PAGES, ROWS, LATENCY) as site:
            for name in ("first", "silent"):
                began = time.perf_counter()
                runs = shared(site, count)
                seconds = time.perf_counter() - began
                made = sum(run.totals["created"] for run in runs)
                if made != (PAGES * ROWS if name == "first" else 0):
                    raise SystemExit(f"{count} processes made {made} tickets in the {name} pass")
                found.add_row(
                    str(count), name, f"{seconds:.0f} s", f"{alone.setdefault(name, seconds) / seconds:.1f} ×",
                    f"{sum(run.totals['requests'] for run in runs):,}",
                    f"{max(run.totals['requests'] for run in runs):,}",
                    f"{max(run.peak_mb for run in runs):.0f} MB", f"{max(run.busy for run in runs):.0f} s",
                )  # fmt: skip
    return found


def shared(site: Site, count: int) -> list[Run]:
    """One pass by so many processes at the same time, by index."""
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(partial(_one, site, count), range(count)))


def _one(site: Site, count: int, index: int) -> Run:
    return worker(site, JOB_COMPLETION_INDEX=str(index), JOB_COMPLETION_COUNT=str(count))
