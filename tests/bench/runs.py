"""Runs worker and sandbox in processes of their own, and measures them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

MAPPING = """
team: Payments
pages: {space: PAY, labels: [post-mortem], since: 2020-01-01, quiet: 0}
ticket: {project: PAY}
due: {day_first: true}
limits: {new_tickets_per_page: 1000, new_tickets_per_run: 100000}
"""
CONCURRENCY = 4
LATENCY = 0.05


@dataclass(frozen=True, slots=True)
class Run:
    """One worker process: how long it took, of that on the processor, how much memory it had at its peak, what it
    reported.
    """

    seconds: float
    busy: float
    peak_mb: float
    totals: dict[str, int]


class Site:
    """A sandbox in a process of its own; ``variables`` let a worker in."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.variables: dict[str, str] = self._answer()

    def ask(self, command: str) -> dict[str, Any]:
        """Has the sandbox do one of the commands of ``tests.bench.world``, and gives its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


@contextmanager
def world(pages: int, rows: int, latency: float = 0.0, deployment: str = "cloud") -> Iterator[Site]:
    """A sandbox with so many pages, for a while."""
    command = [sys.executable, "-m", "tests.bench.world", str(pages), str(rows), str(latency), deployment]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Site(process)
    finally:
        process.kill()
        process.communicate()


def worker(site: Site, endings: Collection[int] = (0,), **variables: str) -> Run:
    """One ``sync`` in a process of its own, which ends with one of these codes, measured by the operating system."""
    with TemporaryDirectory() as folder:
        Path(folder, "payments.yaml").write_text(MAPPING)
        environment = {
            **os.environ,
            **site.variables,
            "MAPPINGS_DIR": folder,
            "LOG_LEVEL": "ERROR",
            "CONCURRENCY": str(CONCURRENCY),
            **variables,
        }
        started = time.perf_counter()
        output = Path(folder, "result.json")
        with output.open("w") as result:
            process = subprocess.Popen(
                [sys.executable, "-m", "worker", "sync", "--format", "json"], env=environment, stdout=result
            )
            _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        if os.waitstatus_to_exitcode(status) not in endings:
            raise SystemExit(f"the worker ended with {os.waitstatus_to_exitcode(status)}")
        busy = usage.ru_utime + usage.ru_stime
        return Run(seconds, busy, usage.ru_maxrss / 1024, json.loads(output.read_text())["totals"])
