"""What error answers say, in every envelope Atlassian uses."""

from __future__ import annotations

import pytest

from worker.remote.complaint import said


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"statusCode": 403, "message": "no edit right"}, "no edit right"),
        (
            {"statusCode": 400, "message": "bad", "data": {"errors": [{"message": {"translation": "worse"}}]}},
            "bad; worse",
        ),
        ({"errors": [{"status": 404, "title": "Not Found", "detail": None}]}, "Not Found"),
        ({"errorMessages": ["general"], "errors": {"duedate": "no date"}}, "general; duedate: no date"),
        ({"code": 401, "message": "Unauthorized; scope does not match"}, "Unauthorized; scope does not match"),
        ({"error": "x", "error_description": "Unauthorized client"}, "Unauthorized client"),
        ({"message": "<p>one\n two</p>&nbsp;three"}, "one two three"),
        ({"message": None, "errors": None, "errorMessages": None}, ""),
        ("text", ""),
        (None, ""),
    ],
)
def test_every_envelope_is_read(body, words):
    """Each product's way of saying no ends up as one plain line."""
    assert said(body) == words


def test_long_words_are_cut():
    """At most 300 characters of the server's text are kept."""
    assert len(said({"message": "y" * 900})) == 300
