"""Finds open tickets that no page of the pass shows any more, because their page left every selection."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from worker.errors import Missing, RemoteError
from worker.mapping.model import TeamMapping
from worker.model.finding import Finding
from worker.model.page import FoundPage, Unread
from worker.model.ticket import Category, Ticket
from worker.reconcile.selection import by_id, faults, put_aside, why_not
from worker.reconcile.shards import Shard
from worker.searches import Search, conditions, listed
from worker.survey import Survey
from worker.terms import Readers, Scope

READ_SINGLY = 10
"""So many pages that search does not know any more are read by id, to say what became of them."""

SEARCHED_AT_ONCE = 50
"""So many pages are looked up in one search, which Confluence Cloud answers in one part."""

SHOWN = 20
"""So many keys a finding names."""

SHOWN_PAGES = 3
"""So many pages a finding names as examples."""

SEVERAL = 2
"""So many pages do not leave by chance at once, so that their team has none left: the mapping is to blame first."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A finding for each page that left, and what could not be asked."""

    findings: tuple[Finding, ...] = ()
    errors: tuple[str, ...] = ()


def look_elsewhere(readers: Readers, survey: Survey, tickets: Mapping[str, Ticket], scope: Scope) -> Elsewhere:
    """Lists open tickets whose page is not among the surveyed ones, page by page, and says why where that is known.

    Jira is asked for the ids of all open tickets with a label of the teams; only those that no surveyed page claims are
    read, the newest ones where they are too many, from the store, and their origins say where they come from. Nothing
    is said by a pass over some of the pages, nor where a team's search failed: then what is not listed has not left.
    Where a team selects no page at all, and several pages of its open tickets are there, its mapping is told instead
    of them. Of a divided pass, each shard tells of the pages that would fall to it. A ticket without its label, or of
    a team that sets none, is not found.
    """
    teams = [each.mapping for each in survey.searches if not scope.teams or each.mapping.team in scope.teams]
    labels = sorted({team.ticket.labels[0] for team in teams if team.ticket.labels})
    if scope.pages or scope.since or not labels or any(each.failed for each in survey.searches):
        return Elsewhere()
    known = {claim.ticket for page in survey.pages for claim in page.claims.items} | set(tickets) | survey.neighbours
    try:
        ids = readers.tickets.open_ids(labels, min(team.pages.since for team in teams))
        newest = sorted(ids - known, key=int)[-readers.tickets.longest_scan :]
        strangers = readers.tickets.tickets(newest)
        left = _by_page(strangers.values(), readers.pages.site, survey.owners, scope.shard)
        reasons, there = _reasons(readers, left, [each.mapping for each in survey.searches])
    except RemoteError as error:
        return Elsewhere(errors=(f"Looking for tickets whose page is not listed any more failed ({error}).",))
    lost: dict[str, list[str]] = defaultdict(list)
    for page in there:
        closest = _closest(there[page], left[page], survey.searches).mapping
        if not put_aside(there[page], closest):
            lost[closest.team].append(page)
    empty = [
        each
        for each in survey.searches
        if each.mapping in teams and not each.found and len(lost[each.mapping.team]) >= SEVERAL
    ]
    told = {page for each in empty for page in lost[each.mapping.team]}
    return Elsewhere(
        (
            *(_gone(each, {page: left[page] for page in lost[each.mapping.team]}, reasons) for each in empty),
            *(_finding(page, keys, reasons[page]) for page, keys in left.items() if page in reasons.keys() - told),
        )
    )


def _closest(page: FoundPage, keys: Sequence[str], searches: Sequence[Search]) -> Search:
    """The search whose team the page probably was: of its tickets' project, with the fewest conditions amiss, and of
    equals one that has other pages.
    """
    projects = {key.rpartition("-")[0] for key in keys}
    return min(
        searches,
        key=lambda each: (
            each.mapping.ticket.project not in projects,
            len(faults(page, each.mapping)),
            not each.found,
        ),
    )


def _by_page(tickets: Iterable[Ticket], site: str, listed: Collection[str], shard: Shard) -> dict[str, list[str]]:
    """Keys of open tickets by the page they were made from, where that page is of this site, ours, and not listed."""
    left: dict[str, list[str]] = defaultdict(list)
    for ticket in tickets:
        origin = ticket.origin
        if origin is None or origin.site != site or origin.page in listed:
            continue
        if ticket.status.category is not Category.DONE and origin.page.isdigit() and shard.holds(origin.page):
            left[origin.page].append(ticket.key)
    return left


def _reasons(
    readers: Readers, pages: Iterable[str], teams: Sequence[TeamMapping]
) -> tuple[dict[str, str], dict[str, FoundPage]]:
    """What can be said of each page: its name, and why it is not listed; without pages that are selected by now,
    or that cannot be read. And those pages that are there, and that no mapping selects.
    """
    ids = list(pages)
    found: dict[str, FoundPage] = {}
    unread: set[str] = set()
    for each in readers.pages.search(by_id(ids[:SEARCHED_AT_ONCE])) if ids else ():
        match each:
            case FoundPage(page=page):
                found[page.id] = each
            case Unread(page_id=page_id):
                unread.add(page_id)
    unseen = [page for page in ids if page not in found and page not in unread]
    reasons = {page: f"page {page}, which no search finds any more" for page in unseen}
    reasons |= {page: _as_it_is(readers, page) for page in unseen[:READ_SINGLY]}
    for name, known in found.items():
        if why := why_not(known, teams):
            reasons[name] = f"“{known.page.title}” ({known.page.url}), which {why}"
    return reasons, {name: page for name, page in found.items() if name in reasons}


def _as_it_is(readers: Readers, page_id: str) -> str:
    try:
        page = readers.pages.page(page_id)
    except Missing:
        return f"page {page_id}, which is deleted, or hidden from the worker's account"
    became = "which no search finds at present" if page.status == "current" else f"which is {page.status}"
    return f"“{page.title}” ({page.url}), {became}"


def _gone(search: Search, left: Mapping[str, Sequence[str]], reasons: Mapping[str, str]) -> Finding:
    keys = listed(conditions(search.mapping.pages))
    examples = "; ".join(reasons[page] for page in list(left)[:SHOWN_PAGES])
    more = f"; and {len(left) - SHOWN_PAGES} more" if len(left) > SHOWN_PAGES else ""
    tickets = sorted((key for each in left.values() for key in each), key=lambda key: int(key.rpartition("-")[2]))
    message = (
        f"{search.file} selects no page for {search.mapping.team}, and open tickets were made from {len(left)} pages "
        f"that are there: {examples}{more}. The mapping is probably wrong: correct {keys} in it; "
        "`postmortem-sync check --live` suggests what these pages bear. Until then nothing of these pages and tickets "
        f"({_names(tickets)}) is kept in step."
    )
    return Finding("pages-gone", message)


def _names(keys: Sequence[str]) -> str:
    return ", ".join(keys[:SHOWN]) + (f" and {len(keys) - SHOWN} more" if len(keys) > SHOWN else "")


def _finding(page: str, keys: Sequence[str], reason: str) -> Finding:
    names = _names(keys)
    one = len(keys) == 1
    message = (
        f"{names} {'was' if one else 'were'} made from {reason}, so no mapping of this worker selects it. "
        f"Unless another worker looks after that page, close {'it' if one else 'them'} in Jira if "
        f"{'it is' if one else 'they are'} not needed, or bring page {page} back into what a mapping selects."
    )
    return Finding("ticket-elsewhere", message)
