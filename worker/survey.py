"""Reads every selected page once and understands it: items, tables, claims. Bodies are not kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from worker.claimbook import Book, book_of, open_book
from worker.document.bounds import TooLarge
from worker.document.parse import Malformed, parse
from worker.errors import RemoteError, WorkerError
from worker.mapping.model import TeamMapping
from worker.mentions import with_accounts
from worker.mishap import mishap
from worker.model.claim import Claims
from worker.model.finding import Finding
from worker.model.item import ActionItem
from worker.model.page import FoundPage, Page, Unread, Version
from worker.model.plan import TableNote
from worker.ports import PageReader
from worker.reconcile.claims import Corrupt, Foreign, Newer, Stored
from worker.reconcile.desire import Where
from worker.reconcile.extract import extract
from worker.reconcile.selection import cql, is_since, selected
from worker.reconcile.shards import Shard
from worker.searches import Search, notices, outside, outsiders, refuses_query, trouble, unselected
from worker.terms import Scope


@dataclass(frozen=True, slots=True)
class Team:
    """A mapping and the file it came from (the first file by name wins a page that two match)."""

    mapping: TeamMapping
    file: str


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One page as search knew it, without its body."""

    found: FoundPage
    team: Team
    where: Where
    items: tuple[ActionItem, ...] = ()
    tables: tuple[TableNote, ...] = ()
    book: Book | None = None
    """None: the page is listed and not worked on, for the reasons in ``findings``."""
    findings: tuple[Finding, ...] = ()
    failed: bool = False

    @property
    def claims(self) -> Claims:
        """The page's claims; those of a page copied with its properties count as none.

        Those of another address are taken over, so that writing the page never loses what they know.
        """
        stored = self.former or (self.book.stored if self.book is not None else None)
        if not isinstance(stored, Claims):
            return Claims(self.where.site, self.where.page)
        return replace(stored, site=self.where.site)

    @property
    def former(self) -> Stored | None:
        """What the page's claims say that were made under another address of Confluence; None where there are none."""
        match self.book:
            case Book(properties, Foreign(page, site)) if page == self.where.page:
                return book_of(properties, site=site, page=page).stored
        return None


@dataclass(frozen=True, slots=True)
class Survey:
    """All pages of all teams, in order of team file and creation, and how their searches went."""

    pages: tuple[Surveyed, ...]
    errors: tuple[str, ...]
    """Why searches failed."""
    searches: tuple[Search, ...]
    owners: Mapping[str, str]
    """Whose page each selected page is, by its id; pages of other shards among them."""
    neighbours: frozenset[str] = frozenset()
    """Tickets that pages of other shards claim, as far as search tells."""
    older: frozenset[str] = frozenset()
    """Pages that were left out because their newest version is older than was asked for."""

    def outsiders(self, pages: PageReader, scope: Scope) -> Mapping[str, str]:
        """Why pages that the command line names, and no search found, are no team's; asks only if there are some."""
        return outsiders(pages, self.searches, self.owners, scope)

    def unselected(self, scope: Scope, outsiders: Mapping[str, str]) -> tuple[str, ...]:
        """Why pages that the command line wants treated apart are none of this pass."""
        return unselected(self.searches, self.owners, scope, outsiders)

    def notices(self, scope: Scope, outsiders: Mapping[str, str]) -> tuple[str, ...]:
        """What was asked for and not found."""
        of_others = (page for page in self.older if scope.teams and self.owners[page] not in scope.teams)
        return notices(self.searches, self.owners, scope, outsiders, len(self.older - set(of_others)))


def survey(
    teams: Sequence[Team],
    pages: PageReader,
    only: frozenset[str],
    shard: Shard,
    read: Callable[[int], None],
    since: date | None = None,
) -> Survey:
    """Searches, and reads what falls to the shard and has a version ``since`` that day; ``read`` is told how many
    pages there are so far.

    AccessError passes through.
    """
    owner: dict[str, Team] = {}
    surveyed: list[Surveyed] = []
    errors: list[str] = []
    searches: list[Search] = []
    neighbours: set[str] = set()
    older: set[str] = set()
    for team in teams:
        query = cql(team.mapping.pages, only)
        found_now, left_out, refused, why = 0, dict[str, str](), False, ""
        try:
            for found in pages.search(query):
                if isinstance(found, Unread):
                    found_now += 1
                    if owner.setdefault(found.page_id, team) is team and shard.holds(found.page_id):
                        surveyed.append(_unread(found, team, pages.site))
                        read(len(surveyed))
                    continue
                if not selected(found, team.mapping):
                    left_out[found.page.id] = outside(found, team.mapping, team.file)
                    continue
                first = owner.setdefault(found.page.id, team)
                found_now += 1
                if not shard.holds(found.page.id):
                    neighbours |= _claimed(found, pages.site)
                    continue
                if not is_since(found.page, since, first.mapping):
                    older.add(found.page.id)
                    continue
                surveyed.append(
                    _guarded(found, team, pages) if first is team else _claimed_twice(found, team, first, pages.site)
                )
                read(len(surveyed))
        except RemoteError as error:
            why, refused = trouble(team.mapping, team.file, query, error), refuses_query(error)
            errors.append(why)
        searches.append(Search(team.mapping, team.file, query, found_now, left_out, bool(why), refused, why))
    owners = {page: team.mapping.team for page, team in owner.items()}
    return Survey(tuple(surveyed), tuple(errors), tuple(searches), owners, frozenset(neighbours), frozenset(older))


