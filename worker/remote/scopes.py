"""Which scope each operation that the worker calls asks of a token, as Atlassian's API descriptions name them."""

from __future__ import annotations

import re

_PAGE, _BOTH = "read:page:confluence", "read:page:confluence and write:page:confluence"
_READS, _WRITES, _PEOPLE = "read:jira-work", "write:jira-work", "read:jira-user"

Operation = tuple[str, str, str, str, str]
"""Product, method, path below the base (``*`` is one part of it), scopes, and what the worker does with it."""

PASS: tuple[Operation, ...] = (
    ("Confluence", "GET", "rest/api/content/search", "search:confluence", "find post-mortems"),
    ("Confluence", "GET", "rest/api/user/current", "read:confluence-user", "learn as whom it signs in"),
    ("Confluence", "POST", "api/v2/users-bulk", "read:user:confluence", "show names of people in sentences"),
    ("Confluence", "GET", "api/v2/pages/*", _PAGE, "read a page"),
    ("Confluence", "GET", "api/v2/pages/*/labels", _PAGE, "read the labels that a search left out"),
    ("Confluence", "PUT", "api/v2/pages/*", "write:page:confluence", "save a page"),
    ("Confluence", "GET", "api/v2/pages/*/properties", _PAGE, "read claims"),
    ("Confluence", "POST", "api/v2/pages/*/properties", _BOTH, "make the first claim of a page"),
    ("Confluence", "PUT", "api/v2/pages/*/properties/*", _BOTH, "claim"),
    ("Confluence", "DELETE", "api/v2/pages/*/properties/*", _BOTH, "withdraw a first claim that lost a race"),
    ("Jira", "GET", "rest/api/3/myself", _PEOPLE, "learn as whom it signs in"),
    (
        "Jira",
        "GET",
        "rest/api/3/user/assignable/search",
        _PEOPLE,
        "ask whether an owner may be assigned, and under which name people know them",
    ),
    ("Jira", "GET", "rest/api/3/serverInfo", "", "learn the address people use"),
    ("Jira", "POST", "rest/api/3/issue/bulkfetch", _READS, "read tickets"),
    ("Jira", "GET", "rest/api/3/issue/*", _READS, "read a ticket that was moved"),
    ("Jira", "POST", "rest/api/3/search/jql", _READS, "find tickets whose create got no answer"),
    ("Jira", "GET", "rest/api/3/issue/createmeta/*/issuetypes", _READS, "find the ticket type"),
    ("Jira", "GET", "rest/api/3/issue/createmeta/*/issuetypes/*", _READS, "learn which fields a ticket takes"),
    ("Jira", "GET", "rest/api/3/issue/*/transitions", _READS, "find the way to done"),
    ("Jira", "POST", "rest/api/3/issue/bulk", _WRITES, "create tickets"),
    ("Jira", "PUT", "rest/api/3/issue/*", _WRITES, "let a ticket follow its row"),
    ("Jira", "POST", "rest/api/3/issue/*/transitions", _WRITES, "move a ticket to done"),
)
"""What ``plan`` and ``sync`` call."""

LOOKING: tuple[Operation, ...] = (
    ("Confluence", "GET", "api/v2/spaces", "read:space:confluence", "look at spaces"),
    ("Jira", "GET", "rest/api/3/project/*", _READS, "look at a project"),
    ("Jira", "GET", "rest/api/3/project/search", _READS, "look for projects"),
    ("Jira", "GET", "rest/api/3/mypermissions", _READS, "learn what it may do in a project"),
    ("Jira", "GET", "rest/api/3/user", _PEOPLE, "look a person up"),
)
"""What only ``check --live`` and ``init`` call besides."""

OPERATIONS = (*PASS, *LOOKING)


def needed(product: str, method: str, path: str) -> str:
    """The scopes in words, empty where none is needed or the operation is not among those the worker calls."""
    for known, verb, pattern, scopes, _ in OPERATIONS:
        fits = re.fullmatch(re.escape(pattern).replace(r"\*", "[^/]+"), path)
        if (known, verb) == (product, method) and fits:
            return scopes
    return ""
