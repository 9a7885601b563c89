"""The sandbox's ways in: which address takes which token, what a token may do, and when it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests

from worker.sandbox.authority import LIFETIME
from worker.sandbox.cloud_doors import CLOUD_ID
from worker.sandbox.confluence_cloud import ConfluenceCloud
from worker.sandbox.confluence_search import ConfluenceSearch
from worker.sandbox.faults import Fault
from worker.sandbox.jira_cloud import JiraCloud
from worker.sandbox.jira_cloud_site import JiraCloudSite
from worker.sandbox.people import ScopedToken
from worker.sandbox.scopes import needed_for
from worker.sandbox.settings import Settings
from worker.sandbox.world import (
    CONFLUENCE_SCOPES,
    JIRA_SCOPES,
    WORKER_CLIENT_ID,
    WORKER_CLIENT_SECRET,
    WORKER_CONFLUENCE_TOKEN,
    WORKER_EMAIL,
    WORKER_JIRA_TOKEN,
    WORKER_TOKEN,
    default_world,
)

MYSELF = "/rest/api/3/myself"
CURRENT = "/wiki/rest/api/user/current"
JIRA = f"/ex/jira/{CLOUD_ID}"
CONFLUENCE = f"/ex/confluence/{CLOUD_ID}"
REMOVED = ("/wiki/rest/api/content", "/wiki/rest/api/space", "/rest/api/2/")
NEW = {"fields": {"project": {"key": "PAY"}, "issuetype": {"name": "Task"}, "summary": "Add an alert"}}


def access_token(sandbox, secret=WORKER_CLIENT_SECRET, **more):
    asked = {"grant_type": "client_credentials", "client_id": WORKER_CLIENT_ID, "client_secret": secret, **more}
    return requests.post(f"{sandbox.jira_url}/oauth/token", json=asked, timeout=10)


def bearing(sandbox, token, path, method="GET", **more):
    headers = {"Authorization": f"Bearer {token}"}
    return requests.request(method, sandbox.jira_url + path, headers=headers, timeout=10, **more)


def test_anybody_may_ask_for_the_cloud_id(sandbox):
    """The cloud id is told without signing in, and nothing about a sign-in is said beside it."""
    answer = requests.get(f"{sandbox.jira_url}/_edge/tenant_info", timeout=10)
    assert ({"cloudId": CLOUD_ID}, None) == (answer.json(), answer.headers.get("x-seraph-loginreason"))


def test_a_token_with_scopes_works_at_the_gateway(sandbox, signed_in, page):
    """Each product's token is taken behind the gateway, and answers are those of the site, with its addresses."""
    confluence, jira = signed_in(WORKER_EMAIL, WORKER_CONFLUENCE_TOKEN), signed_in(WORKER_EMAIL, WORKER_JIRA_TOKEN)
    found = confluence.get(f"{CONFLUENCE}/wiki/rest/api/content/search", cql="space = PAY")
    assert ([page], sandbox.confluence_url) == ([each["id"] for each in found["results"]], found["_links"]["base"])
    assert confluence.save(page, 2, below=CONFLUENCE).status_code == 200
    assert jira("POST", f"{JIRA}/rest/api/3/issue", NEW).status_code == 201
    assert jira.get(f"{JIRA}{MYSELF}")["accountId"] == sandbox.world.worker.account_id


@pytest.mark.parametrize("token", [WORKER_CONFLUENCE_TOKEN, WORKER_JIRA_TOKEN])
@pytest.mark.parametrize("path", [MYSELF, CURRENT])
def test_a_token_with_scopes_is_refused_on_the_site(signed_in, token, path):
    """The site takes a token with scopes for a wrong one."""
    answer = signed_in(WORKER_EMAIL, token)("GET", path)
    assert (401, "AUTHENTICATED_FAILED") == (answer.status_code, answer.headers["x-seraph-loginreason"])


def test_a_token_without_scopes_is_refused_at_the_gateway(signed_in):
    """The gateway takes tokens with scopes only, and says no more than 401."""
    answer = signed_in(WORKER_EMAIL, WORKER_TOKEN)("GET", JIRA + MYSELF)
    assert (401, {"code": 401, "message": "Unauthorized"}) == (answer.status_code, answer.json())


@pytest.mark.parametrize(
    ("token", "method", "path"),
    [
        (WORKER_JIRA_TOKEN, "GET", CONFLUENCE + CURRENT),
        (WORKER_CONFLUENCE_TOKEN, "GET", JIRA + MYSELF),
        (WORKER_JIRA_TOKEN, "GET", f"{CONFLUENCE}/wiki/api/v2/spaces"),
        (WORKER_CONFLUENCE_TOKEN, "POST", f"{CONFLUENCE}/wiki/rest/api/content/1/label"),
        (WORKER_JIRA_TOKEN, "GET", f"{JIRA}/rest/api/3/priority/search"),
    ],
)
def test_a_scope_that_is_missing_is_401(signed_in, token, method, path):
    """What a token's scopes do not cover is refused with the gateway's words and header, whoever holds it."""
    answer = signed_in(WORKER_EMAIL, token)(method, path)
    assert (401, "Unauthorized; scope does not match", "FAILURE_CLIENT_SCOPE_CHECK") == (
        answer.status_code,
        answer.json()["message"],
        answer.headers["X-Failure-Category"],
    )


