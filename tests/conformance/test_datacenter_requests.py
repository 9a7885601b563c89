"""Every request the Data Center adapters can send, against the official descriptions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.confluence.answers import DC_PAGE, DC_READ, DC_RESULT, DC_SITE, PROPERTY, V2_PROPERTY, dc_part
from tests.conformance.judge import DATACENTER_JIRAS, DatacenterDescriptions, Judge
from tests.jira.answers import DC_TYPES, DRAFT, FORM, MADE, ORIGIN, SITE, dc_fields, dc_found, dc_issue
from tests.remote.scripted import Say, scripted
from worker.confluence.datacenter import DatacenterPageReader, DatacenterPageWriter
from worker.confluence.datacenter_surroundings import DatacenterPageSurroundings
from worker.jira.datacenter import DatacenterTicketReader, DatacenterTicketWriter
from worker.jira.surroundings import DatacenterTicketSurroundings
from worker.model.ticket import TicketEdit

ALICE = Say(body={"type": "known", "username": "alice", "displayName": "Alice"})
NONE = Say(404, {"message": "none"})
SAVED = Say(body={**DC_READ, "version": {**DC_READ["version"], "number": 8}})
KEPT = Say(body=V2_PROPERTY)
EDIT = TicketEdit("10007", ORIGIN, (("owner", "alice"), ("due", None)))


def pages(gateway):
    return DatacenterPageReader(gateway, DC_SITE)


def saving(gateway):
    return DatacenterPageWriter(gateway, DC_SITE)


def tickets(gateway):
    return DatacenterTicketReader(gateway, SITE, 1)


BARE = {key: value for key, value in DC_RESULT.items() if key not in ("body", "metadata")}
CONFLUENCE = {
    "search": (lambda g: list(pages(g).search("type = page")), [dc_part(DC_RESULT, more=True), dc_part(start=1)]),
    "search, what is missing": (
        lambda g: list(pages(g).search("type = page")),
        [dc_part(BARE), dc_part(V2_PROPERTY), Say(body=DC_READ), dc_part()],
    ),
    "search, privacy": (
        lambda g: list(pages(g).search("type = page")),
        [dc_part({**DC_RESULT, "restrictions": {}}), Say(body=DC_RESULT)],
    ),
    "page": (lambda g: pages(g).page("123"), [Say(body=DC_READ)]),
    "properties": (lambda g: pages(g).properties("123", "k"), [dc_part()]),
    "whoami": (lambda g: pages(g).whoami(), [ALICE]),
    "people": (lambda g: pages(g).accounts(["8a7f01"]), [NONE, ALICE]),
    "names": (lambda g: pages(g).names(["alice"]), [ALICE]),
    "save": (lambda g: saving(g).save(DC_PAGE, "<p/>", "2 tickets"), [SAVED]),
    "add": (lambda g: saving(g).add_property("123", "k", {"v": 1}), [KEPT]),
    "replace": (lambda g: saving(g).replace_property("123", PROPERTY, {"v": 1}), [KEPT]),
    "withdraw": (lambda g: saving(g).withdraw_property("123", PROPERTY), [dc_part(V2_PROPERTY), Say(204)]),
    "space": (lambda g: DatacenterPageSurroundings(g).space("PAY"), [NONE]),
    "spaces": (lambda g: list(DatacenterPageSurroundings(g).spaces()), [dc_part()]),
    "may edit": (lambda g: DatacenterPageSurroundings(g).may_edit("123"), [NONE]),
    "headroom": (lambda g: DatacenterPageSurroundings(g).headroom(), [ALICE]),
}
JIRA = {
    "whoami": (lambda g: tickets(g).whoami(), [Say(body={"name": "alice"})]),
    "tickets": (lambda g: tickets(g).tickets(["PAY-7", "10008"]), [Say(body=dc_issue()), NONE]),
    "search": (
        lambda g: list(tickets(g).search("PAY", "x", date(2026, 1, 1))),
        [dc_found(7, total=2), dc_found(8, total=2), Say(body=dc_issue()), NONE],
    ),
    "open": (lambda g: tickets(g).open_ids(["x"], date(2026, 1, 1)), [dc_found()]),
    "newest": (lambda g: tickets(g).newest_number("PAY"), [dc_found(7)]),
    "form": (lambda g: tickets(g).create_form("PAY", "Task"), [DC_TYPES, dc_fields()]),
    "transitions": (lambda g: tickets(g).transitions("10007"), [Say(body={"transitions": []})]),
    "assignable": (lambda g: tickets(g).assignable("PAY", "alice"), [Say(body=[])]),
    "create": (
        lambda g: DatacenterTicketWriter(g).create((DRAFT, replace(DRAFT, description=())), FORM, within=60),
        [MADE],
    ),
    "edit": (lambda g: DatacenterTicketWriter(g).edit(EDIT), [Say(204)]),
    "move": (lambda g: DatacenterTicketWriter(g).move("10007", "31"), [Say(204)]),
    "project": (
        lambda g: DatacenterTicketSurroundings(g).project("PAY"),
        [Say(body={"key": "PAY", "name": "Payments", "issueTypes": []})],
    ),
    "projects": (lambda g: list(DatacenterTicketSurroundings(g).projects()), [Say(body=[])]),
    "permissions": (lambda g: DatacenterTicketSurroundings(g).permissions("PAY"), [NONE]),
    "parent": (lambda g: DatacenterTicketSurroundings(g).parent("PAY-7"), [NONE]),
    "person": (lambda g: DatacenterTicketSurroundings(g).person("alice"), [NONE]),
    "headroom": (lambda g: DatacenterTicketSurroundings(g).headroom(), [Say(body={"name": "alice"})]),
}
UNDESCRIBED = {
    "Confluence access mode": (lambda g: pages(g).closed(), "the description at hand leaves out its group"),
    "Jira read-only mode": (lambda g: tickets(g).closed(), "described for 10.3 LTS and 11.3, and asked with care"),
}
"""Reads that no description at hand has, and why they are sent all the same; each answer but a yes counts as no."""
CASES = [("Confluence", "/confluence", name, *case) for name, case in CONFLUENCE.items()]
CASES += [("Jira", "/jira", name, *case) for name, case in JIRA.items()]


@pytest.fixture(scope="module", params=DATACENTER_JIRAS)
def judge(request, specs):
    return Judge(specs, DatacenterDescriptions(specs, request.param))


@pytest.mark.parametrize(
    ("product", "context", "name", "action", "answers"), CASES, ids=[f"{c[0]} {c[2]}" for c in CASES]
)
def test_requests_are_as_described(judge, product, context, name, action, answers):
    """Path, parameters and body of every request are what the description of the operation asks for."""
    with scripted(*answers, product=product, context=context) as (gateway, script):
        action(gateway)
    assert len(script.exchanges) == len(answers)
    assert [fault for sent in script.exchanges for fault in judge.faults(replace(sent, status=None))] == []


@pytest.mark.parametrize("name", UNDESCRIBED)
def test_what_is_not_described_is_a_short_list(judge, name):
    """An exception that is described after all is none any more."""
    with scripted(NONE, product=name.split()[0], context="/x") as (gateway, script):
        assert UNDESCRIBED[name][0](gateway) is None
    (sent,) = script.exchanges
    assert [
        fault for fault in judge.faults(replace(sent, status=None)) if "Operation not found" in fault or "Path" in fault
    ]


def test_no_operation_is_left_out():
    """Every method of the adapters that asks something has a case."""
    asked = {"search", "page", "properties", "whoami", "accounts", "names", "closed"}
    assert asked == {each for each in vars(DatacenterPageReader) if not each.startswith("_")} - {"site", "now"}
    asked = {
        "whoami", "closed", "tickets", "search", "open_ids", "newest_number", "create_form", "transitions", "assignable",
    }  # fmt: skip
    ours = {each for each in vars(DatacenterTicketReader) if not each.startswith("_")}
    assert asked == ours - {"site", "now", "longest_scan"}
    writes = {"save", "add_property", "replace_property", "withdraw_property"}
    assert writes == {each for each in vars(DatacenterPageWriter) if not each.startswith("_")}
