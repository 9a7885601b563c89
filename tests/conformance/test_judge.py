"""The judge itself: what it lets pass, and what it must not."""

from __future__ import annotations

import pytest

from tests.conformance.judge import Judge
from worker.remote.gateway import Exchange


@pytest.fixture(scope="module")
def judge(specs):
    return Judge(specs)


def exchange(
    method="GET", path="api/v2/pages/123", params=None, body=None, status=None, answer=None, product="Confluence"
):
    return Exchange(product, method, path, params or {}, body, status, answer)


SEARCH = {"cql": "type = page", "limit": 50}
FOUND = {"results": [], "size": 0, "_links": {}}
PROPERTY = {"key": "k", "value": {"v": 1}, "version": {"number": 2}}


@pytest.mark.parametrize(
    "fine",
    [
        exchange(params={"body-format": "storage"}, status=200, answer={"id": "123", "title": "x"}),
        exchange(path="rest/api/content/search", params=SEARCH, status=200, answer=FOUND),
        exchange("PUT", "api/v2/pages/1/properties/2", body=PROPERTY, status=200, answer={"id": "2"}),
        exchange("PUT", "api/v2/pages/1/properties/2", body=PROPERTY, status=409, answer={"errors": []}),
        exchange("DELETE", "api/v2/pages/1/properties/2", status=204),
        exchange("POST", "rest/api/3/search/jql", body={"jql": "x", "fields": ["summary"]}, product="Jira"),
    ],
)
def test_what_the_descriptions_allow_passes(judge, fine):
    """A request and an answer as described have no fault."""
    assert judge.faults(fine) == []


@pytest.mark.parametrize(
    "wrong",
    [
        exchange(path="api/v2/nonsense"),
        exchange(params={"body-format": "none"}),
        exchange(path="api/v2/pages/abc"),
        exchange("PATCH"),
        exchange(path="rest/api/content/search", params={"limit": 50}),
        exchange(path="rest/api/content/search", params=SEARCH, status=200, answer={"results": "none"}),
        exchange("PUT", body={"id": "123", "title": "x"}),
        exchange(status=200, answer={"id": 123}),
        exchange("POST", "rest/api/3/search/jql", body={"jql": "x", "startAt": 0}, product="Jira"),
        exchange("POST", "rest/api/3/issue/bulkfetch", body={"issueIdsOrKeys": "PAY-1"}, product="Jira"),
    ],
)
def test_what_they_do_not_allow_is_found(judge, wrong):
    """A path, parameter, body or answer that is not described has a fault."""
    assert judge.faults(wrong) != []


def test_a_document_is_judged_by_its_schema(judge):
    """An empty text node is refused, a full one is not."""
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": ""}]}
    document = {"type": "doc", "version": 1, "content": [paragraph]}
    assert judge.document_faults(document) != []
    paragraph["content"][0]["text"] = "x"
    assert judge.document_faults(document) == []
