"""Tells what a team's search looked for, and what to do when it is refused or finds nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from worker.errors import RemoteError
from worker.mapping.model import Pages, TeamMapping
from worker.model.page import FoundPage
from worker.ports import PageReader
from worker.reconcile.selection import by_id, faults
from worker.terms import Scope

_BAD_REQUEST = 400
_ASKED = "The query, a day early to be right in every time zone, was:"


@dataclass(frozen=True, slots=True)
class Search:
    """One team's search and what came of it."""

    mapping: TeamMapping
    file: str
    query: str
    found: int
    """Pages of the team, those that another team's mapping claims first among them."""
    left_out: Mapping[str, str]
    """Pages that Confluence found and the mapping's other conditions leave out: by id, what ``outside`` says."""
    failed: bool
    refused: bool = False
    """Confluence does not take the query itself."""
    trouble: str = ""
    """Why it failed, or nothing."""


def trouble(mapping: TeamMapping, file: str, query: str, error: RemoteError) -> str:
    """Why a team's search failed, in the words of its mapping where Confluence refuses the query itself.

    Confluence answers a query that it cannot parse, or that names a space it does not show to us, with 400 and ``Could
    not parse cql : …`` (Cloud, ``rest/api/content/search``); the rest is trouble on the way.
    """
    if not refuses_query(error):
        return f"{mapping.team}: the search for its pages failed ({error}). {_ASKED} {query}"
    spaces = _unknown_spaces(mapping.pages, error.said.casefold())
    if spaces:
        do, are = ("do", "are") if len(spaces) > 1 else ("does", "is")
        return (
            f"{file}: pages.space {listed(spaces)} {do} not exist, or {are} hidden from the worker's account. Correct "
            "it there (the KEY in the space's addresses, …/spaces/KEY/…), or let the account view it; `postmortem-sync "
            "check --live` suggests names."
        )
    key, advice = _suspect(mapping.pages, error.said.lower())
    said = error.said.rstrip(".") or "it gave no reason"
    return f"{file}: Confluence refuses the search that {key} asks for: {said}. {advice} {_ASKED} {query}"


def refuses_query(error: RemoteError) -> bool:
    """Whether it is the query that Confluence objects to."""
    return error.status == _BAD_REQUEST


def _unknown_spaces(pages: Pages, said: str) -> tuple[str, ...]:
    """The keys of pages.space that a refusal of the query speaks of; all of them where it speaks of spaces at large."""
    if pages.cql is not None or "space" not in said:
        return ()
    named = tuple(key for key in pages.space if re.search(rf"\b{re.escape(key.casefold())}\b", said))
    return named or pages.space


def _suspect(pages: Pages, said: str) -> tuple[str, str]:
    """The key that a refused query probably comes from, and what to do about it."""
    if pages.cql is not None:
        return "pages.cql", "Try the query in Confluence's advanced search, and correct it."
    if pages.under is not None and ("ancestor" in said or "content" in said):
        return "pages.under", "Write the number in the address of a page that the worker's account may view."
    return listed(conditions(pages)), "Correct the one that it names."


def outside(found: FoundPage, mapping: TeamMapping, file: str) -> str:
    """What keeps a page out of the team's, as a clause without a full stop; empty where nothing is known to."""
    gone = () if found.page.status == "current" else (f"is {found.page.status}",)
    amiss = gone + faults(found, mapping)
    return f"“{found.page.title}” {' and '.join(amiss)} ({file})" if amiss else ""


def outsiders(
    pages: PageReader, searches: Sequence[Search], teams: Mapping[str, str], scope: Scope
) -> Mapping[str, str]:
    """Why pages that a person asks for by number are no team's: by id, by the mapping that each is closest to.

    One search looks at all of them, and none is sent where every page was found. A page that search does not show, or
    against which nothing speaks, is left to the general advice; so are all where Confluence does not answer.
    """
    known = teams.keys() | {page for each in searches for page in each.left_out}
    asked = scope.pages or scope.approve | scope.adopt
    missing = asked - known
    near = [each for each in searches if _concerns(each.mapping, scope)]
    if not missing or not near:
        return {}
    why: dict[str, str] = {}
    try:
        for found in pages.search(by_id(missing)):
            if isinstance(found, FoundPage):
                closest = min(near, key=lambda each: len(faults(found, each.mapping)))
                why[found.page.id] = outside(found, closest.mapping, closest.file)
    except RemoteError:
        return {}
    return {page: clause for page, clause in why.items() if clause}


