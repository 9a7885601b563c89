"""Claims as they are stored on a page: the JSON of one or more content properties, and back.

A content property holds 32 KB of JSON (Confluence developer documentation, content properties), so claims are
divided by count: the first 200 items live in ``postmortem-sync``, the next in ``postmortem-sync.2``, and so on. An
entry never moves, and the next new item always belongs to the last, not yet full property; so two workers that claim
the same row always meet in the same compare-and-swap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from worker.model.claim import Attempt, Claim, Claims
from worker.model.item import ActionItem, digest
from worker.model.site import spelled

KEY = "postmortem-sync"
VERSION = 1
PER_PROPERTY = 200

KEY_STOOD = "key"
"""Stands among what a claim remembers once its ticket's key was seen in its row."""

_SHOWN = 6
"""Where an entry holds what is remembered."""


def property_key(index: int) -> str:
    """Key of the property with that ordinal, from 0."""
    return KEY if index == 0 else f"{KEY}.{index + 1}"


@dataclass(frozen=True, slots=True)
class Newer:
    """Written by a newer version of the worker: the page is held."""

    version: Any


@dataclass(frozen=True, slots=True)
class Corrupt:
    """Not readable; this never means that nothing was claimed."""

    reason: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """Belongs to another page (this one was copied with its properties), or to another site."""

    page: str
    site: str


Stored = Claims | Newer | Corrupt | Foreign


def decode(values: Sequence[Any], *, site: str, page: str) -> Stored:
    """Reads the values of a page's claim properties, in order of their ordinals; none at all is an empty Claims."""
    attempts: dict[str, Attempt] = {}
    items: list[Claim] = []
    rows = 0
    for index, value in enumerate(values):
        if not isinstance(value, Mapping):
            return Corrupt("it is not a JSON object")
        version = value.get("v")
        if isinstance(version, int) and version > VERSION:
            return Newer(version)
        if version != VERSION:
            return Corrupt("it has no version this worker knows")
        if not isinstance(value.get("page"), str) or not isinstance(value.get("site"), str):
            return Corrupt("it does not say which page it belongs to")
        if index and value["page"] != page:
            break  # left over from a copy; what comes first is ours, and is complete without it
        if not index and (value["page"] != page or spelled(value["site"]) != spelled(site)):
            return Foreign(value["page"], value["site"])  # properties are written one by one, the first one first
        try:
            for nonce, at, project, label, newest in value["attempts"]:
                attempts[str(nonce)] = Attempt(
                    str(nonce), datetime.fromisoformat(at), str(project), str(label), int(newest)
                )
            items.extend(_claim(entry) for entry in value["items"])
            rows = max(rows, int(value.get("rows", 0)))
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            return Corrupt(f"it cannot be read ({type(error).__name__})")
    if any(a.at.tzinfo is None for a in attempts.values()):
        return Corrupt("an attempt has no time zone")
    return Claims(site, page, tuple(attempts.values()), tuple(items), rows)


def encode(claims: Claims) -> tuple[dict[str, Any], ...]:
    """The values of the page's claim properties, in order; always at least one."""
    shards = []
    for start in range(0, max(len(claims.items), 1), PER_PROPERTY):
        items = claims.items[start : start + PER_PROPERTY]
        used = {nonce for claim in items for nonce in claim.attempts}
        shard = {
            "v": VERSION,
            "site": claims.site,
            "page": claims.page,
            "attempts": [
                [a.nonce, a.at.isoformat(timespec="seconds"), a.project, a.label, a.newest]
                for a in claims.attempts
                if a.nonce in used
            ],
            "items": [_entry(claim) for claim in items],
        }
        shards.append(shard if start else {**shard, "rows": claims.rows})
    return tuple(shards)


def says_more(claims: Claims, stored: Sequence[Any]) -> bool:
    """Whether storing these claims would add anything but ids of the editor's own, that keys were seen, or another
    spelling of the site.

    Confluence gives rows their ids when a page is saved, and some editors give new ones at each save; and after each
    save of the worker's all new keys are seen. That alone is no reason to write: it is stored along with whatever else
    is.
    """
    if not stored and not claims.items:
        return False
    wanted = encode(claims)
    return len(wanted) > len(stored) or any(
        _news(mine) != _news(theirs)
        for mine, theirs in zip(
            wanted, stored, strict=False
        )  # a property too many is a copy's, and overwritten once needed
    )


