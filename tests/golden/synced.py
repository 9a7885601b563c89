"""Takes a golden case through one pass, in memory: the plan, the tickets that are made, and the page as it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tests.golden.case import JIRA, NOW, SAVED, Case, observed
from worker.document.edits import Edit, splice
from worker.document.parse import parse
from worker.model.claim import Attempt, Claim, Claims
from worker.model.plan import Create, PagePlan, TableNote
from worker.model.ticket import Category, Draft, Status, Ticket
from worker.reconcile.claims import decode, editor_digest, encode, with_claims
from worker.reconcile.decide import Known, PageDecision, decide_page
from worker.reconcile.extract import Extraction, extract
from worker.reconcile.writeback import edits

FIRST_NUMBER = 101
NONCE = "a1"


@dataclass(frozen=True)
class Synced:
    """What one pass made of a case."""

    plan: PagePlan
    made: tuple[tuple[str, Draft], ...]
    """Key and draft of every ticket made, in order."""
    before: Extraction
    decision: PageDecision
    """What was decided once the tickets were there; its claims are stored before the page is saved."""
    edits: tuple[Edit, ...]
    after: str
    tickets: Mapping[str, Ticket]
    """All tickets there are now, by id and key."""


def sync(case: Case) -> Synced:
    """Plans, claims, makes the tickets, decides again, and writes."""
    document = parse(case.body)
    extraction = extract(document, case.mapping.items)
    tickets = observed(case.tickets)
    first = decide(case, extraction, case.claims, tickets)
    claims = _claimed(case, first.creates)
    creates = decide(case, extraction, claims, tickets, frozenset({NONCE})).creates
    made = []
    by_name = {claim.item: claim for claim in claims.items}
    for number, create in enumerate(creates, FIRST_NUMBER):
        ticket = _born(number, create.draft)
        made.append((ticket.key, create.draft))
        tickets |= {ticket.id: ticket, ticket.key: ticket}
        by_name[create.item_id] = replace(by_name[create.item_id], ticket=ticket.id, attempts=())
    claims = with_claims(claims, by_name.values())
    decision = decide(case, extraction, claims, tickets)
    link = case.links.on(document, case.mapping.ticket.project, None)
    changes = edits(document, extraction, decision.decisions, case.mapping.items.columns.ticket[0], link)
    plan = _plan(case, extraction, first)
    return Synced(plan, tuple(made), extraction, decision, changes, splice(document, changes), tickets)


def decide(
    case: Case,
    extraction: Extraction,
    claims: Claims,
    tickets: Mapping[str, Ticket],
    mine: frozenset[str] = frozenset(),
) -> PageDecision:
    """The page's decision on these claims and tickets."""
    known = Known(tickets, {}, frozenset(), case.facts, NOW, mine)
    return decide_page(extraction.items, claims, case.where, SAVED, case.mapping, known)


def stored(claims: Claims) -> Claims:
    """The claims as a later pass reads them."""
    again = decode(encode(claims), site=claims.site, page=claims.page)
    if not isinstance(again, Claims):
        raise TypeError(f"these claims cannot be read again: {again}")
    return again


def _claimed(case: Case, creates: Iterable[Create]) -> Claims:
    """The claims with an attempt for every ticket that is to be made."""
    rules = case.mapping.ticket
    claims = replace(case.claims, attempts=(Attempt(NONCE, NOW, rules.project, rules.labels[0], FIRST_NUMBER - 1),))
    return with_claims(
        claims,
        [
            Claim(
                create.item_id,
                editor_digest(create.item),
                create.item.fingerprint,
                create.item.whole,
                attempts=(NONCE,),
            )
            for create in creates
        ],
    )


def _born(number: int, draft: Draft) -> Ticket:
    key = f"{draft.project}-{number}"
    return Ticket(
        id=str(10_000 + number),
        key=key,
        project=draft.project,
        url=f"{JIRA}/browse/{key}",
        summary=draft.summary,
        status=Status("To Do", Category.TODO),
        assignee=draft.assignee,
        due=draft.due,
        priority=draft.priority,
        created_at=NOW,
        origin=draft.origin,
    )


def _plan(case: Case, extraction: Extraction, decision: PageDecision) -> PagePlan:
    where = case.where
    changes = tuple(each.change for each in decision.decisions)
    saves = bool(decision.creates) or any(not each.display.empty for each in decision.decisions)
    return PagePlan(
        where.page,
        where.title,
        where.url,
        case.mapping.team,
        version=7,
        changes=changes,
        findings=(*(finding for each in decision.decisions for finding in each.findings), *decision.findings),
        tables=tuple(TableNote(v.taken, v.section, v.header, v.reason) for v in extraction.verdicts),
        saves=saves,
    )
