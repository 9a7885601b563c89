"""The sample pages are what the demo promises: whole, varied, and readable by everything that reads pages."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest
from ruamel.yaml import YAML

from worker.document.parse import Malformed, parse
from worker.mapping.model import TeamMapping
from worker.reconcile.due_dates import read_due
from worker.reconcile.extract import extract
from worker.sandbox.reader.html import render_storage
from worker.sandbox.reader.site import Site
from worker.sandbox.samples import sample_body, sample_mapping
from worker.sandbox.samples.catalogue import PAGES, TODAY
from worker.sandbox.samples.dates import moved
from worker.sandbox.samples.world import sample_world
from worker.sandbox.world import World, default_world

PAYMENTS = TeamMapping.model_validate(YAML(typ="safe").load(sample_mapping()))
MALFORMED = "status-page-said-all-green"
WELL_FORMED = [page.file for page in PAGES if page.file != MALFORMED]


@pytest.fixture
def world() -> World:
    """A new world with the samples in it."""
    made = default_world()
    sample_world(made, "http://127.0.0.1:1")
    return made


def test_every_file_is_a_page_and_every_page_has_a_file() -> None:
    """The catalogue and the folder name the same pages."""
    stored = {
        path.name.removesuffix(".xml")
        for path in files("worker.sandbox.samples").iterdir()
        if path.name.endswith(".xml")
    }

    assert stored == {page.file for page in PAGES}


@pytest.mark.parametrize("name", WELL_FORMED)
def test_sample_bodies_are_well_formed(name: str) -> None:
    """Each body parses, and rendering the document gives its bytes back."""
    body = sample_body(name)

    assert parse(body).render() == body


def test_one_sample_is_malformed_on_purpose() -> None:
    """A page that Confluence would refuse to save is part of the world."""
    with pytest.raises(Malformed):
        parse(sample_body(MALFORMED))


def test_one_sample_has_crlf_line_ends() -> None:
    """Line ends reach the world as they stand in the file."""
    assert [page.file for page in PAGES if "\r\n" in sample_body(page.file)] == ["yen-amounts-rounded-twice"]


def test_the_sample_mapping_is_valid() -> None:
    """The team's file is a mapping as the worker reads it."""
    assert PAYMENTS.team == "Payments"


def test_the_world_holds_the_bytes_of_the_files(world: World) -> None:
    """Bodies are stored as written, but for the address of the site."""
    stored = {page.title: page.body for page in world.confluence.pages.values()}

    expected = {
        page.title: sample_body(page.file).replace("https://example.atlassian.net", "http://127.0.0.1:1")
        for page in PAGES
    }
    assert stored == expected


def test_the_search_index_holds_what_the_pages_hold(world: World) -> None:
    """After the sample weeks nothing lags behind."""
    found = {snapshot.id: (snapshot.version, snapshot.labels) for snapshot in world.confluence.index.seen(TODAY, 0)}

    assert found == {page.id: (page.version, tuple(page.labels)) for page in world.confluence.pages.values()}


def test_pages_were_written_at_their_time(world: World) -> None:
    """Creation times are those of the catalogue to the second, and the clock stands after all of them."""
    written = {page.title: page.created_at.replace(microsecond=0) for page in world.confluence.pages.values()}

    assert written == {page.title: page.created for page in PAGES}
    assert world.clock.now() >= TODAY


@pytest.mark.parametrize(
    ("file", "written", "later"),
    [
        ("payouts-sent-twice", '<time datetime="2026-12-01" />', '<time datetime="2028-04-14" />'),
        ("settlement-file-arrived-late", "<p>12 January 2027</p>", "<p>26 May 2028</p>"),
        ("ledger-replica-lagged", ">4 Dec 2026<", ">17 Apr 2028<"),
        ("ledger-replica-lagged", ">2026-11-18<", ">2028-04-01<"),
        ("webhook-deliveries-fell-behind", "<p>3/4</p>", "<p>3/4</p>"),
    ],
)
def test_days_move_in_the_way_they_are_written(file: str, written: str, later: str) -> None:
    """Picked, long, short and by number; what can mean two days can still mean two."""
    body = sample_body(file)

    assert written in body
    assert later in moved(body, timedelta(days=500))
    assert body == moved(body, timedelta(0))


def test_a_year_and_a_half_later_a_pass_finds_what_it_finds_today() -> None:
    """Nothing is overdue that was not: every due date that a mapping can read lies as far ahead as before."""
    later = timedelta(days=500)
    today, then = (
        [
            (item.place, reading.due, [each.code for each in reading.findings])
            for page in PAGES
            if page.file != MALFORMED
            for item in extract(parse(moved(sample_body(page.file), by)), PAYMENTS.items).items
            for reading in [
                read_due(item, PAYMENTS.due, (page.created + by).date(), item.priority, (TODAY + by).date())
            ]
        ]
        for by in (timedelta(0), later)
    )

    assert 25 < len([due for _, due, _ in today if due is not None])
    assert then == [(place, due and due + later, codes) for place, due, codes in today]


def test_the_sample_weeks_can_end_on_any_day() -> None:
    """Ages of pages and tickets, and how far their due dates lie ahead, are the same a year and a half later."""
    made, now = default_world(), TODAY + timedelta(days=500, hours=3)
    sample_world(made, "http://127.0.0.1:1", now)
    page = made.confluence.page_titled("412 payouts were sent twice")

    assert made.clock.now() - now < timedelta(seconds=1)
    assert page.created_at.replace(microsecond=0) == datetime(2026, 11, 9, 17, tzinfo=UTC) + timedelta(days=500)
    assert f'<time datetime="{date(2026, 12, 1) + timedelta(days=500)}" />' in page.body
    assert sample_body("payouts-sent-twice").count("2026-12-01") == 1
    assert "2026-12-01" not in page.body


def test_the_page_links_a_ticket_that_a_person_made(world: World) -> None:
    """PAY-4 stands on a page and exists without an origin."""
    page = world.confluence.page_titled("Webhook deliveries fell behind")

    assert "http://127.0.0.1:1/browse/PAY-4" in page.body
    assert world.jira.issue("PAY-4").properties == {}


@pytest.mark.parametrize("name", [page.file for page in PAGES])
def test_samples_name_only_people_of_the_world(world: World, name: str) -> None:
    """Everybody who is mentioned has an account."""
    accounts = set(re.findall(r'ri:account-id="([^"]+)"', sample_body(name)))

    assert {account for account in accounts if world.people.get(account) is None} == set()


def test_rendered_samples_leave_nothing_unknown(world: World) -> None:
    """No sample page shows an unknown person or an unknown macro."""
    site = Site(world.confluence, world.jira, world.people)
    shown = "".join(render_storage(page.body, site) for page in world.confluence.pages.values())

    assert "unknown person" not in shown
    assert 'class="macro"' not in shown
