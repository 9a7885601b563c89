"""What PageReader and PageWriter promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.contract.worlds import BODY, World
from worker.errors import Forbidden, Missing, NoAnswer, RemoteError, Stale
from worker.mapping.model import Pages
from worker.reconcile.selection import cql

KEY = "postmortem-sync"
NEW = "<p>At 9 all payments failed, and at 10 they came back.</p>"
QUERY = cql(Pages(space=("PAY",), labels=("post-mortem",), since=date(2020, 1, 1)))


def found(world: World, query: str = QUERY) -> list[str]:
    """Titles in the order of the search."""
    return [each.page.title for each in world.readers.pages.search(query)]


def test_sites_are_addresses_without_a_slash_at_the_end(world: World) -> None:
    """Both products name the address people use."""
    for reader in (world.readers.pages, world.readers.tickets):
        assert reader.site.startswith("http")
        assert reader.site == reader.site.rstrip("/")


def test_both_products_know_who_signed_in(world: World) -> None:
    """It is one account on Cloud."""
    assert "Post-mortem sync" == world.readers.pages.whoami().name
    assert world.readers.pages.whoami().id == world.readers.tickets.whoami().id


def test_a_page_is_read_as_it_is_now(world: World) -> None:
    """Version and body belong together, however far behind the search is."""
    world.lag(pages=60)
    page = world.write("Outage")
    world.person_saves(page, NEW)
    read = world.readers.pages.page(page)

    assert (page, "Outage", "current", 2) == (read.id, read.title, read.status, read.version.number)
    assert world.body(page) == read.body
    assert read.version.at.tzinfo is not None
    assert read.url.startswith(world.readers.pages.site)


@pytest.mark.parametrize("gone", [True, False])
def test_a_page_that_is_gone_or_hidden_is_missing(world: World, *, gone: bool) -> None:
    """The two cannot be told apart."""
    page = world.write("Outage")
    world.hide_page(page)

    with pytest.raises(Missing):
        world.readers.pages.page("999999999" if gone else page)


def test_search_gives_every_page_once_whatever_the_size_of_its_parts(world: World) -> None:
    """More than one request's worth, in the order asked for."""
    titles = [f"Outage {number}" for number in range(60)]
    for title in titles:
        world.write(title)

    assert titles == found(world)


def test_search_tells_what_a_page_is(world: World) -> None:
    """Labels, space, privacy, claims, body and version come along."""
    page = world.write("Outage", labels=["post-mortem", "payments"])
    world.restrict(page)
    world.writers.pages.add_property(page, KEY, {"v": 1})
    (result,) = world.readers.pages.search(QUERY)

    assert ("PAY", frozenset({"post-mortem", "payments"}), True) == (result.space, result.labels, result.restricted)
    assert world.body(page) == result.page.body
    assert {"v": 1} == result.claims.value
    assert world.readers.pages.properties(page, KEY) == (result.claims,)


def test_search_leaves_out_what_is_not_current_or_hidden(world: World) -> None:
    """And what the query does not mean."""
    world.write("Kept")
    world.write("Other", labels=["minutes"])
    world.write("Skipped", labels=["post-mortem", "no-ticket-sync"])
    for hide in (world.put_away, world.hide_page):
        hide(world.write(hide.__name__))

    assert ["Kept"] == found(world)


def test_search_may_be_behind(world: World) -> None:
    """It learns of each write only after a while."""
    world.lag(pages=60)
    page = world.write("Outage")

    assert [] == found(world)
    world.advance(61)
    world.person_saves(page, NEW)
    (result,) = world.readers.pages.search(QUERY)

    assert 1 == result.page.version.number
    assert "came back" not in result.page.body


def test_search_is_narrowed_to_ids(world: World) -> None:
    """By the query that a selection of pages means."""
    world.write("One")
    two = world.write("Two")

    assert ["Two"] == found(world, cql(Pages(space=("PAY",), since=date(2020, 1, 1)), [two]))


def test_a_save_makes_the_next_version(world: World) -> None:
    """The title stays, the message and the account are kept, and the meaning of the body."""
    page = world.write("Outage")
    world.writers.pages.save(world.readers.pages.page(page), NEW, "postmortem-sync: a message")
    read = world.readers.pages.page(page)

    assert ("Outage", 2) == (read.title, read.version.number)
    assert "postmortem-sync: a message" == read.version.message
    assert world.readers.pages.whoami().id == read.version.by
    assert "and at 10 they came back.</p>" in read.body


def test_a_save_answers_with_the_page_as_it_is_now(world: World) -> None:
    """Where the answer holds a body, it is the stored one."""
    page = world.write("Outage")
    saved = world.writers.pages.save(world.readers.pages.page(page), NEW, "")

    assert world.readers.pages.page(page) == saved


def test_a_save_on_an_old_version_is_stale(world: World) -> None:
    """And changes nothing."""
    page = world.write("Outage")
    read = world.readers.pages.page(page)
    world.person_saves(page, NEW)
    before = world.body(page)

    with pytest.raises(Stale):
        world.writers.pages.save(read, BODY, "")
    assert before == world.body(page)


def test_a_save_ahead_of_the_newest_version_is_stale(world: World) -> None:
    """A version has to be exactly the next one."""
    read = world.readers.pages.page(world.write("Outage"))
    ahead = replace(read, version=replace(read.version, number=2))

    with pytest.raises(Stale):
        world.writers.pages.save(ahead, NEW, "")


