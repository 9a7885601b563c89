"""What Jira of the sandbox's Data Center answers, its refusals above all."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.datacenter_site import Site, datacenter_site
from worker.sandbox.issues import EPIC_LINK, EPIC_NAME
from worker.sandbox.settings import Settings

TYPES = "issue/createmeta/PAY/issuetypes"


def refused(answer: Any) -> tuple[int, list[str]]:
    """The status, and which fields are objected to."""
    return answer.status_code, sorted(answer.json()["errors"])


# -- creating ------------------------------------------------------------------------------------------------------


def test_an_issue_is_created_whole(datacenter: Site) -> None:
    """Fields by Data Center's names, and the entity property in the same request."""
    fields = {
        "project": {"key": "PAY"}, "issuetype": {"name": "Task"}, "summary": "Add an alert", "labels": ["a"],
        "description": "h2. Why\n* one", "assignee": {"name": "alice"}, "priority": {"name": "High"},
        "duedate": "2027-01-15",
    }  # fmt: skip
    sent = {"fields": fields, "properties": [{"key": "postmortem-sync", "value": {"v": 1}}]}
    made = datacenter.jira("POST", "issue", sent)
    read = datacenter.jira.get("issue/PAY-1", properties="postmortem-sync")

    assert (made.status_code, made.json()["key"]) == (201, "PAY-1")
    assert read["properties"] == {"postmortem-sync": {"v": 1}}
    assert read["fields"]["description"] == "h2. Why\n* one"
    who = read["fields"]["assignee"]
    assert (who["name"], who["key"]) == ("alice", datacenter.person("Alice Moreau").jira_key)
    assert "accountId" not in who
    assert {"statusCategory", "parent"}.isdisjoint(read["fields"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("assignee", {"name": "nobody"}), ("assignee", {"name": "noor"}), ("assignee", {"name": "ines"}),
        ("assignee", "alice"), ("assignee", {"accountId": "557058:11110000-0000-4000-8000-00000000a11c"}), ("description", {"type": "doc", "version": 1, "content": []}),
        ("description", "x" * 32_768), ("summary", "a\nb"), ("summary", "x" * 256), ("duedate", "15.1.2027"),
        ("labels", ["a b"]), ("priority", {"name": "Urgent"}), ("customfield_9", "x"), ("parent", {"key": "PAY-1"}),
        (EPIC_LINK, "PAY-77"), ("issuetype", {"name": "Story"}), ("project", {"key": "NOPE"}),
    ],
)  # fmt: skip
def test_a_field_that_is_wrong_is_named(datacenter: Site, field: str, value: object) -> None:
    """And nothing is made."""
    assert refused(datacenter.create(**{field: value})) == (400, [field])
    assert datacenter.sandbox.jira.issues == {}


def test_an_epic_is_named_by_its_key_in_a_field(datacenter: Site) -> None:
    """The epic itself needs a name, and only an epic can be named."""
    assert refused(datacenter.create(issuetype={"name": "Epic"})) == (400, [EPIC_NAME])
    assert datacenter.create(issuetype={"name": "Epic"}, **{EPIC_NAME: "Resilience"}).status_code == 201
    assert datacenter.create(**{EPIC_LINK: "PAY-1"}).status_code == 201
    assert refused(datacenter.create(**{EPIC_LINK: "PAY-2"})) == (400, [EPIC_LINK])
    assert datacenter.jira.get("issue/PAY-2")["fields"][EPIC_LINK] == "PAY-1"


def test_many_are_created_past_those_that_are_wrong(datacenter: Site) -> None:
    """201 as long as one was made; more than fifty are taken."""

    def update(summary: str) -> dict[str, Any]:
        return {"fields": {"project": {"key": "PAY"}, "issuetype": {"name": "Task"}, "summary": summary}}

    some = datacenter.jira("POST", "issue/bulk", {"issueUpdates": [update("a"), update(""), update("c")]})
    none = datacenter.jira("POST", "issue/bulk", {"issueUpdates": [update(""), update("")]})
    many = datacenter.jira("POST", "issue/bulk", {"issueUpdates": [update(str(n)) for n in range(60)]})

    assert (some.status_code, [each["key"] for each in some.json()["issues"]]) == (201, ["PAY-1", "PAY-2"])
    assert [each["failedElementNumber"] for each in some.json()["errors"]] == [1]
    assert (none.status_code, none.json()["issues"]) == (400, [])
    assert len(many.json()["issues"]) == 60


def test_without_the_right_the_create_screen_is_refused(datacenter: Site) -> None:
    """Cloud would give an empty list; a project that is not there is 400 too."""
    assert [each["name"] for each in datacenter.jira.get(TYPES)["values"]] == ["Task", "Bug", "Epic", "Sub-task"]
    datacenter.sandbox.jira.projects["PAY"].creators = set()

    assert datacenter.jira.status("GET", TYPES) == 400
    assert datacenter.jira.status("GET", f"{TYPES}/10001") == 400
    assert datacenter.jira.status("GET", "issue/createmeta/NOPE/issuetypes") == 400


