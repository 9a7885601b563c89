"""Jira Data Center's adapter: what it asks, and what it makes of answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.jira.answers import (
    DC_TYPES,
    DRAFT,
    EPIC_LINK,
    FORM,
    MADE,
    ORIGIN,
    SITE,
    TICKET,
    dc_fields,
    dc_found,
    dc_issue,
)
from tests.remote.scripted import Say, scripted
from worker.errors import AccessError, ConfigurationError, RemoteError
from worker.jira.datacenter import DatacenterTicketReader, DatacenterTicketWriter
from worker.jira.origin import to_json
from worker.model.page import Account
from worker.model.ticket import Link, Paragraph, Refused, Text, TicketEdit

DC_TICKET = replace(TICKET, assignee="alice")
GONE = Say(404, {"errorMessages": ["Issue Does Not Exist"], "errors": {}})
PARENT = Say(body={"values": [{**EPIC_LINK, "fieldId": "parent", "schema": {"type": "issuelink"}}], "total": 1})


def jira(*answers):
    return scripted(*answers, product="Jira", context="/jira")


def reader(gateway):
    return DatacenterTicketReader(gateway, SITE, 1)


def test_each_ticket_is_read_alone_with_its_origin():
    """Below the context path, with the fields and the property that make a ticket; the assignee by user name."""
    with jira(Say(body=dc_issue())) as (gateway, script):
        assert reader(gateway).tickets(["PAY-7"]) == {"PAY-7": DC_TICKET}
    (asked,) = script.asked
    assert asked.path == "/jira/rest/api/2/issue/PAY-7"
    assert asked.query["properties"] == "postmortem-sync"
    assert "duedate" in asked.query["fields"].split(",")


def test_user_names_are_compared_in_lower_case():
    """Jira shows a name as the directory spells it, and Confluence in lower case."""
    with jira(Say(body=dc_issue(assignee={"name": "Alice"}))) as (gateway, _):
        assert reader(gateway).tickets(["PAY-7"])["PAY-7"].assignee == "alice"


def test_a_missing_ticket_leaves_the_others():
    """Absent, deleted and hidden are left out; a key asked twice is read once."""
    with jira(Say(body=dc_issue(7)), GONE, Say(body=dc_issue(9))) as (gateway, script):
        assert list(reader(gateway).tickets(["PAY-7", "PAY-8", "PAY-9", "PAY-7"])) == ["PAY-7", "PAY-9"]
    assert len(script.asked) == 3


def test_a_moved_ticket_is_found_under_its_old_key():
    """Jira answers with the new one."""
    moved = {**dc_issue(7), "key": "OPS-1"}
    with jira(Say(body=moved)) as (gateway, _):
        assert reader(gateway).tickets(["PAY-7"])["PAY-7"].key == "OPS-1"


def test_trouble_with_a_ticket_is_not_its_absence():
    """An answer that is no 404 fails the read."""
    with jira(Say(500, {"errorMessages": ["oops"]})) as (gateway, _), pytest.raises(RemoteError):
        reader(gateway).tickets(["PAY-7"])


def test_search_tells_which_tickets_and_the_store_tells_what_they_are():
    """Parts begin behind what came, and every ticket is read for its origin, each once."""
    answers = (dc_found(7, total=2), dc_found(7, 9, total=2), Say(body=dc_issue(7)), GONE)
    with jira(*answers) as (gateway, script):
        found = list(reader(gateway).search("PAY", 'a"b', date(2026, 11, 2)))
    assert found == [DC_TICKET]
    first, second = (asked.body for asked in script.asked[:2])
    assert first["jql"] == 'project = "PAY" AND labels = "a\\"b" AND created >= "2026-11-01" ORDER BY created ASC'
    assert (first["startAt"], second["startAt"]) == (0, 1)
    assert script.lines[2:] == ["GET /jira/rest/api/2/issue/10007", "GET /jira/rest/api/2/issue/10009"]


def test_an_empty_part_ends_a_search_whatever_its_total_says():
    """The index may have changed meanwhile."""
    with jira(dc_found(total=5)) as (gateway, script):
        assert reader(gateway).open_ids(["x"], date(2026, 1, 2)) == frozenset()
    assert 'labels in ("x") AND statusCategory != Done' in script.asked[0].body["jql"]


def test_ids_of_open_tickets_need_no_reads():
    """A thousand a request."""
    with jira(dc_found(7, 9)) as (gateway, script):
        assert reader(gateway).open_ids(["x", "y"], date(2026, 1, 2)) == {"10007", "10009"}
    assert [asked.body["maxResults"] for asked in script.asked] == [1000]


@pytest.mark.parametrize("odd", [None, "PAY-7", [7]])
def test_an_id_that_is_no_number_is_one_sentence(odd):
    """It is told, and brings nothing down."""
    said = Say(body={"startAt": 0, "total": 1, "issues": [{"id": odd}]})
    with jira(said) as (gateway, _), pytest.raises(RemoteError, match="a search for tickets was not understood"):
        reader(gateway).open_ids(["x"], date(2026, 1, 2))


def test_the_newest_number_is_that_of_the_highest_key():
    """0 where search knows nothing."""
    with jira(dc_found(12), dc_found()) as (gateway, script):
        assert (reader(gateway).newest_number("PAY"), reader(gateway).newest_number("PAY")) == (12, 0)
    assert script.asked[0].body["jql"] == 'project = "PAY" ORDER BY key DESC'


def test_a_form_is_read_type_by_name():
    """Data Center lists both under ``values``."""
    due = {"fieldId": "duedate", "name": "Due", "required": False, "schema": {"type": "date"}}
    with jira(DC_TYPES, dc_fields(due)) as (gateway, script):
        form = reader(gateway).create_form("PAY", "task")
    assert (form.type, form.type_id, [field.id for field in form.fields]) == ("Task", "1", ["duedate"])
    assert script.lines[1] == "GET /jira/rest/api/2/issue/createmeta/PAY/issuetypes/1"


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_project_that_is_not_there_is_a_mistake_in_the_mapping(status):
    """Data Center says so with 400."""
    with jira(Say(status, {"errorMessages": ["x"]})) as (gateway, _), pytest.raises(ConfigurationError, match="PAY"):
        reader(gateway).create_form("PAY", "Task")


def test_an_epic_link_stands_in_for_the_parent():
    """Only sub-tasks have a parent, so the mapping's one goes where the site keeps its epics."""
    with jira(DC_TYPES, dc_fields(EPIC_LINK), MADE) as (gateway, script):
        form = reader(gateway).create_form("PAY", "Task")
        DatacenterTicketWriter(gateway).create((DRAFT, DRAFT), form, within=60)
    sent = script.asked[2].body["issueUpdates"][0]["fields"]
    assert form.field("parent").name == "Epic Link"
    assert (sent["customfield_10100"], "parent" in sent) == ("PAY-100", False)


