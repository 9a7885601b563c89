"""One pass: read, decide, act, write back, report."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Event, Lock
from typing import Literal, Protocol

from worker.apply.job import Brakes, Job
from worker.apply.page import BUSY, PageWork
from worker.errors import AccessError, ConfigurationError
from worker.mapping.model import TeamMapping
from worker.model.finding import Finding
from worker.model.plan import Change, Create, Hold, PagePlan, Update, Wait
from worker.model.report import PageReport, Report
from worker.observe import Lookout, Tickets, look_for_lost, newest_numbers, read_tickets, unassignable
from worker.ports import PageReader, PageWriter, TicketReader, TicketWriter
from worker.reconcile.claims import says_more
from worker.reconcile.decide import Known, PageDecision, decide_page
from worker.reconcile.desire import Facts, required_but_empty
from worker.reconcile.limits import Candidate, within_limits
from worker.reconcile.selection import is_quiet
from worker.survey import Survey, Surveyed, Team, survey


@dataclass(frozen=True, slots=True)
class Readers:
    """The world as ``plan`` is given it: nothing here can write."""

    pages: PageReader
    tickets: TicketReader


@dataclass(frozen=True, slots=True)
class Writers:
    """What ``sync`` is given on top."""

    pages: PageWriter
    tickets: TicketWriter


@dataclass(frozen=True, slots=True)
class Scope:
    """What of the mappings' pages this pass looks at, and how."""

    teams: frozenset[str] = frozenset()
    """Names of teams; empty means all. Selects after it is decided whose page a page is."""
    pages: frozenset[str] = frozenset()
    """Page ids; empty means all."""
    approve: frozenset[str] = frozenset()
    """Pages whose limits and shrink guard are lifted in this pass."""
    adopt: frozenset[str] = frozenset()
    """Copied pages that become the home of the tickets their rows name."""
    concurrency: int = 4
    deadline: timedelta = timedelta(seconds=840)
    search_lag: timedelta = timedelta(seconds=300)


class Progress(Protocol):
    """Told what happens, for a progress bar and the canonical log lines."""

    def read(self, pages: int) -> None:
        """So many pages have been read so far."""

    def begin(self, pages: int) -> None:
        """So many pages are about to be worked on."""

    def done(self, page: PageReport) -> None:
        """A page is finished (called from worker threads, one call at a time)."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Tells nobody."""

    def read(self, pages: int) -> None:
        """Ignored."""

    def begin(self, pages: int) -> None:
        """Ignored."""

    def done(self, page: PageReport) -> None:
        """Ignored."""


@dataclass(frozen=True, slots=True)
class _Decided:
    surveyed: Surveyed
    decision: PageDecision | None
    known: Known | None
    plan: PagePlan


@dataclass(frozen=True, slots=True)
class _Plans:
    """Everything decided, nothing done: what ``plan`` prints and ``sync`` carries out."""

    pages: tuple[_Decided, ...]
    newest: Mapping[str, int]
    errors: tuple[str, ...]
    notices: tuple[str, ...]
    worker: str
    """Account id under which pages are saved."""


def plan_pass(
    teams: Sequence[Team],
    readers: Readers,
    scope: Scope,
    *,
    requests: Callable[[], int],
    progress: Progress | None = None,
) -> Report:
    """Reads everything and says what ``sync`` would do; cannot write, for it is handed readers only.

    AccessError when a product refuses us; ConfigurationError when a mapping cannot work.
    """
    started = datetime.now(UTC)
    plans = _plan(teams, readers, scope, progress or Quiet())
    pages = tuple(PageReport(each.plan, saved=False) for each in plans.pages)
    return _report("plan", pages, plans, requests, started)


def sync_pass(
    teams: Sequence[Team],
    readers: Readers,
    writers: Writers,
    scope: Scope,
    *,
    requests: Callable[[], int],
    stop: Event,
    progress: Progress | None = None,
) -> Report:
    """One pass; ends early, with the pages in hand finished, when ``stop`` is set or the deadline is reached."""
    started, clock = datetime.now(UTC), time.monotonic()
    tell = progress or Quiet()
    plans = _plan(teams, readers, scope, tell)
    work = PageWork(
        readers.pages,
        writers.pages,
        readers.tickets,
        writers.tickets,
        worker=plans.worker,
        search_lag=scope.search_lag,
        brakes=Brakes(),
    )
    act = _Act(work, scope, plans.newest, tell, stop, clock + scope.deadline.total_seconds())
    pages = act.all(plans.pages)
    report = _report("sync", pages, plans, requests, started)
    return replace(report, stopped=act.stopped, unreachable=act.unreachable)