def test_a_page_that_may_not_be_changed_says_so(world: World) -> None:
    """As Forbidden or as Missing; it can be read, and stays as it is."""
    page = world.write("Outage")
    world.protect(page)
    read = world.readers.pages.page(page)

    with pytest.raises((Forbidden, Missing)):
        world.writers.pages.save(read, NEW, "")
    assert read == world.readers.pages.page(page)


def test_a_page_that_was_put_away_since_cannot_be_saved(world: World) -> None:
    """Saying so is all that happens: it stays in the archive, or in the trash, as it was."""
    page = world.write("Outage")
    read, before = world.readers.pages.page(page), world.body(page)
    world.put_away(page)
    away = world.status(page)

    with pytest.raises(RemoteError):
        world.writers.pages.save(read, NEW, "")
    assert away != "current"
    assert (away, before) == (world.status(page), world.body(page))


def test_an_archived_page_can_be_read(world: World) -> None:
    """And says that it is archived."""
    if "archive" in world.lacks:
        pytest.skip("Data Center archives whole spaces only")  # — no call archives one page there
    page = world.write("Outage")
    world.put_away(page)

    assert "archived" == world.readers.pages.page(page).status


@pytest.mark.parametrize("acted", [True, False])
def test_a_save_without_answer_is_unknown(world: World, *, acted: bool) -> None:
    """NoAnswer, whether the product acted or not, and never repeated."""
    page = world.write("Outage")
    read = world.readers.pages.page(page)
    world.lose("save", acted=acted)

    with pytest.raises(NoAnswer):
        world.writers.pages.save(read, NEW, "")
    assert (2 if acted else 1) == world.readers.pages.page(page).version.number


def test_a_property_is_made_once(world: World) -> None:
    """A second create is Stale, and the first value stays."""
    page = world.write("Outage")
    made = world.writers.pages.add_property(page, KEY, {"v": 1})

    with pytest.raises(Stale):
        world.writers.pages.add_property(page, KEY, {"v": 2})
    assert (made,) == world.readers.pages.properties(page, KEY)
    assert (KEY, {"v": 1}, 1) == (made.key, made.value, made.version)


def test_properties_of_other_keys_are_left_out(world: World) -> None:
    """Only whole keys count."""
    page = world.write("Outage")
    world.writers.pages.add_property(page, f"{KEY}.2", {})

    assert () == world.readers.pages.properties(page, KEY)


def test_a_property_is_replaced_from_the_version_that_was_read(world: World) -> None:
    """Whoever comes second is Stale."""
    page = world.write("Outage")
    made = world.writers.pages.add_property(page, KEY, {"v": 1})
    changed = world.writers.pages.replace_property(page, made, {"v": 2})

    assert 2 == changed.version
    with pytest.raises(Stale):
        world.writers.pages.replace_property(page, made, {"v": 3})
    assert (changed,) == world.readers.pages.properties(page, KEY)


def test_replacing_a_property_that_is_gone_is_stale(world: World) -> None:
    """The claims have to be read again."""
    page = world.write("Outage")
    made = world.writers.pages.add_property(page, KEY, {"v": 1})
    world.writers.pages.withdraw_property(page, made)

    with pytest.raises(Stale):
        world.writers.pages.replace_property(page, made, {"v": 2})


def test_of_twin_properties_the_lowest_id_comes_first(world: World) -> None:
    """The known fault leaves both, neither can be replaced, and withdrawing one twice is no error."""
    if "twin properties" in world.lacks:
        pytest.skip("the fault is Cloud's (CONFCLOUD-72142)")  # — Data Center holds one property a key
    world.twin_fault()
    page = world.write("Outage")
    first, second = (world.writers.pages.add_property(page, KEY, {"v": number}) for number in (1, 2))

    assert (first, second) == world.readers.pages.properties(page, KEY)
    with pytest.raises(RemoteError):
        world.writers.pages.replace_property(page, first, {"v": 3})
    world.writers.pages.withdraw_property(page, second)
    world.writers.pages.withdraw_property(page, second)
    assert (first,) == world.readers.pages.properties(page, KEY)


@pytest.mark.parametrize("acted", [True, False])
def test_a_property_without_answer_is_unknown(world: World, *, acted: bool) -> None:
    """NoAnswer for a create and for a replacement; reading tells what became of it."""
    page = world.write("Outage")
    world.lose("add_property", acted=acted)
    with pytest.raises(NoAnswer):
        world.writers.pages.add_property(page, KEY, {"v": 1})
    assert ([{"v": 1}] if acted else []) == [each.value for each in world.readers.pages.properties(page, KEY)]

    rows = world.readers.pages.properties(page, KEY)
    known = rows[0] if rows else world.writers.pages.add_property(page, KEY, {"v": 1})
    world.lose("replace_property", acted=acted)
    with pytest.raises(NoAnswer):
        world.writers.pages.replace_property(page, known, {"v": 2})
    assert (2 if acted else 1) == world.readers.pages.properties(page, KEY)[0].version


def test_names_leave_out_whom_nobody_knows(world: World) -> None:
    """A name only adorns a sentence."""
    stranger = "557058:00000000-0000-4000-8000-000000000000"

    assert {world.alice: "Alice Moreau"} == dict(world.readers.pages.names([world.alice, stranger]))


def test_server_time_is_aware_and_moves_with_the_products(world: World) -> None:
    """It is the product's clock that counts, not ours."""
    world.readers.pages.whoami()
    before = world.readers.pages.now()
    world.advance(3600)
    world.readers.pages.whoami()

    assert 3600 <= (world.readers.pages.now() - before).total_seconds() + 1 < 3700
