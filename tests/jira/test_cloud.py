"""Jira Cloud's adapter: what it asks, and what it makes of answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.jira.answers import DRAFT, FORM, MADE, ORIGIN, SITE, TICKET, TYPES, fetched, issue
from tests.remote.scripted import Cut, Say, scripted
from worker.errors import AccessError, ConfigurationError, RemoteError
from worker.jira.cloud import DIALECT, CloudTicketReader, CloudTicketWriter, people_address
from worker.jira.fields import issue_update
from worker.jira.origin import to_json
from worker.model.page import Account
from worker.model.ticket import Category, Created, CreateForm, FormField, NotMade, Refused, Status, Unknown


def read(action, *answers):
    with scripted(*answers, product="Jira", context="") as (gateway, script):
        return action(CloudTicketReader(gateway, SITE)), script


def test_tickets_are_read_in_bulk_under_the_names_they_were_asked_by():
    """Ids and keys may be mixed; what is not shown is left out."""
    found, script = read(lambda r: r.tickets(["PAY-7", "10008", "10009"]), fetched(issue(7), issue(8)))
    assert found == {"PAY-7": TICKET, "10008": replace(TICKET, id="10008", key="PAY-8", url=f"{SITE}/browse/PAY-8")}
    assert script.lines == ["POST /rest/api/3/issue/bulkfetch"]
    assert script.asked[0].body["issueIdsOrKeys"] == ["PAY-7", "10008", "10009"]
    assert script.asked[0].body["properties"] == ["postmortem-sync"]


def test_bare_fields_are_none():
    """A ticket without assignee, due date, priority and property is read as such."""
    plain = issue(assignee=None, duedate=None, priority=None) | {"properties": {}}
    found, _ = read(lambda r: r.tickets(["PAY-7"]), fetched(plain))
    assert found["PAY-7"] == replace(TICKET, assignee=None, due=None, priority=None, origin=None)


def test_a_category_nobody_knows_is_no_category():
    """Only Jira's own category keys are read; names are per project and translated."""
    odd = issue(status={"name": "Done", "statusCategory": {"key": "completed"}})
    found, _ = read(lambda r: r.tickets(["PAY-7"]), fetched(odd))
    assert found["PAY-7"].status == Status("Done", Category.NONE)


def test_a_hundred_go_into_one_request():
    """101 different tickets take two requests, and one that is asked for twice counts once."""
    refs = [f"PAY-{n}" for n in range(1, 102)] + ["PAY-1"]
    _, script = read(lambda r: r.tickets(refs), fetched(), fetched())
    assert [len(asked.body["issueIdsOrKeys"]) for asked in script.asked] == [100, 1]


def test_no_tickets_take_no_request():
    """An empty question is not asked, because Jira refuses it."""
    found, script = read(lambda r: r.tickets([]))
    assert (found, script.asked) == ({}, [])


def test_a_moved_ticket_is_found_under_its_old_key():
    """An answer with a key nobody asked for makes the unmatched key be read singly."""
    moved = issue(7, key="OPS-3")
    found, script = read(lambda r: r.tickets(["PAY-7", "PAY-8"]), fetched(moved, issue(8)), Say(body=moved))
    assert found["PAY-7"].key == "OPS-3"
    assert script.lines == ["POST /rest/api/3/issue/bulkfetch", "GET /rest/api/3/issue/PAY-7"]


def test_a_moved_ticket_asked_by_id_and_old_key_is_found_under_both():
    """The id matches the answer, and the old key is still looked up."""
    moved = issue(7, key="OPS-3")
    found, _ = read(lambda r: r.tickets(["10007", "PAY-7"]), fetched(moved), Say(body=moved))
    assert {name: ticket.key for name, ticket in found.items()} == {"10007": "OPS-3", "PAY-7": "OPS-3"}


def test_absent_keys_are_not_read_singly():
    """A range of keys most of which do not exist takes one request."""
    found, script = read(lambda r: r.tickets([f"PAY-{n}" for n in range(1, 101)]), fetched(issue(7)))
    assert (list(found), len(script.asked)) == (["PAY-7"], 1)