def notices(
    searches: Sequence[Search], teams: Mapping[str, str], scope: Scope, outsiders: Mapping[str, str], older: int = 0
) -> tuple[str, ...]:
    """What a person who expects pages has to know: pages asked for and not found, teams without any page, and how many
    pages were left out as ``older`` than asked for.

    ``teams`` is whose page each page is, by its id; ``outsiders`` why others are no team's.
    """
    asked = scope.pages | scope.approve | scope.adopt
    missing = _not_found(asked, searches, teams, scope, outsiders)
    return (*missing, *_without_pages(searches, scope), *_older(scope, older))


def _older(scope: Scope, number: int) -> Iterator[str]:
    if number and scope.since is not None:
        pages = "1 page whose newest version is" if number == 1 else f"{number} pages whose newest versions are"
        yield f"--since {scope.since} left out {pages} older."


def unselected(
    searches: Sequence[Search], teams: Mapping[str, str], scope: Scope, outsiders: Mapping[str, str]
) -> tuple[str, ...]:
    """Why a page that ``--approve`` or ``--adopt`` names is none of the pass, a sentence each.

    Nothing is said where a search failed, for the page may be among those that it would have found.
    """
    if any(search.failed for search in searches):
        return ()
    asked = (("--approve", scope.approve), ("--adopt", scope.adopt))
    return tuple(
        f"{option}: {sentence}"
        for option, pages in asked
        for sentence in _not_found(pages, searches, teams, scope, outsiders)
    )


def _not_found(
    pages: Collection[str],
    searches: Sequence[Search],
    teams: Mapping[str, str],
    scope: Scope,
    outsiders: Mapping[str, str],
) -> Iterator[str]:
    wanted = [search.mapping.pages for search in searches if _concerns(search.mapping, scope)]
    wanted_keys = listed(tuple(dict.fromkeys(key for pages in wanted for key in conditions(pages))))
    for page in sorted(pages):
        beginning = f"Page {page} is not among the pages that the mappings select"
        left_out = next((search.left_out[page] for search in searches if page in search.left_out), "")
        why = left_out or outsiders.get(page, "")
        if page in teams:
            if scope.teams and teams[page] not in scope.teams:
                yield f"Page {page} is a page of {teams[page]}, which --team leaves out."
        elif scope.pages and page not in scope.pages:
            yield f"Page {page} is not among those that --page names, so it was not looked at."
        elif why:
            yield f"{beginning}: {why}. Change that, if the page is to be selected."
        else:
            yield (
                f"{beginning}: no mapping's search finds it. What counts is {wanted_keys}, and that the worker's "
                "account may view it; Confluence's search knows a new page or label some minutes later."
            )


def _without_pages(searches: Sequence[Search], scope: Scope) -> Iterator[str]:
    for search in searches:
        if search.failed or search.found or scope.pages or not _concerns(search.mapping, scope):
            continue
        if search.left_out:
            yield (
                f"{search.mapping.team} has no pages: what Confluence finds ({len(search.left_out)}) is left out by "
                f"pages.since or pages.skip_labels of {search.file}."
            )
        else:
            yield (
                f"{search.mapping.team} has no pages: Confluence finds none. If there should be some, look at "
                f"{listed(conditions(search.mapping.pages))} in {search.file}, and whether the worker's account may "
                f"view them. {_ASKED} {search.query}"
            )


def _concerns(mapping: TeamMapping, scope: Scope) -> bool:
    return not scope.teams or mapping.team in scope.teams


def conditions(pages: Pages) -> tuple[str, ...]:
    """The keys by which a mapping selects, in the order of the mapping."""
    keys = ("space", "labels", "under", "cql", "since", "skip_labels")
    return tuple(f"pages.{key}" for key in keys if getattr(pages, key))


def listed(words: Sequence[str]) -> str:
    """The words as they stand in a sentence, the last one behind “and”."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
