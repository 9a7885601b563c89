"""The story of each test: a page with tracked items, and the row of docs/lifecycle.md that the test shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.lifecycle.life import Documented, Life, Lives, documented, rows, tasks
from tests.lifecycle.story import difference


@pytest.fixture
def row(request: pytest.FixtureRequest) -> Documented:
    """The row of the table that has the test's name."""
    return next(row for row in documented() if row.test == request.node.originalname)


@pytest.fixture(params=["cloud", "datacenter"])
def deployment(request: pytest.FixtureRequest) -> str:
    """The face of the sandbox on which the story plays."""
    return str(request.param)


@pytest.fixture
def codes(row: Documented) -> list[str]:
    """The finding codes that the table states for it."""
    return row.codes


@pytest.fixture
def lives(row: Documented, pytestconfig: pytest.Config) -> Lives:
    """Tracked items, and mappings that differ by the keyword; whatever is done to them, the pass after the last one
    writes nothing. On Cloud the story is the one that was read and committed (`make golden` writes it anew).
    """

    @contextmanager
    def live(born: Lives = rows, deployment: str = "cloud", **changes: Any) -> Iterator[Life]:
        with born(deployment, **changes) as made:
            yield made
            assert made.is_silent()
            told = f"{row.name}\n\n{made.story.ends()}"
        if deployment != "cloud":
            return
        if pytestconfig.getoption("--rewrite"):
            row.golden.parent.mkdir(exist_ok=True)
            row.golden.write_text(told, encoding="utf-8")
        golden = row.golden.read_text(encoding="utf-8") if row.golden.exists() else ""
        assert golden == told, difference(golden, told)

    return live


@pytest.fixture
def life(lives: Lives, deployment: str) -> Iterator[Life]:
    """Three tracked rows."""
    with lives(rows, deployment) as made:
        yield made


@pytest.fixture
def task_life(lives: Lives, deployment: str) -> Iterator[Life]:
    """One tracked task."""
    with lives(tasks, deployment) as made:
        yield made
