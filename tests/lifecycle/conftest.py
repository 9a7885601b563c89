"""The story of each test: a page with tracked items, and the row of docs/lifecycle.md that the test shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lifecycle.life import Life, documented, rows, tasks


@pytest.fixture
def codes(request: pytest.FixtureRequest) -> list[str]:
    """The finding codes that the table states for the row of the test's name."""
    return next(row.codes for row in documented() if row.test == request.node.originalname)


@pytest.fixture(params=["cloud", "datacenter"])
def deployment(request: pytest.FixtureRequest) -> str:
    """The face of the sandbox on which the story plays."""
    return str(request.param)


@pytest.fixture
def life(deployment: str) -> Iterator[Life]:
    """Three tracked rows; whatever is done to them, the pass after the last one writes nothing."""
    with rows(deployment) as made:
        yield made
        assert made.is_silent()


@pytest.fixture
def task_life(deployment: str) -> Iterator[Life]:
    """One tracked task; whatever is done to it, the pass after the last one writes nothing."""
    with tasks(deployment) as made:
        yield made
        assert made.is_silent()
