"""Looks at the site for every team: one group of rows about both products, and one a team."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from worker.errors import AccessError
from worker.live.pages import look_at_pages
from worker.live.people import look_at_people
from worker.live.rows import Group, LiveRow, told, unanswered
from worker.live.site import Ourselves, look_at_limits, look_at_site
from worker.live.tickets import look_at_project
from worker.reconcile.shards import WHOLE
from worker.settings import Settings
from worker.survey import Survey, Team, survey
from worker.terms import Readers, Surroundings

_BOTH = "Confluence and Jira"


def look(settings: Settings, teams: Sequence[Team], readers: Readers, surroundings: Surroundings) -> tuple[Group, ...]:
    """Everything that can be known by reading; what a product refuses or does not answer becomes a row."""
    us, rows = look_at_site(settings, readers, surroundings)
    found: Survey | None = None
    if us.confluence is not None:
        try:
            found = survey(teams, readers.pages, frozenset(), WHOLE, lambda _pages: None)
        except AccessError as error:
            rows = (*rows, unanswered("pages", error))
    of_teams = [_team(number, team, settings, found, us, readers, surroundings) for number, team in enumerate(teams)]
    return (Group(_BOTH, (*rows, *look_at_limits(us, surroundings))), *of_teams)


def _team(
    number: int,
    team: Team,
    settings: Settings,
    found: Survey | None,
    us: Ourselves,
    readers: Readers,
    surroundings: Surroundings,
) -> Group:
    rows = (
        *_until_refused(_about_pages(number, team, found, us, readers, surroundings)),
        *_until_refused(_about_tickets(team, settings, us, readers, surroundings)),
    )
    return Group(f"{team.mapping.team} ({team.file})", rows)


def _until_refused(rows: Iterator[LiveRow]) -> Iterator[LiveRow]:
    """The rows; a refusal by one product, such as a scope that its token lacks, ends what can be known of it."""
    try:
        yield from rows
    except AccessError as error:
        yield unanswered("access", error)


def _untold(about: str) -> str:
    """That nothing can be known, because of the failed row ``about`` both products: refusal, no answer, or no such
    address.
    """
    return f"Not looked at, since “{about}” (under “{_BOTH}”) failed; what happened and what to do stands there."


def _about_pages(
    number: int, team: Team, found: Survey | None, us: Ourselves, readers: Readers, surroundings: Surroundings
) -> Iterator[LiveRow]:
    if us.confluence is None:
        yield told("pages", _untold("Confluence sign-in"))
        return
    if found is None:
        yield told("pages", _untold("pages"))
        return
    mine = [page for page in found.pages if page.team == team]
    yield from look_at_pages(team, mine, found.searches[number], readers.pages, surroundings.pages, us.confluence)


def _about_tickets(
    team: Team, settings: Settings, us: Ourselves, readers: Readers, surroundings: Surroundings
) -> Iterator[LiveRow]:
    if us.jira is None:
        yield told("project", _untold("Jira sign-in"))
        return
    visible = True
    for row in look_at_project(team.mapping, team.file, readers.tickets, surroundings.tickets, us.jira):
        visible = visible and (row.ok or row.about != "project")
        yield row
    if visible:  # who may be assigned cannot be asked about a project that is hidden from us
        yield from look_at_people(team.mapping, team.file, settings.deployment, readers.tickets, surroundings.tickets)
