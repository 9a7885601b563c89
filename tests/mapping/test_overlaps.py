"""Two mappings claim the same pages where that can be known, and are left alone where nobody can know."""

from __future__ import annotations

from typing import Any

import pytest

from worker.mapping.model import TeamMapping
from worker.mapping.overlaps import claimed_before

LABELLED = {"space": "PAY", "labels": ["post-mortem"]}


def team(name: str, **pages: Any) -> TeamMapping:
    return TeamMapping.model_validate(
        {"team": name, "pages": {"since": "2026-11-01", **pages}, "ticket": {"project": "PAY"}}
    )


@pytest.mark.parametrize(
    ("first", "second", "common"),
    [
        (LABELLED, LABELLED, "both take pages in PAY labelled post-mortem"),
        (LABELLED, {**LABELLED, "space": ["OPS", "pay"]}, "both take pages in PAY labelled post-mortem"),
        (LABELLED, {**LABELLED, "labels": ["post-mortem", "db"]}, "both take pages in PAY labelled db, post-mortem"),
        ({"labels": "post-mortem"}, LABELLED, "both take pages in PAY labelled post-mortem"),
        ({"space": "PAY"}, {"space": "PAY", "under": 12}, "both take pages in PAY below 12"),
        ({"cql": "space = PAY"}, {"cql": "SPACE  = PAY"}, "both have the same query"),
    ],
)
def test_same_pages_are_claimed_twice(first: dict[str, Any], second: dict[str, Any], common: str) -> None:
    """Every page of the narrower selection is one of the wider, so that the first file gets it."""
    said = claimed_before(team("B", **second).pages, [("a.yaml", team("A", **first))])

    assert said is not None
    assert said.startswith(f"`pages` claims pages of A too (a.yaml): {common}, and the first file by name gets them; ")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (LABELLED, {**LABELLED, "space": "OPS"}),
        (LABELLED, {**LABELLED, "labels": ["retro"]}),
        ({**LABELLED, "labels": ["post-mortem", "db"]}, {**LABELLED, "labels": ["post-mortem", "web"]}),
        ({**LABELLED, "labels": ["post-mortem", "db"]}, {**LABELLED, "skip_labels": ["DB"]}),
        ({"under": 11}, {"under": 12}),
        ({"cql": "space = PAY"}, LABELLED),
    ],
)
def test_what_may_be_apart_is_left_alone(first: dict[str, Any], second: dict[str, Any]) -> None:
    """Other spaces, labels, pages above or a skipped label keep two teams apart; a query alone tells nothing."""
    assert None is claimed_before(team("B", **second).pages, [("a.yaml", team("A", **first))])
