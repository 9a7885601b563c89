"""Finds mappings that claim the same pages, as far as that can be told without asking Confluence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.mapping.model import Pages, TeamMapping


def claimed_before(pages: Pages, earlier: Sequence[tuple[str, TeamMapping]]) -> str | None:
    """What is wrong when one of the ``earlier`` mappings (file, mapping) claims pages that ``pages`` claims too.

    Told only where every page of one selection, in a space of both, is a page of the other: a page that two labels
    merely could share is for ``check --live`` to find.
    """
    for file, other in earlier:
        common = _in_common(other.pages, pages)
        if common is not None:
            return (
                f"`pages` claims pages of {other.team} too ({file}): {common}, and the first file by name gets them; "
                "narrow one of the two by space, labels or under, or leave the other's pages out by skip_labels"
            )
    return None


def _in_common(first: Pages, second: Pages) -> str | None:
    """Which pages both take, or None when they are apart or nobody can know."""
    if first.cql is not None or second.cql is not None:
        same = first.cql is not None and second.cql is not None and _folded(first.cql) == _folded(second.cql)
        return "both have the same query" if same else None
    labels, others = _labels(first.labels), _labels(second.labels)
    if not (labels <= others or others <= labels):
        return None
    if (_labels(first.skip_labels) & others) or (_labels(second.skip_labels) & labels):
        return None
    if first.under is not None and second.under is not None and first.under != second.under:
        return None
    spaces = _spaces(first, second)
    if spaces is None:
        return None
    where = f" in {', '.join(spaces)}" if spaces else ""
    which = f" labelled {', '.join(sorted(labels | others))}" if labels | others else ""
    below = f" below {first.under or second.under}" if first.under or second.under else ""
    return f"both take pages{where}{which}{below}"


def _spaces(first: Pages, second: Pages) -> tuple[str, ...] | None:
    """Keys of the spaces in both selections; empty for all spaces, None when they have none in common."""
    if not first.space or not second.space:
        return first.space or second.space
    common = {key.casefold() for key in first.space} & {key.casefold() for key in second.space}
    return tuple(key for key in first.space if key.casefold() in common) or None


def _labels(labels: Sequence[str]) -> frozenset[str]:
    return frozenset(label.casefold() for label in labels)


def _folded(query: str) -> str:
    return re.sub(r"\s+", " ", query).strip().casefold()