def test_a_token_with_scopes_expires(sandbox, signed_in):
    """A token with scopes is good until its moment."""
    until = sandbox.world.clock.now() + timedelta(days=1)
    sandbox.world.worker.scoped_tokens[WORKER_JIRA_TOKEN] = ScopedToken(JIRA_SCOPES, until)
    caller = signed_in(WORKER_EMAIL, WORKER_JIRA_TOKEN)
    assert caller("GET", JIRA + MYSELF).status_code == 200
    sandbox.world.clock.advance(days=1)
    assert caller("GET", JIRA + MYSELF).status_code == 401


@pytest.mark.parametrize(
    "path",
    ["/ex/jira/another-site/rest/api/3/myself", f"{CONFLUENCE}/rest/api/user/current", f"{JIRA}/wiki/api/v2/pages"],
)
def test_the_gateway_knows_one_site_and_its_paths(signed_in, path):
    """Another cloud id, Confluence without /wiki and Jira with it are 404."""
    assert signed_in(WORKER_EMAIL, WORKER_JIRA_TOKEN)("GET", path).status_code == 404


def test_client_credentials_give_a_token_for_an_hour(sandbox):
    """An access token says how long it lives and what it may do, works behind the gateway, and ends in time."""
    given = access_token(sandbox).json()
    assert (3600, "Bearer", CONFLUENCE_SCOPES | JIRA_SCOPES) == (
        given["expires_in"],
        given["token_type"],
        frozenset(given["scope"].split()),
    )
    assert 200 == bearing(sandbox, given["access_token"], JIRA + MYSELF).status_code
    assert 200 == bearing(sandbox, given["access_token"], CONFLUENCE + CURRENT).status_code
    sandbox.world.clock.advance(seconds=LIFETIME.total_seconds())
    assert 401 == bearing(sandbox, given["access_token"], JIRA + MYSELF).status_code


def test_access_tokens_are_refused_on_the_site(sandbox):
    """An access token is for the gateway only."""
    token = access_token(sandbox).json()["access_token"]
    assert [401, 401] == [bearing(sandbox, token, path).status_code for path in (MYSELF, CURRENT)]


@pytest.mark.parametrize(
    ("more", "status", "error"),
    [
        ({"secret": "wrong"}, 401, "access_denied"),
        ({"client_id": "nobody"}, 401, "access_denied"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_wrong_client_credentials_give_no_token(sandbox, more, status, error):
    """A refusal of the token endpoint is named as OAuth names it."""
    answer = access_token(sandbox, **more)
    assert (status, error) == (answer.status_code, answer.json()["error"])
    assert 0 == sandbox.world.authority.issued


def test_all_access_tokens_can_end_right_before_a_request(sandbox):
    """A fault can end every token in mid-pass; the request is then refused and does nothing, and a fresh token works."""
    token = access_token(sandbox).json()["access_token"]
    sandbox.faults.append(Fault(("POST", "/issue$"), sandbox.world.authority.expire_now))
    assert 401 == bearing(sandbox, token, f"{JIRA}/rest/api/3/issue", "POST", json=NEW).status_code
    assert {} == sandbox.jira.issues
    fresh = access_token(sandbox).json()["access_token"]
    assert 201 == bearing(sandbox, fresh, f"{JIRA}/rest/api/3/issue", "POST", json=NEW).status_code


@pytest.mark.parametrize(("product", "path"), [("confluence", CURRENT), ("jira", MYSELF)])
def test_an_account_without_the_product_is_403(sandbox, worker, product, path):
    """An account that may not use a product is known and refused, and the other product still takes it."""
    sandbox.world.worker.products -= {product}
    answer = worker("GET", path)
    assert 403 == answer.status_code
    assert f"Current user not permitted to use {product.capitalize()}" in answer.text
    assert 200 == worker("GET", MYSELF if product == "confluence" else CURRENT).status_code


def test_every_operation_asks_for_a_scope():
    """No route of the two products is open to a token without scopes, but for removed ones and the server's own name."""
    world, settings = default_world(), Settings()
    routes = [
        *ConfluenceSearch(world.confluence, settings).routes(),
        *ConfluenceCloud(world.confluence, settings).routes(),
        *JiraCloudSite(world.jira).routes(),
        *JiraCloud(world.jira, settings).routes(),
    ]
    free = [route.path for route in routes for method in route.methods if frozenset() in needed_for(method, route.path)]
    assert {path for path in free if not path.startswith(REMOVED)} == {"/rest/api/3/serverInfo"}
