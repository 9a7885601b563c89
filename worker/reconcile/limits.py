"""A plan larger than anyone meant is held, whole, and says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from worker.mapping.model import Limits
from worker.model.finding import Finding
from worker.model.plan import Change, Create, Hold, PagePlan, Update, Wait
from worker.reconcile.shards import Shard

SHRINK_ROWS = 3
"""A page is held when at least this many tracked rows are gone since the last write, and more than half of them."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One page's plan with what the limits look at."""

    plan: PagePlan
    waiting_since: datetime
    """When its newest version was saved: the longest waiting goes first."""
    rows_before: int
    rows_now: int
    approved: bool
    shows: bool = False
    """The page would be saved also without new tickets: a status moved, or a note is to be written."""


def within_limits(candidates: Sequence[Candidate], limits: Mapping[str, Limits], shard: Shard) -> tuple[PagePlan, ...]:
    """The plans in the order given, held where a limit of their team (``limits`` by team name) says so.

    Of the limit for a run, a shard of a divided pass has its share.
    """
    plans = [_guard(each, limits[each.plan.team]) for each in candidates]
    shares = {team: shard.share(rules.new_tickets_per_run) for team, rules in limits.items()}
    left = dict(shares)
    order = sorted(range(len(candidates)), key=lambda at: (candidates[at].waiting_since, candidates[at].plan.page))
    for at in order:
        plan = plans[at]
        wanted = _creates(plan)
        if not wanted or candidates[at].approved:
            continue
        allowed, budget = left[plan.team], shares[plan.team]
        if wanted <= allowed:
            left[plan.team] -= wanted
        elif wanted > budget and allowed > 0:
            plans[at] = _hold_run(plan, candidates[at], keep=allowed, budget=_told(limits[plan.team], shard))
            left[plan.team] = 0
        else:
            plans[at] = _hold_run(plan, candidates[at], keep=0, budget=_told(limits[plan.team], shard))
    return tuple(plans)


def shrunk(before: int, now: int) -> bool:
    """Whether a page lost so many tracked rows that a person should look first."""
    return before - now >= SHRINK_ROWS and now * 2 < before


def shrink_finding(page: str, before: int, now: int) -> Finding:
    """What is said of a page that lost most of its tracked rows."""
    message = (
        f"{before - now} of {before} tracked rows are gone since the last pass, so this page is left as it is. Restore "
        f"them from the page's history, or run `sync --approve {page}` if that was meant."
    )
    return Finding("table-shrunk", message)


def _guard(candidate: Candidate, limits: Limits) -> PagePlan:
    plan = candidate.plan
    if candidate.approved:
        return plan
    if shrunk(candidate.rows_before, candidate.rows_now):
        finding = shrink_finding(plan.page, candidate.rows_before, candidate.rows_now)
        return _hold(plan, finding, Wait.GUARD)
    wanted = _creates(plan)
    if wanted > limits.new_tickets_per_page:
        message = (
            f"{wanted} new tickets are more than limits.new_tickets_per_page ({limits.new_tickets_per_page}) allows. "
            f"Run `sync --approve {plan.page}` to make them, or raise the limit."
        )
        return _hold(plan, Finding("limit-page", message), Wait.LIMIT)
    return plan


def _hold(plan: PagePlan, finding: Finding, wait: Wait) -> PagePlan:
    """The page with all of its work held; where it has none, everything on it is."""
    message = finding.message
    changes = tuple(
        Hold(change.item, change.ticket, message, wait) if isinstance(change, Create | Update) else change
        for change in plan.changes
    )
    if not any(isinstance(change, Hold) and change.wait is wait for change in changes):
        changes = tuple(Hold(change.item, change.ticket, message, wait) for change in changes)
    return replace(plan, changes=changes, findings=(*plan.findings, finding), saves=False)


def _told(limits: Limits, shard: Shard) -> str:
    limit = limits.new_tickets_per_run
    return f"{limit}" if shard.count == 1 else f"{limit}, shared by {shard.count} workers"


def _hold_run(plan: PagePlan, candidate: Candidate, *, keep: int, budget: str) -> PagePlan:
    """The page with all new tickets but the first ones held; whatever else there is to do on it goes on."""
    message = (
        f"limits.new_tickets_per_run ({budget}) is used up by pages that wait longer; the next pass goes on. "
        f"`sync --approve {plan.page}` makes this page's tickets now."
    )
    saves = candidate.shows or keep > 0
    changes: list[Change] = []
    for change in plan.changes:
        if isinstance(change, Create) and keep > 0:
            keep -= 1
            changes.append(change)
        elif isinstance(change, Create):
            changes.append(Hold(change.item, None, message, Wait.TURN))
        else:
            changes.append(change)
    findings = (*plan.findings, Finding("limit-run", message))
    return replace(plan, changes=tuple(changes), findings=findings, saves=saves)


def _creates(plan: PagePlan) -> int:
    return sum(isinstance(change, Create) for change in plan.changes)
