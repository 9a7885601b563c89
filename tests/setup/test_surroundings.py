"""What the adapters tell of a site's surroundings is what the site is like, and what they ask is as described."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.judge import CloudDescriptions, DatacenterDescriptions, Judge
from tests.passes.stage import person
from tests.setup.site import NOOR, looked_at, mapping_for, site, sound, variables, write
from worker.bootstrap import connected
from worker.model.surroundings import Headroom, Named, Parent, Permission, Person, TicketType
from worker.sandbox.face import CLOUD, DATACENTER, FACES, Face
from worker.sandbox.settings import RateLimit
from worker.settings import load_settings


@pytest.mark.parametrize("face", FACES.values(), ids=FACES)
def test_a_site_tells_what_it_is_like(face: Face) -> None:
    """Spaces, projects, people and a parent are what the state says; what is not there is None."""
    noor = NOOR if face is CLOUD else "noor"
    with site(face) as sandbox:
        alice = person("Alice Moreau", sandbox)
        epic = sandbox.run(
            lambda: sandbox.jira.create(sandbox.jira.projects["PAY"], alice, {"summary": "x", "type": "10000"}, {})
        )
        with connected(load_settings(variables(sandbox), env_file=None)) as world:
            pages, tickets = world.surroundings.pages, world.surroundings.tickets

            assert (Named("PAY", "Payments"), None) == (pages.space("PAY"), pages.space("NIX"))
            assert {"PAY", "OPS", "HR"} == {each.key for each in pages.spaces()}
            assert [Named("OPS", "Operations"), Named("PAY", "Payments")] == list(tickets.projects())
            assert None is tickets.project("NIX")
            assert frozenset(Permission) == tickets.permissions("PAY")
            assert frozenset() == tickets.permissions("NIX")
            level = 1 if face is CLOUD else None  # Data Center tells no levels
            assert Parent(epic.key, "PAY", TicketType("10000", "Epic", level)) == tickets.parent(epic.key)
            assert None is tickets.parent("PAY-999")
            assert Person(noor, "Noor Visiting", active=True) == tickets.person(noor)
            assert None is tickets.person("557058:1")


@pytest.mark.parametrize("face", FACES.values(), ids=FACES)
def test_the_right_to_edit_is_that_of_the_page(face: Face) -> None:
    """A page that restrictions close to us, or that is not there, may not be edited; another one may."""
    with site(face) as sandbox, connected(load_settings(variables(sandbox), env_file=None)) as world:
        free, locked = write(sandbox, "Free"), write(sandbox, "Locked")
        alice = person("Alice Moreau", sandbox)
        sandbox.run(lambda: sandbox.confluence.restrict(locked, editors=[alice]))

        assert [True, False, False] == [world.surroundings.pages.may_edit(each) for each in (free, locked, "1")]


def test_headroom_is_what_the_headers_say() -> None:
    """Data Center says with each answer what is left of a limit; where there is none, nothing is known."""
    with site(DATACENTER) as sandbox, connected(load_settings(variables(sandbox), env_file=None)) as world:
        assert None is world.surroundings.tickets.headroom()
        sandbox.settings.rate_limit = RateLimit(100, 3600)

        assert [99, 98] == [world.surroundings.tickets.headroom().remaining for _ in range(2)]
        assert Headroom(100, 99) == world.surroundings.pages.headroom()


@pytest.mark.parametrize("face", FACES.values(), ids=FACES)
def test_a_look_at_the_site_is_as_described(face: Face, specs: Path) -> None:
    """Every request of check --live, and every answer of the sandbox to it, is as the official descriptions say."""
    described = CloudDescriptions(specs) if face is CLOUD else DatacenterDescriptions(specs)
    judge, exchanges = Judge(specs, described), []
    text = mapping_for(face).replace("type: Task", "type: Task\n  parent: PAY-1")
    with site(face) as sandbox:
        looked_at(sandbox, sound(text), on_exchange=exchanges.append)

    assert len(exchanges) > 10
    assert [] == [fault for exchange in exchanges for fault in judge.faults(exchange)]
