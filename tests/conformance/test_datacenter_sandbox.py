"""Every answer of the sandbox's Data Center, and every refusal of it, against the official descriptions."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.routing import Match

from tests.conformance.judge import DATACENTER_JIRAS, DatacenterDescriptions, Judge
from tests.sandbox.datacenter_site import BODY, Site, datacenter_site
from worker.remote.gateway import Exchange
from worker.sandbox.house import built
from worker.sandbox.issues import EPIC_NAME

KEY = "postmortem-sync"
EXPAND = (
    "body.storage,version,space,history.lastUpdated,ancestors,operations,metadata.labels,"
    f"metadata.properties.{KEY}.version,restrictions.read.restrictions.user,restrictions.update.restrictions.group"
)
TASK = {"project": {"key": "PAY"}, "issuetype": {"name": "Task"}, "summary": "Add an alert"}
FULL = {
    **TASK, "assignee": {"name": "alice"}, "duedate": "2027-01-15", "priority": {"name": "High"}, "labels": ["x"],
    "description": "h2. Why", "customfield_10010": "Platform",
}  # fmt: skip
PROPERTIES = [{"key": KEY, "value": {"v": 1}}]
UNDESCRIBED = {"/confluence/rest/api/accessmode", "/jira/rest/api/2/readonly-mode"}
"""Routes that the descriptions at hand leave out: both tell of maintenance."""


def put(number: int, key: str = KEY) -> dict[str, Any]:
    return {"key": key, "value": {"v": number}, "version": {"number": number, "minorEdit": True}}


def saved(page: str, number: int) -> dict[str, Any]:
    return {
        "id": page, "type": "page", "title": "Outage",
        "version": {"number": number, "minorEdit": True, "message": "2 tickets"},
        "body": {"storage": {"value": BODY, "representation": "storage"}},
    }  # fmt: skip


def confluence_calls(page: str) -> list[tuple[str, str, dict[str, Any], Any]]:
    """Method, path, parameters and body of each request to Confluence, in an order in which they make sense."""
    content = f"rest/api/content/{page}"
    return [
        ("GET", "rest/api/user/current", {}, None),
        ("GET", "rest/api/user", {"username": "alice"}, None),
        ("GET", "rest/api/user", {"key": "nobody"}, None),
        ("GET", "rest/api/server-information", {}, None),
        ("GET", "rest/api/space", {"limit": 100}, None),
        ("GET", "rest/api/space/PAY", {}, None),
        ("GET", "rest/api/space/NOPE", {}, None),
        ("POST", f"{content}/property", {}, {"key": "other", "value": {"v": 1}}),
        ("POST", f"{content}/property", {}, {"key": "other", "value": {"v": 1}}),
        ("PUT", f"{content}/property/{KEY}", {"expand": "version"}, put(1)),
        ("PUT", f"{content}/property/{KEY}", {}, put(1)),
        ("PUT", f"{content}/property/{KEY}", {}, put(2)),
        ("PUT", f"{content}/property/third", {}, put(7, "third")),
        ("GET", f"{content}/property", {"limit": 200, "expand": "version"}, None),
        ("GET", f"{content}/property/{KEY}", {}, None),
        ("GET", f"{content}/property/nope", {}, None),
        ("GET", "rest/api/content/search", {"cql": 'label = "post-mortem"', "limit": 50, "expand": EXPAND}, None),
        ("GET", "rest/api/content/search", {"cql": "type = page", "limit": 1, "start": 1}, None),
        ("GET", "rest/api/content/search", {"cql": "foo = 1"}, None),
        ("GET", content, {}, None),
        ("GET", content, {"expand": EXPAND}, None),
        ("GET", "rest/api/content/99", {}, None),
        ("PUT", content, {}, saved(page, 2)),
        ("PUT", content, {}, saved(page, 2)),
        ("PUT", content, {}, {**saved(page, 3), "body": {"storage": {"value": "<p>", "representation": "storage"}}}),
        ("PUT", "rest/api/content/99", {}, saved("99", 2)),
        ("GET", f"{content}/label", {}, None),
        ("POST", f"{content}/label", {}, {"prefix": "global", "name": "q4"}),
        ("DELETE", f"{content}/label", {"name": "q4"}, None),
        ("DELETE", f"{content}/label/post-mortem", {}, None),
        ("DELETE", f"{content}/label/nope", {}, None),
        ("DELETE", f"{content}/property/{KEY}", {}, None),
        ("DELETE", f"{content}/property/{KEY}", {}, None),
    ]


JIRA_CALLS: list[tuple[str, str, dict[str, Any], Any]] = [
    ("GET", "myself", {}, None),
    ("GET", "serverInfo", {}, None),
    ("GET", "configuration", {}, None),
    ("GET", "mypermissions", {"projectKey": "PAY"}, None),
    ("GET", "mypermissions", {"projectKey": "NOPE"}, None),
    ("GET", "project", {}, None),
    ("GET", "project/PAY", {}, None),
    ("GET", "project/NOPE", {}, None),
    ("GET", "project/PAY/statuses", {}, None),
    ("GET", "priority", {}, None),
    ("GET", "status", {}, None),
    ("GET", "user", {"username": "alice"}, None),
    ("GET", "user", {"username": "nobody"}, None),
    ("GET", "user/search", {"username": "al"}, None),
    ("GET", "user/search", {}, None),
    ("GET", "user/assignable/search", {"project": "PAY", "username": "al", "maxResults": 100}, None),
    ("GET", "issue/createmeta/PAY/issuetypes", {}, None),
    ("GET", "issue/createmeta/PAY/issuetypes/10001", {"startAt": 2, "maxResults": 3}, None),
    ("GET", "issue/createmeta/NOPE/issuetypes", {}, None),
    ("POST", "issue", {}, {"fields": FULL, "properties": PROPERTIES}),
    ("POST", "issue", {}, {"fields": {**TASK, "assignee": {"name": "nobody"}}}),
    ("POST", "issue", {}, {"fields": {**TASK, "issuetype": {"name": "Epic"}, EPIC_NAME: "Resilience"}}),
    ("POST", "issue/bulk", {}, {"issueUpdates": [{"fields": TASK}, {"fields": {**TASK, "summary": ""}}]}),
    ("POST", "issue/bulk", {}, {"issueUpdates": [{"fields": {**TASK, "summary": ""}}]}),
    ("GET", "issue/PAY-1", {"properties": KEY}, None),
    ("GET", "issue/PAY-1", {"fields": "summary,status"}, None),
    ("GET", "issue/PAY-99", {}, None),
    ("PUT", "issue/PAY-1", {}, {"fields": {"summary": "Other", "duedate": None}, "properties": PROPERTIES}),
    ("PUT", "issue/PAY-1", {}, {"fields": {"summary": ""}}),
    ("PUT", "issue/PAY-1", {"notifyUsers": "false"}, {"fields": {"summary": "x"}}),
    ("PUT", "issue/PAY-1/assignee", {}, {"name": "bob"}),
    ("PUT", "issue/PAY-1/assignee", {}, {"name": "nobody"}),
    ("GET", "issue/PAY-1/transitions", {}, None),
    ("POST", "issue/PAY-1/transitions", {}, {"transition": {"id": "31"}}),
    ("POST", "issue/PAY-1/transitions", {}, {"transition": {"id": "11"}}),
    ("GET", "issue/PAY-1/properties", {}, None),
    ("PUT", "issue/PAY-1/properties/p", {}, {"v": 1}),
    ("PUT", "issue/PAY-1/properties/p", {}, {"v": 2}),
    ("GET", "issue/PAY-1/properties/p", {}, None),
    ("DELETE", "issue/PAY-1/properties/p", {}, None),
    ("GET", "issue/PAY-1/properties/p", {}, None),
    ("POST", "issue/PAY-1/comment", {}, {"body": "Done"}),
    ("POST", "issue/PAY-1/comment", {}, {"body": ""}),
    ("GET", "issue/PAY-1/comment", {}, None),
    ("GET", "search", {"jql": "project = PAY", "maxResults": 2}, None),
    ("GET", "search", {"jql": "key in (PAY-1, PAY-99)", "validateQuery": "false"}, None),
    ("POST", "search", {}, {"jql": "project = PAY", "startAt": 1, "maxResults": 1, "fields": ["created"]}),
    ("POST", "search", {}, {"jql": "key = PAY-99"}),
]


def heard(site: Site, page: str) -> list[Exchange]:
    """What was asked and answered, call by call."""
    calls = [("Confluence", *call) for call in confluence_calls(page)]
    calls += [("Jira", method, f"rest/api/2/{path}", *rest) for method, path, *rest in JIRA_CALLS]
    bases = {"Confluence": site.sandbox.confluence_url, "Jira": site.sandbox.jira_url}
    sessions = {"Confluence": site.confluence.session, "Jira": site.jira.session}
    found = []
    for product, method, path, params, body in calls:
        answer = sessions[product].request(method, f"{bases[product]}/{path}", params=params, json=body, timeout=10)
        said = answer.json() if answer.content else None
        found.append(Exchange(product, method, path, params, body, answer.status_code, said))
    return found


@pytest.mark.parametrize("release", DATACENTER_JIRAS)
def test_answers_are_as_described(release: str, specs: Any) -> None:
    """Requests as they may be, and answers as they are described, refusals included."""
    with datacenter_site() as site:
        exchanges = heard(site, site.page(BODY).id)
    judge = Judge(specs, DatacenterDescriptions(specs, release))

    assert [fault for exchange in exchanges for fault in judge.faults(exchange)] == []


def test_what_was_asked_was_answered_as_it_should() -> None:
    """Each call is there for one status; a repeated one is refused."""
    with datacenter_site() as site:
        statuses = [each.status for each in heard(site, site.page(BODY).id)]
    confluence = len(confluence_calls("1"))

    assert statuses[:confluence] == [
        200, 200, 404, 200, 200, 200, 404, 200, 400, 200, 409, 200, 404, 200, 200, 404, 200, 200, 400, 200, 200, 404,
        200, 409, 400, 404, 200, 200, 204, 204, 404, 204, 404,
    ]  # fmt: skip
    assert statuses[confluence:] == [
        200, 200, 200, 200, 404, 200, 200, 404, 200, 200, 200, 200, 404, 200, 400, 200, 200, 200, 400, 201, 400, 201,
        201, 400, 200, 200, 404, 204, 400, 403, 204, 400, 200, 400, 204, 200, 201, 200, 200, 204, 404, 201, 400, 200,
        200, 200, 200, 400,
    ]  # fmt: skip


def test_no_route_is_left_out() -> None:
    """Whatever the sandbox's Data Center serves has a call above, or is a reasoned exception."""
    with datacenter_site() as site:
        heard(site, site.page(BODY).id)
        asked = {(each.method, each.path) for each in site.sandbox.requests}
        _, routes = built(site.sandbox.world, site.sandbox.settings)

    def matches(route: Any, method: str, path: str) -> bool:
        return route.matches({"type": "http", "method": method, "path": path})[0] is Match.FULL

    def first(method: str, path: str) -> Any:
        return next((route for route in routes if matches(route, method, path)), None)

    served = {(first(method, path).path, method) for method, path in asked if first(method, path) is not None}
    assert {(r.path, m) for r in routes for m in r.methods - {"HEAD"} if r.path not in UNDESCRIBED} == served
