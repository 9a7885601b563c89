"""A divided pass: every page falls to exactly one part, and the parts of a limit make the limit."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from worker.reconcile.shards import Shard

COUNTS = st.integers(1, 32)


@given(st.integers(1, 10**12).map(str), COUNTS)
def test_every_page_falls_to_exactly_one(page: str, count: int) -> None:
    """Whatever the page and the number of workers, one of them holds it."""
    assert [Shard(index, count).holds(page) for index in range(count)].count(True) == 1


@given(st.integers(1, 10**12).map(str), COUNTS)
def test_one_worker_more_takes_pages_and_moves_no_others(page: str, count: int) -> None:
    """When a worker is added, a page stays where it was or falls to the new one."""
    before = next(index for index in range(count) if Shard(index, count).holds(page))
    after = next(index for index in range(count + 1) if Shard(index, count + 1).holds(page))

    assert after in {before, count}


def test_pages_are_spread_evenly() -> None:
    """Of 2,000 pages each of four workers gets a quarter, give or take a tenth of it."""
    loads = Counter(index for page in range(2000) for index in range(4) if Shard(index, 4).holds(str(page)))

    assert [450 < loads[index] < 550 for index in range(4)] == [True] * 4


@given(st.integers(0, 10_000), COUNTS)
def test_shares_make_the_limit(limit: int, count: int) -> None:
    """All shares together are the limit, or one each where the limit is lower than that."""
    assert sum(Shard(index, count).share(limit) for index in range(count)) == max(limit, count)
