"""Gathers over all pages what changed, what waits for whom, and what is wrong, for readers of a whole report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from worker.model.finding import Finding
from worker.model.plan import PagePlan, Wait
from worker.model.report import Report
from worker.render.words import Row, other_findings, rows

WHOM = {
    Wait.PEOPLE: "For somebody to change the row or the ticket",
    Wait.LIMIT: "For a person to look and approve",
    Wait.GUARD: "For a person to say whether the lost rows were meant",
    Wait.TURN: "For its turn in one of the next passes, by itself",
    Wait.TIME: "For a later pass, by itself",
}
"""For whom what is held waits, those first who have to do something."""


@dataclass(frozen=True, slots=True)
class Told:
    """One item or finding with the page it belongs to."""

    page: PagePlan
    what: Row | Finding

    @property
    def ticket(self) -> str:
        """Key of the ticket it is about; empty where there is none, or where several items say the same."""
        if isinstance(self.what, Row):
            return self.what.ticket or ""
        tickets = {change.ticket for change in self.page.changes if change.item.action == self.what.item}
        return (tickets.pop() or "") if len(tickets) == 1 else ""


@dataclass(frozen=True, slots=True)
class Digest:
    """The whole report by what a reader does about it; everything in it stands page by page too."""

    changed: tuple[Told, ...]
    waiting: Mapping[Wait, tuple[Told, ...]]
    """Every wait with something, in the order of ``WHOM``."""
    wrong: tuple[Told, ...]
    """What failed, then findings that no change tells already; each message says what to do."""


def digest(report: Report) -> Digest:
    """What a report comes to."""
    entries = [Told(page.plan, row) for page in report.pages for row in rows(page.plan)]
    waiting: dict[Wait, list[Told]] = defaultdict(list)
    for entry in entries:
        if isinstance(entry.what, Row) and entry.what.wait is not None:
            waiting[entry.what.wait].append(entry)
    findings = [Told(page.plan, finding) for page in report.pages for finding in other_findings(page.plan)]
    return Digest(
        changed=_of(entries, {"create", "update"}),
        waiting={wait: tuple(waiting[wait]) for wait in WHOM if wait in waiting},
        wrong=(*_of(entries, {"failed"}), *findings),
    )


def _of(entries: Iterable[Told], kinds: set[str]) -> tuple[Told, ...]:
    return tuple(entry for entry in entries if isinstance(entry.what, Row) and entry.what.kind in kinds)
