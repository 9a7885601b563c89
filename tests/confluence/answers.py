"""Answers of Confluence Cloud, and what they mean."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime

from tests.remote.scripted import Say
from worker.model.page import Page, Property, Version

SITE = "https://acme.example/wiki"
BASE = "https://acme.atlassian.net/wiki"
V2_PAGE = {
    "id": "123",
    "status": "current",
    "title": "Outage & “more”",
    "spaceId": "9",
    "createdAt": "2026-11-02T08:00:00.000Z",
    "version": {"number": 7, "message": "typo", "authorId": "u1", "createdAt": "2026-11-03T09:30:00.000Z"},
    "body": {"storage": {"value": "<p>hello&nbsp;</p>", "representation": "storage"}},
    "_links": {"webui": "/spaces/PAY/pages/123/Outage", "base": BASE},
}
PAGE = Page(
    id="123",
    title="Outage & “more”",
    url=f"{BASE}/spaces/PAY/pages/123/Outage",
    status="current",
    created_at=datetime(2026, 11, 2, 8, tzinfo=UTC),
    version=Version(7, datetime(2026, 11, 3, 9, 30, tzinfo=UTC), "u1", "typo"),
    body="<p>hello&nbsp;</p>",
)
RESULT = {
    "id": "123",
    "type": "page",
    "status": "current",
    "title": "Outage & “more”",
    "space": {"key": "PAY"},
    "history": {"createdDate": "2026-11-02T08:00:00.000Z"},
    "version": {"number": 7, "when": "2026-11-03T09:30:00.000Z", "message": "typo", "by": {"accountId": "u1"}},
    "body": {"storage": {"value": "<p>hello&nbsp;</p>"}},
    "metadata": {
        "labels": {"results": [{"name": "post-mortem"}, {"name": "q4"}]},
        "properties": {"postmortem-sync": {"id": "55", "value": {"v": 1}, "version": {"number": 3}}},
    },
    "restrictions": {"read": {"restrictions": {"user": {"results": []}, "group": {"results": []}}}},
    "_links": {"webui": "/spaces/PAY/pages/123/Outage"},
}
V2_PROPERTY = {"id": "55", "key": "postmortem-sync", "value": {"v": 1}, "version": {"number": 3}}
PROPERTY = Property("55", "postmortem-sync", {"v": 1}, 3)


def answer(*results, link=None):
    links = {"base": BASE, **({"next": link} if link else {})}
    return Say(body={"results": list(results), "size": len(results), "_links": links})


def changed(path, value):
    """The standard search result with one place replaced, or taken out where the value is None."""
    result = deepcopy(RESULT)
    *way, last = path.split("/")
    place = result
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return result


DC_SITE = "https://wiki.example.com/confluence"
DC_RESULT = {
    **RESULT,
    "version": {"number": 7, "when": "2026-11-03T09:30:00.000Z", "message": "typo", "by": {"username": "bob"}},
    "_links": {"webui": "/display/PAY/Outage"},
}
DC_READ = {**DC_RESULT, "_links": {"webui": "/display/PAY/Outage", "base": DC_SITE}}
DC_PAGE = replace(PAGE, url=f"{DC_SITE}/display/PAY/Outage", version=replace(PAGE.version, by="bob"))


def dc_part(*results, start=0, limit=50, more=False):
    """One part of a Data Center list."""
    links = {"base": DC_SITE, **({"next": f"/rest/api/content/search?start={start + limit}"} if more else {})}
    return Say(body={"results": list(results), "start": start, "limit": limit, "size": len(results), "_links": links})