def test_one_moved_ticket_among_absent_keys_is_narrowed_down():
    """Its old key is found in halves: fifteen requests in all, where each key on its own would take a hundred and one."""
    moved = issue(7, key="OPS-3")
    halves = [fetched(), fetched(moved)] * 5
    keys = [f"PAY-{n}" for n in range(1, 101)]
    found, script = read(
        lambda r: r.tickets(keys), fetched(moved), *halves, Say(404, {}), Say(404, {}), Say(404, {}), Say(body=moved)
    )
    assert {name: ticket.key for name, ticket in found.items()} == {"PAY-100": "OPS-3"}
    assert [len(asked.body["issueIdsOrKeys"]) for asked in script.asked if asked.body] == [
        100, 50, 50, 25, 25, 12, 13, 6, 7, 3, 4,
    ]  # fmt: skip


def test_a_moved_ticket_that_no_half_gives_is_looked_for_key_by_key():
    """Jira showed it a moment ago, so that the halves' silence proves nothing."""
    moved, keys = issue(7, key="OPS-3"), [f"PAY-{n}" for n in range(5, 10)]
    singly = [Say(body=moved) if key == "PAY-7" else Say(404, {}) for key in keys]
    found, _ = read(lambda r: r.tickets(keys), fetched(moved), fetched(), fetched(), *singly)
    assert {name: ticket.key for name, ticket in found.items()} == {"PAY-7": "OPS-3"}


def test_keys_left_over_beside_another_project_are_asked_for_once_more():
    """The new key's answer hides that the old key has one; without it the old key is found."""
    moved = issue(7, key="OPS-3")
    answers = (fetched(moved), fetched(moved), Say(body=moved))
    found, script = read(lambda r: r.tickets(["OPS-3", "PAY-7"]), *answers)
    assert {name: ticket.key for name, ticket in found.items()} == {"OPS-3": "OPS-3", "PAY-7": "OPS-3"}
    assert ["PAY-7"] == script.asked[1].body["issueIdsOrKeys"]


@pytest.mark.parametrize("refs", [["PAY-7", "PAY-8", "10009"], ["10007", "10008"], ["PAY-7", "10008"]])
def test_what_can_be_no_former_key_is_asked_for_once(refs):
    """A ticket keeps its key within its project, and its id for ever."""
    _, script = read(lambda r: r.tickets(refs), fetched(issue(7)))
    assert ["POST /rest/api/3/issue/bulkfetch"] == script.lines


def test_trouble_with_a_ticket_is_not_absence():
    """A ticket that bulkfetch could not give for a passing reason is read singly."""
    trouble = fetched(errors=[{"id": "10007", "errorMessage": "try later"}])
    found, script = read(lambda r: r.tickets(["10007"]), trouble, Say(body=issue(7)))
    assert (found["10007"].key, script.lines[1]) == ("PAY-7", "GET /rest/api/3/issue/10007")


def test_a_hidden_ticket_read_singly_is_left_out():
    """404 on the single read means not visible, and nothing more."""
    found, _ = read(lambda r: r.tickets(["PAY-7"]), fetched(issue(7, key="OPS-3")), Say(404, {}))
    assert found == {}


def test_search_asks_from_the_day_before_and_walks_all_parts():
    """JQL days depend on a zone nobody told us, so the window is a day wider; values are quoted."""
    answers = (
        Say(body={"issues": [issue(7)], "nextPageToken": "t"}),
        Say(body={"issues": [issue(7), issue(8)], "isLast": True}),
    )
    found, script = read(lambda r: list(r.search("PAY", 'a"b', date(2026, 11, 1))), *answers)
    assert [ticket.key for ticket in found] == ["PAY-7", "PAY-8"]
    assert script.asked[0].body["jql"] == (
        'project = "PAY" AND labels = "a\\"b" AND created >= "2026-10-31" ORDER BY created ASC'
    )
    assert script.asked[1].body["nextPageToken"] == "t"


@pytest.mark.parametrize(("issues", "number"), [([], 0), ([{"id": "1", "key": "PAY-412"}], 412)])
def test_the_newest_number_is_the_highest_key(issues, number):
    """The number comes from the first key in key order; an empty project has none."""
    found, script = read(lambda r: r.newest_number("PAY"), Say(body={"issues": issues, "isLast": True}))
    assert found == number
    assert script.asked[0].body["jql"] == 'project = "PAY" ORDER BY key DESC'