def _report(
    command: Literal["plan", "sync"],
    pages: tuple[PageReport, ...],
    plans: _Plans,
    requests: Callable[[], int],
    started: datetime,
) -> Report:
    return Report(command, pages, requests(), started, datetime.now(UTC), notices=plans.notices, errors=plans.errors)


def _plan(teams: Sequence[Team], readers: Readers, scope: Scope, progress: Progress) -> _Plans:
    worker = readers.pages.whoami().id
    readers.tickets.whoami()
    found = survey(teams, readers.pages, scope.pages, progress.read)
    mine = [page for page in found.pages if not scope.teams or page.team.mapping.team in scope.teams]
    workable = [page for page in mine if page.book is not None]
    tickets = read_tickets(readers.tickets, workable, scope.concurrency)
    lost = look_for_lost(readers.tickets, [page.claims for page in workable], scope.search_lag)
    first = [_decide(page, tickets, lost, Facts({}), readers, scope, worker) for page in mine]
    facts = _facts(first, readers, scope.concurrency)
    decided = [
        _decide(each.surveyed, tickets, lost, facts, readers, scope, worker) if _makes(each.plan) else each
        for each in first
    ]
    newest = newest_numbers(
        readers.tickets, (each.surveyed.team.mapping.ticket.project for each in decided if _makes(each.plan))
    )
    limits = {page.team.mapping.team: page.team.mapping.limits for page in mine}
    limited = within_limits([_candidate(each, scope) for each in decided], limits)
    pages = tuple(replace(each, plan=plan) for each, plan in zip(decided, limited, strict=True))
    return _Plans(pages, newest, found.errors, _notices(found, scope), worker)


def _notices(found: Survey, scope: Scope) -> tuple[str, ...]:
    here = {page.found.page.id for page in found.pages}
    return tuple(
        f"Page {page} is not among the pages that the mappings select: see pages.* of its team's mapping."
        for page in sorted((scope.pages | scope.approve | scope.adopt) - here)
    )


def _decide(
    page: Surveyed, tickets: Tickets, lost: Lookout, facts: Facts, readers: Readers, scope: Scope, worker: str
) -> _Decided:
    plan = PagePlan(
        page.where.page,
        page.where.title,
        page.where.url,
        page.team.mapping.team,
        page.found.page.version.number,
        findings=page.findings,
        tables=page.tables,
        failed=page.failed,
    )
    if page.book is None:
        held: list[Change] = [
            Hold(item, item.ticket.keys[0] if item.ticket.keys else None, page.findings[0].message, Wait.PEOPLE)
            for item in page.items
        ]
        return _Decided(page, None, None, replace(plan, changes=tuple(held)))
    refs = {claim.ticket for claim in page.claims.items} | {key for item in page.items for key in item.ticket.keys}
    if refs & tickets.failed:
        text = "Jira did not answer for the tickets of this page, so nothing is decided about it in this pass."
        return _Decided(page, None, None, replace(plan, failed=True, findings=(Finding("page-failed", text),)))
    known = Known(
        tickets.seen,
        {item: ticket for (of, item), ticket in lost.found.items() if of == page.where.page},
        frozenset(item for of, item in lost.absent if of == page.where.page),
        facts,
        readers.pages.now(),
        approved=page.where.page in scope.approve,
    )
    decision = decide_page(page.items, page.claims, page.where, page.found.page.version.at, page.team.mapping, known)
    changes = tuple(each.change for each in decision.decisions)
    findings = (*page.findings, *(f for each in decision.decisions for f in each.findings), *decision.findings)
    saves = any(isinstance(change, Create) for change in changes) or any(
        not each.display.empty for each in decision.decisions
    )
    plan = replace(plan, changes=changes, findings=findings, saves=saves)
    if is_quiet(page.found.page, page.team.mapping.pages.quiet, worker, readers.pages.now()):
        plan = replace(plan, changes=tuple(map(_wait_for_quiet, changes)), saves=False)
    return _Decided(page, decision, known, plan)


def _wait_for_quiet(change: Change) -> Change:
    if isinstance(change, Create | Update):
        return Hold(change.item, change.ticket, BUSY, Wait.TIME)
    return change


def _makes(plan: PagePlan) -> bool:
    return any(isinstance(change, Create) for change in plan.changes)


