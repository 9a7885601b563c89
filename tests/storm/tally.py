"""What a storm has tried so far: points, processes that really died, what came to pass, and what was broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.storm.faults import DISTURBANCES
from tests.storm.trial import Point, Verdict


def is_death(point: Point) -> bool:
    """Whether a process is to be killed in it."""
    return any(each.kind == "kill" for each in point.disturbances)


@dataclass
class Tally:
    """Counts verdicts as they come."""

    points: int = 0
    deaths: int = 0
    """Points in which a process was to be killed."""
    killed: int = 0
    """Those in which it really was."""
    broken: list[Verdict] = field(default_factory=list)
    _kinds: Counter[str] = field(default_factory=Counter)
    _struck: Counter[str] = field(default_factory=Counter)

    def add(self, verdict: Verdict) -> None:
        """Takes one in."""
        self.points += 1
        self.deaths += is_death(verdict.point)
        self.killed += any(DISTURBANCES[name].kind == "kill" for name in verdict.struck)
        self._kinds[_kind(verdict.point)] += 1
        self._struck.update(set(verdict.struck))
        if verdict.broken:
            self.broken.append(verdict)

    def so_far(self) -> str:
        """One line while it goes on."""
        return f"{self.points} points tried, {self.killed} processes killed, {len(self.broken)} points broken"

    def totals(self) -> Iterator[str]:
        """Lines for the end."""
        yield f"{self.points} points tried, {self.killed} of them with a process that was really killed."
        yield "By kind: " + ", ".join(f"{kind} {number}" for kind, number in self._kinds.most_common())
        yield "Came to pass: " + ", ".join(f"{name} {self._struck[name]}" for name in DISTURBANCES)
        yield f"{len(self.broken)} points broke a promise."
        yield from map(told, self.broken)


def told(verdict: Verdict) -> str:
    """A broken point with the command that repeats it."""
    return "\n        ".join([f'BROKEN  python -m tests.storm --point "{verdict.point}"', *verdict.broken])


def _kind(point: Point) -> str:
    if len(point.spells) > 1:
        return f"{len(point.spells)} passes"
    return "+".join(sorted(each.kind for each in point.disturbances)) or "none"
