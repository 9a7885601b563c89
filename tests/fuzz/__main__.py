"""Fuzzing by hand, for as long as asked: ``python -m tests.fuzz --seconds 300``; prints what breaks, with its seed."""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections import Counter

from tests.fuzz import judged, mutations, samples


def main() -> int:
    """The exit code: 1 when something broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0, help="the first seed; one that was printed repeats its find")
    parser.add_argument("--kind", choices=("page", "mapping"), action="append")
    asked = parser.parse_args()
    ends = time.monotonic() + asked.seconds
    came: Counter[str] = Counter()
    broken: set[str] = set()
    seed = asked.seed
    while time.monotonic() < ends or seed == asked.seed:
        for kind in asked.kind or ("page", "mapping"):
            began = time.monotonic()
            try:
                came[f"{kind} {outcome(kind, seed).partition(':')[0].lstrip('0123456789 ')}"] += 1
            except Exception:  # noqa: BLE001 — whatever it is, it is what is looked for
                trace = traceback.format_exc(limit=-3)
                where = trace.rpartition("File ")[2]
                came[f"{kind} broken"] += 1
                if where not in broken:
                    broken.add(where)
                    sys.stdout.write(f"python -m tests.fuzz --seconds 0 --kind {kind} --seed {seed}\n{trace}\n")
            if time.monotonic() - began > 5:
                sys.stdout.write(f"slow: --kind {kind} --seed {seed}\n")
        seed += 1
    sys.stdout.write(
        f"{seed - asked.seed} seeds: " + ", ".join(f"{kind} {n}" for kind, n in sorted(came.items())) + "\n"
    )
    return 1 if broken else 0


def outcome(kind: str, seed: int) -> str:
    """How the input of that seed is taken."""
    chance = random.Random(seed)
    if kind == "page":
        return judged.page(mutations.damaged(samples.pages(), mutations.OF_PAGES, chance))
    text = mutations.damaged(samples.mappings(), mutations.OF_MAPPINGS, chance)
    return judged.mapping(text.encode("utf-8", "surrogatepass"))


if __name__ == "__main__":
    sys.exit(main())