def test_a_create_form_lists_fields_with_what_they_allow():
    """The type is found in any case, and each field says whether it must be filled and with what."""
    fields = [
        {"fieldId": "summary", "key": "summary", "name": "Summary", "required": True, "schema": {"type": "string"}},
        {
            "fieldId": "priority",
            "key": "priority",
            "name": "Priority",
            "required": False,
            "hasDefaultValue": True,
            "allowedValues": [{"id": "2", "name": "High"}],
            "schema": {"type": "priority"},
        },
        {
            "fieldId": "customfield_1",
            "key": "customfield_1",
            "name": "Areas",
            "required": False,
            "allowedValues": [{"id": "9", "value": "Core"}],
            "schema": {"type": "array", "items": "option"},
        },
        {
            "fieldId": "customfield_2",
            "key": "customfield_2",
            "name": "Notes",
            "required": False,
            "schema": {"type": "string", "custom": "com.atlassian.jira.plugin.system.customfieldtypes:textarea"},
        },
    ]
    form, script = read(lambda r: r.create_form("PAY", "task"), TYPES, Say(body={"fields": fields, "total": 4}))
    assert form == CreateForm(
        project="PAY",
        type="Task",
        type_id="1",
        fields=(
            FormField("summary", "Summary", required=True, has_default=False, allowed=(), schema="string"),
            FormField(
                "priority", "Priority", required=False, has_default=True, allowed=("High", "2"), schema="priority"
            ),
            FormField(
                "customfield_1",
                "Areas",
                required=False,
                has_default=False,
                allowed=("Core", "9"),
                schema="array/option",
            ),
            FormField(
                "customfield_2", "Notes", required=False, has_default=False, allowed=(), schema="string/textarea"
            ),
        ),
    )
    assert script.lines == [
        "GET /rest/api/3/issue/createmeta/PAY/issuetypes",
        "GET /rest/api/3/issue/createmeta/PAY/issuetypes/1",
    ]


def test_a_type_may_be_named_by_its_id():
    """An id is as good as a name."""
    form, _ = read(lambda r: r.create_form("PAY", "2"), TYPES, Say(body={"fields": [], "total": 0}))
    assert (form.type, form.type_id) == ("Bug", "2")


def test_a_type_that_is_not_there_names_those_that_are():
    """The sentence names the mapping's value, the project and its types."""
    with pytest.raises(ConfigurationError) as failure:
        read(lambda r: r.create_form("PAY", "Story"), TYPES)
    assert failure.value.problems == ("ticket.type: project PAY has no type Story; it has Task (id 1), Bug (id 2)",)


@pytest.mark.parametrize("said", [Say(404, {}), Say(400, {}), Say(403, {}), Say(body={"issueTypes": [], "total": 0})])
def test_a_project_that_is_not_there_for_us(said):
    """Missing, hidden and without the right to create look alike, and the sentence says both."""
    with pytest.raises(ConfigurationError) as failure:
        read(lambda r: r.create_form("NOPE", "Task"), said)
    assert str(failure.value).startswith("ticket.project:")
    assert "NOPE" in str(failure.value)


@pytest.mark.parametrize(
    ("people", "fine"),
    [
        ([{"accountId": "u1", "active": True, "displayName": "Alice"}], Account("u1", "Alice")),
        ([{"accountId": "u1", "displayName": None}], Account("u1", "")),
        ([], None),
        ([{"accountId": "u1", "active": False}], None),
    ],
)
def test_who_may_be_assigned(people, fine):
    """Only an active person under exactly this account id counts, whose name comes along."""
    found, script = read(lambda r: r.assignable("PAY", "u1"), Say(body=people))
    assert found == fine
    assert script.asked[0].query == {"project": "PAY", "accountId": "u1"}


def test_whoami_names_the_account():
    """The account is read from myself."""
    found, _ = read(lambda r: r.whoami(), Say(body={"accountId": "u1", "displayName": "Sync Bot"}))
    assert found == Account("u1", "Sync Bot")


@pytest.mark.parametrize("said", [Say(body={}), Say(401, {}), Say(403, {}), Say(404, {}), Say(204)])
def test_nobody_is_an_access_error(said):
    """Whatever is not a named account stops the pass."""
    with pytest.raises(AccessError):
        read(lambda r: r.whoami(), said)


