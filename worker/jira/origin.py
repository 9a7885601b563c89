"""The ``postmortem-sync`` property of a ticket: an origin as JSON and back."""

from __future__ import annotations

from typing import Any

from worker.model.site import spelled
from worker.model.ticket import Base, Origin

PROPERTY = "postmortem-sync"
VERSION = 1
_IDENTITY = ("site", "page", "item", "attempt")


def to_json(origin: Origin) -> dict[str, Any]:
    """The public form: ``{"v": 1, "site", "page", "item", "attempt", "base": {field: [page, ticket]}, "written"}``.

    ``written`` has the digests of the row's cells, by field; it stands apart so that a worker that does not know it
    reads the base as ever.
    """
    return {
        "v": VERSION,
        "site": origin.site,
        "page": origin.page,
        "item": origin.item,
        "attempt": origin.attempt,
        "base": {field: [base.page, base.ticket] for field, base in origin.base},
        "written": {field: base.written for field, base in origin.base if base.written is not None},
    }


def from_json(value: Any) -> Origin | None:
    """The origin in a property's value; None when it says nothing about where the ticket comes from.

    A newer ``v`` still tells which item a ticket was made for as long as the four words of identity are there: taking
    it for a stranger's would make a second ticket. Its ``base`` is not read, since its meaning may have changed. A
    value without that identity is nobody's, so its ticket is shown and never edited.
    The site is given in the one spelling of its place.
    """
    if not isinstance(value, dict):
        return None
    version = value.get("v")
    words = [word for name in _IDENTITY if isinstance(word := value.get(name), str) and word]
    if not isinstance(version, int) or version < VERSION or len(words) < len(_IDENTITY):
        return None
    site, page, item, attempt = words
    base = _base(value.get("base"), value.get("written")) if version == VERSION else ()
    return Origin(spelled(site), page, item, attempt, base)


def _base(value: Any, written: Any) -> tuple[tuple[str, Base], ...]:
    if not isinstance(value, dict):
        return ()
    digests = written if isinstance(written, dict) else {}
    return tuple(
        (field, Base(sides[0], sides[1], digest if isinstance(digest := digests.get(field), str) else None))
        for field, sides in sorted(value.items())
        if isinstance(sides, list) and len(sides) == 2 and all(side is None or isinstance(side, str) for side in sides)
    )
