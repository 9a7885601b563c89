"""``make month``: plays a month of passes and prints what happened; each broken promise is named, with the seed."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.month.month import EVERY, Month
from tests.month.table import rows
from tests.passes.stage import stage


def main() -> int:
    """The exit code: 1 when a promise was broken or a save had no reason."""
    parser = argparse.ArgumentParser(prog="python -m tests.month", description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--deployment", choices=["cloud", "datacenter"], default="cloud")
    usual = EVERY // timedelta(minutes=1)
    parser.add_argument(
        "--minutes", type=int, choices=[5, 10, 15, 30], default=usual, help=f"between passes by day; {usual} by default"
    )
    asked = parser.parse_args()
    every = timedelta(minutes=asked.minutes)
    began = time.monotonic()
    with stage(asked.deployment) as made, TemporaryDirectory() as folder:
        month = Month(made, Path(folder), days=asked.days, seed=asked.seed, every=every)
        month.play(lambda line: _say(f"{line}, after {time.monotonic() - began:.0f} s"))
        for row in rows(month, time.monotonic() - began):
            _say(row)
    for sentence in month.broken:
        _say(f"BROKEN  {sentence}")
    if month.broken:
        again = f"--days {asked.days} --minutes {asked.minutes} --seed {asked.seed} --deployment {asked.deployment}"
        _say(f"It can be repeated: python -m tests.month {again}")
    return 1 if month.broken else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
