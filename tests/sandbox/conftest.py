"""A sandbox for each test, and callers that sign in to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.sandbox.datacenter_site import Site, datacenter_site
from worker.sandbox.confluence_state import Confluence
from worker.sandbox.jira_state import Jira
from worker.sandbox.server import Sandbox
from worker.sandbox.world import WORKER_EMAIL, WORKER_TOKEN

BODY = "<h2>Action items</h2><table><tbody><tr><th>Action</th></tr><tr><td>Add an alert</td></tr></tbody></table>"


class Caller:
    """Sends requests to the sandbox as one account over one kept-alive connection."""

    def __init__(self, url: str, email: str = WORKER_EMAIL, token: str = WORKER_TOKEN) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.auth = (email, token)

    def __call__(self, method: str, path: str, json: Any = None, **params: Any) -> requests.Response:
        return self.session.request(method, self.url + path, json=json, params=params, timeout=10)

    def get(self, path: str, **params: Any) -> Any:
        answer = self("GET", path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def search(self, cql: str, **params: Any) -> list[str]:
        found = self.get("/wiki/rest/api/content/search", cql=cql, **params)
        return [page["title"] for page in found["results"]]

    def find(self, jql: str, **body: Any) -> list[str]:
        answer = self("POST", "/rest/api/3/search/jql", {"jql": jql, "fields": ["summary"], **body})
        assert answer.status_code == 200, answer.text
        return [issue["key"] for issue in answer.json()["issues"]]

    def save(
        self, page_id: str, number: int, text: str = BODY, title: str = "Outage", below: str = "", **over: Any
    ) -> requests.Response:
        sent = {
            "id": page_id,
            "status": "current",
            "title": title,
            "body": {"representation": "storage", "value": text},
            "version": {"number": number, "message": "a message"},
        }
        return self("PUT", f"{below}/wiki/api/v2/pages/{page_id}", {**sent, **over})


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def confluence(sandbox: Sandbox) -> Confluence:
    return sandbox.confluence


@pytest.fixture
def jira(sandbox: Sandbox) -> Jira:
    return sandbox.jira


@pytest.fixture
def signed_in(sandbox: Sandbox) -> Iterator[Callable[..., Caller]]:
    callers: list[Caller] = []

    def sign_in(email: str, token: str) -> Caller:
        callers.append(Caller(sandbox.jira_url, email, token))
        return callers[-1]

    yield sign_in
    for caller in callers:
        caller.session.close()


@pytest.fixture
def worker(signed_in: Callable[..., Caller]) -> Caller:
    return signed_in(WORKER_EMAIL, WORKER_TOKEN)


@pytest.fixture
def alice(sandbox: Sandbox) -> str:
    return sandbox.world.people.named("Alice Moreau").account_id


@pytest.fixture
def page(sandbox: Sandbox, alice: str) -> str:
    """The id of a page that Alice wrote in PAY."""
    made = sandbox.run(lambda: sandbox.confluence.create_page("PAY", "Outage", BODY, alice, labels=["post-mortem"]))
    return made.id


@pytest.fixture
def datacenter() -> Iterator[Site]:
    """Data Center with the worker's account signed in to both products."""
    with datacenter_site() as site:
        yield site
