"""The scopes that tokens need, against the official descriptions."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.conformance.test_requests import CASES
from tests.remote.scripted import scripted
from worker.remote.scopes import LOOKING, OPERATIONS, PASS, needed
from worker.sandbox.scopes import needed_for
from worker.sandbox.world import (
    CONFLUENCE_SCOPES,
    JIRA_SCOPES,
    WORKER_CLIENT_ID,
    WORKER_CLIENT_SECRET,
    WORKER_CONFLUENCE_TOKEN,
    WORKER_JIRA_TOKEN,
)

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


def test_the_worker_names_the_scopes_that_are_described(operations):
    """Each operation's scopes are those of its description, the current ones where there are several."""
    ways = {(method, re.sub(r"{[^}]+}", "*", path)): ways[0] for (method, path), ways in operations.items()}
    below = {"Confluence": "/wiki/", "Jira": "/"}
    named = {
        (method, below[product] + path): frozenset(re.split(" and ", scopes)) - {""}
        for product, method, path, scopes, _ in OPERATIONS
    }
    assert named == {operation: ways[operation] for operation in named}


@pytest.mark.parametrize(
    ("product", "context", "name", "action", "answers"), CASES, ids=[f"{c[0]} {c[2]}" for c in CASES]
)
def test_every_operation_the_worker_calls_has_its_scope(product, context, name, action, answers):
    """No request goes out whose scope the worker could not name, but for the one that needs none."""
    with scripted(*answers, product=product, context=context) as (gateway, script):
        action(gateway)
    unknown = {each.path for each in script.exchanges if not needed(each.product, each.method, each.path)}
    assert unknown <= {"rest/api/3/serverInfo"}


def test_the_least_that_is_needed_is_what_the_sandbox_hands_out():
    """The scopes of all operations together are those that the sandbox's tokens have, with which whole passes are made."""
    together = {scope for *_, scopes, _ in OPERATIONS for scope in re.split(" and ", scopes) if scope}
    assert together == CONFLUENCE_SCOPES | JIRA_SCOPES


DOCS = Path(__file__).resolve().parents[2] / "docs"
SECURITY = (DOCS / "security.md").read_text(encoding="utf-8")


def scopes_of(operations):
    return {scope for *_, scopes, _ in operations for scope in scopes.split(" and ") if scope}


def test_every_call_is_listed_with_its_scope():
    """docs/security.md has one line for each call, with scopes and purpose as the worker knows them."""
    listed = re.findall(r"^\| (\w+) \| `([A-Z]+) (\S+)` \| (.+?) \| (.+?) \|$", SECURITY, re.MULTILINE)
    known = [(*each, "") for each in PASS] + [(*each, " (`check --live`, `init`)") for each in LOOKING]
    assert [(product, method, path, scopes.replace("`", ""), why) for product, method, path, scopes, why in listed] == [
        (product, method, path, scopes or "none", why + only) for product, method, path, scopes, why, only in known
    ]


def test_the_sandbox_takes_what_the_documentation_says():
    """The made-up credentials that docs/settings.md names for trying the ways to sign in are the sandbox's."""
    told = re.search(r"\*\*To try it\.\*\*\n(.+)", (DOCS / "settings.md").read_text(encoding="utf-8"))
    assert re.findall(r"`(sandbox-[a-z-]+)`", told[1]) == [
        WORKER_CONFLUENCE_TOKEN,
        WORKER_JIRA_TOKEN,
        WORKER_CLIENT_ID,
        WORKER_CLIENT_SECRET,
    ]


def test_the_scopes_to_ask_for_are_those_of_the_calls():
    """What operators are told to give a token is what the calls of a pass need, and what is told of `check --live`."""
    asked = re.findall(r"^\| (?:Confluence|Jira) \| (`.+?`) \|$", SECURITY, re.MULTILINE)
    assert {scope for line in asked for scope in re.findall(r"`([^`]+)`", line)} == scopes_of(PASS)
    assert scopes_of(LOOKING) - scopes_of(PASS) == {"read:space:confluence"}
    assert "for which they need `read:space:confluence`" in SECURITY