def test_a_create_screen_comes_in_parts(datacenter: Site) -> None:
    """The last one says so; only a sub-task has a parent, and an Epic Link has the schema of Jira Software."""
    first = datacenter.jira.get(f"{TYPES}/10001", maxResults=3)
    rest = datacenter.jira.get(f"{TYPES}/10001", startAt=3)
    fields = {each["fieldId"]: each for each in (*first["values"], *rest["values"])}

    assert (first["isLast"], rest["isLast"], len(fields)) == (False, True, first["total"])
    assert "parent" not in fields
    assert fields[EPIC_LINK]["schema"]["custom"] == "com.pyxis.greenhopper.jira:gh-epic-link"
    sub_task = datacenter.jira.get(f"{TYPES}/10003")["values"]
    assert [each["required"] for each in sub_task if each["fieldId"] == "parent"] == [True]


# -- finding and reading -------------------------------------------------------------------------------------------


def test_one_missing_key_refuses_a_search_unless_told_not_to(datacenter: Site) -> None:
    """Then it is a warning, by GET and by POST."""
    datacenter.create()
    query = "key in (PAY-1, PAY-9)"
    strict = datacenter.jira("GET", "search", jql=query)
    posted = datacenter.jira("POST", "search", {"jql": query, "validateQuery": False, "fields": ["summary"]}).json()

    assert strict.status_code == 400
    assert strict.json()["errorMessages"] == ["An issue with key 'PAY-9' does not exist for field 'key'."]
    for lenient in (posted, datacenter.jira.get("search", jql=query, validateQuery="false")):
        assert [each["key"] for each in lenient["issues"]] == ["PAY-1"]
        assert lenient["warningMessages"] == ["An issue with key 'PAY-9' does not exist for field 'key'."]


@pytest.mark.parametrize(
    "body",
    [{"jql": "", "properties": ["postmortem-sync"]}, {"jql": "foo = 1"}, {"jql": "assignee = nobody"}, {"jql": 7},
     {"jql": "", "startAt": -1}, {"jql": "", "validateQuery": "false"}, {"jql": "", "nextPageToken": "x"}],
)  # fmt: skip
def test_a_search_that_cannot_be_read_is_400(datacenter: Site, body: dict[str, Any]) -> None:
    """Entity properties and the ways of Cloud are among what it does not know."""
    assert datacenter.jira.status("POST", "search", body) == 400


def test_the_site_caps_what_a_search_gives() -> None:
    """Without a word: the answer says how many it would give at most."""
    with datacenter_site(Settings(jira_most_found=2)) as site:
        for _ in range(3):
            site.create()
        first = site.jira.get("search", jql="project = PAY order by key", maxResults=50)
        rest = site.jira.get("search", jql="project = PAY order by key", maxResults=50, startAt=2)

        assert (first["maxResults"], first["total"], len(first["issues"])) == (2, 3, 2)
        assert [each["key"] for each in rest["issues"]] == ["PAY-3"]
        assert site.jira.get("search", jql="project = PAY", startAt=9)["issues"] == []


def test_people_are_searched_by_user_name(datacenter: Site) -> None:
    """In queries too."""
    datacenter.create(assignee={"name": "alice"})
    datacenter.create()

    assert [each["key"] for each in datacenter.jira.get("search", jql="assignee = alice")["issues"]] == ["PAY-1"]


def test_the_index_is_behind_and_the_store_is_not(datacenter: Site) -> None:
    """What search does not find yet, its key does."""
    datacenter.sandbox.settings.jira_lag_seconds = 60
    datacenter.create()

    assert datacenter.jira.get("search", jql="project = PAY")["total"] == 0
    assert datacenter.jira.get("issue/PAY-1")["key"] == "PAY-1"


def test_issues_of_cloud_routes_are_not_there(datacenter: Site) -> None:
    """No bulk read, no v3, no token search."""
    assert datacenter.jira.status("POST", "issue/bulkfetch", {"issueIdsOrKeys": ["PAY-1"]}) in {404, 405}
    assert datacenter.jira.status("POST", "search/jql", {"jql": ""}) == 404
    assert datacenter.jira.status("GET", "../3/myself") == 404


# -- changing ------------------------------------------------------------------------------------------------------


def test_an_edit_changes_fields_and_properties_at_once(datacenter: Site) -> None:
    """204, and nothing of it when a field is wrong."""
    datacenter.create()
    prop = [{"key": "postmortem-sync", "value": {"v": 1}}]
    wrong = datacenter.jira("PUT", "issue/PAY-1", {"fields": {"assignee": {"name": "noor"}}, "properties": prop})
    assert refused(wrong) == (400, ["assignee"])
    assert datacenter.sandbox.jira.issue("PAY-1").properties == {}
    right = {"fields": {"assignee": {"name": "bob"}, "summary": "Other"}, "properties": prop}

    assert datacenter.jira.status("PUT", "issue/PAY-1", right) == 204
    issue = datacenter.sandbox.jira.issue("PAY-1")
    assert (issue.assignee, issue.summary) == (datacenter.person("Bob Lindqvist").account_id, "Other")
    assert issue.properties == {"postmortem-sync": {"v": 1}}


