"""Writes the claims of a page by compare-and-swap."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from worker.claimbook import Book, book_of, valid
from worker.errors import Forbidden, NoAnswer, RemoteError, Stale
from worker.model.claim import Claims
from worker.model.page import Property
from worker.ports import PageReader, PageWriter
from worker.reconcile.claims import encode, property_key


def swap(reader: PageReader, writer: PageWriter, book: Book, claims: Claims, *, lag: timedelta) -> Book:
    """Stores ``claims`` where they differ from ``book``, each property on exactly the version that was read.

    Gives the book as it is now. Stale when anybody was faster with any of the properties, also when it stays unknown
    whether our own write arrived: the caller reads the claims again and decides anew. Forbidden when nobody was, and
    Confluence still does not take it: Cloud answers 404 for a property of a page that the account may not edit.
    An attempt older than ``lag`` is followed by no create any more.
    """
    properties, alone = list(book.properties), book.alone
    for index, value in enumerate(encode(claims)):
        if index < len(properties) and properties[index].value == value:
            continue
        try:
            if index < len(properties):
                properties[index] = _replace(reader, writer, claims.page, properties[index], value)
            else:
                properties.append(_add(reader, writer, claims.page, property_key(index), value))
                alone |= {properties[index].id}
        except Stale as error:
            if error.status == 404 and _is_still_there(reader, claims.page, properties[index]):
                raise Forbidden("its content property cannot be written by the worker's account", status=404) from error
            raise
        except NoAnswer as error:
            raise Stale("it is not known whether the claim was withdrawn") from error
        except RemoteError as error:
            rows = reader.properties(claims.page, property_key(index)) if error.status == 400 else ()
            if len(rows) < 2:
                raise
            _only_the_valid_one_stays(reader, writer, claims, rows, alone, lag)
            raise Stale("the claim stood in several properties") from error
    return Book(tuple(properties), claims, alone)


def _replace(reader: PageReader, writer: PageWriter, page: str, read: Property, value: Mapping[str, Any]) -> Property:
    """Replaces a claim property; RemoteError when it turns out to be another one than was read.

    Data Center names properties by key. One that was deleted and made anew meanwhile can have the very version that
    was read, and then claims that nobody here has seen are replaced. It tells by its id, which a property keeps.
    """
    try:
        written = writer.replace_property(page, read, value)
    except NoAnswer as error:
        for row in reader.properties(page, read.key):
            if (row.id, row.value) == (read.id, value):
                return row
        raise Stale("it is not known whether the claim was written") from error
    if written.id != read.id:
        raise RemoteError("somebody deleted the claims of this page while they were written; the next pass looks anew")
    return written


def _only_the_valid_one_stays(
    reader: PageReader,
    writer: PageWriter,
    claims: Claims,
    rows: tuple[Property, ...],
    alone: frozenset[str],
    lag: timedelta,
) -> None:
    """Withdraws all but one of several properties with one key, if it is known which one creates can rest on.

    While there are several, Confluence Cloud takes no change of any of them (CONFCLOUD-72142), so whoever sees it mends
    it. Creates rest only on one that stood alone when it was added: one of ours that did (``alone``), or one that was
    changed since. Of untouched ones by others that cannot be told until no create can follow any of them; before that
    nothing is done, for whoever added the second one is about to withdraw it.
    """
    ours = tuple(row for row in rows if row.id in alone)
    stays = valid(ours or rows)
    if not ours and stays.version == 1 and not all(_is_at_rest(reader, claims, row, lag) for row in rows):
        return
    for row in rows:
        if row.id != stays.id:
            writer.withdraw_property(claims.page, row)


def _is_at_rest(reader: PageReader, claims: Claims, row: Property, lag: timedelta) -> bool:
    stored = book_of((row,), site=claims.site, page=claims.page).stored
    return isinstance(stored, Claims) and all(reader.now() - attempt.at > lag for attempt in stored.attempts)


def _is_still_there(reader: PageReader, page: str, read: Property) -> bool:
    rows = reader.properties(page, read.key)
    return any((row.id, row.version) == (read.id, read.version) for row in rows)


def _add(reader: PageReader, writer: PageWriter, page: str, key: str, value: Mapping[str, Any]) -> Property:
    """Creates a claim property, and makes sure that it is the only one of its key.

    Creating is not a proven compare-and-swap on Confluence Cloud: two rows for one key are a known fault (CONFCLOUD-
    72142). Nobody says that ids are given in the order in which properties become visible, so no id wins: whoever does
    not find its property alone withdraws it. Of two workers at most one can have found it alone, and then it goes on;
    where neither did, both begin anew.
    """
    try:
        made = writer.add_property(page, key, value)
        rows = reader.properties(page, key)
        mine = [row for row in rows if (row.id, row.version) == (made.id, made.version)]
    except NoAnswer:
        rows = reader.properties(page, key)
        mine = [row for row in rows if row.value == value]
    if not mine:
        raise Stale("the claim just written is not visible, or somebody has changed it already")
    if len(rows) > 1:
        for row in mine:
            writer.withdraw_property(page, row)
        raise Stale("another worker claimed at the same instant")
    return mine[0]