def test_the_address_for_people_comes_from_server_info():
    """Behind the API gateway the site's address is asked for."""
    with scripted(Say(body={"baseUrl": "https://acme.atlassian.net/"}), product="Jira", context="") as (gateway, _):
        assert people_address(gateway) == "https://acme.atlassian.net"


def create(*answers, drafts=(DRAFT, DRAFT)):
    with scripted(*answers, product="Jira", context="") as (gateway, script):
        return CloudTicketWriter(gateway).create(drafts, FORM, within=60), script


def test_a_draft_is_written_with_its_origin_in_the_same_request():
    """All fields have Jira's shape, the mapping's extras follow the form, and the origin travels along."""
    made, script = create(MADE)
    assert made == (Created("1", "PAY-1"), Created("2", "PAY-2"))
    assert script.lines == ["POST /rest/api/3/issue/bulk"]
    assert script.asked[0].body["issueUpdates"][0] == {
        "fields": {
            "project": {"key": "PAY"},
            "issuetype": {"id": "10001"},
            "summary": "Add an alarm",
            "description": {
                "type": "doc",
                "version": 1,
                "content": [{"type": "paragraph", "content": [{"type": "text", "text": "From the page"}]}],
            },
            "assignee": {"accountId": "u1"},
            "duedate": "2026-12-01",
            "priority": {"name": "High"},
            "labels": ["post-mortem-action"],
            "parent": {"key": "PAY-100"},
            "customfield_1": [{"value": "Core"}],
            "customfield_2": {
                "type": "doc",
                "version": 1,
                "content": [
                    {
                        "type": "paragraph",
                        "content": [
                            {"type": "text", "text": "two"},
                            {"type": "hardBreak"},
                            {"type": "text", "text": "lines"},
                        ],
                    }
                ],
            },
            "customfield_3": 5,
        },
        "properties": [{"key": "postmortem-sync", "value": to_json(ORIGIN)}],
    }


def test_what_a_draft_leaves_open_is_not_sent():
    """Absent values are absent in the request, so that Jira's own defaults apply."""
    bare = replace(DRAFT, description=(), assignee=None, due=None, priority=None, labels=(), parent=None, fields=())
    _, script = create(Say(201, {"issues": [{"id": "1", "key": "PAY-1"}]}), drafts=(bare,))
    assert sorted(script.asked[0].body["issueUpdates"][0]["fields"]) == ["issuetype", "project", "summary"]


def test_a_priority_in_digits_is_an_id():
    """A mapping may name a priority by its id, which no rename changes."""
    _, script = create(Say(201, {"issues": [{"id": "1", "key": "P-1"}]}), drafts=(replace(DRAFT, priority="2"),))
    assert script.asked[0].body["issueUpdates"][0]["fields"]["priority"] == {"id": "2"}


def test_all_refused_is_told_apart_draft_by_draft():
    """A 400 that lists every draft refuses each with its own reason."""
    errors = [
        {"status": 400, "failedElementNumber": n, "elementErrors": {"errors": {"assignee": f"no {n}"}}} for n in (0, 1)
    ]
    made, _ = create(Say(400, {"issues": [], "errors": errors}))
    assert made == tuple(Refused((("assignee", f"no {n}"),), f"assignee: no {n}") for n in (0, 1))


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (Say(400, {"errorMessages": ["INVALID_INPUT"], "errors": {}}), "INVALID_INPUT"),
        (Say(400, raw=b"<html>", kind="text/html"), "without a reason"),
        (Say(403, {"errorMessages": ["no right"]}), "no right"),
        (Say(413, {"message": "too large"}), "too large"),
    ],
)
def test_a_request_refused_as_a_whole_made_nothing(said, message):
    """Nothing was made, and no single draft is to blame, in Jira's words."""
    made, script = create(said)
    assert [type(answer) for answer in made] == [NotMade, NotMade]
    assert all(message in answer.message for answer in made)
    assert len(script.asked) == 1


@pytest.mark.parametrize("said", [Say(503), Say(500, {}), Say(201, cut=Cut.BEFORE_ANSWER), Say(201, raw=b'{"iss')])
def test_a_lost_answer_is_unknown_for_every_draft(said):
    """A create without a usable answer is sent once and may have happened."""
    made, script = create(said, MADE)
    assert [type(answer) for answer in made] == [Unknown, Unknown]
    assert len(script.asked) == 1


