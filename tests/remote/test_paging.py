"""Lists that come in parts, and values inside queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.remote.scripted import Say, scripted
from worker.errors import ConfigurationError, RemoteError
from worker.remote.paging import by_cursor, by_position, by_start, by_token, unique
from worker.remote.query import quoted
from worker.remote.verdict import Reply


def part(items, link=None):
    return Say(body={"results": items, "_links": {"next": link} if link else {}})


def test_cursor_paging_repeats_the_same_request_with_the_cursor():
    """Only the cursor is taken from the link, whatever path and prefix the link has, and a bare plus stays one."""
    answers = (part([1], "/rest/api/content/search?limit=9&cursor=a%3D%3D+b&cql=other"), part([]), part([9]))
    with scripted(*answers) as (gateway, script):
        bodies = list(by_cursor(gateway, "rest/api/content/search", {"cql": "x", "limit": 50}))
    assert [body["results"] for body in bodies] == [[1], []]
    assert [asked.query for asked in script.asked] == [
        {"cql": "x", "limit": "50"},
        {"cql": "x", "limit": "50", "cursor": "a==+b"},
    ]
    assert {asked.path for asked in script.asked} == {"/wiki/rest/api/content/search"}


def test_a_short_part_is_not_the_end():
    """An empty part with a link goes on; only a missing link ends the list."""
    with scripted(part([], "/x?cursor=1"), part([2])) as (gateway, _):
        assert [body["results"] for body in by_cursor(gateway, "x", {})] == [[], [2]]


def test_parts_are_fetched_as_they_are_consumed():
    """The second request goes out only when the second part is asked for."""
    with scripted(part([1], "/x?cursor=1"), part([2])) as (gateway, script):
        parts = by_cursor(gateway, "x", {})
        next(parts)
        assert len(script.asked) == 1


def test_a_circle_of_cursors_is_an_error():
    """A server that gives the same cursor twice is not followed for ever."""
    with scripted(*[part([1], "/x?cursor=1")] * 9) as (gateway, script), pytest.raises(RemoteError):
        list(by_cursor(gateway, "x", {}))
    assert len(script.asked) == 2


def test_token_paging_keeps_the_query_and_ends_at_the_last_part():
    """The token is added to the same body, and isLast ends the search even where a token is given."""
    answers = (
        Say(body={"issues": [1], "nextPageToken": "t1"}),
        Say(body={"issues": [2], "nextPageToken": "t2", "isLast": True}),
    )
    with scripted(*answers) as (gateway, script):
        bodies = list(by_token(gateway, "search/jql", {"jql": "q"}))
    assert [body["issues"] for body in bodies] == [[1], [2]]
    assert [asked.body for asked in script.asked] == [{"jql": "q"}, {"jql": "q", "nextPageToken": "t1"}]


def test_start_paging_advances_by_what_came():
    """A server that caps its parts below what was asked for loses nothing."""
    answers = (Say(body={"fields": [1, 2], "total": 3}), Say(body={"fields": [3], "total": 3}))
    with scripted(*answers) as (gateway, script):
        assert list(by_start(gateway, "x", {"maxResults": 200}, "fields")) == [1, 2, 3]
    assert [asked.query["startAt"] for asked in script.asked] == ["0", "2"]


def test_an_answer_of_another_shape_is_one_sentence():
    """A list where an object belongs is a RemoteError, not a traceback."""
    with scripted(Say(body=[1, 2])) as (gateway, _), pytest.raises(RemoteError) as failure:
        list(by_start(gateway, "createmeta", {}, "fields"))
    assert "createmeta" in str(failure.value)


def test_entries_seen_twice_count_once():
    """An entry that drifted into the next part is given once, in the place where it came first."""
    assert list(unique(["a1", "b1", "a2"], key=lambda entry: entry[0])) == ["a1", "b1"]


@pytest.mark.parametrize(
    ("value", "written"),
    [("PAY", '"PAY"'), ('a "b" \\c', '"a \\"b\\" \\\\c"'), ("x OR y = 1", '"x OR y = 1"'), ("Zürich", '"Zürich"')],
)
def test_query_values_stay_values(value, written):
    """Quotes and backslashes are escaped, so no value ends the string it stands in."""
    assert quoted(value) == written


@pytest.mark.parametrize("value", ["a\nb", "a\x00", "\x7f"])
def test_control_characters_are_refused_in_queries(value):
    """A value with a control character is refused before anything is sent."""
    with pytest.raises(ConfigurationError):
        quoted(value)


@dataclass(frozen=True)
class Listing:
    """A Data Center list whose index also counts entries that the caller may not see; ``next`` steps as was asked."""

    entries: tuple[int | None, ...]
    """Ids in order; None is one that is left out after counting."""
    cap: int
    product: str = "Confluence"

    def get(self, path: str, params: Mapping[str, Any]) -> Reply:
        start, limit = int(params["start"]), min(int(params["limit"]), self.cap)
        shown = [{"id": each} for each in self.entries[start : start + limit] if each is not None]
        links = {"next": path} if start + limit < len(self.entries) else {}
        return Reply(200, {}, {"results": shown, "start": start, "limit": limit, "size": len(shown), "_links": links})


@given(
    st.lists(st.booleans(), max_size=60), st.integers(min_value=1, max_value=12), st.integers(min_value=1, max_value=9)
)
def test_nothing_is_stepped_over_whatever_is_filtered_or_capped(visible, limit, cap):
    """Every visible entry comes, in order; some come twice."""
    listing = Listing(tuple(number if seen else None for number, seen in enumerate(visible)), cap)
    parts = by_position(listing, "rest/api/content/search", {"limit": limit})
    came = list(dict.fromkeys(entry["id"] for part in parts for entry in part["results"]))

    assert [number for number, seen in enumerate(visible) if seen] == came
