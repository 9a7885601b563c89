"""Looks at Jira for everything the surveyed pages speak of: tickets, lost creates, forms, people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from worker.errors import RemoteError
from worker.model.claim import Attempt, Claims
from worker.model.page import Account
from worker.model.ticket import Ticket, Transition
from worker.ports import TicketReader
from worker.survey import Surveyed

CHUNK = 100
"""Jira Cloud reads at most 100 tickets a request by id or key (REST reference, bulk fetch); Data Center reads one."""

ABSENT_IN_A_ROW = 200
"""The key scan ends after so many keys that nobody has, beyond the newest that search knows."""

SLACK = timedelta(seconds=1)
"""Server time (``Date`` header) is given in whole seconds."""

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Tickets:
    """What is visible of the tickets that pages and claims name, by id and by every key they were asked by."""

    seen: Mapping[str, Ticket]
    failed: frozenset[str]
    """References whose reading failed for good: nothing may be concluded from their absence."""


def read_tickets(reader: TicketReader, pages: Sequence[Surveyed], concurrency: int) -> Tickets:
    """Reads claimed tickets by id, then those that only a key on a page names: each ticket once, 100 a request."""
    ids = _ordered(c.ticket for page in pages if page.book is not None for c in page.claims.items if c.ticket)
    seen, failed = _read(reader, ids, concurrency)
    keys = _ordered(key for page in pages for item in page.items for key in item.keys)
    more, failed_too = _read(reader, [key for key in keys if key not in seen], concurrency)
    return Tickets({**seen, **more}, frozenset(failed | failed_too))


def _read(reader: TicketReader, refs: Sequence[str], concurrency: int) -> tuple[dict[str, Ticket], set[str]]:
    chunks = [refs[start : start + CHUNK] for start in range(0, len(refs), CHUNK)]
    seen: dict[str, Ticket] = {}
    failed: set[str] = set()
    for chunk, answer in zip(chunks, _each(chunks, reader.tickets, concurrency), strict=True):
        if isinstance(answer, RemoteError):
            failed.update(chunk)
            continue
        for ref, ticket in answer.items():
            seen[ref] = seen[ticket.id] = seen[ticket.key] = ticket
    return seen, failed


def _each(inputs: Sequence[K], ask: Callable[[K], V], concurrency: int) -> list[V | RemoteError]:
    """The answers in order; one that fails for good does not keep the others from being asked."""

    def guarded(one: K) -> V | RemoteError:
        try:
            return ask(one)
        except RemoteError as error:
            return error

    if len(inputs) <= 1:
        return [guarded(one) for one in inputs]
    with ThreadPoolExecutor(concurrency) as pool:
        return list(pool.map(guarded, inputs))


@dataclass(frozen=True, slots=True)
class Lookout:
    """What two looks for open claims brought to light, by (page, item)."""

    found: Mapping[tuple[str, str], Ticket]
    absent: frozenset[tuple[str, str]]
    """Claims old enough whose ticket neither the search nor the key scan knows."""
    errors: tuple[str, ...] = ()
    """Looks that could not be finished: their claims wait, whatever their age."""


def look_for_lost(reader: TicketReader, books: Iterable[Claims], lag: timedelta, now: datetime) -> Lookout:
    """Looks for the tickets of open claims: by search (project, label, day) and by a scan of the project's keys.

    Search lags behind and may forget again; a read by key does not, and a project's keys are sequential. A ticket found
    is ours at once; absence counts only when both looks agree on a claim whose last attempt is older than ``lag``.
    ``now`` is Confluence's time, for attempts bear it, and Jira's clock may go differently.
    """
    open_claims: dict[tuple[str, str], list[tuple[tuple[str, str], list[Attempt]]]] = defaultdict(list)
    sites: dict[str, str] = {}
    for claims in books:
        for claim in claims.items:
            attempts = [a for a in map(claims.attempt, claim.attempts) if a is not None]
            if claim.ticket is None and attempts:
                sites[claims.page] = claims.site
                for project, label in {(a.project, a.label) for a in attempts}:
                    open_claims[project, label].append(((claims.page, claim.item), attempts))
    found: dict[tuple[str, str], Ticket] = {}
    unsure: set[tuple[str, str]] = set()
    errors: list[str] = []
    for (project, label), entries in open_claims.items():
        attempts = [attempt for _, each in entries for attempt in each if attempt.project == project]
        try:
            candidates, complete = _candidates(reader, project, label, attempts)
        except RemoteError as error:
            candidates, complete = [], False
            errors.append(f"Looking for tickets of {project} whose create got no answer failed ({error}).")
        else:
            if not complete:
                errors.append(
                    f"{project} got too many tickets since a create without answer to look at them all (at most "
                    f"{reader.longest_scan} keys are read): look in Jira for a ticket labelled {label or 'as usual'} "
                    "that no page shows, and write its key into its row."
                )
        for ticket in candidates:
            _keep_lowest(found, ticket, sites)
        if not complete:
            unsure.update(name for name, _ in entries)
    ripe = {
        name
        for entries in open_claims.values()
        for name, each in entries
        if all(now - attempt.at > lag + SLACK for attempt in each)
    }
    return Lookout(found, frozenset(ripe - unsure - set(found)), tuple(errors))


@dataclass(frozen=True, slots=True)
class Memory:
    """What Jira knows of pages that say nothing of themselves."""

    found: Mapping[tuple[str, str], Ticket]
    """Tickets that were made for them, by (page, item)."""
    unanswered: frozenset[str]
    """Pages about which it gave no answer: no ticket may be made for them."""


def look_for_forgotten(reader: TicketReader, pages: Iterable[Surveyed]) -> Memory:
    """Looks for tickets of pages that have no claims and are to get tickets: somebody may have deleted the claims.

    By search alone, one a label, reading origins, in all projects, for a ticket may have been moved; so what is deleted
    within minutes of the ticket's making, before its key stands in the row, stays unknown.
    """
    groups: dict[str, list[Surveyed]] = defaultdict(list)
    for page in pages:
        for label in page.team.mapping.ticket.labels[:1]:
            groups[label].append(page)
    found: dict[tuple[str, str], Ticket] = {}
    unanswered: set[str] = set()
    for label, group in groups.items():
        sites = {page.where.page: page.where.site for page in group}
        try:
            for ticket in reader.search(None, label, min(page.where.created_at for page in group).date()):
                _keep_lowest(found, ticket, sites)
        except RemoteError:
            unanswered.update(sites)
    return Memory(found, frozenset(unanswered))


def _candidates(
    reader: TicketReader, project: str, label: str, attempts: Sequence[Attempt]
) -> tuple[list[Ticket], bool]:
    """Tickets that may be ours, and whether the key scan reached its end."""
    since = min(attempt.at for attempt in attempts).date()
    candidates = list(reader.search(project, label, since)) if label else []
    first = min(attempt.newest for attempt in attempts) + 1
    last = max(first - 1, reader.newest_number(project)) + ABSENT_IN_A_ROW
    limit = first + reader.longest_scan
    number = first
    while number <= last:
        if number >= limit:
            return candidates, False
        numbers = range(number, min(number + CHUNK, last + 1, limit))
        seen = reader.tickets([f"{project}-{n}" for n in numbers])
        candidates.extend(seen.values())
        newest = max((n for n in numbers if f"{project}-{n}" in seen), default=0)
        last = max(last, newest + ABSENT_IN_A_ROW)
        number = numbers.stop
    return candidates, True


def _keep_lowest(found: dict[tuple[str, str], Ticket], ticket: Ticket, sites: Mapping[str, str]) -> None:
    """Of two tickets with one origin (a clone copies it) the lowest id is ours; of two looks at one the later counts:
    the key scan sees what search does not know yet.
    """
    origin = ticket.origin
    if origin is None or sites.get(origin.page) != origin.site:
        return
    name = (origin.page, origin.item)
    if name not in found or int(ticket.id) <= int(found[name].id):
        found[name] = ticket


def _ordered(refs: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(refs))


@dataclass(frozen=True, slots=True)
class Assignees:
    """What Jira says of those who are to have tickets."""

    refused: frozenset[tuple[str, str]]
    """(project, account) pairs that it would refuse; one that cannot be asked is left to the create."""
    names: Mapping[str, str]
    """Display names by account, as far as the answers told them."""


def assignees(reader: TicketReader, accounts: Collection[tuple[str, str]], concurrency: int) -> Assignees:
    """Asks about each of the (project, account) pairs."""
    asked = sorted(accounts)
    answers = _each(asked, lambda pair: reader.assignable(*pair), concurrency)
    return Assignees(
        frozenset(pair for pair, answer in zip(asked, answers, strict=True) if answer is None),
        {each.id: each.name for each in answers if isinstance(each, Account) and each.name},
    )


def transitions(reader: TicketReader, tickets: Collection[str], concurrency: int) -> dict[str, tuple[Transition, ...]]:
    """The transitions that are open on each of these tickets (numeric ids); one that cannot be asked is left out."""
    asked = sorted(tickets)
    answers = _each(asked, reader.transitions, concurrency)
    return {ticket: ways for ticket, ways in zip(asked, answers, strict=True) if not isinstance(ways, RemoteError)}


def newest_numbers(reader: TicketReader, projects: Iterable[str], concurrency: int) -> dict[str, int]:
    """Number of the newest ticket of each project that search knows; a project that cannot be asked is left out."""
    asked = sorted(set(projects))
    answers = _each(asked, reader.newest_number, concurrency)
    return {
        project: answer for project, answer in zip(asked, answers, strict=True) if not isinstance(answer, RemoteError)
    }
