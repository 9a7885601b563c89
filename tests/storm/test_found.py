"""Races that a storm found, each pinned by name."""

from __future__ import annotations

import pytest

from tests.storm.trial import Point, tried

FOUND = {
    "claims deleted while their tickets are not shown yet": "lost-answer:claims-deleted@1",
    "claims deleted right before the page is saved": "lost-answer:claims-deleted@9+very-row-date@11",
    "claims that say of no page that they are its own": "lost-answer:claims-corrupted@1",
    "claims of another page written over a page's own": "two-pages:claims-copied@18",
    "claims deleted in the pass before the row goes": "mixed:row-removed@15+claims-deleted@6",
    "the row of an open claim removed": "lost-answer:row-removed@2",
    "the table of open claims removed": "lost-answer:table-removed@9",
}


@pytest.mark.parametrize("point", FOUND.values(), ids=FOUND.keys())
def test_what_a_storm_found_is_mended(point: str) -> None:
    """Each of these broke a promise once."""
    verdict = tried(Point.read(point))

    assert () == verdict.broken
    assert verdict.struck
