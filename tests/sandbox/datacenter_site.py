"""A sandbox that shows itself as Data Center, and callers that sign in to one of its products."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from worker.sandbox.face import DATACENTER
from worker.sandbox.pages import StoredPage
from worker.sandbox.people import Person
from worker.sandbox.server import Sandbox
from worker.sandbox.settings import Settings
from worker.sandbox.world import access_token, default_world

BODY = "<h2>Action items</h2><table><tbody><tr><th>Action</th></tr><tr><td>Add an alert</td></tr></tbody></table>"


class Caller:
    """Sends requests to one product, below its REST path."""

    def __init__(self, api: str, authorization: str | None) -> None:
        self._api = api
        self.session = requests.Session()
        self.session.trust_env = False
        if authorization is not None:
            self.session.headers["Authorization"] = authorization

    def __call__(self, method: str, path: str, json: Any = None, **params: Any) -> requests.Response:
        return self.session.request(
            method, f"{self._api}/{path}", json=json, params=params, timeout=10, allow_redirects=False
        )

    def get(self, path: str, **params: Any) -> Any:
        answer = self("GET", path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def status(self, method: str, path: str, json: Any = None, **params: Any) -> int:
        return self(method, path, json, **params).status_code


@dataclass
class Site:
    """Both products as the worker's account sees them, and what stands behind them."""

    sandbox: Sandbox
    confluence: Caller
    jira: Caller

    def person(self, name: str) -> Person:
        return self.sandbox.world.people.named(name)

    def caller(self, product: str, authorization: str | None) -> Caller:
        base, version = {
            "confluence": (self.sandbox.confluence_url, ""), "jira": (self.sandbox.jira_url, "/2"),
        }[product]  # fmt: skip
        return Caller(f"{base}/rest/api{version}", authorization)

    def page(self, body: str = BODY, title: str = "Outage", **more: Any) -> StoredPage:
        alice = self.person("Alice Moreau").account_id
        return self.sandbox.run(
            lambda: self.sandbox.confluence.create_page("PAY", title, body, alice, labels=["post-mortem"], **more)
        )

    def save(self, page: StoredPage, number: int, text: str = BODY, **over: Any) -> requests.Response:
        sent = {
            "id": page.id,
            "type": "page",
            "title": "Outage",
            "body": {"storage": {"value": text, "representation": "storage"}},
            "version": {"number": number, "message": "a message", "minorEdit": True},
        }
        kept = {name: value for name, value in {**sent, **over}.items() if value is not None}
        return self.confluence("PUT", f"content/{page.id}", kept)

    def create(self, **fields: Any) -> requests.Response:
        plain = {"project": {"key": "PAY"}, "issuetype": {"name": "Task"}, "summary": "Add an alert"}
        return self.jira("POST", "issue", {"fields": {**plain, **fields}})


@contextmanager
def datacenter_site(settings: Settings | None = None) -> Iterator[Site]:
    with Sandbox(default_world(DATACENTER), settings=settings) as sandbox:
        site = Site(sandbox, *(Caller("", None),) * 2)
        site.confluence, site.jira = (
            site.caller(product, f"Bearer {access_token(product)}") for product in ("confluence", "jira")
        )
        yield site
        site.confluence.session.close()
        site.jira.session.close()
