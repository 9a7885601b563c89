"""One pass: read, decide, act, write back, report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event, Lock
from typing import Literal

from worker.apply.job import Brakes, Job
from worker.apply.page import PageWork
from worker.errors import Exhausted, LimitTooLow
from worker.mishap import failed, mishap
from worker.model.plan import Create, Hold, Update, Wait
from worker.model.report import Exit, PageReport, Report
from worker.planning import Decided, Plans, foreseen, has_work, make_plans
from worker.reconcile.claims import with_known
from worker.reconcile.tracking import new_tickets
from worker.remote.allowance import Allowance
from worker.remote.clock import steady
from worker.survey import Team
from worker.terms import Progress, Quiet, Readers, Scope, Writers

_ASKED_TO_STOP = "the worker was asked to stop"


def plan_pass(
    teams: Sequence[Team],
    readers: Readers,
    scope: Scope,
    *,
    requests: Callable[[], int],
    progress: Progress | None = None,
) -> Report:
    """Reads everything and says what ``sync`` would do; cannot write, for it is handed readers only.

    AccessError when a product refuses us or takes no more, or the cap on requests is reached; ConfigurationError when
    a mapping cannot work.
    """
    started = datetime.now(UTC)
    closed = tuple(f"{each}: until that ends, `sync` attempts nothing." for each in _closed(readers))
    plans = make_plans(teams, readers, scope, progress or Quiet())
    ahead = [each.plan if closed else foreseen(each) for each in plans.pages]  # closed, no page may be edited
    pages = tuple(PageReport(plan, saved=False) for plan in ahead)
    report = _report("plan", pages, plans, requests, started)
    return replace(report, notices=(*closed, *report.notices))


def sync_pass(
    teams: Sequence[Team],
    readers: Readers,
    writers: Writers,
    scope: Scope,
    *,
    requests: Callable[[], int],
    stop: Event,
    progress: Progress | None = None,
    clock: Callable[[], float] = steady,
    allowance: Allowance | None = None,
) -> Report:
    """One pass; ends early, with the pages in hand finished, when ``stop`` is set, the deadline is reached or the
    ``allowance`` is used up. Exhausted where that happens before it is known what there is to do, LimitTooLow where the
    cap or the deadline leaves nothing for any page that has to be worked on.

    ``clock`` tells seconds, those included in which this machine slept. Nothing is attempted while a product is in
    read-only mode: a notice says so.
    """
    started, until = datetime.now(UTC), clock() + scope.deadline.total_seconds()
    if stop.wait(scope.delay.total_seconds()):
        return Report("sync", (), requests(), started, datetime.now(UTC), stopped=_ASKED_TO_STOP)
    tell, allowance = progress or Quiet(), allowance or Allowance()
    allowance.read_until(lambda: _ends(stop, scope.deadline, until - clock()))
    closed = tuple(f"{each}, so nothing was attempted; the next pass looks again." for each in _closed(readers))
    if closed:
        return Report("sync", (), requests(), started, datetime.now(UTC), notices=closed)
    plans = make_plans(teams, readers, scope, tell)
    if any(has_work(each) for each in plans.pages):
        allowance.finish()
    brakes = Brakes()
    work = PageWork(
        readers.pages,
        writers.pages,
        readers.tickets,
        writers.tickets,
        worker=plans.worker,
        search_lag=scope.search_lag,
        links=scope.links,
        brakes=brakes,
        clock=clock,
    )
    act = _Act(work, brakes, scope, plans.newest, tell, stop, allowance, lambda: clock() >= until)
    pages = act.all(plans.pages)
    report = _report("sync", pages, plans, requests, started)
    made = new_tickets(
        (page.plan for page in pages), [team.mapping for team in teams], readers.pages.now(), plans.tracked
    )
    return replace(
        report,
        stopped=brakes.refused or act.stopped,
        refused=Exit.UNREACHABLE if brakes.refused is not None else None,
        resumes_at=act.resumes_at,
        tickets=(*plans.tracked, *made),
    )


def _ends(stop: Event, deadline: timedelta, left: float) -> Exhausted | LimitTooLow | None:
    """What ends a pass that still reads, with so many seconds ``left``; it has begun nothing that is to be finished."""
    if stop.is_set():
        return Exhausted(_ASKED_TO_STOP)
    if left > 0:
        return None
    met = f"the pass met its deadline (DEADLINE_SECONDS, {deadline.total_seconds():.0f}) while it still read"
    why = "no page could be begun, and a pass that reads as long ends like this again"
    return LimitTooLow(f"{met}, so {why}: raise DEADLINE_SECONDS and the job's own limit, or divide the teams")


def _closed(readers: Readers) -> tuple[str, ...]:
    """Why nothing can be written by anybody at present, half a sentence a product; AccessError when it refuses us."""
    return tuple(each for each in (readers.pages.closed(), readers.tickets.closed()) if each)


def _report(
    command: Literal["plan", "sync"],
    pages: tuple[PageReport, ...],
    plans: Plans,
    requests: Callable[[], int],
    started: datetime,
) -> Report:
    return Report(
        command,
        pages,
        requests(),
        started,
        datetime.now(UTC),
        notices=plans.notices,
        findings=plans.findings,
        errors=plans.errors,
        mistakes=plans.mistakes,
        tickets=plans.tracked,
    )


class _Act:
    """Carries plans out, so many pages at once, the longest waiting first."""

    def __init__(
        self,
        work: PageWork,
        brakes: Brakes,
        scope: Scope,
        newest: Mapping[str, int],
        tell: Progress,
        stop: Event,
        allowance: Allowance,
        overdue: Callable[[], bool],
    ) -> None:
        self._work = work
        self._brakes = brakes
        self._scope = scope
        self._newest = newest
        self._tell = tell
        self._stop = stop
        self._allowance = allowance
        self._overdue = overdue
        self._lock = Lock()
        self.stopped: str | None = None
        self.resumes_at: datetime | None = None

    def all(self, pages: Sequence[Decided]) -> tuple[PageReport, ...]:
        """A report a page, in the order given."""
        reports: dict[int, PageReport] = {
            index: PageReport(each.plan, saved=False) for index, each in enumerate(pages) if not has_work(each)
        }
        due = sorted(
            (index for index in range(len(pages)) if index not in reports),
            key=lambda index: (pages[index].surveyed.found.page.version.at, index),
        )
        self._tell.begin(len(due))
        with ThreadPoolExecutor(self._scope.concurrency) as pool:
            futures: dict[int, Future[PageReport]] = {index: pool.submit(self._one, pages[index]) for index in due}
            wait(futures.values())
        reports.update({index: future.result() for index, future in futures.items()})
        self._note(self._allowance.used_up())  # pages in work felt it; a cap that is met at the end kept nobody
        return tuple(reports[index] for index in range(len(pages)))

    def _one(self, each: Decided) -> PageReport:
        self._tell.start(each.plan.page)
        report = self._leave(each) if self._ends() else self._guarded(each)
        with self._lock:
            self._tell.done(report)
        return report

    def _guarded(self, each: Decided) -> PageReport:
        try:
            return self._do(each)
        except Exception as error:  # noqa: BLE001 — whatever the worker does wrong at one page, all others go on
            return PageReport(failed(each.plan, mishap(each.plan.page, error)), saved=False)

    def _do(self, each: Decided) -> PageReport:
        if each.surveyed.book is None or each.known is None or each.decision is None:
            return PageReport(each.plan, saved=False)
        mapping = each.surveyed.team.mapping
        job = Job(
            each.plan,
            each.surveyed.where,
            mapping,
            each.surveyed.book,
            with_known(each.surveyed.claims, each.decision.claims),
            each.known,
            self._newest.get(mapping.ticket.project, 0),
            each.surveyed.findings,
            approved=each.plan.page in self._scope.approve,
        )
        return self._work.apply(job)

    def _ends(self) -> bool:
        with self._lock:
            if self.stopped is None and self._brakes.refused is not None:
                self.stopped = self._brakes.refused
            if self.stopped is None:
                self._note(self._allowance.ended())
            if self.stopped is None and self._stop.is_set():
                self.stopped = _ASKED_TO_STOP
            if self.stopped is None and self._overdue():
                self.stopped = "the deadline was reached"
            return self.stopped is not None

    def _note(self, ended: Exhausted | None) -> None:
        if ended is not None:
            self.stopped, self.resumes_at = self.stopped or str(ended), ended.until

    def _leave(self, each: Decided) -> PageReport:
        """The page waits for the next pass."""
        reason = f"the pass ended before this page: {self.stopped}"
        changes = tuple(
            Hold(change.item, change.ticket, reason, Wait.TIME) if isinstance(change, Create | Update) else change
            for change in each.plan.changes
        )
        return PageReport(replace(each.plan, changes=changes, saves=False), saved=False)
