"""What a month was like, as lines for a terminal."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

from tests.month.month import Month
from tests.month.sheet import Sheet
from tests.storm.faults import DISTURBANCES


def rows(month: Month, seconds: float) -> Iterator[str]:
    """The table."""
    scene, judge = month.scene, month.judge
    weather = Counter({name: number for name, number in month.trouble.items() if name in DISTURBANCES})
    befell = Counter({name: number for name, number in month.trouble.items() if name not in DISTURBANCES})
    items = {(page.id, token) for page in scene.pages for token in Sheet(page.body).tokens()}
    yield from _row("days", month.days)
    yield from _row("passes", sum(month.passes.values()), month.passes)
    yield from _row("requests", len(scene.stage.sandbox.requests))
    yield from _row("pages, items, tickets", f"{len(scene.pages)}, {len(items)}, {len(scene.tickets())}")
    yield from _row("what people did", sum(month.people.did.values()), month.people.did)
    yield from _row("what befell workers", sum(befell.values()), befell)
    yield from _row("faults on the wire", sum(weather.values()), weather)
    yield from _row("versions by the worker", sum(judge.versions.values()), judge.versions)
    yield from _row("changes of tickets", sum(judge.edits.values()), judge.edits)
    yield from _row("mails by the worker", sum(judge.mails.values()), judge.mails)
    yield from _row("mails by people", judge.peoples_mails)
    yield from _row("unjustified", judge.unjustified)
    yield from _row("promises broken", len(month.broken))
    yield from _row("real time", f"{seconds:.0f} s, of which {time.process_time():.0f} s at work")


def _row(name: str, value: object, parts: Counter[str] | None = None) -> Iterator[str]:
    yield f"{name:<24}{value}"
    for part, number in (parts or Counter()).most_common():
        yield f"{'':<24}  {number:>6}  {part}"
