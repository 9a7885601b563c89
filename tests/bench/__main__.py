"""``make bench``: the table of figures."""

from __future__ import annotations

import math
import os
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from tests.bench import drain, shards, trouble
from tests.bench.runs import CONCURRENCY, LATENCY, MAPPING, worker, world
from tests.bench.world import post_mortem
from tests.passes.stage import team
from worker.document.parse import Malformed, parse
from worker.model.claim import Claims
from worker.reconcile.decide import Known, decide_page
from worker.reconcile.desire import Facts, Where
from worker.reconcile.extract import extract

DEPLOYMENTS = {"cloud": "", "datacenter": ", Data Center"}
"""What the sandbox plays, and how a line of the table says so."""


def new_page(rows: int, deployment: str = "cloud") -> tuple[int, int, int]:
    """Requests for one new page of so many rows: measured beyond a pass over an empty space, allowed, aimed at.

    The once-a-pass reads are told apart by what a page of the same people costs on top of one that is done already.
    Data Center reads tickets one by one, and a saved page once more.
    """
    with world(1, rows, deployment=deployment) as site:
        first = worker(site).totals["requests"]
        again = worker(site).totals["requests"]
    reads = rows if deployment == "datacenter" else math.ceil(rows / 100)
    bulks = math.ceil(rows / 50) + reads + (deployment == "datacenter")
    # of a first pass: two for the create form, the newest key, a search for forgotten tickets, one for each person
    once = again - reads + 4 + min(rows, 5)
    return first - once, 8 + bulks, 6 + bulks


def dense_pages() -> list[str]:
    """Made pages of little but tags."""
    people = [f"712020:{n}" for n in range(5)]
    return [post_mortem(page, 5, people) for page in range(200)]


def ordinary_pages() -> list[str]:
    """The sample post-mortems of the sandbox, twenty times each, without the one that is broken on purpose."""
    folder = files("worker.sandbox") / "samples"
    samples = [file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".xml")]
    return [body for body in samples if _is_whole(body)] * 20


def _is_whole(body: str) -> bool:
    try:
        parse(body)
    except Malformed:
        return False
    return True


def cpu(bodies: list[str]) -> float:
    """MB of storage format parsed, extracted and planned a second, best of seven rounds, in time of the processor."""
    mapping = team(due={"day_first": True})
    size = sum(len(body.encode()) for body in bodies) / 1e6
    now = datetime.now(UTC)
    where = Where("https://x/wiki", "1", "Outage", "https://x/wiki/1", now)
    known = Known({}, {}, frozenset(), Facts({}), now)
    rates = []
    for _ in range(7):
        started = time.process_time()
        for body in bodies:
            items = extract(parse(body), mapping.items).items
            decide_page(items, Claims(where.site, "1"), where, now, mapping, known)
        rates.append(size / (time.process_time() - started))
    return max(rates)


def cold(*arguments: str) -> float:
    """Median seconds of nine runs of a command that needs no network."""
    with TemporaryDirectory() as folder:
        Path(folder, "payments.yaml").write_text(MAPPING)
        environment = {
            **os.environ,
            "CONFLUENCE_URL": "https://acme.atlassian.net/wiki",
            "JIRA_URL": "https://acme.atlassian.net",
            "CONFLUENCE_USERNAME": "bot@example.com",
            "CONFLUENCE_TOKEN": "made-up",
            "MAPPINGS_DIR": folder,
        }
        times = []
        for _ in range(9):
            started = time.perf_counter()
            command = [sys.executable, "-m", "worker", *arguments]
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
            times.append(time.perf_counter() - started)
    return statistics.median(times)


