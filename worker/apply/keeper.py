"""Writes the claims of a page by compare-and-swap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from worker.claimbook import Book
from worker.errors import Forbidden, NoAnswer, RemoteError, Stale
from worker.model.claim import Claims
from worker.model.page import Property
from worker.ports import PageReader, PageWriter
from worker.reconcile.claims import encode, property_key


def swap(reader: PageReader, writer: PageWriter, book: Book, claims: Claims) -> Book:
    """Stores ``claims`` where they differ from ``book``, each property on exactly the version that was read.

    Gives the book as it is now. Stale when anybody was faster with any of the properties, also when it stays unknown
    whether our own write arrived: the caller reads the claims again and decides anew. Forbidden when nobody was, and
    Confluence still does not take it: Cloud answers 404 for a property of a page that the account may not edit.
    """
    properties = list(book.properties)
    for index, value in enumerate(encode(claims)):
        if index < len(properties) and properties[index].value == value:
            continue
        try:
            if index < len(properties):
                properties[index] = _replace(writer, claims.page, properties[index], value)
            else:
                properties.append(_add(reader, writer, claims.page, property_key(index), value))
        except NoAnswer as error:
            rows = reader.properties(claims.page, property_key(index))
            if not rows or rows[0].value != value:
                raise Stale("it is not known whether the claim was written") from error
            properties[index : index + 1] = rows[:1]
        except Stale as error:
            if error.status == 404 and _is_still_there(reader, claims.page, properties[index]):
                raise Forbidden("its content property cannot be written by the worker's account", status=404) from error
            raise
        except RemoteError as error:
            if error.status != 400 or not _only_the_lowest_stays(reader, writer, claims.page, property_key(index)):
                raise
            raise Stale("the claim stood in several properties") from error
    return Book(tuple(properties), claims)


def _replace(writer: PageWriter, page: str, read: Property, value: Mapping[str, Any]) -> Property:
    """Replaces a claim property; RemoteError when it turns out to be another one than was read.

    Data Center names properties by key. One that was deleted and made anew meanwhile can have the very version that
    was read, and then claims that nobody here has seen are replaced. It tells by its id, which a property keeps.
    """
    written = writer.replace_property(page, read, value)
    if written.id != read.id:
        raise RemoteError("somebody deleted the claims of this page while they were written; the next pass looks anew")
    return written


def _only_the_lowest_stays(reader: PageReader, writer: PageWriter, page: str, key: str) -> bool:
    """Withdraws all but the valid one of several properties with one key; whether there were several.

    While there are, Confluence Cloud takes no change of any of them (CONFCLOUD-72142), so whoever sees it mends it.
    """
    rows = reader.properties(page, key)
    for row in rows[1:]:
        writer.withdraw_property(page, row)
    return len(rows) > 1


def _is_still_there(reader: PageReader, page: str, read: Property) -> bool:
    rows = reader.properties(page, read.key)
    return bool(rows) and (rows[0].id, rows[0].version) == (read.id, read.version)


def _add(reader: PageReader, writer: PageWriter, page: str, key: str, value: Mapping[str, Any]) -> Property:
    """Creates a claim property, and makes sure that it is the only one of its key.

    Creating is not a proven compare-and-swap on Confluence Cloud: two rows for one key are a known fault (CONFCLOUD-
    72142). The lowest id wins, and whoever wrote the other one withdraws it.
    """
    made = writer.add_property(page, key, value)
    rows = reader.properties(page, key)
    if not any(row.id == made.id for row in rows):
        raise Stale("the claim just written is not visible yet")
    if rows[0].id != made.id:
        writer.withdraw_property(page, made)
        raise Stale("another worker claimed at the same instant")
    return made
