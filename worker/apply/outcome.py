"""From how a page's job went to what the report says of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from worker.apply.job import Job, Progress, Reading
from worker.model.finding import Finding
from worker.model.item import ActionItem
from worker.model.plan import Change, Create, Failed, Hold, Keep, PagePlan, Update, Wait
from worker.model.report import PageReport
from worker.reconcile.decide import Decision
from worker.reconcile.holds import refused_now
from worker.reconcile.refusals import again

SETTLED_BY_SAVING = frozenset({"ticket-moved", "transition-unclear"})
"""Findings that the save itself may settle, and that were worth saying all the same."""


def reported(
    job: Job,
    progress: Progress,
    reading: Reading,
    *,
    saved: bool,
    before: Reading | None = None,
    held: str | None = None,
    wait: Wait = Wait.PEOPLE,
) -> PageReport:
    """The page as it turned out. ``before`` is the reading that was saved, whose updates have happened by now;
    ``held`` says why updates did not happen.
    """
    done = {_mark(each.change.item): each.change for each in before.decision.decisions} if before else {}
    planned = {_mark(change.item): change for change in job.plan.changes}
    changes: list[Change] = []
    findings: list[Finding] = []
    for decision in reading.decision.decisions:
        change = _outcome(decision, progress, done, planned)
        if held is not None and isinstance(change, Update):
            change = Hold(change.item, change.ticket, held, wait)
        changes.append(change)
        findings.extend(_findings(decision, change, progress))
    limits = [finding for finding in job.plan.findings if finding.code.startswith("limit-")]
    was = before.decision.decisions if before else ()
    news = [finding for each in was for finding in each.findings if finding.code in SETTLED_BY_SAVING]
    all_findings = _distinct((*limits, *job.findings, *findings, *news, *reading.decision.findings, *progress.findings))
    plan = replace(
        job.plan,
        title=reading.page.title,
        version=reading.page.version.number,
        changes=tuple(changes),
        findings=all_findings,
        saves=saved,
    )
    return PageReport(plan, saved)


def _findings(decision: Decision, change: Change, progress: Progress) -> tuple[Finding, ...]:
    """What is to be known of one item: of a refused ticket Jira's reason, of a new one how its row was read."""
    name = decision.claim.item if decision.claim is not None else None
    if name in progress.failed:
        return (refused_now(decision.change.item, progress.failed[name]),)
    if isinstance(change, Create):
        return progress.birth.get(change.item_id, decision.findings)
    return decision.findings


def given_up(job: Job, progress: Progress, finding: Finding, wait: Wait | None = None) -> PageReport:
    """The page could not be finished: what was to be done is failed (or held, with ``wait``), what happened is said."""
    changes: list[Change] = []
    for change in job.plan.changes:
        if isinstance(change, Create) and change.item_id in progress.made:
            changes.append(replace(change, ticket=progress.made[change.item_id][1]))
        elif isinstance(change, Update) and isinstance(_followed(change, progress), Update):
            changes.append(change)  # the ticket has followed already, though the page is not written
        elif isinstance(change, Create | Update):
            ticket = change.ticket
            changes.append(
                Hold(change.item, ticket, finding.message, wait)
                if wait is not None
                else Failed(change.item, ticket, finding.message)
            )
        else:
            changes.append(change)
    if wait is not None and not any(isinstance(change, Hold) and change.wait is wait for change in changes):
        changes = [Hold(change.item, change.ticket, finding.message, wait) for change in changes]
    findings = _distinct((*job.plan.findings, *progress.findings, finding))
    plan: PagePlan = replace(job.plan, changes=tuple(changes), findings=findings, saves=False, failed=wait is None)
    return PageReport(plan, saved=False)


def _outcome(
    decision: Decision,
    progress: Progress,
    done: dict[tuple[str, str, int, int], Change],
    planned: dict[tuple[str, str, int, int], Change],
) -> Change:
    change = decision.change
    name = change.item_id if isinstance(change, Create) else decision.claim.item if decision.claim is not None else None
    if name in progress.made:
        create, key = progress.made[name]
        return replace(create, item=change.item, ticket=key)
    if name in progress.failed:
        return Failed(change.item, None, refused_now(change.item, progress.failed[name]).message)
    followed = progress.instead.get(decision.claim.ticket or "") if decision.claim is not None else None
    if followed is not None and (isinstance(change, Keep | Update) or not isinstance(followed, Update)):
        return replace(followed, item=change.item)
    earlier = done.get(_mark(change.item))
    if isinstance(change, Keep) and isinstance(earlier, Update | Hold):
        return replace(earlier, item=change.item)
    if isinstance(change, Create | Failed) and name in progress.turned_down:
        answer = progress.turned_down[name]
        if answer.status == 429:
            return Hold(
                change.item, None, f"Jira asked to slow down; the next pass goes on ({answer.message})", Wait.TIME
            )
        said = f"Jira turned the request down: {answer.message}"
        return Failed(change.item, None, f"{said.rstrip('.')}. {again(progress.known.now)}" if answer.lasts else said)
    if isinstance(change, Create):
        then = planned.get(_mark(change.item))
        if isinstance(then, Hold | Failed):
            return then
        return Hold(change.item, None, "not made in this pass any more; the next one makes it", Wait.TIME)
    return change


def _followed(change: Update, progress: Progress) -> Change | None:
    ticket = progress.known.tickets.get(change.ticket)
    return progress.instead.get(ticket.id) if ticket is not None else None


def _mark(item: ActionItem) -> tuple[str, str, int, int]:
    """What tells an item from any other of the page: two tables may stand under headings of one name."""
    return item.fingerprint, item.whole, item.place.block, item.place.line


def _distinct(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(findings))