def test_only_an_admin_keeps_jira_from_telling_people(datacenter: Site) -> None:
    """403, where Cloud passes over the flag."""
    datacenter.create()

    assert datacenter.jira.status("PUT", "issue/PAY-1", {"fields": {"summary": "x"}}, notifyUsers="false") == 403
    assert datacenter.sandbox.jira.issue("PAY-1").summary == "Add an alert"


def test_assigning_takes_a_name_null_or_the_default(datacenter: Site) -> None:
    """An unknown name is refused."""
    datacenter.create()
    names = ("alice", None, "-1", "nobody")

    answers = [datacenter.jira.status("PUT", "issue/PAY-1/assignee", {"name": name}) for name in names]
    assert answers == [204, 204, 204, 400]


def test_steps_of_the_workflow(datacenter: Site) -> None:
    """Those that are open from here; another one is refused."""
    datacenter.create()
    (step,) = datacenter.jira.get("issue/PAY-1/transitions")["transitions"]

    assert (step["name"], step["to"]["statusCategory"]["key"]) == ("Start work", "indeterminate")
    assert datacenter.jira.status("POST", "issue/PAY-1/transitions", {"transition": {"id": "31"}}) == 400
    assert datacenter.jira.status("POST", "issue/PAY-1/transitions", {"transition": {"id": step["id"]}}) == 204


def test_entity_properties_of_an_issue(datacenter: Site) -> None:
    """201 when new, 200 when replaced, 404 when gone."""
    datacenter.create()
    path = "issue/PAY-1/properties/p"

    assert [datacenter.jira.status("PUT", path, {"v": n}) for n in (1, 2)] == [201, 200]
    assert datacenter.jira.get(path) == {"key": "p", "value": {"v": 2}}
    assert [datacenter.jira.status("DELETE", path) for _ in range(2)] == [204, 404]


def test_a_comment_is_text(datacenter: Site) -> None:
    """A document is refused."""
    datacenter.create()

    assert datacenter.jira.status("POST", "issue/PAY-1/comment", {"body": "Done, *really*"}) == 201
    assert datacenter.jira.status("POST", "issue/PAY-1/comment", {"body": {"type": "doc"}}) == 400
    assert datacenter.jira.get("issue/PAY-1/comment")["comments"][0]["body"] == "Done, *really*"


# -- people, permissions, the site ---------------------------------------------------------------------------------


def test_who_can_be_assigned_is_asked_by_the_beginning_of_a_name(datacenter: Site) -> None:
    """Visitors and deactivated accounts are not among them; a hundred are the most."""

    def names(**params: str) -> list[str]:
        return [each["name"] for each in datacenter.jira.get("user/assignable/search", **params)]

    assert names(project="PAY", username="al") == ["alice"]
    assert names(project="PAY", username="noor") == names(project="PAY", username="ines") == []
    assert len(names(project="PAY", maxResults="3")) == 3
    assert datacenter.jira.status("GET", "user/assignable/search", username="al") == 400
    assert datacenter.jira.status("GET", "user/assignable/search", project="NOPE", username="al") == 404


@pytest.mark.parametrize(
    ("wanted", "status"), [({"username": "alice"}, 200), ({"username": "x"}, 404), ({}, 400)]
)  # fmt: skip
def test_one_person(datacenter: Site, wanted: dict[str, str], status: int) -> None:
    """By user name or key, and not by both or neither."""
    assert datacenter.jira.status("GET", "user", **wanted) == status
    key = datacenter.person("Ines Former").jira_key
    assert datacenter.jira.get("user", key=key)["active"] is False


def test_permissions_are_told_all_at_once(datacenter: Site) -> None:
    """For a project; one that is not there is 404."""
    datacenter.sandbox.jira.projects["PAY"].editors = set()
    told = datacenter.jira.get("mypermissions", projectKey="PAY")["permissions"]

    assert (told["CREATE_ISSUES"]["havePermission"], told["EDIT_ISSUES"]["havePermission"]) == (True, False)
    assert datacenter.jira.status("GET", "mypermissions", projectKey="NOPE") == 404


def test_jira_read_only_lets_nobody_write(datacenter: Site) -> None:
    """Reading and searching go on, and the mode is told."""
    datacenter.create()
    datacenter.sandbox.settings.jira_read_only = True
    writes = (
        datacenter.create(),
        datacenter.jira("POST", "issue/bulk", {"issueUpdates": [{}]}),
        datacenter.jira("PUT", "issue/PAY-1", {"fields": {"summary": "x"}}),
    )

    assert [answer.status_code for answer in writes] == [405, 405, 405]
    assert datacenter.jira.get("readonly-mode")["enabled"] is True
    assert datacenter.jira("POST", "search", {"jql": "project = PAY"}).json()["total"] == 1


def test_what_answers(datacenter: Site) -> None:
    """A Server of 10.3 below its context path, told to anybody."""
    told = datacenter.caller("jira", None).get("serverInfo")

    assert (told["deploymentType"], told["version"]) == ("Server", "10.3.24")
    assert told["baseUrl"] == datacenter.sandbox.jira_url
