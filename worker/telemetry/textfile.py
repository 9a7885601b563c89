"""Leaves the figures in a file for the textfile collector of Prometheus' node exporter."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from prometheus_client import write_to_textfile

from worker.telemetry.exposition import registry
from worker.telemetry.figures import Measure


def write(path: Path, measures: Iterable[Measure]) -> None:
    """Replaces the file at once, so that a collector never reads half of it; OSError when that fails.

    The collector of the node exporter reads files that end in ``.prom`` and no others, and the client writes beside
    the file before it renames (Prometheus client for Python, ``write_to_textfile``).
    """
    write_to_textfile(str(path), registry(measures))
