"""Leaves the figures in a file for the textfile collector of Prometheus' node exporter."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import write_to_textfile

from worker.telemetry.exposition import registry
from worker.telemetry.figures import Measure

_FOR_ALL_TO_READ = 0o644
"""The collector is another account, whatever mask the worker runs under; figures are no secret."""


def write(path: Path, measures: Iterable[Measure]) -> None:
    """Replaces the file at once, so that a collector never reads half of it; OSError when that fails.

    The collector of the node exporter reads files that end in ``.prom`` and no others, so it does not see the one
    beside it, whose rights are set before it takes the place.
    """
    beside = path.with_name(f"{path.name}.new-{os.getpid()}")
    try:
        write_to_textfile(str(beside), registry(measures))
        beside.chmod(_FOR_ALL_TO_READ)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
