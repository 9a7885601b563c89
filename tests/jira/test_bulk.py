"""Which answer of a bulk create belongs to which draft."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.jira.bulk import answers, refusal
from worker.model.ticket import Created, Refused, Unknown


def made(number):
    return {"id": str(10000 + number), "key": f"PAY-{number}", "self": "x"}


def failed(position, **errors):
    return {"status": 400, "failedElementNumber": position, "elementErrors": {"errorMessages": [], "errors": errors}}


def test_all_made():
    """Tickets come back in the order of the drafts."""
    assert answers(2, {"issues": [made(1), made(2)], "errors": []}) == (
        Created("10001", "PAY-1"),
        Created("10002", "PAY-2"),
    )


def test_some_refused_in_between():
    """The refused ones are named by number and the others close the gaps."""
    body = {"issues": [made(1), made(2)], "errors": [failed(1, duedate="Error parsing date string")]}
    assert answers(3, body) == (
        Created("10001", "PAY-1"),
        Refused((("due", "Error parsing date string"),), "due: Error parsing date string"),
        Created("10002", "PAY-2"),
    )


def test_fields_are_named_by_our_words():
    """Jira's field ids become our names, and what we have no name for keeps its id."""
    errors = {"issuetype": "a", "duedate": "b", "customfield_10010": "c", "assignee": "d"}
    assert [field for field, _ in refusal({"errors": errors}).fields] == [
        "type",
        "due",
        "customfield_10010",
        "assignee",
    ]


@pytest.mark.parametrize("errors", [None, {}, [], {"errorMessages": None, "errors": None}])
def test_a_refusal_without_words(errors):
    """A refusal that says nothing is still a refusal."""
    assert refusal(errors) == Refused((), "Jira refused it without a reason")


def test_a_refusal_without_field():
    """A general message concerns no field."""
    assert refusal({"errorMessages": ["INVALID_INPUT"], "errors": {}}) == Refused((), "INVALID_INPUT")


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        (None, [Unknown, Unknown]),
        ([], [Unknown, Unknown]),
        ({}, [Unknown, Unknown]),
        ({"issues": [made(1)]}, [Unknown, Unknown]),
        ({"issues": [made(1), made(2), made(3)]}, [Unknown, Unknown]),
        ({"issues": [made(1), made(1)]}, [Unknown, Unknown]),
        ({"issues": [made(1), None]}, [Created, Unknown]),
        ({"issues": [], "errors": [failed(1)]}, [Unknown, Refused]),
        ({"issues": [made(1)], "errors": [failed(7)]}, [Unknown, Unknown]),
        ({"issues": [made(1)], "errors": [failed(0), failed(0)]}, [Refused, Unknown]),
        ({"issues": [made(1)], "errors": ["?"]}, [Unknown, Unknown]),
    ],
)
def test_what_does_not_add_up_is_unknown(body, kinds):
    """A ticket is never assigned to a draft by guessing."""
    assert [type(answer) for answer in answers(2, body)] == kinds


@given(st.lists(st.booleans(), min_size=1, max_size=50))
def test_any_mixture_lands_on_the_right_rows(pattern):
    """Whichever drafts were refused, each answer stands in its draft's place."""
    body = {
        "issues": [made(n) for n, fine in enumerate(pattern) if fine],
        "errors": [failed(n, summary=str(n)) for n, fine in enumerate(pattern) if not fine],
    }
    expected = [
        Created(str(10000 + n), f"PAY-{n}") if fine else Refused((("summary", str(n)),), f"summary: {n}")
        for n, fine in enumerate(pattern)
    ]
    assert list(answers(len(pattern), body)) == expected
