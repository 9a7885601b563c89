"""Under which heading a place stands."""

from __future__ import annotations

import time

from hypothesis import given

from tests.document.storage_pages import MadePage, storage_pages
from worker.document.headings import sections
from worker.document.parse import parse
from worker.document.tables import tables

PAGE = (
    "<h1>Review</h1>a<h2><ac:emoticon ac:name='tick'/>&nbsp;Action items</h2>b<h3>Now</h3>c<h2> </h2>"
    "<table><tr><td><h4>In a cell</h4>d</td><td>e</td></tr></table><h2>Notes</h2>f"
)


def test_the_nearest_heading_above_counts() -> None:
    """Empty headings are none, and a heading in a cell counts in that cell alone."""
    body = PAGE
    found = sections(parse(body))
    above = {mark: found.over(body.index(f">{mark}") + 1)[0].text for mark in "abcdef"}
    assert {
        "a": "Review", "b": ":tick: Action items", "c": "Now", "d": "In a cell", "e": "Now", "f": "Notes",
    } == above  # fmt: skip


def test_all_headings_that_enclose_a_place_are_over_it() -> None:
    """Headings of a lower level come last; those of an ended section are gone."""
    found = sections(parse(PAGE))
    assert ["Now", ":tick: Action items", "Review"] == [each.text for each in found.over(PAGE.index(">e") + 1)]
    assert ["Notes", "Review"] == [each.text for each in found.over(PAGE.index(">f") + 1)]


def test_nothing_stands_above_the_first_heading() -> None:
    """Before any heading there is no section."""
    assert () == sections(parse("<p/><h1>x</h1>")).over(1)


@given(storage_pages())
def test_the_last_heading_stands_above_the_end(page: MadePage) -> None:
    """At the end of a page its last heading is above."""
    found = sections(parse(page.body)).over(len(page.body.encode()))
    assert list(page.headings[-1:]) == [each.text for each in found[:1]]


def test_headings_in_cells_do_not_slow_the_search() -> None:
    """Thousands of tables with a heading in each cell are looked up at once, nested ones included."""
    table = "<table><tr><td><h2>x</h2><table><tr><td><h3>y</h3></td></tr></table></td></tr></table>"
    body = "<h1>Top</h1>" + table * 5_000
    document = parse(body)
    found = sections(document)
    began = time.monotonic()
    assert ["Top", "x"] * 5_000 == [found.over(each.element.start)[0].text for each in tables(document)]
    assert time.monotonic() - began < 10


def test_many_headings_of_one_level_do_not_slow_the_search() -> None:
    """What encloses a place is found without looking at every heading before it."""
    body = "<h1>Top</h1>" + "<h3>x</h3><h2>y</h2><p/>" * 20_000
    found = sections(parse(body))
    began = time.monotonic()
    assert {("y", "Top")} == {
        tuple(each.text for each in found.over(heading.start + 12)) for heading in found.headings if heading.level == 2
    }
    assert time.monotonic() - began < 10
