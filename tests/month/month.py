"""The course of the month: when passes come, who is at work, what the weather is, and how it ends."""

from __future__ import annotations

import random
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from tests.month.judge import Judge
from tests.month.laws import broken_at_the_end
from tests.month.ledger import Cause
from tests.month.passes import Killed, Life, killed_process, one_pass
from tests.month.people import People
from tests.month.sheet import Sheet
from tests.month.teams import ON_CALL, TEAMS, Mappings, settle
from tests.passes.stage import Stage
from tests.storm.faults import DISTURBANCES
from tests.storm.scene import Scene
from worker.errors import ConfigurationError, WorkerError
from worker.model.report import Report

BEGINS = datetime(2026, 11, 2, 6, tzinfo=UTC)
"""A Monday."""
EVERY = timedelta(minutes=15)
LAG = 300
"""Seconds: SEARCH_LAG_SECONDS of every pass, as where nobody sets it."""
DAY, WORK = range(6, 20), range(9, 18)
"""Hours in which passes come every 15 minutes on working days, and those in which people are at work; else each hour."""
WIRE = tuple(name for name, each in DISTURBANCES.items() if each.kind == "wire")
CALM_PASSES = 3


class Month:
    """One month, or a few days of one, on one sandbox."""

    def __init__(self, stage: Stage, folder: Path, *, days: int, seed: int, every: timedelta = EVERY) -> None:
        self.days = days
        self.every = every
        """How far apart passes are while people are about; at night and at weekends it is an hour at least."""
        self.scene = Scene(stage, [], [], lag=LAG)
        self.drawn = random.Random(seed)
        stage.sandbox.world.clock.start_at(BEGINS)
        settle(stage.sandbox)
        self.mappings = Mappings(folder, stage.sandbox)
        self.judge = Judge(self.scene)
        self.people = People(self.scene, self.judge, self.drawn)
        self.count = 2
        """How many workers share a pass."""
        self.passes: Counter[str] = Counter()
        """How passes went."""
        self.trouble: Counter[str] = Counter()
        """What befell them."""
        self.problems: list[str] = []
        self.reports: dict[int, Report] = {}
        """The last report of each worker."""
        self._schedule = self._moments()
        self._stormy = 0.0
        """How likely a pass meets a fault on the wire."""
        self._token_day, self._killing = False, 0
        expires = (2 * days) // 5
        self._without_token = next(day for day in count(expires) if (BEGINS + timedelta(day)).weekday() < 5)
        self._under_way: list[int] = []
        """For each pass under way, how much had happened when it began; the outermost first."""

    # -- the course --------------------------------------------------------------------------------------------------

    def play(self, tell: Callable[[str], None] = lambda line: None) -> None:
        """All of it, and the end."""
        today = None
        for moment in self._schedule:
            if moment.date() != today:
                today = moment.date()
                tell(f"{today:%a %d %b}: {sum(self.passes.values())} passes, {len(self.scene.pages)} pages, "
                     f"{len(self.scene.jira.issues)} tickets, {self.judge.unjustified} unjustified")  # fmt: skip
                self._morning((today - BEGINS.date()).days)
            self._moment(moment)
        self.calm_down()

    def _moments(self) -> Iterator[datetime]:
        moment = BEGINS
        while moment < BEGINS + timedelta(days=self.days):
            if moment.minute == 0 or (moment.weekday() < 5 and moment.hour in DAY):
                yield moment
            moment += self.every

    def _morning(self, day: int) -> None:
        """What a day brings: pages at the start, another number of workers, a changed mapping, a bad network."""
        if day == 0:
            self.begin()
        self._stormy = 0.4 if self.drawn.random() < 0.15 else 0.04
        self._token_day = day == self._without_token
        self._killing = self.drawn.randrange(9, 17)
        settings = self.scene.stage.sandbox.settings
        settings.confluence_lag_seconds = self.drawn.choice((0, 5, 60, 0.9 * LAG))
        settings.jira_lag_seconds = self.drawn.choice((0, 5, 60, 0.9 * LAG))
        if day == self.days // 2:
            self._changes()

    def _changes(self) -> None:
        """A third worker, and a mapping that knows more; one of two workers is still there beside the three."""
        self.count = 3
        self._one(0, 2)
        self.mappings.learn()
        now = self.scene.confluence.clock.now()
        for page in self.scene.pages:
            lines = [(line, line.cell(("Driver",))) for line in Sheet(page.body).lines()]
            concerned = [line.token for line, driver in lines if driver is not None or ON_CALL in line.element.text()]
            self.judge.ledger.note(page.id, concerned, Cause.MAPPING, now)

    def _moment(self, moment: datetime) -> None:
        scene = self.scene
        scene.advance(max((moment - scene.confluence.clock.now()).total_seconds(), 0))
        if moment.weekday() < 5 and moment.hour in WORK:
            for team in TEAMS:
                if self.drawn.random() < 0.015:
                    self.people.write_page(team, self._began)
            for _ in range(self.drawn.choice((0, 0, 1, 1, 2, 3))):
                self.people.act(self._began)
        if self._token_day and moment.hour == 10 and moment.minute == 0:
            scene.sign_out()
            self.trouble["the token expired"] += 1
        if moment.hour == 13 and moment.minute == 0:
            scene.calm()
        self._workers(moment)

    def _workers(self, moment: datetime) -> None:
        """The workers of one moment by turns, or one within another."""
        indexes = list(range(self.count))
        self.drawn.shuffle(indexes)
        if moment.hour == self._killing and moment.minute == 30 and not self._under_way:
            self._kill_process(indexes.pop())
        if len(indexes) > 1 and self.drawn.random() < 0.1:
            first, *others = indexes
            self.trouble["workers at the same time"] += 1
            self._one(first, self.count, lambda life: [self._one(each, self.count) for each in others])
            return
        for index in indexes:
            self._one(index, self.count, self._befalls())

    def _befalls(self) -> Callable[[Life], object] | None:
        """What happens in the middle of a pass, if anything does."""
        chance = self.drawn.random()
        if chance < 0.02:
            return self._told("a worker killed", lambda life: life.end())
        if chance < 0.04:
            return self._told("a person at the same time", lambda life: self.people.act(self._began))
        if chance < 0.045:
            return self._told("a slow pass", lambda life: self.scene.advance(self.drawn.randint(60, 800)))
        if chance < 0.05 and not self._under_way:
            return self._told("a pass that goes on during the next", lambda life: self._next())
        if chance < 0.0525 and not self._under_way:
            return self._told("a hung worker, ended later", lambda life: (self._next(), self._next(), life.end()))
        return None

    def _told(self, name: str, do: Callable[[Life], object]) -> Callable[[Life], object]:
        def happens(life: Life) -> None:
            self.trouble[name] += 1
            do(life)

        return happens

    def _next(self) -> None:
        moment = next(self._schedule, None)
        if moment is not None:
            self._moment(moment)

    @property
    def _began(self) -> int:
        """How much had happened when the oldest pass under way began."""
        return self._under_way[0] if self._under_way else self.judge.ledger.count

    # -- passes ------------------------------------------------------------------------------------------------------

    def _one(self, index: int, count: int, befalls: Callable[[Life], object] | None = None) -> None:
        """One pass of one worker, in whatever weather there is."""
        scene, number = self.scene, self.drawn.randint(1, 15)
        life = Life(scene, {number: befalls} if befalls else {})
        self._weather()
        self._under_way.append(self.judge.ledger.count)
        try:
            self.reports[index] = one_pass(scene, self.mappings, index, count, life, self._approved())
            self.passes[self.reports[index].exit.name.lower()] += 1
        except Killed:
            self.passes["killed"] += 1
        except ConfigurationError:
            raise
        except WorkerError as error:
            self.passes[f"ended by {type(error).__name__}"] += 1
        except Exception:  # noqa: BLE001 — any crash at all is a broken promise, and is told with its trace
            self.problems.append(
                f"a worker crashed at {scene.confluence.clock.now()}: {traceback.format_exc(limit=-6)}"
            )
        finally:
            self.judge.look(self._began)
            self._under_way.pop()
            scene.stage.sandbox.faults.clear()
            self.trouble.update(f"{DISTURBANCES[name].name}" for name in scene.struck)
            scene.struck.clear()

    def _weather(self) -> None:
        if self.drawn.random() < self._stormy:
            DISTURBANCES[self.drawn.choice(WIRE)].arm(self.scene, self.drawn.randint(1, 12))

    def _approved(self) -> frozenset[str]:
        """Somebody has looked at the pages that were held since they lost most of their rows."""
        guarded = (
            page.plan.page
            for report in self.reports.values()
            for page in report.pages
            if any(finding.code == "table-shrunk" for finding in page.plan.findings)
        )
        return frozenset(guarded)

    def _kill_process(self, index: int) -> None:
        self._under_way.append(self.judge.ledger.count)
        came = killed_process(self.scene, self.mappings, index, self.count, self.drawn.randint(1, 10))
        self.judge.look(self._began)
        self._under_way.pop()
        if came == "killed":
            self.trouble["a process killed"] += 1
            self.passes["killed"] += 1
        elif came == "over":
            self.passes["over before it was killed"] += 1
        else:
            self.problems.append(came)

    # -- the end -----------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Each team writes a first page."""
        for team in TEAMS:
            self.people.write_page(team, self._began)

    def calm_down(self) -> None:
        """No trouble any more: a few passes beyond the lag, one that has to be silent, and then the laws."""
        sandbox, scene = self.scene.stage.sandbox, self.scene
        scene.calm()
        self._stormy = 0.0
        sandbox.settings.confluence_lag_seconds = sandbox.settings.jira_lag_seconds = 0
        asked = 0
        for _ in range(CALM_PASSES + 1):
            scene.advance(2 * LAG + 60)
            asked = len(sandbox.requests)
            for index in range(self.count):
                self._one(index, self.count)
        wrote = [f"{each.method} {each.path} {each.status}" for each in sandbox.requests[asked:] if not each.reads]
        if wrote:
            self.problems.append(f"pass {CALM_PASSES + 1} after the trouble still writes: {wrote}")
        self.problems += broken_at_the_end(scene, self.judge, self.people.words, self.last)

    @property
    def last(self) -> Report:
        """The report of the last pass, of all workers together."""
        first, *others = [self.reports[index] for index in range(self.count)]
        return replace(
            first,
            pages=tuple(page for report in (first, *others) for page in report.pages),
            findings=tuple(finding for report in (first, *others) for finding in report.findings),
            errors=tuple(error for report in (first, *others) for error in report.errors),
        )

    @property
    def broken(self) -> list[str]:
        """Every promise that was broken, as a sentence."""
        return list(dict.fromkeys([*self.problems, *self.judge.broken]))
