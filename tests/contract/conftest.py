"""Each test of a port's promise runs three times: on the fake, and on each deployment's adapters over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.worlds import Faked, World, served


@pytest.fixture(params=["fakes", "cloud", "datacenter"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """The world whose ports have to keep the promise."""
    if request.param == "fakes":
        yield Faked()
        return
    with served(request.param) as there:
        yield there