def thousand(table: Table, deployment: str, on: str) -> None:
    """A first pass over 1,000 pages, a silent one, and one with 1 % of changes; a quarter as many pages beside it."""
    with world(1000, 5, LATENCY, deployment) as site:
        first = worker(site)
        again = worker(site)
        site.ask("change 100")
        little = worker(site)
    ideal = first.totals["requests"] * LATENCY / CONCURRENCY
    table.add_row(
        f"1,000 pages × 5 items at 50 ms an answer{on} ({first.totals['requests']} requests, {first.seconds:.0f} s)",
        f"{first.seconds / ideal:.2f} ×", "≤ 1.5 ×", "1.1 ×",
    )  # fmt: skip
    table.add_row("peak memory of that pass", f"{first.peak_mb:.0f} MB", "≤ 200 MB", "120 MB")
    table.add_row(f"the silent pass after it ({again.totals['requests']} requests)", f"{again.seconds:.1f} s", "-", "-")
    table.add_row("its peak memory", f"{again.peak_mb:.0f} MB", "≤ 200 MB", "120 MB")
    table.add_row(
        f"a pass in which 1 % of pages and of tickets changed ({little.totals['requests']} requests, "
        f"{little.totals['updated']} items)",
        f"{little.seconds:.1f} s", "-", "-",
    )  # fmt: skip
    with world(250, 5, LATENCY, deployment) as site:
        quarter = worker(site)
    table.add_row(
        f"time and memory of 250 pages, against 1,000{on}",
        f"{first.seconds / quarter.seconds:.1f} × and {first.peak_mb - quarter.peak_mb:+.0f} MB", "linear: ≈ 4 ×", "-",
    )  # fmt: skip


def whole() -> Table:
    """Everything but the backlog and the shared pass."""
    table = Table("figure", "measured", "must", "aim", title="postmortem-sync, measured on this machine")
    for deployment, on in DEPLOYMENTS.items():
        for rows in (1, 5, 30, 120):
            measured, must, aim = new_page(rows, deployment)
            table.add_row(f"requests for a new page of {rows} items{on}", str(measured), f"≤ {must}", str(aim))
    with world(120, 5) as site:
        worker(site)
        silent = worker(site)
    budget = 4 + math.ceil(120 / 50) + math.ceil(600 / 100)
    table.add_row(
        "requests of a silent pass, 120 pages, 600 tickets", str(silent.totals["requests"]), f"≤ {budget}", "fewer"
    )
    with world(120, 5, deployment="datacenter") as site:
        worker(site)
        silent = worker(site)
    # two more for the modes of both products, one a person, and one a ticket
    alone = budget + 2 + 5 - math.ceil(600 / 100) + 600
    table.add_row("the same, Data Center", str(silent.totals["requests"]), f"≤ {alone}", "fewer")
    for deployment, on in DEPLOYMENTS.items():
        thousand(table, deployment, on)
    for kind, bodies in (("sample pages", ordinary_pages()), ("pages of little but tags", dense_pages())):
        table.add_row(
            f"parse + extract + plan, {kind} (processor time, best of 7)",
            f"{cpu(bodies):.1f} MB/s",
            "≥ 3 MB/s",
            "6 MB/s",
        )
    table.add_row("cold start of --help", f"{cold('--help'):.2f} s", "≤ 0.5 s", "0.25 s")
    table.add_row("cold start of check", f"{cold('check'):.2f} s", "≤ 0.5 s", "0.25 s")
    for deployment, on in DEPLOYMENTS.items():
        worst = trouble.worst(deployment)
        table.add_row(
            f"requests that a single fault adds at most{on} ({worst.points} points; {worst.point})",
            str(worst.added), "-", "-",
        )  # fmt: skip
    return table


def main() -> None:
    """Prints one table: everything but the backlog and the shared pass, or one of these alone."""
    match sys.argv[1:]:
        case []:
            table = whole()
        case ["drain"]:
            table = drain.table()
        case ["drain-datacenter"]:
            table = drain.table("datacenter")
        case ["shards"]:
            table = shards.table()
        case other:
            raise SystemExit(
                f"there is no bench {' '.join(other)}: leave it out, or say drain, drain-datacenter or shards"
            )
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