def _claimed(found: FoundPage, site: str) -> set[str]:
    """Tickets of a page that another shard takes; claims that go on in a further property are not read on."""
    claims = book_of((found.claims,), site=site, page=found.page.id).stored if found.claims is not None else None
    return {claim.ticket for claim in claims.items if claim.ticket} if isinstance(claims, Claims) else set()


def _guarded(found: FoundPage, team: Team, pages: PageReader) -> Surveyed:
    try:
        return _understand(found, team, pages)
    except WorkerError:
        raise
    except Exception as error:  # noqa: BLE001 — whatever the worker does wrong at one page, all others go on
        page = found.page
        where = Where(pages.site, page.id, page.title, page.url, page.created_at)
        bare = replace(found, page=replace(page, body=""))
        return Surveyed(bare, team, where, findings=(mishap(page.id, error),), failed=True)


def _understand(found: FoundPage, team: Team, pages: PageReader) -> Surveyed:
    page, mapping = found.page, team.mapping
    bare = replace(found, page=replace(page, body=""))
    title_only = found.restricted and mapping.pages.restricted == "title-only"
    where = Where(pages.site, page.id, page.title, page.url, page.created_at, title_only)
    if found.restricted and mapping.pages.restricted == "skip":
        text = (
            "Reading this page is restricted, so nothing of it goes to Jira. Lift the restriction, or set "
            "pages.restricted to title-only or full."
        )
        return Surveyed(bare, team, where, findings=(Finding("page-restricted", text),))
    try:
        extraction = with_accounts(extract(parse(page.body), mapping.items), pages)
    except (Malformed, TooLarge) as error:
        code = "page-malformed" if isinstance(error, Malformed) else "page-too-large"
        return Surveyed(bare, team, where, findings=(Finding(code, str(error)),), failed=True)
    except RemoteError as error:
        text = f"The people that the page mentions cannot be looked up: {error}"
        return Surveyed(bare, team, where, findings=(Finding("page-failed", text),), failed=True)
    tables = tuple(TableNote(v.taken, v.section, v.header, v.reason) for v in extraction.verdicts)
    try:
        book = open_book(pages, page.id, found.claims)
    except RemoteError as error:
        text = f"The page's claims cannot be read: {error}"
        return Surveyed(bare, team, where, tables=tables, findings=(Finding("page-failed", text),), failed=True)
    items = extraction.items
    match book.stored:
        case Newer(version):
            text = f"The page's claims were written by a newer postmortem-sync (version {version}): update this one."
            return Surveyed(bare, team, where, items, tables, None, (Finding("page-state-newer", text),))
        case Corrupt(reason):
            text = (
                f"The page's claims (content property postmortem-sync) cannot be read: {reason}. Nothing is made while "
                "they are, for they may say what exists. See docs/findings.md for how to mend them."
            )
            return Surveyed(bare, team, where, items, tables, None, (Finding("page-state-corrupt", text),))
        case Foreign(other, address):
            if other == page.id:
                text = (
                    f"The page's claims were made under another address of Confluence ({address}), so its tickets "
                    "count as linked and no row is followed. Set CONFLUENCE_URL to that address, if it still works."
                )
            else:
                text = f"The page was copied from page {other} with its claims, which are ignored here."
            return Surveyed(bare, team, where, items, tables, book, (Finding("page-copied", text),))
        case Claims():
            return Surveyed(bare, team, where, items, tables, book)


def _unread(found: Unread, team: Team, site: str) -> Surveyed:
    """Listed with what is known of it; its version counts as 0, which no page has."""
    unknown = datetime.fromtimestamp(0, UTC)
    version = Version(0, unknown, None, "")
    page = Page(found.page_id, found.title, found.url, "current", unknown, version, "")
    bare = FoundPage(page, space="", labels=frozenset(), restricted=True, claims=None)
    where = Where(site, page.id, page.title, page.url, page.created_at)
    finding = Finding("page-failed", f"The page cannot be read: {found.reason}")
    return Surveyed(bare, team, where, findings=(finding,), failed=True)


def _claimed_twice(found: FoundPage, team: Team, first: Team, site: str) -> Surveyed:
    text = (
        f"{first.file} ({first.mapping.team}) matches this page too and comes first, so it is theirs: narrow a query."
    )
    page = found.page
    where = Where(site, page.id, page.title, page.url, page.created_at)
    return Surveyed(replace(found, page=replace(page, body="")), team, where, findings=(Finding("page-claimed", text),))
