"""Writes a sample body as the editor of Data Center would have: user keys, legacy tables, Jira macros."""

from __future__ import annotations

import re

from worker.sandbox.people import Directory
from worker.sandbox.storage_format import MalformedStorage, parse

JIRA_SERVER_ID = "7c1a2f0e-52d4-3b9e-a6c1-0b6f8f7a4d21"
"""How the sandbox's Confluence knows its Jira; a Jira macro names it."""

_PERSON = re.compile(r'ri:account-id="([^"]*)"')
_LOCAL_ID = re.compile(r'\s(?:ac:|ri:)?local-id="[^"]*"')
_CLOUD_TABLE = re.compile(r'<table(?:\s+data-[a-z-]+="[^"]*")*>')
_CELL = re.compile(r"<td>((?:(?!</?td\b).)*)</td>", re.DOTALL)
_SMART_LINK = re.compile(r'<a href="[^"]*/browse/([A-Z][A-Z0-9_]+-\d+)" data-card-appearance="[^"]*">[^<]*</a>')


def as_on_datacenter(body: str, people: Directory) -> str:
    """The same page in Data Center's markup; a page that cannot be parsed keeps its cells, and its mistake."""
    body = _LOCAL_ID.sub("", body)
    body = _PERSON.sub(lambda found: _user_key(found[1], people), body)
    body = _SMART_LINK.sub(lambda found: jira_macro(found[1]), body)
    body = _CLOUD_TABLE.sub('<table class="wrapped">', body)
    try:
        parse(body)
    except MalformedStorage:
        return body
    return _CELL.sub(_wrapped, body)


def jira_macro(key: str) -> str:
    """The macro that shows one ticket, on one line: whitespace inside it would be visible."""
    return (
        '<ac:structured-macro ac:name="jira" ac:schema-version="1" ac:macro-id="5f0c2a8e-1d3b-4c55-9e0d-8a1b2c3d4e5f">'
        '<ac:parameter ac:name="server">System Jira</ac:parameter>'
        f'<ac:parameter ac:name="serverId">{JIRA_SERVER_ID}</ac:parameter>'
        f'<ac:parameter ac:name="key">{key}</ac:parameter></ac:structured-macro>'
    )


def _user_key(account_id: str, people: Directory) -> str:
    person = people.get(account_id)
    return f'ri:userkey="{person.userkey if person else account_id}"'


def _wrapped(cell: re.Match[str]) -> str:
    """The legacy editor puts a block around what a cell holds beside plain text."""
    inside = cell[1]
    rich = "<ri:user" in inside or "<time" in inside or "<ac:structured-macro" in inside
    return f'<td colspan="1"><div class="content-wrapper">{inside}</div></td>' if rich else cell[0]
