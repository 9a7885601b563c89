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


def look(settings: Settings, teams: Sequence[Team], readers: Readers, surroundings: Surroundings) -> tuple[Group, ...]:
    """Everything that can be known by reading; what a product refuses or does not answer becomes a row."""
    us, rows = look_at_site(settings, readers, surroundings)
    found: Survey | None = None
    if us.confluence is not None:
        try:
            found = survey(teams, readers.pages, frozenset(), WHOLE, lambda _pages: None)
        except AccessError as error:
            rows = (*rows, unanswered("pages", error))
    of_teams = [_team(number, team, found, us, readers, surroundings) for number, team in enumerate(teams)]
    return (Group("Confluence and Jira", (*rows, *look_at_limits(us, surroundings))), *of_teams)


def _team(
    number: int, team: Team, found: Survey | None, us: Ourselves, readers: Readers, surroundings: Surroundings
) -> Group:
    rows: list[LiveRow] = []
    try:
        rows.extend(_rows(number, team, found, us, readers, surroundings))
    except AccessError as error:
        rows.append(unanswered("access", error))
    return Group(f"{team.mapping.team} ({team.file})", tuple(rows))


def _rows(
    number: int, team: Team, found: Survey | None, us: Ourselves, readers: Readers, surroundings: Surroundings
) -> Iterator[LiveRow]:
    if found is not None and us.confluence is not None:
        mine = [page for page in found.pages if page.team == team]
        yield from look_at_pages(team, mine, found.searches[number], readers.pages, surroundings.pages, us.confluence)
    else:
        yield told("pages", "Not looked at, since Confluence does not let this account in.")
    if us.jira is not None:
        mapping = team.mapping
        about = list(look_at_project(mapping, team.file, readers.tickets, surroundings.tickets, us.jira))
        yield from about
        if about[0].ok:  # who may be assigned cannot be asked about a project that is hidden from us
            yield from look_at_people(mapping, team.file, readers.tickets, surroundings.tickets)
    else:
        yield told("project", "Not looked at, since Jira does not let this account in.")
