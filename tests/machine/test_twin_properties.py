"""Which of several properties with one key stays, when Confluence Cloud has let them be made."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.confluence import SITE
from tests.fakes.wire import Moment
from tests.fakes.world import FakeWorld
from worker.apply.keeper import swap
from worker.claimbook import Book, read_book
from worker.errors import Stale
from worker.model.claim import Attempt, Claim, Claims
from worker.model.page import Property
from worker.reconcile.claims import KEY, encode

LAG = timedelta(seconds=10)


class Twins:
    """A page of a Confluence with the fault, where the later property has the lower id."""

    def __init__(self) -> None:
        self.world = FakeWorld()
        self.world.confluence.twin_fault = self.world.confluence.ids_fall = True
        self.page = self.world.confluence.create("Outage", "<p />")
        self.there = self.world.connect()

    def claims(self, nonce: str, rows: int = 0) -> Claims:
        """One row, with an attempt of just now."""
        claim = Claim("a" * 10, None, "f", "w", attempts=(nonce,))
        attempt = Attempt(nonce, self.world.clock.now(), "PAY", "", 0)
        return Claims(SITE, self.page, (attempt,), (claim,), rows)

    def add(self, nonce: str) -> Property:
        """A worker makes a property, and dies before it looks whether that is alone."""
        (value,) = encode(self.claims(nonce))
        return self.world.confluence.add_property(self.page, KEY, value)

    def swap(self, book: Book, claims: Claims) -> Book:
        """A worker writes claims on top of those it knows."""
        return swap(self.there.readers.pages, self.there.writers.pages, book, claims, lag=LAG)

    @property
    def book(self) -> Book:
        """The claims as a worker reads them."""
        return read_book(self.there.readers.pages, self.page)

    @property
    def rows(self) -> list[str]:
        """Ids of the properties there are."""
        return [each.id for each in self.world.confluence.properties(self.page, KEY)]


def test_whoever_found_its_property_alone_keeps_it() -> None:
    """It may have made tickets since, and the other one's maker made none, whichever id is lower."""
    twins = Twins()
    mine = twins.claims("01")
    book = twins.swap(twins.book, mine)
    twins.add("02")

    with pytest.raises(Stale):
        twins.swap(book, replace(mine, rows=1))
    assert [book.properties[0].id] == twins.rows
    assert 2 == twins.swap(book, replace(mine, rows=1)).properties[0].version


def test_a_property_that_was_changed_since_stays() -> None:
    """It could be changed only while it was alone; it is also the one that is read."""
    twins = Twins()
    first = twins.swap(twins.swap(twins.book, twins.claims("01")), twins.claims("01", rows=1)).properties[0].id
    twins.add("02")
    book = twins.book

    assert first == book.properties[0].id
    with pytest.raises(Stale):
        twins.swap(book, twins.claims("03"))
    assert [first] == twins.rows


def test_strangers_are_left_alone_until_no_create_can_follow_them() -> None:
    """Nobody can tell which of them creates rest on; after the lag there is nothing left to rest on."""
    twins = Twins()
    first, second = twins.add("01"), twins.add("02")
    for ticks, left in ((10, [second.id, first.id]), (1, [second.id])):
        twins.world.clock.tick(ticks)
        with pytest.raises(Stale):
            twins.swap(twins.book, twins.claims("03"))
        assert left == twins.rows


def test_a_property_that_somebody_else_changed_at_once_is_not_taken_for_alone() -> None:
    """Its maker withdraws nothing and begins anew, for others rely on it by now."""
    twins = Twins()
    confluence = twins.world.confluence

    def changed() -> None:
        (row,) = confluence.properties(twins.page, KEY)
        confluence.replace_property(twins.page, row, {"v": 1})

    twins.there.wire.troubles.append(Moment(changed, "properties", nth=2))
    with pytest.raises(Stale):
        twins.swap(twins.book, twins.claims("01"))
    assert [2] == [each.version for each in confluence.properties(twins.page, KEY)]
