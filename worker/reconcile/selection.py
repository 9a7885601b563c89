"""Which pages are a team's: the query its mapping means, and the exact test of what the query found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta

from worker.mapping.model import Pages, TeamMapping
from worker.model.page import FoundPage, Page
from worker.reconcile.writeback import MESSAGE_START

BUSY = "somebody is working on this page; it is written once its newest version is pages.quiet old"
"""Why a page inside its quiet time is left alone."""


def cql(pages: Pages, only: Collection[str] = ()) -> str:
    """The query for a team's pages, in an order that does not move while it is read.

    Confluence reads dates in a query in a time zone it does not tell (platform documentation, CQL fields), so the query
    begins a day early and ``selected`` is exact. ``only`` narrows it to some page ids. A page's creation never changes,
    so sorting by it lets nothing be skipped or seen twice while pages are edited.
    """
    clauses = _clauses(pages)
    clauses.append(f'created >= "{pages.since - timedelta(days=1):%Y-%m-%d}"')
    if only:
        clauses.append(f"id in ({', '.join(sorted(only))})")
    return " and ".join(clauses) + " order by created asc"


def every_age(pages: Pages) -> str:
    """The query for a team's pages whenever they were created, newest first."""
    return " and ".join(_clauses(pages)) + " order by created desc"


def _clauses(pages: Pages) -> list[str]:
    if pages.cql is not None:
        return [f"({pages.cql})", "type = page"]
    clauses = [f"space in ({', '.join(map(_quoted, pages.space))})"] if pages.space else []
    clauses.extend(f"label = {_quoted(label)}" for label in pages.labels)
    if pages.under is not None:
        clauses.append(f"ancestor = {pages.under}")
    if pages.skip_labels and pages.labels:
        clauses.append(f"label not in ({', '.join(map(_quoted, pages.skip_labels))})")
    return [*clauses, "type = page"]


def by_id(pages: Collection[str]) -> str:
    """The query for these pages, wherever they are and whatever they are labelled."""
    return f"id in ({', '.join(sorted(pages))}) and type = page order by created asc"


def why_not(found: FoundPage, teams: Sequence[TeamMapping]) -> str:
    """Why a current page is none of these teams', in words that go on behind “which”; by the team it is closest to.

    Empty where nothing speaks against the page: it came into the selection a moment ago.
    """
    closest = sorted((faults(found, team) for team in teams), key=len)
    return " and ".join(closest[0]) if closest else ""


def faults(found: FoundPage, team: TeamMapping) -> tuple[str, ...]:
    """What keeps a current page out of the team's, condition by condition, in words that go on behind “which”."""
    pages, labels = team.pages, {label.casefold() for label in found.labels}
    amiss = []
    if pages.cql is None and pages.space and found.space not in pages.space:
        amiss.append(f"is in the space {found.space} now")
    missing = [label for label in pages.labels if label.casefold() not in labels]
    if pages.cql is None and missing:
        amiss.append(f"lacks the label {', '.join(missing)}")
    skipped = [label for label in pages.skip_labels if label.casefold() in labels]
    if skipped:
        amiss.append(f"bears the label {', '.join(skipped)} of pages.skip_labels")
    if found.page.created_at < _midnight(team):
        day = found.page.created_at.astimezone(team.due.zone).date()
        amiss.append(f"was created on {day}, before pages.since ({pages.since})")
    if not amiss and (pages.cql is not None or pages.under is not None):
        amiss.append(f"does not match {'pages.cql' if pages.cql is not None else 'pages.under'}")
    return tuple(amiss)


def put_aside(found: FoundPage, team: TeamMapping) -> bool:
    """Whether somebody meant the page to be no longer the team's: by a skip label, or as older than ``since``."""
    skipped = {label.casefold() for label in team.pages.skip_labels}
    return found.page.created_at < _midnight(team) or any(label.casefold() in skipped for label in found.labels)


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def selected(found: FoundPage, mapping: TeamMapping) -> bool:
    """Whether the page is really the team's: current, created since the mapping's day, without a skip label."""
    skipped = {label.casefold() for label in mapping.pages.skip_labels}
    return (
        found.page.status == "current"
        and found.page.created_at >= _midnight(mapping)
        and not skipped.intersection(label.casefold() for label in found.labels)
    )


def is_since(page: Page, day: date | None, mapping: TeamMapping) -> bool:
    """Whether the newest version is of that day or later, in ``due.timezone``; every page is, where no day is given."""
    return day is None or page.version.at.astimezone(mapping.due.zone).date() >= day


def _midnight(mapping: TeamMapping) -> datetime:
    return datetime.combine(mapping.pages.since, datetime.min.time(), mapping.due.zone)


def rests(page: Page, quiet: timedelta) -> str:
    """Why and until when a page is left alone; the day and hour are UTC, whatever zone Confluence answers in."""
    until = (page.version.at + quiet).astimezone(UTC)
    return (
        f"{BUSY}: {quiet.total_seconds() / 60:g} minutes after its last save, so not before {until:%Y-%m-%d %H:%M} UTC"
    )


def is_quiet(page: Page, quiet: timedelta, worker: str, now: datetime) -> bool:
    """Whether somebody saved so recently that the page is left alone; the worker's own save does not count.

    Server time comes in whole seconds, so a page may seem to be saved a moment ahead of it.
    """
    version = page.version
    if not quiet:
        return False
    ours = version.by == worker and version.message.startswith(MESSAGE_START)
    return not ours and now - version.at < quiet
