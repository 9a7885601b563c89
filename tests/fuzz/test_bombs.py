"""Input that is meant to hurt is read or refused, in bounded memory and time."""

from __future__ import annotations

import pytest

from tests.fuzz import bombs, confined


@pytest.mark.timeout(1200)  # each has its minute of processor time, and a busy machine may take long over it
@pytest.mark.parametrize("kind", bombs.KINDS)
def test_bombs_are_read_or_refused(kind: str) -> None:
    """Each is taken as it should be, in a process with a gigabyte of memory and a minute of processor time."""
    taken = confined.taken(kind)

    assert list(bombs.KINDS[kind]) == list(taken)
    assert {} == {name: said for name, said in taken.items() if not said.startswith(bombs.KINDS[kind][name][1])}