def test_a_create_is_repeated_after_429():
    """429 proves that nothing was made."""
    made, script = create(Say(429, headers={"Retry-After": "1"}), MADE)
    assert (len(made), len(script.asked)) == (2, 2)


def test_a_create_as_somebody_else_stops_the_pass():
    """Refused credentials are no refusal of a ticket."""
    with pytest.raises(AccessError):
        create(Say(401, {}))


def test_no_drafts_take_no_request():
    """Nothing to create is nothing to send."""
    made, script = create(drafts=())
    assert (made, script.asked) == ((), [])


@pytest.mark.parametrize("odd", [None, "PAY-7", [7]])
def test_an_id_that_is_no_number_is_one_sentence(odd):
    """It is told, and brings nothing down."""
    said = Say(body={"issues": [{"id": odd}], "isLast": True})
    with pytest.raises(RemoteError, match="a search for ids was not understood"):
        read(lambda r: r.open_ids(["x"], date(2026, 1, 2)), said)
    with pytest.raises(RemoteError, match="a ticket was not understood"):
        read(lambda r: r.tickets(["10007"]), fetched({**issue(7), "id": odd}))


def test_an_answer_of_another_shape_is_one_sentence():
    """A search that answers something else fails with a sentence."""
    with pytest.raises(RemoteError):
        read(lambda r: r.newest_number("PAY"), Say(body=[]))


@pytest.mark.parametrize(
    ("schema", "value", "sent"),
    [
        ("string", 5, "5"),
        (
            "string/textarea",
            "x",
            {
                "type": "doc",
                "version": 1,
                "content": [{"type": "paragraph", "content": [{"type": "text", "text": "x"}]}],
            },
        ),
        ("option", "Core", {"value": "Core"}),
        ("array/option", ["Core", "Edge"], [{"value": "Core"}, {"value": "Edge"}]),
        ("array/string", "one", ["one"]),
        ("array/component", ["API", "10001"], [{"name": "API"}, {"id": "10001"}]),
        ("user", "u1", {"accountId": "u1"}),
        ("group", "admins", {"name": "admins"}),
        ("number", 5, 5),
        ("option", {"id": "9"}, {"id": "9"}),
        ("", "as it is", "as it is"),
        ("any", "as it is", "as it is"),
    ],
)
def test_a_field_of_the_mapping_gets_the_shape_its_form_asks_for(schema, value, sent):
    """Plain values are wrapped by the kind of field; ready-made objects and unknown kinds stay as they are."""
    form = replace(
        FORM, fields=(FormField("customfield_9", "X", required=False, has_default=False, allowed=(), schema=schema),)
    )
    draft = replace(DRAFT, fields=(("customfield_9", value),))
    assert issue_update(draft, form, DIALECT)["fields"]["customfield_9"] == sent


def test_a_field_that_is_not_on_the_form_is_sent_as_it_is():
    """What the form does not know is left for Jira to judge."""
    draft = replace(DRAFT, fields=(("customfield_77", "x"),))
    assert issue_update(draft, FORM, DIALECT)["fields"]["customfield_77"] == "x"


def test_two_types_of_one_name_need_the_id():
    """A name that two types share is refused, with the ids to choose from."""
    types = Say(body={"issueTypes": [{"id": "1", "name": "Task"}, {"id": "2", "name": "task"}], "total": 2})
    with pytest.raises(ConfigurationError) as failure:
        read(lambda r: r.create_form("PAY", "Task"), types)
    assert "Task (id 1), task (id 2)" in str(failure.value)


def test_a_fault_of_jira_is_no_fault_of_the_mapping():
    """A form that cannot be read for another reason is a failed request."""
    with pytest.raises(RemoteError):
        read(lambda r: r.create_form("PAY", "Task"), Say(500, {}))


def test_the_reader_knows_its_site_and_the_time():
    """The site has no slash at the end, and the time is the server's."""
    with scripted(Say(body={}, headers={"Date": "Tue, 01 Jan 2030 10:00:00 GMT"}), product="Jira") as (gateway, _):
        gateway.get("x")
        reader = CloudTicketReader(gateway, SITE + "/")
        assert (reader.site, reader.now().year) == (SITE, 2030)
