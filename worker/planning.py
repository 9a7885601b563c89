"""From pages and tickets as they are to a plan a page: survey, observe, decide, limit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from worker.elsewhere import look_elsewhere
from worker.errors import ConfigurationError, RemoteError
from worker.mishap import failed, mishap
from worker.model.finding import Finding
from worker.model.plan import Change, Create, Failed, Hold, PagePlan, Update, Wait
from worker.model.report import TrackedTicket
from worker.model.ticket import Ticket
from worker.observe import (
    Lookout,
    Tickets,
    assignees,
    look_for_forgotten,
    look_for_lost,
    newest_numbers,
    read_tickets,
    transitions,
)
from worker.reconcile.claims import says_more
from worker.reconcile.decide import Known, PageDecision, decide_page
from worker.reconcile.demands import unfit
from worker.reconcile.desire import Facts
from worker.reconcile.former import may_know_more
from worker.reconcile.limits import Candidate, within_limits
from worker.reconcile.selection import BUSY, is_quiet, rests
from worker.reconcile.tracking import tracked_tickets
from worker.survey import Surveyed, Team, survey
from worker.terms import Progress, Readers, Scope


@dataclass(frozen=True, slots=True)
class Decided:
    """One page's plan, and what it was decided on; no decision where the page is only listed."""

    surveyed: Surveyed
    decision: PageDecision | None
    known: Known | None
    plan: PagePlan


@dataclass(frozen=True, slots=True)
class Plans:
    """Everything decided, nothing done: what ``plan`` prints and ``sync`` carries out."""

    pages: tuple[Decided, ...]
    newest: Mapping[str, int]
    errors: tuple[str, ...]
    notices: tuple[str, ...]
    worker: str
    """Account id under which pages are saved."""
    findings: tuple[Finding, ...] = ()
    """What concerns no listed page."""
    mistakes: tuple[str, ...] = ()
    """Those of the errors that a mapping makes."""
    tracked: tuple[TrackedTicket, ...] = ()
    """The tickets that these pages claim, as they were observed."""


Misfits = Mapping[tuple[str, str], tuple[str, ...]]
"""By project and type: why no ticket of the mapping that wants it can be made."""


def make_plans(teams: Sequence[Team], readers: Readers, scope: Scope, progress: Progress) -> Plans:
    """Reads everything and decides everything. Needs readers only.

    AccessError when a product refuses us; ConfigurationError when a mapping cannot work, or a page that is to be
    approved or adopted is none of the pass, before anything is done.
    """
    worker = readers.pages.whoami().id
    readers.tickets.whoami()
    found = survey(teams, readers.pages, scope.pages, scope.shard, progress.read, scope.since)
    outsiders = found.outsiders(readers.pages, scope)
    if unselected := found.unselected(scope, outsiders):
        raise ConfigurationError(*unselected)
    mine = [page for page in found.pages if not scope.teams or page.team.mapping.team in scope.teams]
    workable = [page for page in mine if page.book is not None]
    tickets = read_tickets(readers.tickets, workable, scope.concurrency)
    elsewhere = look_elsewhere(readers, found, tickets.seen, scope)
    lost = look_for_lost(readers.tickets, [page.claims for page in workable], scope.search_lag, readers.pages.now())
    first = [_decide(page, tickets, lost, Facts({}), readers, scope, worker) for page in mine]
    memory = look_for_forgotten(readers.tickets, (each.surveyed for each in first if _is_first_time(each)))
    lost = replace(lost, found={**lost.found, **memory.found})
    facts, misfits = _facts(first, readers, scope.concurrency)
    decided = [
        _decide(each.surveyed, tickets, lost, facts, readers, scope, worker)
        if _makes(each.plan) or _assigns(each) or _asks_done(each) or _asks_form(each)
        else each
        for each in first
    ]
    newest = newest_numbers(
        readers.tickets,
        (each.surveyed.team.mapping.ticket.project for each in decided if _makes(each.plan)),
        scope.concurrency,
    )
    decided = [_if_answered(each, facts, newest, memory.unanswered, misfits) for each in decided]
    limits = {page.team.mapping.team: page.team.mapping.limits for page in mine}
    limited = within_limits([_candidate(each, scope) for each in decided], limits, scope.shard)
    pages = tuple(replace(each, plan=plan) for each, plan in zip(decided, limited, strict=True))
    problems = tuple(problem for each in misfits.values() for problem in each)
    errors = (*found.errors, *lost.errors, *elsewhere.errors, *problems)
    mistakes = (*(each.trouble for each in found.searches if each.refused), *problems)
    tracked = tracked_tickets(
        [(page.team.mapping, page.claims) for page in workable], {**tickets.seen, **_by_id(lost)}, readers.pages.now()
    )
    return Plans(pages, newest, errors, found.notices(scope, outsiders), worker, elsewhere.findings, mistakes, tracked)


