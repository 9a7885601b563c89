"""The sandbox's content properties: a compare-and-swap, its limits and its known fault."""

from __future__ import annotations

import pytest


@pytest.fixture
def path(page):
    return f"/wiki/api/v2/pages/{page}/properties"


@pytest.fixture
def prop(worker, path):
    """The id of a property at version 1."""
    return worker("POST", path, {"key": "state", "value": {"n": 1}}).json()["id"]


def test_a_property_starts_at_version_1_and_is_found_by_key(worker, path, prop):
    """A list filtered by key gives the id, value and version that a swap needs."""
    (found,) = worker.get(path, key="state")["results"]
    assert (prop, {"n": 1}, 1) == (found["id"], found["value"], found["version"]["number"])
    assert [] == worker.get(path, key="State")["results"]


def test_a_swap_from_the_version_read_is_kept(worker, path, prop):
    """The next version replaces the value."""
    sent = {"key": "state", "value": {"n": 2}, "version": {"number": 2}}
    assert 200 == worker("PUT", f"{path}/{prop}", sent).status_code
    assert {"n": 2} == worker.get(f"{path}/{prop}")["value"]


@pytest.mark.parametrize("number", [1, 3])
def test_a_swap_from_another_version_is_refused(worker, path, prop, number):
    """Only the next version wins; the loser gets 409 and changes nothing."""
    answer = worker("PUT", f"{path}/{prop}", {"key": "state", "value": {"n": 9}, "version": {"number": number}})
    assert (409, "CONFLICT") == (answer.status_code, answer.json()["errors"][0]["code"])
    assert {"n": 1} == worker.get(f"{path}/{prop}")["value"]


def test_a_key_exists_once(worker, path, prop):
    """Creating a key again is 409."""
    assert 409 == worker("POST", path, {"key": "state", "value": 2}).status_code


def test_the_known_fault_leaves_two_rows_of_one_key(sandbox, worker, path, prop):
    """With the fault on, a second create succeeds, both rows are listed, and a swap of either is 400."""
    sandbox.confluence.duplicate_property_rows = True
    second = worker("POST", path, {"key": "state", "value": {"n": 2}}).json()["id"]
    assert [prop, second] == [each["id"] for each in worker.get(path, key="state")["results"]]
    answer = worker("PUT", f"{path}/{prop}", {"key": "state", "value": 3, "version": {"number": 2}})
    assert (400, True) == (answer.status_code, "jsonproperty.duplicate.key" in answer.text)
    assert 204 == worker("DELETE", f"{path}/{second}").status_code
    assert 200 == worker("PUT", f"{path}/{prop}", {"key": "state", "value": 3, "version": {"number": 2}}).status_code


def test_a_value_is_limited_to_32_kilobytes(worker, path):
    """A larger value is 413."""
    assert 413 == worker("POST", path, {"key": "big", "value": "x" * 32_768}).status_code
    assert 200 == worker("POST", path, {"key": "big", "value": "x" * 32_000}).status_code


@pytest.mark.parametrize(
    "sent", [{"value": 1}, {"key": "k"}, {"key": "", "value": 1}, {"key": "k" * 256, "value": 1}, []]
)
def test_a_property_in_another_shape_is_refused(worker, path, sent):
    """A missing key or value and a key that is too long are 400."""
    assert 400 == worker("POST", path, sent).status_code


def test_writing_a_property_needs_the_right_to_edit(sandbox, worker, page, path, prop, alice):
    """Who may only view the page reads its properties and cannot write them."""
    sandbox.run(lambda: sandbox.confluence.restrict(page, editors=[alice]))
    assert 200 == worker("GET", f"{path}/{prop}").status_code
    assert 404 == worker("POST", path, {"key": "other", "value": 1}).status_code
    assert 404 == worker("PUT", f"{path}/{prop}", {"key": "state", "value": 2, "version": {"number": 2}}).status_code
    assert 404 == worker("DELETE", f"{path}/{prop}").status_code


def test_a_property_is_addressed_by_its_number(worker, path, prop):
    """The key in the place of the number is 400, a number that is gone 404."""
    assert 400 == worker("GET", f"{path}/state").status_code
    assert 204 == worker("DELETE", f"{path}/{prop}").status_code
    assert 404 == worker("GET", f"{path}/{prop}").status_code
    assert 404 == worker("DELETE", f"{path}/{prop}").status_code


def test_the_key_of_a_property_stays(worker, path, prop):
    """A swap that names another key is 400."""
    assert 400 == worker("PUT", f"{path}/{prop}", {"key": "other", "value": 2, "version": {"number": 2}}).status_code
