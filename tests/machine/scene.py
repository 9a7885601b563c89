"""One team's world on the fakes, passes that may be disturbed, and the calm after them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from threading import Event
from typing import Any

from tests.fakes.wire import WRITES, Fault, Killed, Moment, Wire
from tests.fakes.world import FakeWorld
from tests.machine.laws import Laws
from tests.machine.sheet import Row, Sheet, Task, read, sheet
from worker.errors import AccessError, ConfigurationError
from worker.mapping.model import TeamMapping
from worker.model.plan import Hold, Wait
from worker.model.report import Report
from worker.run import plan_pass, sync_pass
from worker.survey import Team
from worker.terms import Scope

LAG = 10
"""Ticks: the search lag that the operator set, which a create without answer keeps to."""


def team(**changes: Any) -> TeamMapping:
    """The Payments team, whose pages are touched at once."""
    plain = {
        "team": "Payments",
        "pages": {"space": "PAY", "labels": ["post-mortem"], "since": date(2020, 1, 1), "quiet": 0},
        "ticket": {"project": "PAY"},
        "due": {"day_first": True},
    }
    pages = {**plain["pages"], **changes.pop("pages", {})}
    return TeamMapping.model_validate({**plain, **changes, "pages": pages})


class Scene:
    """A world, a mapping, and the passes of workers on it."""

    def __init__(self, *, pages_behind: int = 0, tickets_behind: int = 0, **mapping: Any) -> None:
        self.world = FakeWorld()
        self.world.late = LAG - 2
        self.world.confluence.index.lag = pages_behind
        self.world.jira.index.lag = tickets_behind
        self.teams = (Team(team(**mapping), "payments.yaml"),)
        self.quiet = int(self.teams[0].mapping.pages.quiet.total_seconds())
        self.laws = Laws(self.world)

    @property
    def beyond(self) -> int:
        """Ticks after which every search has caught up, absence counts, and pages are quiet."""
        lags = (LAG, self.world.confluence.index.lag, self.world.jira.index.lag, self.quiet)
        return 2 + max(lags)

    def write(self, *rows: Row, tasks: tuple[Task, ...] = (), title: str = "Checkout outage") -> str:
        """A person writes a page with these rows and tasks; gives its id."""
        return self.world.confluence.create(title, sheet(*rows, tasks=tasks).markup())

    def read(self, page: str) -> Sheet:
        """The page as people see it."""
        return read(self.world.confluence.body(page))

    def save(self, page: str, sheet: Sheet) -> None:
        """A person saves the page."""
        self.world.confluence.person_saves(page, sheet.markup())

    # -- passes ------------------------------------------------------------------------------------------------------

    def sync(self, *troubles: Fault | Moment, wire: Wire | None = None, **selection: frozenset[str]) -> Report | None:
        """One pass; None when it was killed, or refused before anything was planned."""
        wire = wire or Wire()
        wire.troubles.extend(troubles)
        there = self.world.connect(wire)
        try:
            report = sync_pass(
                self.teams,
                there.readers,
                there.writers,
                self._scope(selection),
                requests=there.requests,
                stop=Event(),
                clock=lambda: float(self.world.clock.ticks),
            )
            self.laws.notice(report)
            return report
        except (Killed, AccessError):
            return None
        except ConfigurationError:
            assert selection, "only who names a page can name one that is not there"
            return None

    def plan(self) -> Report:
        """What a pass would do."""
        there = self.world.connect()
        report = plan_pass(self.teams, there.readers, self._scope({}), requests=there.requests)
        assert 0 == there.wire.writes
        return report

    def _scope(self, selection: dict[str, frozenset[str]]) -> Scope:
        return Scope(concurrency=1, search_lag=timedelta(seconds=LAG), **selection)

    def calm_down(self) -> Report:
        """Nobody disturbs: after at most three passes, each beyond the lag, a further one is silent; gives its report."""
        self.world.confluence.twin_fault = False
        for _ in range(3):
            self.world.clock.tick(self.beyond)
            assert self.sync() is not None
            self.laws.hold()
        self.world.clock.tick(self.beyond)
        wire = Wire()
        report = self.sync(wire=wire)
        self.laws.hold()

        assert report is not None
        assert [] == [name for name in wire.calls if name in WRITES], report
        return report

    def waiting_for_people(self, report: Report) -> set[str]:
        """Actions of the rows that wait for a person or a guard."""
        holds = [change for page in report.pages for change in page.plan.changes if isinstance(change, Hold)]
        return {hold.item.action for hold in holds if hold.wait is not Wait.TIME}

    def births(self, token: str) -> int:
        """How many tickets workers made for the rows that say this."""
        return sum(token in draft.summary for _, draft in self.world.jira.births)


def calls_of(scene: Callable[[], Scene]) -> Iterable[int]:
    """1 to the number of port calls that an undisturbed pass of this scene takes."""
    wire = Wire()
    scene().sync(wire=wire)
    return range(1, len(wire.calls) + 1)
