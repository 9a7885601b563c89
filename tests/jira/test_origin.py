"""The property that says which item a ticket was made for."""

from __future__ import annotations

import pytest

from worker.jira.origin import from_json, to_json
from worker.model.ticket import Base, Origin

ORIGIN = Origin(
    "https://acme.example/wiki",
    "123",
    "i-1",
    "n-1",
    (("due", Base(None, "2026-12-01")), ("owner", Base("u1", None, "1f2e"))),
)
JSON = {
    "v": 1,
    "site": "https://acme.example/wiki",
    "page": "123",
    "item": "i-1",
    "attempt": "n-1",
    "base": {"due": [None, "2026-12-01"], "owner": ["u1", None]},
    "written": {"owner": "1f2e"},
}


def test_an_origin_has_one_public_form():
    """The property holds version, identity and base, each field with the page's and the ticket's value."""
    assert to_json(ORIGIN) == JSON


def test_an_origin_comes_back_as_it_was_written():
    """Reading the property gives the origin, fields in order."""
    assert from_json(JSON) == ORIGIN


def test_a_newer_origin_keeps_its_identity():
    """A newer version still says whose the ticket is, and its base is not guessed at."""
    assert from_json({**JSON, "v": 2, "base": {"due": {"new": "shape"}}}) == Origin(*JSON_IDENTITY)


JSON_IDENTITY = (JSON["site"], JSON["page"], JSON["item"], JSON["attempt"])


@pytest.mark.parametrize(
    "value", [None, "x", [], {}, {**JSON, "v": 0}, {**JSON, "v": "1"}, {**JSON, "item": ""}, {**JSON, "page": 123}]
)
def test_a_value_without_identity_is_nobodys(value):
    """What does not name site, page, item and attempt is not ours."""
    assert from_json(value) is None


@pytest.mark.parametrize("written", [None, "x", {"owner": 5}])
def test_an_origin_without_readable_digests_keeps_its_base(written):
    """An earlier version of the worker stored none."""
    assert from_json({**JSON, "written": written}).base == (
        ("due", Base(None, "2026-12-01")),
        ("owner", Base("u1", None)),
    )


@pytest.mark.parametrize("base", [None, [], {"due": "x"}, {"due": [1, 2]}, {"due": ["a"]}])
def test_an_unreadable_base_is_no_base(base):
    """A damaged base leaves the identity intact."""
    assert from_json({**JSON, "base": base}) == Origin(*JSON_IDENTITY)
