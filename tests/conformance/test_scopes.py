"""The scopes that tokens need, against the official descriptions."""

from __future__ import annotations

import json

import pytest

from worker.sandbox.scopes import needed_for

DESCRIPTIONS = (
    ("confluence-cloud-v1.trimmed.json", ""),
    ("confluence-cloud-v2.trimmed.json", "/wiki/api/v2"),
    ("jira-cloud-platform-v3.trimmed.json", ""),
)
NOT_SERVED = frozenset({"/wiki/rest/api/search", "/wiki/rest/api/search/user", "/wiki/rest/api/label"})


def described(specs):
    """Every operation with its alternatives of scopes, each a set that is needed whole, the current one first."""
    for name, below in DESCRIPTIONS:
        document = json.loads((specs / name).read_text(encoding="utf-8"))
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if isinstance(operation, dict) and "responses" in operation:
                    ways = operation.get("x-atlassian-oauth2-scopes") or [
                        {"scopes": scopes} for way in operation["security"] for scopes in way.values() if scopes
                    ]
                    yield method.upper(), below + path, [frozenset(way["scopes"]) for way in ways]


@pytest.fixture(scope="module")
def operations(specs):
    return {(method, path): ways for method, path, ways in described(specs)}


def test_the_sandbox_is_no_kinder_than_described(operations):
    """No set of scopes suffices in the sandbox that the description of the operation does not name."""
    kinder = {
        operation: needed
        for operation, ways in operations.items()
        for needed in needed_for(*operation)
        if needed and not any(way <= needed for way in ways)
    }
    assert kinder == {}