def _by_id(lost: Lookout) -> dict[str, Ticket]:
    return {ticket.id: ticket for ticket in lost.found.values()}


def _decide(
    page: Surveyed, tickets: Tickets, lost: Lookout, facts: Facts, readers: Readers, scope: Scope, worker: str
) -> Decided:
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
        return _held_whole(page, plan)
    refs = {claim.ticket for claim in page.claims.items} | {key for item in page.items for key in item.keys}
    if refs & tickets.failed:
        text = "Jira did not answer for the tickets of this page, so nothing is decided about it in this pass."
        return Decided(page, None, None, replace(plan, failed=True, findings=(Finding("page-failed", text),)))
    words = page.team.mapping.items.words
    if page.former is not None and may_know_more(page.former, page.where, page.items, tickets.seen, words):
        text = (
            f"{page.findings[0].message} They may know of a ticket whose key stands in no row, so nothing is written "
            "here, lest a row gets a second one: look in Jira, and write missing keys into their rows. See "
            "docs/findings.md for what else helps."
        )
        return _held_whole(page, replace(plan, findings=(Finding("page-copied", text),)))
    known = Known(
        tickets.seen,
        {item: ticket for (of, item), ticket in lost.found.items() if of == page.where.page},
        frozenset(item for of, item in lost.absent if of == page.where.page),
        facts,
        readers.pages.now(),
        approved=page.where.page in scope.approve,
        adopting=page.where.page in scope.adopt,
    )
    decision = _guarded(page, plan, known)
    if isinstance(decision, PagePlan):
        return Decided(page, None, None, decision)
    changes = tuple(each.change for each in decision.decisions)
    findings = (*page.findings, *(f for each in decision.decisions for f in each.findings), *decision.findings)
    makes = any(isinstance(change, Create) for change in changes)
    plan = replace(plan, changes=changes, findings=findings, saves=makes or decision.shows)
    quiet = page.team.mapping.pages.quiet
    if is_quiet(page.found.page, quiet, worker, readers.pages.now()):
        until = rests(page.found.page, quiet)
        plan = replace(plan, changes=tuple(_wait_for_quiet(change, until) for change in changes), saves=False)
    return Decided(page, decision, known, plan)


def _guarded(page: Surveyed, plan: PagePlan, known: Known) -> PageDecision | PagePlan:
    """The decision; the plan of a failed page where the worker broke at it."""
    try:
        return decide_page(page.items, page.claims, page.where, page.found.page.version.at, page.team.mapping, known)
    except Exception as error:  # noqa: BLE001 — whatever the worker does wrong at one page, all others go on
        return failed(plan, mishap(plan.page, error))


def _held_whole(page: Surveyed, plan: PagePlan) -> Decided:
    """The page is listed and not worked on; the first of its findings says why."""
    reason = plan.findings[0].message
    held = (Hold(item, item.ticket.keys[0] if item.ticket.keys else None, reason, Wait.PEOPLE) for item in page.items)
    return Decided(page, None, None, replace(plan, changes=tuple(held)))


def _wait_for_quiet(change: Change, reason: str) -> Change:
    if isinstance(change, Create | Update):
        return Hold(change.item, change.ticket, reason, Wait.TIME)
    return change


def _if_answered(
    each: Decided, facts: Facts, newest: Mapping[str, int], unanswered: Collection[str], misfits: Misfits
) -> Decided:
    """The creates of a page fail where its project is unfit or gave no answer; all else, and all others, go on."""
    project, _ = wants = _wants(each)
    answered = wants in facts.forms and project in newest and each.plan.page not in unanswered
    if not _makes(each.plan) or (answered and wants not in misfits):
        return each
    text = f"Jira did not answer for project {project}, so no ticket of this page is made in this pass."
    text = " ".join(misfits.get(wants, (text,)))
    changes = tuple(
        Failed(change.item, None, text) if isinstance(change, Create) else change for change in each.plan.changes
    )
    saves = each.decision is not None and each.decision.shows
    findings = (*each.plan.findings, Finding("page-failed", text))
    return replace(each, plan=replace(each.plan, changes=changes, findings=findings, saves=saves))


def _assigns(each: Decided) -> bool:
    return each.decision is not None and any(one.accounts for one in each.decision.decisions)


def _asks_form(each: Decided) -> bool:
    return each.decision is not None and any(one.asks_form for one in each.decision.decisions)


def _asks_done(each: Decided) -> bool:
    return each.decision is not None and any(one.asks_done for one in each.decision.decisions)


def _makes(plan: PagePlan) -> bool:
    return any(isinstance(change, Create) for change in plan.changes)


def _is_first_time(each: Decided) -> bool:
    """Whether the page is to get tickets and has no claims, as if it had never been looked at."""
    return _makes(each.plan) and not each.surveyed.claims.items


