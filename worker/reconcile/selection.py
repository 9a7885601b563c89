"""Which pages are a team's: the query its mapping means, and the exact test of what the query found."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

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
    if pages.cql is not None:
        clauses = [f"({pages.cql})"]
    else:
        clauses = []
        if pages.space:
            clauses.append(f"space in ({', '.join(map(_quoted, pages.space))})")
        clauses.extend(f"label = {_quoted(label)}" for label in pages.labels)
        if pages.under is not None:
            clauses.append(f"ancestor = {pages.under}")
        if pages.skip_labels and pages.labels:
            clauses.append(f"label not in ({', '.join(map(_quoted, pages.skip_labels))})")
    clauses.append("type = page")
    clauses.append(f'created >= "{pages.since - timedelta(days=1):%Y-%m-%d}"')
    if only:
        clauses.append(f"id in ({', '.join(sorted(only))})")
    return " and ".join(clauses) + " order by created asc"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def selected(found: FoundPage, mapping: TeamMapping) -> bool:
    """Whether the page is really the team's: current, created since the mapping's day, without a skip label."""
    midnight = datetime.combine(mapping.pages.since, datetime.min.time(), mapping.due.zone)
    skipped = {label.casefold() for label in mapping.pages.skip_labels}
    return (
        found.page.status == "current"
        and found.page.created_at >= midnight
        and not skipped.intersection(label.casefold() for label in found.labels)
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