def _news(value: Any) -> Any:
    items = value.get("items") if isinstance(value, Mapping) else None
    if not isinstance(items, list):
        return value
    told = [_without_hints(entry) if isinstance(entry, list) else entry for entry in items]
    return {**value, "site": spelled(str(value.get("site"))), "items": told}


def _without_hints(entry: list[Any]) -> list[Any]:
    shown = entry[_SHOWN] if len(entry) > _SHOWN else None
    told = [each for each in shown if each != KEY_STOOD] if isinstance(shown, list) else shown
    return [*entry[:1], *entry[2:_SHOWN], told, *entry[_SHOWN + 1 :]]


def is_full(value: Any) -> bool:
    """Whether a stored value has no room left, so that a next property may exist."""
    items = value.get("items") if isinstance(value, Mapping) else None
    return isinstance(items, list) and len(items) >= PER_PROPERTY


def _entry(claim: Claim) -> list[Any]:
    ticket = f"~{claim.ticket}" if claim.linked else claim.ticket
    return [
        claim.item,
        claim.editor,
        claim.fingerprint,
        claim.whole,
        list(claim.attempts),
        ticket,
        list(claim.shown),
        claim.refused,
    ]


def _claim(entry: Any) -> Claim:
    item, editor, fingerprint, whole, attempts, ticket, shown, refused = entry
    words = [
        item,
        fingerprint,
        whole,
        *attempts,
        *shown,
        *(each for each in (editor, ticket, refused) if each is not None),
    ]
    if not (isinstance(attempts, list) and isinstance(shown, list) and item) or not all(
        isinstance(word, str) for word in words
    ):
        raise TypeError
    linked = isinstance(ticket, str) and ticket.startswith("~")
    return Claim(
        item=item,
        editor=editor,
        fingerprint=fingerprint,
        whole=whole,
        attempts=tuple(attempts),
        ticket=ticket.removeprefix("~") if ticket is not None else None,
        linked=linked,
        refused=refused,
        shown=tuple(shown),
    )


def editor_digest(item: ActionItem) -> str | None:
    """What a claim remembers of the row's own id."""
    return digest(item.editor_id, length=8) if item.editor_id else None


def birth_name(item: ActionItem, page: str, number: int = 0) -> str:
    """The id of an item that is first claimed as it reads now; ``number`` tells identical rows apart."""
    return digest(f"{page}|{item.fingerprint}|{item.whole}|{number}", length=10)


def new_claim(item: ActionItem, claims: Claims, **known: Any) -> Claim:
    """An entry for an item that has none; its id is the same for every worker that looks at the same page state."""
    taken = {claim.item for claim in claims.items}
    number = 0
    while (name := birth_name(item, claims.page, number)) in taken:
        number += 1
    return Claim(item=name, editor=editor_digest(item), fingerprint=item.fingerprint, whole=item.whole, **known)


def recalled(name: str, ticket: str, items: Sequence[ActionItem], claims: Claims) -> Claim:
    """An entry that the page lost, made anew from what its ticket says of itself: the item's name.

    It is the row's whose name that is; where no row has it any more, the entry only keeps the ticket in mind.
    """
    bare = Claims(claims.site, claims.page)
    for item in items:
        claim = new_claim(item, bare, ticket=ticket)
        if claim.item == name:
            return claim
    return Claim(name, None, "", "", ticket=ticket)


def with_known(claims: Claims, more: Claims) -> Claims:
    """The claims with the entries that only ``more`` has: what a plan read off keys and tickets, and nobody stored."""
    stored = {claim.item for claim in claims.items}
    return replace(claims, items=(*claims.items, *(claim for claim in more.items if claim.item not in stored)))


def with_claim(claims: Claims, claim: Claim) -> Claims:
    """The claims with this entry replaced, or added at the end."""
    return with_claims(claims, (claim,))


def with_claims(claims: Claims, entries: Iterable[Claim]) -> Claims:
    """The claims with these entries replaced, or added at the end in their order; of one item the last entry counts."""
    new = {entry.item: entry for entry in entries}
    known = {each.item for each in claims.items}
    kept = (new.get(each.item, each) for each in claims.items)
    return replace(claims, items=(*kept, *(entry for entry in new.values() if entry.item not in known)))
