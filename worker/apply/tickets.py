"""Makes the tickets of one page: each create preceded by its own claim, none ever repeated blindly."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from worker.apply.job import Brakes, Job, Progress, Reading
from worker.apply.keeper import swap
from worker.errors import Stale
from worker.model.claim import Attempt, Claim, Claims
from worker.model.finding import Finding
from worker.model.plan import Create
from worker.model.ticket import Answer, Created, NotMade, Refused, Unknown
from worker.ports import PageReader, PageWriter, TicketReader, TicketWriter
from worker.reconcile.claims import editor_digest, with_claim
from worker.reconcile.demands import can_do_without
from worker.reconcile.desire import wish_digest, without_fields
from worker.reconcile.keys import shown_before
from worker.reconcile.refusals import create_today
from worker.reconcile.sentences import subject

BULK = 50
"""Jira Cloud makes at most 50 tickets a request (REST reference, bulk create)."""

ROUNDS = 4
"""How often a claim is tried again because somebody was faster; the rest waits for the next pass."""

WHOLE_SECONDS = timedelta(seconds=1)
"""How much two readings of server time may lie apart for nothing (``Date`` header, RFC 9110)."""


class TicketMaker:
    """Claims, creates and reads back; one instance serves all worker threads."""

    def __init__(
        self,
        pages: PageReader,
        page_writer: PageWriter,
        tickets: TicketReader,
        ticket_writer: TicketWriter,
        *,
        search_lag: timedelta,
        brakes: Brakes,
        clock: Callable[[], float],
    ) -> None:
        self._pages = pages
        self._page_writer = page_writer
        self._tickets = tickets
        self._ticket_writer = ticket_writer
        self._lag = search_lag
        self._patience = search_lag.total_seconds() / 2
        self._brakes = brakes
        self._clock = clock

    def make(self, job: Job, progress: Progress, read: Callable[[], Reading], look_again: Callable[[], None]) -> None:
        """Makes the tickets the plan allows; ``read`` reads the page by id and decides, ``look_again`` the claims.

        Afterwards ``progress`` knows what was made, refused and left open; the claims still have to be recorded.
        """
        creates = {change.item_id: change for change in job.plan.changes if isinstance(change, Create)}
        without: dict[str, Refused] = {}
        for _ in range(2):  # the second round is for tickets made without a field that Jira refused in the first
            age = self._age()
            claimed = self._claim(job, progress, creates, read, look_again)
            if not claimed:
                return
            decision = read().decision
            for each in decision.decisions:
                if isinstance(each.change, Create):
                    progress.birth[each.change.item_id] = each.findings
            ready = {create.item_id: create for create in decision.creates if create.item_id in claimed}
            refused = {} if progress.busy else self._send(job, progress, ready, without, age)
            self._forget_unsent(progress)
            progress.known = replace(progress.known, mine=frozenset())
            self._read_back(job, progress)
            without = refused
            creates = {name: ready[name] for name in without}

    def _claim(
        self,
        job: Job,
        progress: Progress,
        creates: Mapping[str, Create],
        read: Callable[[], Reading],
        look_again: Callable[[], None],
    ) -> frozenset[str]:
        """Adds an attempt to every item that is to get a ticket; gives the items whose creates may go out."""
        wanted = creates
        for _ in range(ROUNDS):
            if not wanted or self._brakes.stopped(job.mapping.ticket.project):
                return frozenset()
            attempt = self._attempt(job)
            claims = progress.claims
            for name, create in wanted.items():
                known = next((claim for claim in claims.items if claim.item == name), None) or _first(create, claims)
                claims = with_claim(claims, replace(known, attempts=(*known.attempts, attempt.nonce)))
            claims = replace(claims, attempts=(*claims.attempts, attempt))
            progress.own.add(attempt.nonce)
            try:
                progress.book = swap(self._pages, self._page_writer, progress.book, claims, lag=self._lag)
            except Stale:
                look_again()
                _forget(progress, frozenset({attempt.nonce}), progress.claims.items)  # the first properties may have it
                wanted = {c.item_id: c for c in read().decision.creates if c.item_id in creates}
                continue
            progress.claims = claims
            progress.learned = {name: entry for name, entry in progress.learned.items() if name not in wanted}
            progress.known = replace(progress.known, mine=frozenset({attempt.nonce}))
            return frozenset(wanted)
        return frozenset()

    def _attempt(self, job: Job) -> Attempt:
        rules = job.mapping.ticket
        label = rules.labels[0] if rules.labels else ""
        return Attempt(secrets.token_hex(4), self._pages.now(), rules.project, label, job.newest)

    def _send(
        self,
        job: Job,
        progress: Progress,
        ready: Mapping[str, Create],
        without: Mapping[str, Refused],
        age: Callable[[], float],
    ) -> dict[str, Refused]:
        """Sends the drafts, 50 a request; gives the items Jira refused only for fields that can be left out.

        ``without`` holds such answers to an earlier try: their fields are left out now.
        """
        rules = job.mapping.ticket
        form = job.known.facts.forms[(rules.project, rules.type)]
        drafts = [
            without_fields(create.draft, _names(without[name])) if name in without else create.draft
            for name, create in ready.items()
        ]
        again: dict[str, Refused] = {}
        batches = deque(drafts[start : start + BULK] for start in range(0, len(drafts), BULK))
        while batches:
            left = self._patience - age()
            if left <= 0:
                break  # so long after the claim another worker may soon conclude that nothing was made
            batch = batches.popleft()
            answers = self._ticket_writer.create(batch, form, within=left)
            if len(batch) > 1 and all(isinstance(each, NotMade) and each.status in (400, 413) for each in answers):
                batches.extendleft([draft] for draft in reversed(batch))  # one of them is to blame, and not the others
                continue
            for draft, answer in zip(batch, answers, strict=True):
                create = ready[draft.origin.item]
                if isinstance(answer, Refused) and not without and _blames_only(answer, can_do_without(draft, form)):
                    progress.learn(replace(_claim_of(progress, create), attempts=_earlier(progress, create)))
                    again[create.item_id] = answer
                    continue
                _take(job, progress, create, answer)
                if isinstance(answer, Created) and create.item_id in without:
                    progress.findings.append(_made_without(create, without[create.item_id]))
        return again

    def _age(self) -> Callable[[], float]:
        """Tells how many seconds ago this was called: by our own clock, or by a product's where that says more.

        A machine that was halted with all its clocks learns from the next answer how late it is.
        """
        began, on_page, on_ticket = self._clock(), self._pages.now(), self._tickets.now()

        def age() -> float:
            server = max(self._pages.now() - on_page, self._tickets.now() - on_ticket) - WHOLE_SECONDS
            return max(self._clock() - began, server.total_seconds())

        return age

    def _forget_unsent(self, progress: Progress) -> None:
        """An attempt whose request never went out is no attempt."""
        settled = {*progress.made, *progress.failed, *progress.unanswered}
        unsent = [claim for claim in progress.claims.items if claim.item not in settled]
        _forget(progress, progress.known.mine, unsent)

    def _read_back(self, job: Job, progress: Progress) -> None:
        made = [claim.ticket for claim in progress.claims.items if claim.item in progress.made and claim.ticket]
        unseen = [ticket for ticket in made if ticket not in progress.known.tickets]
        if unseen:
            seen = self._tickets.tickets(unseen)
            progress.see(seen.values())
            if len(seen) < len(unseen):
                self._brakes.stop(job.mapping.ticket.project)


def _forget(progress: Progress, nonces: frozenset[str], claims: Iterable[Claim]) -> None:
    """Takes attempts that were followed by no create out of these claims, with their next write."""
    for claim in claims:
        if nonces.intersection(claim.attempts):
            progress.learn(replace(claim, attempts=tuple(n for n in claim.attempts if n not in nonces)))


def _first(create: Create, claims: Claims) -> Claim:
    """A new entry, which knows what the worker wrote into the row for a ticket that it had before."""
    item = create.item
    shown = shown_before(item, claims)
    return Claim(create.item_id, editor_digest(item), item.fingerprint, item.whole, shown=shown)


def _take(job: Job, progress: Progress, create: Create, answer: Answer) -> None:
    """Notes what became of one create."""
    claim = _claim_of(progress, create)
    match answer:
        case Created(ticket_id, key):
            progress.made[claim.item] = (create, key)
            progress.learn(replace(claim, ticket=ticket_id, attempts=(), refused=None))
        case Refused(_, text):
            progress.failed[claim.item] = text
            refused = wish_digest(create.item, job.mapping)
            progress.learn(replace(claim, attempts=_earlier(progress, create), refused=refused))
        case NotMade():
            progress.turned_down[claim.item] = answer
            if answer.lasts:
                progress.learn(replace(claim, refused=create_today(create.item, job.mapping, progress.known.now)))
        case Unknown():
            progress.unanswered.add(claim.item)


def _claim_of(progress: Progress, create: Create) -> Claim:
    return next(each for each in progress.claims.items if each.item == create.item_id)


def _earlier(progress: Progress, create: Create) -> tuple[str, ...]:
    """The attempts whose answers are still open: that of a refused create is none any more."""
    return tuple(nonce for nonce in _claim_of(progress, create).attempts if nonce not in progress.known.mine)


def _names(answer: Refused) -> frozenset[str]:
    return frozenset(name for name, _ in answer.fields)


def _blames_only(answer: Refused, fields: frozenset[str]) -> bool:
    return bool(answer.fields) and _names(answer) <= fields


def _made_without(create: Create, answer: Refused) -> Finding:
    said = "; ".join(f"{name}: {text}" for name, text in answer.fields)
    message = (
        f"{subject(create.item)}: Jira refused {said.rstrip('.')}. The ticket is made without it; correct "
        "the row, the mapping or Jira's create screen."
    )
    return Finding("field-refused", message, create.item.action)
