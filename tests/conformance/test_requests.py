"""Every request the Cloud adapters can send, against the official descriptions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.confluence.answers import PAGE, PROPERTY, RESULT, SITE, V2_PAGE, V2_PROPERTY, answer, changed
from tests.conformance.judge import Judge
from tests.jira.answers import DRAFT, FORM, MADE, TYPES, fetched, issue
from tests.remote.scripted import Say, scripted
from worker.confluence.cloud import CloudPageReader, CloudPageWriter, people_address
from worker.confluence.cloud_surroundings import CloudPageSurroundings
from worker.jira import cloud as jira
from worker.jira.surroundings import CloudTicketSurroundings

LISTED = Say(body={"results": [V2_PROPERTY], "_links": {"next": "/wiki/api/v2/x?cursor=c"}})
LAST = Say(body={"results": [], "_links": {}})
FOUND = Say(body={"issues": [issue(7)], "nextPageToken": "t"})
NONE = Say(body={"issues": [], "isLast": True})


def search_all(gateway):
    return list(CloudPageReader(gateway, SITE).search('label = "post-mortem"'))


CONFLUENCE = {
    "search": (search_all, [answer(RESULT, link="/rest/api/content/search?cursor=c"), answer()]),
    "search, what is missing": (
        search_all,
        [answer({**changed("metadata", {}), "body": {}}), LISTED, LAST, Say(body=V2_PAGE), LAST],
    ),
    "page": (lambda g: CloudPageReader(g, SITE).page("123"), [Say(body=V2_PAGE)]),
    "properties": (lambda g: CloudPageReader(g, SITE).properties("123", "postmortem-sync"), [LISTED, LAST]),
    "whoami": (lambda g: CloudPageReader(g, SITE).whoami(), [Say(body={"accountId": "u", "type": "known"})]),
    "names": (lambda g: CloudPageReader(g, SITE).names(["u1"]), [Say(body={"results": []})]),
    "address": (people_address, [answer()]),
    "space": (lambda g: CloudPageSurroundings(g).space("PAY"), [LAST]),
    "spaces": (lambda g: list(CloudPageSurroundings(g).spaces()), [LAST]),
    "may edit": (lambda g: CloudPageSurroundings(g).may_edit("123"), [Say(404)]),
    "headroom": (lambda g: CloudPageSurroundings(g).headroom(), [Say(body={"accountId": "u"})]),
    "save": (lambda g: CloudPageWriter(g, SITE).save(PAGE, "<p/>", "2 tickets"), [Say(body=V2_PAGE)]),
    "add": (lambda g: CloudPageWriter(g, SITE).add_property("1", "k", {"v": 1}), [Say(body=V2_PROPERTY)]),
    "replace": (lambda g: CloudPageWriter(g, SITE).replace_property("1", PROPERTY, {}), [Say(body=V2_PROPERTY)]),
    "withdraw": (lambda g: CloudPageWriter(g, SITE).withdraw_property("1", PROPERTY), [Say(204)]),
}
JIRA = {
    "whoami": (lambda g: jira.CloudTicketReader(g, SITE).whoami(), [Say(body={"accountId": "u"})]),
    "tickets": (
        lambda g: jira.CloudTicketReader(g, SITE).tickets(["PAY-7", "10008"]),
        [fetched(issue(7, key="OPS-1")), Say(body=issue(7, key="OPS-1"))],
    ),
    "search": (lambda g: list(jira.CloudTicketReader(g, SITE).search("PAY", "x", date(2026, 1, 1))), [FOUND, NONE]),
    "newest": (lambda g: jira.CloudTicketReader(g, SITE).newest_number("PAY"), [FOUND]),
    "form": (
        lambda g: jira.CloudTicketReader(g, SITE).create_form("PAY", "Task"),
        [TYPES, Say(body={"fields": [], "total": 0})],
    ),
    "assignable": (lambda g: jira.CloudTicketReader(g, SITE).assignable("PAY", "u1"), [Say(body=[])]),
    "address": (jira.people_address, [Say(body={"baseUrl": SITE})]),
    "project": (
        lambda g: CloudTicketSurroundings(g).project("PAY"),
        [Say(body={"key": "PAY", "name": "Payments", "issueTypes": []})],
    ),
    "projects": (lambda g: list(CloudTicketSurroundings(g).projects()), [Say(body={"values": [], "total": 0})]),
    "permissions": (lambda g: CloudTicketSurroundings(g).permissions("PAY"), [Say(404)]),
    "parent": (lambda g: CloudTicketSurroundings(g).parent("PAY-7"), [Say(404)]),
    "person": (lambda g: CloudTicketSurroundings(g).person("u1"), [Say(404)]),
    "headroom": (lambda g: CloudTicketSurroundings(g).headroom(), [Say(body={"accountId": "u"})]),
    "create": (
        lambda g: jira.CloudTicketWriter(g).create((DRAFT, replace(DRAFT, description=())), FORM, within=60),
        [MADE],
    ),
}
CASES = [("Confluence", "/wiki", name, *case) for name, case in CONFLUENCE.items()]
CASES += [("Jira", "", name, *case) for name, case in JIRA.items()]


@pytest.fixture(scope="module")
def judge(specs):
    return Judge(specs)


@pytest.mark.parametrize(
    ("product", "context", "name", "action", "answers"), CASES, ids=[f"{c[0]} {c[2]}" for c in CASES]
)
def test_requests_are_as_described(judge, product, context, name, action, answers):
    """Path, parameters and body of every request are what the description of the operation asks for."""
    with scripted(*answers, product=product, context=context) as (gateway, script):
        action(gateway)
    assert len(script.exchanges) == len(answers)
    assert [fault for sent in script.exchanges for fault in judge.faults(replace(sent, status=None))] == []
