"""How settings become adapters, and who is handed what."""

from __future__ import annotations

import base64
import gc
import time
from datetime import timedelta
from threading import Event, Timer
from types import FunctionType, ModuleType

import pytest
from pydantic import SecretStr

from tests.passes.stage import team
from tests.remote.scripted import BOT, Say, server
from worker.bootstrap import connected, scope, secrets, spelled
from worker.confluence.cloud import CloudPageWriter
from worker.errors import AccessError
from worker.jira.cloud import CloudTicketWriter
from worker.remote.limits import NEAR
from worker.remote.signin import Bearer
from worker.settings import Deployment, Product, Settings
from worker.terms import Readers

WRITERS = (CloudPageWriter, CloudTicketWriter)


def settings(root: str, site: str | None = "https://example.atlassian.net", **more: object) -> Settings:
    return Settings(
        Deployment.CLOUD, Product(f"{root}/wiki", site and f"{site}/wiki", BOT), Product(root, site, BOT), **more
    )


def reachable(root: object) -> list[object]:
    """Every object that can be got at from ``root`` by its attributes; code and classes hold no adapters."""
    seen: dict[int, object] = {}
    waiting = [root]
    while waiting:
        here = waiting.pop()
        if id(here) not in seen and not isinstance(here, (type, ModuleType, FunctionType)):
            seen[id(here)] = here
            waiting.extend(gc.get_referents(here))
    return list(seen.values())


def test_readers_hold_no_writer() -> None:
    """From what ``plan`` is handed no object can be reached that saves, creates or edits."""
    with connected(settings("http://127.0.0.1:9")) as world:
        held = reachable(world.readers)
        handed_to_sync = reachable(world.writers())

    assert [each for each in held if isinstance(each, WRITERS)] == []
    assert {type(each) for each in handed_to_sync if isinstance(each, WRITERS)} == set(WRITERS)


def test_readers_are_all_there_is_until_sync_asks() -> None:
    """While nobody asks for writers none exists anywhere in the process."""
    gc.collect()
    with connected(settings("http://127.0.0.1:9")) as world:
        made = [each for each in gc.get_objects() if isinstance(each, WRITERS)]
        asked = isinstance(world.readers, Readers)

    assert (made, asked) == ([], True)


def test_both_products_count_together() -> None:
    """One counter counts the attempts to both products."""
    person = {"accountId": "557058:1", "displayName": "Worker", "type": "known"}
    with server(Say(body=person), Say(body=person)) as script, connected(settings(script.url)) as world:
        names = (world.readers.pages.whoami().name, world.readers.tickets.whoami().name)
        requests = world.requests()

    assert (names, requests) == (("Worker", "Worker"), 2)
    assert script.lines == ["GET /wiki/rest/api/user/current", "GET /rest/api/3/myself"]


def test_gateway_tells_the_address_people_use() -> None:
    """Where settings cannot know the site's address, each product is asked for it, once."""
    answers = (
        Say(body={"results": [], "_links": {"base": "https://example.atlassian.net/wiki"}}),
        Say(body={"baseUrl": "https://example.atlassian.net"}),
    )
    with server(*answers) as script, connected(settings(script.url, site=None)) as world:
        sites = (world.readers.pages.site, world.readers.tickets.site)

    assert sites == ("https://example.atlassian.net/wiki", "https://example.atlassian.net")


def test_product_without_address_is_no_access() -> None:
    """A product that does not tell its address stops everything, with a sentence that names it."""
    with (
        server(Say(404, {"message": "no"})) as script,
        pytest.raises(AccessError) as caught,
        connected(settings(script.url, site=None)),
    ):
        pass

    assert str(caught.value).startswith("Confluence did not say under which address people reach it: ")