def _candidate(each: _Decided, scope: Scope) -> Candidate:
    before = each.surveyed.claims.rows if each.decision is not None else 0
    now = each.decision.claims.rows if each.decision is not None else 0
    since = each.surveyed.found.page.version.at
    return Candidate(each.plan, since, before, now, each.plan.page in scope.approve)


def _facts(decided: Sequence[_Decided], readers: Readers, concurrency: int) -> Facts:
    """Asks what has to be known before tickets are made; only for projects and people that new tickets name."""
    mappings: dict[tuple[str, str], TeamMapping] = {}
    accounts: set[tuple[str, str]] = set()
    for each in decided:
        for change in each.plan.changes:
            if isinstance(change, Create):
                mapping = each.surveyed.team.mapping
                mappings[mapping.ticket.project, mapping.ticket.type] = mapping
                accounts.update((mapping.ticket.project, account) for account in change.accounts)
    problems: list[str] = []
    forms = {}
    for (project, type_name), mapping in mappings.items():
        try:
            forms[project, type_name] = form = readers.tickets.create_form(project, type_name)
        except ConfigurationError as error:
            problems.extend(f"{mapping.team}: {problem}" for problem in error.problems)
            continue
        problems.extend(
            f"{mapping.team}: {project} demands {name} for a {type_name}; fill it under ticket.fields."
            for name in required_but_empty(mapping, form)
        )
    if problems:
        raise ConfigurationError(*problems)
    several = {
        account
        for each in decided
        for change in each.plan.changes
        if isinstance(change, Create) and len(change.accounts) > 1
        for account in change.accounts
    }
    names = readers.pages.names(sorted(several)) if several else {}
    return Facts(forms, unassignable(readers.tickets, accounts, concurrency), names)


class _Act:
    """Carries plans out, so many pages at once, the longest waiting first."""

    def __init__(
        self, work: PageWork, scope: Scope, newest: Mapping[str, int], tell: Progress, stop: Event, until: float
    ) -> None:
        self._work = work
        self._scope = scope
        self._newest = newest
        self._tell = tell
        self._stop = stop
        self._until = until
        self._lock = Lock()
        self.stopped: str | None = None
        self.unreachable = False

    def all(self, pages: Sequence[_Decided]) -> tuple[PageReport, ...]:
        """A report a page, in the order given."""
        reports: dict[int, PageReport] = {
            index: PageReport(each.plan, saved=False) for index, each in enumerate(pages) if not _has_work(each)
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
        return tuple(reports[index] for index in range(len(pages)))

    def _one(self, each: _Decided) -> PageReport:
        report = self._leave(each) if self._ends() else self._do(each)
        with self._lock:
            self._tell.done(report)
        return report

    def _do(self, each: _Decided) -> PageReport:
        if each.surveyed.book is None or each.known is None:
            return PageReport(each.plan, saved=False)
        mapping = each.surveyed.team.mapping
        job = Job(
            each.plan,
            each.surveyed.where,
            mapping,
            each.surveyed.book,
            each.surveyed.claims,
            each.known,
            self._newest.get(mapping.ticket.project, 0),
            approved=each.plan.page in self._scope.approve,
        )
        try:
            return self._work.apply(job)
        except AccessError as error:
            with self._lock:
                self.unreachable = True
                self.stopped = self.stopped or str(error)
            return self._leave(each)

    def _ends(self) -> bool:
        with self._lock:
            if self.stopped is None and self._stop.is_set():
                self.stopped = "the worker was asked to stop"
            if self.stopped is None and time.monotonic() >= self._until:
                self.stopped = "the deadline was reached"
            return self.stopped is not None

    def _leave(self, each: _Decided) -> PageReport:
        """The page waits for the next pass."""
        reason = f"the pass ended before this page: {self.stopped}"
        changes = tuple(
            Hold(change.item, change.ticket, reason, Wait.TIME) if isinstance(change, Create | Update) else change
            for change in each.plan.changes
        )
        return PageReport(replace(each.plan, changes=changes, saves=False), saved=False)


def _has_work(each: _Decided) -> bool:
    """Whether anything of the page would be written: a ticket, the page, or its claims."""
    if each.decision is None or each.surveyed.book is None:
        return False
    if any(isinstance(change, Hold) and change.wait in (Wait.LIMIT, Wait.GUARD) for change in each.plan.changes):
        return _makes(each.plan) or any(isinstance(change, Update) for change in each.plan.changes)
    if any(isinstance(change, Hold) and change.reason == BUSY for change in each.plan.changes):
        return False
    stored = tuple(prop.value for prop in each.surveyed.book.properties)
    return each.plan.saves or says_more(each.decision.claims, stored)
