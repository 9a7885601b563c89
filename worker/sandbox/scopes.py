"""Which scope each operation of Cloud asks of a token, as Atlassian's API descriptions name them."""

from __future__ import annotations

import re

_READS, _WRITES, _PEOPLE = "read:jira-work", "write:jira-work", "read:jira-user"
_PAGE, _BOTH = "read:page:confluence", "read:page:confluence write:page:confluence"
_LABELS = "write:confluence-content | write:label:confluence"
_USER = "read:confluence-user | read:content-details:confluence"

OPERATIONS: tuple[tuple[str, str, str], ...] = (
    ("GET", "/wiki/rest/api/content/search", "search:confluence | read:content-details:confluence"),
    (
        "POST",
        "/wiki/rest/api/content/*/label",
        "write:confluence-content | read:label:confluence write:label:confluence",
    ),
    ("DELETE", "/wiki/rest/api/content/*/label", _LABELS),
    ("DELETE", "/wiki/rest/api/content/*/label/*", _LABELS),
    ("GET", "/wiki/rest/api/user/current", _USER),
    ("GET", "/wiki/rest/api/user/bulk", _USER),
    ("GET", "/wiki/rest/api/user", _USER),
    ("GET", "/wiki/api/v2/pages", _PAGE),
    ("GET", "/wiki/api/v2/pages/*", _PAGE),
    ("PUT", "/wiki/api/v2/pages/*", "write:page:confluence"),
    ("GET", "/wiki/api/v2/pages/*/versions", _PAGE),
    ("GET", "/wiki/api/v2/pages/*/labels", _PAGE),
    ("GET", "/wiki/api/v2/pages/*/operations", _PAGE),
    ("GET", "/wiki/api/v2/pages/*/properties", _PAGE),
    ("POST", "/wiki/api/v2/pages/*/properties", _BOTH),
    ("GET", "/wiki/api/v2/pages/*/properties/*", _PAGE),
    ("PUT", "/wiki/api/v2/pages/*/properties/*", _BOTH),
    ("DELETE", "/wiki/api/v2/pages/*/properties/*", _BOTH),
    ("GET", "/wiki/api/v2/spaces", "read:space:confluence"),
    (
        "POST",
        "/wiki/rest/api/content/*/permission/check",
        "read:confluence-content.permission | read:content.permission:confluence",
    ),
    ("POST", "/wiki/api/v2/users-bulk", "read:user:confluence"),
    ("GET", "/rest/api/3/serverInfo", ""),
    ("GET", "/rest/api/3/myself", _PEOPLE),
    ("GET", "/rest/api/3/user", _PEOPLE),
    ("GET", "/rest/api/3/user/bulk", _PEOPLE),
    ("GET", "/rest/api/3/user/search", _PEOPLE),
    ("GET", "/rest/api/3/user/assignable/search", _PEOPLE),
    ("GET", "/rest/api/3/priority/search", "manage:jira-configuration"),
    ("GET", "/rest/api/3/user/assignable/multiProjectSearch", _PEOPLE),
    ("GET", "/rest/api/3/configuration", _PEOPLE),
    ("POST", "/rest/api/3/jql/*", _READS),
    ("POST", "/rest/api/3/search/*", _READS),
    ("POST", "/rest/api/3/issue/bulkfetch", _READS),
    ("GET", "/rest/api/3/**", _READS),
    ("*", "/rest/api/3/**", _WRITES),
)
"""Method, path (``*`` is one part of it, ``**`` any rest) and scopes; the first that fits counts.

Scopes beside one another are needed together; ``|`` stands between alternatives, the classic one first. Of Jira only
the classic scopes are accepted, which Atlassian recommends: a token with finer ones is refused more often than there.
"""


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.escape(path).replace(r"\*\*", ".+").replace(r"\*", "[^/]+"))


_COMPILED = [
    (method, _pattern(path), tuple(frozenset(each.split()) for each in scopes.split("|")))
    for method, path, scopes in OPERATIONS
]


def suffices(scopes: frozenset[str], method: str, path: str) -> bool:
    """Whether a token with these scopes may do that; what is no operation needs none, and is answered 404 or 410."""
    return any(needed <= scopes for needed in needed_for(method, path))


def needed_for(method: str, path: str) -> tuple[frozenset[str], ...]:
    """The alternatives for an operation, each a set that is needed whole; ``path`` is that on the site."""
    asked = "GET" if method == "HEAD" else method
    for named, pattern, alternatives in _COMPILED:
        if named in {asked, "*"} and pattern.fullmatch(path):
            return alternatives
    return (frozenset(),)