def test_data_center_is_asked_below_its_context_paths() -> None:
    """Both products keep their context paths, and people's addresses are those of the settings."""
    users = (Say(body={"type": "known", "username": "sync"}), Say(body={"name": "sync"}))
    with server(*users) as script:
        bearer = Bearer(SecretStr("made-up"))
        confluence, jira = (
            Product(f"{script.url}/{path}", f"{script.url}/{path}", bearer) for path in ("wiki", "jira")
        )
        with connected(Settings(Deployment.DATACENTER, confluence, jira)) as world:
            who = world.readers.pages.whoami().id, world.readers.tickets.whoami().id

    assert ("sync", "sync") == who
    assert ["GET /wiki/rest/api/user/current", "GET /jira/rest/api/2/myself"] == script.lines
    assert ["Bearer made-up"] * 2 == [asked.headers["authorization"] for asked in script.asked]


def test_stop_ends_a_wait() -> None:
    """A pass that is told to stop does not sit out the time a busy server asks for, and does not ask again before."""
    stop = Event()
    busy = Say(429, {"message": "busy"}, {"Retry-After": "60"})
    began = time.monotonic()
    with server(busy, busy, busy) as script, connected(settings(script.url), stop=stop) as world:
        Timer(0.05, stop.set).start()
        with pytest.raises(AccessError):
            world.readers.pages.whoami()

    assert time.monotonic() - began < 10
    assert len(script.lines) == 1


def test_a_pass_that_was_told_to_stop_keeps_the_distance_a_product_asks_for() -> None:
    """What finishes the work in hand comes no faster than what came before."""
    stop = Event()
    person = {"accountId": "557058:1", "displayName": "Worker", "type": "known"}
    near = Say(body=person, headers={"X-RateLimit-NearLimit": "true"})
    with server(near, near, near) as script, connected(settings(script.url), stop=stop) as world:
        world.readers.pages.whoami()
        stop.set()
        began = time.monotonic()
        world.readers.pages.whoami()
        world.readers.pages.whoami()
        took = time.monotonic() - began

    assert len(script.lines) == 3
    assert took >= NEAR * 0.9


def test_no_wait_reaches_beyond_the_deadline() -> None:
    """A wait that would end after the deadline is not begun."""
    busy = Say(429, {"message": "busy"}, {"Retry-After": "60"})
    with (
        server(busy) as script,
        connected(settings(script.url, deadline=timedelta(seconds=30))) as world,
        pytest.raises(AccessError),
    ):
        world.readers.pages.whoami()

    assert len(script.lines) == 1


def test_settings_reach_the_pass() -> None:
    """What the settings say about a pass, and what the command line selects, meet in its scope."""
    given = settings(
        "http://127.0.0.1:9", concurrency=2, deadline=timedelta(seconds=60), search_lag=timedelta(seconds=5)
    )
    chosen = scope(given, teams=frozenset({"Payments"}), approve=frozenset({"7"}))

    assert (chosen.concurrency, chosen.deadline, chosen.search_lag) == (2, timedelta(seconds=60), timedelta(seconds=5))
    assert (chosen.teams, chosen.pages, chosen.approve) == (frozenset({"Payments"}), frozenset(), frozenset({"7"}))


def test_secrets_are_all_known_to_the_log() -> None:
    """Tokens, plain and as they are sent, a proxy's address and the password in it are handed to the log."""
    given = settings("http://127.0.0.1:9", https_proxy="http://user:w%2Frd@proxy:3128")
    token = BOT.secret.get_secret_value()

    assert secrets(given) == {
        token,
        base64.b64encode(f"{BOT.username}:{token}".encode()).decode(),
        "http://user:w%2Frd@proxy:3128",
        "w/rd",
    }


def test_owners_are_spelled_as_tickets_name_them() -> None:
    """User names of Data Center in lower case, whatever the mapping says; account ids of Cloud as they are."""
    plain = team(owners={"aliases": {"On-call lead": "JDoe"}, "default": "DBA"})
    there = spelled(plain, Deployment.DATACENTER)

    assert ({"On-call lead": "jdoe"}, "dba") == (there.owners.aliases, there.owners.default)
    assert plain == spelled(plain, Deployment.CLOUD)
    assert spelled(team(), Deployment.DATACENTER).owners.default is None