def test_a_refused_epic_link_is_a_refused_parent():
    """So that the ticket can be made without it."""
    refusal = {"errors": {"customfield_10100": "Issue PAY-100 does not exist."}, "errorMessages": []}
    answer = Say(400, {"issues": [], "errors": [{"status": 400, "elementErrors": refusal, "failedElementNumber": 0}]})
    with jira(DC_TYPES, dc_fields(EPIC_LINK), answer) as (gateway, _):
        form = reader(gateway).create_form("PAY", "Task")
        (answered,) = DatacenterTicketWriter(gateway).create((DRAFT,), form, within=60)
    assert isinstance(answered, Refused)
    assert [name for name, _ in answered.fields] == ["parent"]


def test_a_parent_of_its_own_is_left_alone():
    """A form of a sub-task has the field."""
    with jira(DC_TYPES, PARENT) as (gateway, _):
        assert reader(gateway).create_form("PAY", "Task").field("parent").schema == "issuelink"


def test_a_draft_is_created_with_its_origin_in_the_same_request():
    """In bulk, the owner by user name and the description in wiki markup."""
    draft = replace(DRAFT, assignee="alice", description=(Paragraph((Text("a* "), Link("P", "https://x/p"))),))
    with jira(MADE) as (gateway, script):
        DatacenterTicketWriter(gateway).create((draft, draft), FORM, within=60)
    assert script.lines == ["POST /jira/rest/api/2/issue/bulk"]
    sent = script.asked[0].body["issueUpdates"][0]
    assert sent["properties"] == [{"key": "postmortem-sync", "value": to_json(ORIGIN)}]
    assert sent["fields"]["assignee"] == {"name": "alice"}
    assert sent["fields"]["description"] == r"a\* [P|https://x/p]"
    assert sent["fields"]["customfield_2"] == "two\nlines"


def test_an_edit_names_the_owner_by_user_name():
    """And says nothing of notifications, which Data Center would answer with 403."""
    with jira(Say(204)) as (gateway, script):
        edit = TicketEdit("10007", ORIGIN, (("owner", "alice"),))
        assert DatacenterTicketWriter(gateway).edit(edit) is None
    (asked,) = script.asked
    assert (asked.path, asked.query) == ("/jira/rest/api/2/issue/10007", {})
    assert asked.body["fields"] == {"assignee": {"name": "alice"}}


ALICE, ALICIA = ({"name": name, "active": True, "displayName": name.title()} for name in ("alice", "alicia"))
OTHERS = [{"name": f"alice{number}", "active": True} for number in range(100)]


@pytest.mark.parametrize(
    ("people", "assignable"),
    [
        ([ALICIA, ALICE], Account("alice", "Alice")),
        ([{**ALICE, "name": "Alice"}], Account("alice", "Alice")),
        ([ALICIA], None),
        ([{**ALICE, "active": False}], None),
        ([], None),
        (OTHERS, Account("alice", "")),
    ],
)
def test_only_the_very_name_is_assignable(people, assignable):
    """The search is by its beginning; a full answer without it proves nothing, and is left to the create."""
    with jira(Say(body=people)) as (gateway, script):
        assert reader(gateway).assignable("PAY", "alice") == assignable
    assert script.asked[0].query == {"project": "PAY", "username": "alice", "maxResults": "100"}


def test_a_user_whom_jira_does_not_know_is_not_assignable():
    """404 is what it says of unknown names."""
    with jira(Say(404, {"errorMessages": ["x"]})) as (gateway, _):
        assert reader(gateway).assignable("PAY", "alice") is None


def test_we_are_our_user_name():
    """As in Confluence."""
    with jira(Say(body={"name": "sync", "key": "JIRAUSER1", "displayName": "Sync"})) as (gateway, _):
        assert reader(gateway).whoami() == Account("sync", "Sync")


def test_nobody_is_refused():
    """An answer that names nobody is an anonymous visitor's."""
    with jira(Say(body={})) as (gateway, _), pytest.raises(AccessError):
        reader(gateway).whoami()


@pytest.mark.parametrize(
    ("said", "closed"),
    [
        (Say(body={"enabled": True, "message": "Upgrade"}), True),
        (Say(body={"enabled": False}), False),
        (GONE, False),
    ],
)
def test_read_only_mode_is_told(said, closed):
    """A Jira that does not know the mode counts as open."""
    with jira(said) as (gateway, script):
        assert ("read-only mode" in (reader(gateway).closed() or "")) is closed
    assert script.lines == ["GET /jira/rest/api/2/readonly-mode"]