def _candidate(each: Decided, scope: Scope) -> Candidate:
    before = each.surveyed.claims.rows if each.decision is not None else 0
    now = each.decision.claims.rows if each.decision is not None else 0
    since = each.surveyed.found.page.version.at
    shows = each.decision is not None and each.decision.shows
    return Candidate(each.plan, since, before, now, each.plan.page in scope.approve, shows)


def _facts(decided: Sequence[Decided], readers: Readers, concurrency: int) -> tuple[Facts, Misfits]:
    """Asks what has to be known before tickets are made; only for projects and people that new tickets name.

    ConfigurationError where no team of the pass can work; one that cannot does not keep the others from it.
    """
    teams: dict[tuple[str, str], Team] = {}
    accounts: set[tuple[str, str]] = set()
    for each in decided:
        for change in each.plan.changes:
            if isinstance(change, Create):
                mapping = each.surveyed.team.mapping
                teams[_wants(each)] = each.surveyed.team
                accounts.update((mapping.ticket.project, account) for account in change.accounts)
        for decision in each.decision.decisions if each.decision is not None else ():
            accounts.update(decision.accounts)
    misfits: dict[tuple[str, str], tuple[str, ...]] = {}
    forms = {}
    asking = {_wants(each): each.surveyed.team for each in decided if _asks_form(each)}
    for (project, type_name), team in {**asking, **teams}.items():
        try:
            forms[project, type_name] = form = readers.tickets.create_form(project, type_name)
        except ConfigurationError as error:
            if (project, type_name) in teams:
                misfits[project, type_name] = tuple(_misfit(team, problem) for problem in error.problems)
            continue
        except RemoteError:
            continue
        problems = unfit(team.mapping, form)
        if problems and (project, type_name) in teams:
            misfits[project, type_name] = tuple(_misfit(team, problem) for problem in problems)
    working = [each for each in decided if _wants(each) not in misfits]
    if misfits and not working:
        raise ConfigurationError(*(problem for each in misfits.values() for problem in each))
    several = {
        account
        for each in decided
        for change in each.plan.changes
        if isinstance(change, Create) and len(change.accounts) > 1
        for account in change.accounts
    }
    ticked = {
        decision.claim.ticket
        for each in decided
        for decision in (each.decision.decisions if each.decision is not None else ())
        if decision.asks_done and decision.claim is not None and decision.claim.ticket is not None
    }
    people = assignees(readers.tickets, accounts, concurrency)
    ways = transitions(readers.tickets, ticked, concurrency)
    return Facts(forms, people.refused, {**people.names, **_names(readers, several)}, ways), misfits


def _misfit(team: Team, problem: str) -> str:
    """A mapping's problem as a sentence, with the file it stands in and what to do next."""
    told = f"{team.file}: {team.mapping.team}: {problem.rstrip('.')}."
    return f"{told} Correct it there; `postmortem-sync check --live` tries it out."


def _wants(each: Decided) -> tuple[str, str]:
    rules = each.surveyed.team.mapping.ticket
    return rules.project, rules.type


def _names(readers: Readers, accounts: Collection[str]) -> Mapping[str, str]:
    """Display names; they only adorn a sentence, so that nothing fails without them."""
    try:
        return readers.pages.names(sorted(accounts)) if accounts else {}
    except RemoteError:
        return {}


def has_work(each: Decided) -> bool:
    """Whether anything of the page would be written: a ticket, the page, or its claims."""
    if each.decision is None or each.surveyed.book is None:
        return False
    if any(isinstance(change, Hold) and change.wait.imposed for change in each.plan.changes):
        return each.plan.saves or any(isinstance(change, Update) for change in each.plan.changes)
    if any(isinstance(change, Hold) and change.reason.startswith(BUSY) for change in each.plan.changes):
        return False
    stored = tuple(prop.value for prop in each.surveyed.book.properties)
    follows = any(one.edit is not None or one.asks_done for one in each.decision.decisions)
    return each.plan.saves or follows or says_more(each.decision.claims, stored)


def foreseen(each: Decided) -> PagePlan:
    """The plan, with a word of it where Confluence says that our account may not edit a page that is to be written.

    Only for a look ahead: a sync is told by the write itself.
    """
    decision, book = each.decision, each.surveyed.book
    if each.surveyed.found.editable or decision is None or book is None or not has_work(each):
        return each.plan
    if not each.plan.saves and not says_more(decision.claims, [prop.value for prop in book.properties]):
        return each.plan
    text = (
        "Confluence says that the worker's account may not edit this page, so `sync` will not write it: give the "
        "account the right to edit it, or add a skip label."
    )
    return replace(each.plan, findings=(*each.plan.findings, Finding("page-read-only", text)))
