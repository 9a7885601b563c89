"""Reads the claims of a page, over as many content properties as they take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worker.model.page import Property
from worker.ports import PageReader
from worker.reconcile.claims import Stored, decode, is_full, property_key


@dataclass(frozen=True, slots=True)
class Book:
    """A page's claim properties as read, in order, and what they say."""

    properties: tuple[Property, ...]
    stored: Stored
    alone: frozenset[str] = frozenset()
    """Ids of properties that this worker added itself and that stood alone then: no other one of their key counts."""


def book_of(properties: tuple[Property, ...], *, site: str, page: str) -> Book:
    """The book that these properties hold; none at all is an empty one."""
    return Book(properties, decode([each.value for each in properties], site=site, page=page))


def open_book(pages: PageReader, page: str, found: Property | None) -> Book:
    """The claims as the search found them, completed where they go on in a further property.

    Search may be stale; whoever writes on top of this book is stopped by the compare-and-swap.
    """
    if found is None:
        return book_of((), site=pages.site, page=page)
    if not is_full(found.value):
        return book_of((found,), site=pages.site, page=page)
    return read_book(pages, page)


def read_book(pages: PageReader, page: str) -> Book:
    """The claims as they are now, one read a property.

    Of several properties with one key (a known fault of Confluence Cloud) one counts, see ``valid``.
    """
    properties: list[Property] = []
    while not properties or is_full(properties[-1].value):
        rows = pages.properties(page, property_key(len(properties)))
        if not rows:
            break
        properties.append(valid(rows))
    return book_of(tuple(properties), site=pages.site, page=page)


def valid(rows: Sequence[Property]) -> Property:
    """The one of several properties with one key that counts: the one that was changed since, else the lowest id.

    Nobody can change one while there are several (CONFCLOUD-72142), and who adds a second one withdraws it.
    """
    return max(rows, key=lambda row: (row.version, -int(row.id)))
