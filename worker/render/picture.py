"""Draws how the tracked tickets stand, team by team, as an SVG that stands in the HTML report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from worker.model.report import TicketState, TrackedTicket
from worker.render.visible import one_line, shortened

_STATES: Mapping[TicketState, str] = {
    TicketState.OVERDUE: "#c9372c",
    TicketState.OPEN: "#1d7afc",
    TicketState.DONE: "#1f845a",
}
"""In the order of the bar, from what needs somebody to what needs nobody."""
_WIDTH, _LABEL, _BAR, _ROW = 760, 190, 340, 26
"""Units of the drawing: all of it, the team's name, the longest bar, and the height of a team."""
_LONGEST_NAME = 28


def tickets_by_team(tickets: Sequence[TrackedTicket]) -> Iterator[str]:
    """A legend and lines of SVG: a bar a team, as long as it has tickets, and the numbers beside it in words.

    No line where there are no tickets. Most overdue tickets first, then by name. Nothing is told by colour alone.
    """
    teams: dict[str, Counter[TicketState]] = {}
    for ticket in tickets:
        teams.setdefault(ticket.team, Counter())[ticket.state] += 1
    if not teams:
        return
    order = sorted(teams, key=lambda team: (-teams[team][TicketState.OVERDUE], team.casefold()))
    most = max(counts.total() for counts in teams.values())
    legend = "".join(f'<i style="background: {colour}"></i>{state.value}' for state, colour in _STATES.items())
    yield f'<p class="quiet">{legend}</p>'
    label = "; ".join(f"{team}: {_told(teams[team])}" for team in order)
    yield (
        f'<svg class="tickets" viewBox="0 0 {_WIDTH} {_ROW * len(order)}" role="img" aria-label="{_text(label)}" '
        'font-size="13" fill="currentColor">'
    )
    for row, team in enumerate(order):
        yield from _team(team, teams[team], row * _ROW, most)
    yield "</svg>"


def _team(team: str, counts: Counter[TicketState], top: int, most: int) -> Iterator[str]:
    middle = top + _ROW / 2 + 4.5
    yield f'<text x="0" y="{middle}">{_text(shortened(team, _LONGEST_NAME))}</text>'
    left = float(_LABEL)
    for state, colour in _STATES.items():
        width = _BAR * counts[state] / most
        if width:
            yield f'<rect x="{left:.1f}" y="{top + 5}" width="{width:.1f}" height="{_ROW - 10}" fill="{colour}"/>'
        left += width
    yield f'<text x="{left + 10:.1f}" y="{middle}">{_told(counts)}</text>'


def _told(counts: Counter[TicketState]) -> str:
    return ", ".join(f"{counts[state]} {state.value}" for state in _STATES if counts[state])


def _text(value: str) -> str:
    return escape(one_line(value))
