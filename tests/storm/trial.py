"""One trial: a scenario, disturbances at numbered requests, and what was broken once the world had calmed down."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from tests.passes.stage import stage
from tests.storm.crowd import CROWDS
from tests.storm.faults import DISTURBANCES, Disturbance
from tests.storm.laws import broken
from tests.storm.passes import one_pass
from tests.storm.processes import PROCESSES
from tests.storm.scenarios import SCENARIOS
from tests.storm.scene import LAG, Scene
from worker.errors import WorkerError
from worker.model.plan import Hold, Wait
from worker.model.report import Report

PASSES = 3
"""So many passes after the trouble everything is as it should be."""

WITHOUT_ROW_IDS = frozenset({"row-ambiguous"})
"""Findings with which a row may be without ticket where rows have no ids of the editor's: a row that was reworded before
it showed its key cannot be told from another one, and waits for a person."""


@dataclass(frozen=True)
class Spell:
    """One pass in bad weather: the disturbances, each with the number of the request it strikes at."""

    strikes: tuple[tuple[str, int], ...] = ()
    soon: bool = False
    """The pass comes a moment after the one before, while creates may still be under way; else long after."""

    def of(self, kind: str) -> tuple[str, int] | None:
        """The disturbance of that kind, if there is one."""
        return next(((name, number) for name, number in self.strikes if DISTURBANCES[name].kind == kind), None)


@dataclass(frozen=True)
class Point:
    """What is tried: a scenario, and one disturbed pass of it after the other.

    Reads and prints as ``first-sync:cut-after@7+very-row@9/503-before@2``: passes are divided by ``/``, or by ``~``
    where the next one comes soon.
    """

    scenario: str
    spells: tuple[Spell, ...] = (Spell(),)

    @classmethod
    def once(cls, scenario: str, *strikes: tuple[str, int]) -> Point:
        """A point with a single disturbed pass."""
        return cls(scenario, (Spell(strikes),))

    @classmethod
    def read(cls, text: str) -> Point:
        """The point that prints as this text."""
        scenario, _, rest = text.partition(":")
        spells = []
        for mark, part in re.findall(r"([/~]?)([^/~]*)", rest)[:-1] or [("", "")]:
            pairs = (each.rpartition("@") for each in part.split("+") if each)
            spells.append(Spell(tuple((name, int(number)) for name, _, number in pairs), mark == "~"))
        return cls(scenario, tuple(spells))

    def __str__(self) -> str:
        parts = []
        for place, spell in enumerate(self.spells):
            mark = "" if not place else "~" if spell.soon else "/"
            parts.append(mark + "+".join(f"{name}@{number}" for name, number in spell.strikes))
        return f"{self.scenario}:{''.join(parts)}"

    @property
    def disturbances(self) -> list[Disturbance]:
        """All of them, in order."""
        return [DISTURBANCES[name] for spell in self.spells for name, _ in spell.strikes]


@dataclass(frozen=True)
class Verdict:
    """What came of a trial."""

    point: Point
    broken: tuple[str, ...]
    struck: tuple[str, ...]
    """Names of the disturbances that came to pass."""
    requests: int
    """Of the first disturbed pass."""
    altogether: int = 0
    """From there on until a pass was silent, or until nothing more was waited for."""


def tried(point: Point) -> Verdict:
    """Plays the point through."""
    crashes: list[str] = []

    def guarded(work: Callable[[], object]) -> None:
        """What the worker raises on purpose is part of the trouble; everything else is a bug."""
        try:
            work()
        except WorkerError:
            pass
        except Exception:  # noqa: BLE001 — any crash at all is a broken promise, and is told with its trace
            crashes.append(f"the worker crashed: {traceback.format_exc(limit=-6)}")

    scenario = SCENARIOS[point.scenario]
    with stage(scenario.deployment) as scene_stage:
        scene_stage.closed_to_strangers()
        scene = scenario.prepare(scene_stage)
        requests, began = 0, len(scene_stage.sandbox.requests)
        for place, spell in enumerate(point.spells):
            if place:
                scene.advance(1 if spell.soon else 2 * LAG)
            served = len(scene_stage.sandbox.requests)
            scene_stage.sandbox.faults.clear()
            for name, number in spell.strikes:
                DISTURBANCES[name].arm(scene, number)
            crashes += _disturbed(scene, spell, guarded)
            requests = requests or len(scene_stage.sandbox.requests) - served
        scene.calm()
        excuses = frozenset().union(*(each.excuses for each in point.disturbances))
        if len(point.disturbances) > 1 or "lost-question" in point.scenario:
            excuses |= {"claim-waiting"}  # two creates without an answer are left to a person
        if scenario.deployment == "datacenter" or "no-local-ids" in scene.struck:
            excuses |= WITHOUT_ROW_IDS
        last = _settled(scene, crashes)
        found = [*crashes, *(broken(scene, last, excuses) if last is not None else ())]
        return Verdict(point, tuple(found), tuple(scene.struck), requests, len(scene_stage.sandbox.requests) - began)


@cache
def requests_of(scenario: str) -> int:
    """How many requests the pass of that scenario takes when nothing disturbs it."""
    verdict = tried(Point(scenario))
    if verdict.broken:
        raise AssertionError(f"{scenario} breaks laws in good weather: {verdict.broken}")
    return verdict.requests


def _disturbed(scene: Scene, spell: Spell, guarded: Callable[[Callable[[], object]], None]) -> list[str]:
    """One pass with company, in a process of its own, or as it is; gives what a process did wrong by itself."""
    crowd, own = spell.of("crowd"), spell.of("kill") or spell.of("process")
    scene.crowded |= crowd is not None
    if own is not None:
        return PROCESSES[own[0]](scene, own[0], own[1], guarded)
    if crowd is not None:
        CROWDS[crowd[0]](scene, crowd[1], guarded)
    else:
        guarded(lambda: one_pass(scene))
    return []


def _settled(scene: Scene, problems: list[str]) -> Report | None:
    """Passes until one of them is silent, three at most, and then one that has to be; gives the last report."""
    last: Report | None = None
    for number in range(PASSES + 1):
        scene.advance()
        writes, asked = scene.stage.sandbox.writes, len(scene.stage.sandbox.requests)
        try:
            last = one_pass(scene)
        except Exception:  # noqa: BLE001 — in calm weather any error at all is a broken promise
            problems.append(f"pass {number + 1} after the trouble failed: {traceback.format_exc(limit=-6)}")
            return None
        silent = writes == scene.stage.sandbox.writes
        if silent and not _waits(last):
            return last
    if not silent:
        wrote = [f"{e.method} {e.path} {e.status}" for e in scene.stage.sandbox.requests[asked:] if not e.reads]
        problems.append(f"pass {PASSES + 1} after the trouble still writes: {wrote}")
    return last


def _waits(report: Report) -> bool:
    changes = [change for page in report.pages for change in page.plan.changes]
    return any(isinstance(change, Hold) and change.wait is Wait.TIME for change in changes)
