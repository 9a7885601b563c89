"""Looks at a team's pages: whether they are found, hold action items, and may be written by us."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from worker.errors import RemoteError
from worker.live.labels import likely_label
from worker.live.rows import Ask, LiveRow, account_named, counted, fine, listed, told, unanswered, wrong
from worker.mapping.places import closest
from worker.model.page import Account, FoundPage, readable
from worker.model.plan import TableNote
from worker.ports import PageReader, PageSurroundings
from worker.reconcile.selection import every_age
from worker.searches import Search
from worker.survey import Surveyed, Team

_SAMPLE = 5
"""Pages whose rights are looked at, newest first: each is a request."""
_NAMED = 5
"""Pages that a sentence names before it counts the rest."""


def look_at_pages(
    team: Team,
    found: Sequence[Surveyed],
    search: Search,
    readers: PageReader,
    surroundings: PageSurroundings,
    us: Account,
) -> Iterator[LiveRow]:
    """Rows about one team's pages, as the survey of all teams ``found`` them.

    AccessError passes through, RemoteError becomes a row.
    """
    hidden = list(_spaces(team, surroundings, us))
    yield from hidden
    blind = any(not row.ok for row in hidden)
    if search.refused:
        if not blind:
            yield wrong("pages", search.trouble)
        return
    if search.failed:
        yield unanswered("pages", RemoteError(search.trouble))
        return
    mine = [page for page in found if not _is_claimed(page)]
    yield from _claimed(found, mine)
    if mine:
        yield fine("pages", f"{counted(len(mine), 'page')} created since {team.mapping.pages.since}.")
        yield from _contents(mine)
    elif blind and not found:
        return  # whatever there is, it may be where we cannot look
    elif not found:
        yield from _nothing(team, search, readers)
    yield from _rights(team, mine, readers, surroundings, us)


def _spaces(team: Team, surroundings: PageSurroundings, us: Account) -> Iterator[LiveRow]:
    for key in team.mapping.pages.space:
        try:
            space = surroundings.space(key)
            if space is not None:
                yield fine("space", f"{space.key} is “{space.name}”.")
                continue
            others = {each.name: each.key for each in islice(surroundings.spaces(), 1000)}
        except RemoteError as error:
            yield unanswered("space", error)
            continue
        guess = others.get(closest(key, list(others)) or "") or closest(key.upper(), list(others.values()))
        meant = f"did you mean `{guess}`?" if guess else "write the key that its addresses show (…/spaces/KEY/…)."
        yield wrong(
            "space",
            f"Confluence shows this account no space `{key}` (pages.space in {team.file}); {meant} If the key is "
            "right, the account lacks the permission to view the space.",
            None
            if guess
            else Ask(
                "Confluence", f"Please let the account {account_named(us)} view the space {key}, and edit pages in it."
            ),
        )


def _is_claimed(page: Surveyed) -> bool:
    return any(finding.code == "page-claimed" for finding in page.findings)


def _claimed(found: Sequence[Surveyed], mine: Sequence[Surveyed]) -> Iterator[LiveRow]:
    taken = [page for page in found if page not in mine]
    if taken:
        reason = next(each.message for page in taken for each in page.findings if each.code == "page-claimed")
        yield wrong("pages", f"{_titles(taken)}: {reason}")


def _nothing(team: Team, search: Search, readers: PageReader) -> Iterator[LiveRow]:
    """Why there are no pages: an age, a label, or nothing yet."""
    pages = team.mapping.pages
    if search.left_out:
        yield told(
            "pages",
            f"{counted(len(search.left_out), 'page')} found, all left out: created before pages.since ({pages.since}) "
            "or labelled with one of pages.skip_labels.",
        )
        return
    try:
        older = list(islice(readable(readers.search(every_age(pages))), _SAMPLE))
        if older:
            yield told(
                "pages",
                f"None created since {pages.since} yet; older ones like {_named(older)} stay as they are. To take them "
                "too, set pages.since to an earlier day.",
            )
            return
        label = likely_label(pages, readers)
    except RemoteError as error:
        yield unanswered("pages", error)
        return
    if label is not None:
        yield wrong(
            "pages",
            f"No page has the {'label' if len(pages.labels) == 1 else 'labels'} {listed(pages.labels)} (pages.labels "
            f"in {team.file}), and there are pages labelled `{label}`; did you mean `{label}`?",
        )
    else:
        yield told(
            "pages",
            f"None yet. The first page that matches is taken some minutes after it is saved. If there should be some: "
            f"the query was {search.query}",
        )


def _contents(pages: Sequence[Surveyed]) -> Iterator[LiveRow]:
    restricted = [page for page in pages if any(f.code == "page-restricted" for f in page.findings)]
    broken = [page for page in pages if page.failed]
    read = [page for page in pages if page not in restricted and page not in broken]
    with_items = [page for page in read if page.items]
    if with_items:
        items = sum(len(page.items) for page in with_items)
        yield fine("action items", f"{counted(items, 'item')} on {counted(len(with_items), 'page')}.")
    without = [page for page in read if not any(table.taken for table in page.tables)]
    if without:
        some = "; ".join(f"“{page.where.title}”: {_why(page.tables)}" for page in without[:_NAMED])
        more = f"; and {len(without) - _NAMED} more" if len(without) > _NAMED else ""
        yield told("action items", f"No action table or task list on {counted(len(without), 'page')}: {some}{more}.")
    if restricted:
        yield told(
            "restricted",
            f"{_titles(restricted)}: only some people may read it, so it is skipped; lift the restriction, or set "
            "pages.restricted to title-only or full.",
        )
    for page in broken:
        yield told("pages", f"“{page.where.title}” fails: {' '.join(each.message for each in page.findings)}")
    if broken:
        which = "that page fails" if len(broken) == 1 else f"those {len(broken)} pages fail"
        yield told("pages", f"As long as {which}, each pass ends with exit code 3; all other pages are worked on.")


def _why(tables: Sequence[TableNote]) -> str:
    """Why the most promising table of a page was left alone."""
    if not tables:
        return "there is no table and no task list on it"
    best = max(tables, key=lambda table: len(table.header))
    if not best.header:
        return best.reason
    columns = " | ".join(name or "(blank)" for name in best.header)
    return f"the table {columns}: {best.reason}; if it should count, add its header to items.columns"


def _rights(
    team: Team, mine: Sequence[Surveyed], readers: PageReader, surroundings: PageSurroundings, us: Account
) -> Iterator[LiveRow]:
    """Whether we may edit some of the pages; where the team has none yet, some of the same space."""
    pages = team.mapping.pages
    try:
        sample = [page.found for page in mine if not page.failed][-_SAMPLE:] or list(
            islice(readable(readers.search(_in_spaces(pages.space))), _SAMPLE if pages.space else 0)
        )
        denied = [page for page in sample if not surroundings.may_edit(page.page.id)]
    except RemoteError as error:
        yield unanswered("edit right", error)
        return
    if not sample:
        yield told("edit right", "There is no page to look at yet, so nobody knows whether this account may edit it.")
        return
    if not denied:
        yield fine("edit right", f"This account may edit the {counted(len(sample), 'page')} looked at.")
        yield fine(
            "memory",
            "Claims go into the pages' content property postmortem-sync, which takes the same right; it was not tried.",
        )
        return
    spaces = listed(sorted({page.space for page in denied}))
    if len(denied) == len(sample):
        ask = f"Please let the account {account_named(us)} edit pages in the space {spaces} (“Add pages”)."
        yield wrong("edit right", f"This account may not edit pages in the space {spaces}.", Ask("Confluence", ask))
        return
    ask = f"Please let the account {account_named(us)} edit {_named(denied)}, whose restrictions keep it out."
    yield wrong(
        "edit right",
        f"This account may not edit {_named(denied)}: restrictions of the page keep it out. Its action items would get "
        "no tickets.",
        Ask("Confluence", ask),
    )


def _in_spaces(spaces: Sequence[str]) -> str:
    return f"space in ({', '.join(spaces)}) and type = page order by created desc"


def _titles(pages: Sequence[Surveyed]) -> str:
    return _named([page.found for page in pages])


def _named(pages: Sequence[FoundPage]) -> str:
    more = f" and {len(pages) - _NAMED} more" if len(pages) > _NAMED else ""
    return ", ".join(f"“{page.page.title}”" for page in pages[:_NAMED]) + more
