"""The sandbox's Jira: what it takes and refuses when tickets are created and changed."""

from __future__ import annotations

import pytest


def adf(text="Because."):
    return {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}],
    }


def fields(**more):
    return {"project": {"key": "PAY"}, "issuetype": {"name": "Task"}, "summary": "Add an alert", **more}


def create(worker, **more):
    return worker("POST", "/rest/api/3/issue", {"fields": fields(**more)})


@pytest.fixture
def ticket(worker):
    """The key of a ticket."""
    return create(worker).json()["key"]


def read(worker, key, **params):
    return worker.get(f"/rest/api/3/issue/{key}", **params)["fields"]


def test_a_created_ticket_has_all_that_was_sent(worker, alice):
    """Every field of the create screen and the entity properties are there in the next read."""
    sent = fields(
        description=adf(),
        assignee={"accountId": alice},
        duedate="2026-12-24",
        priority={"name": "High"},
        labels=["one", "two"],
        customfield_10010="Platform",
    )
    answer = worker("POST", "/rest/api/3/issue", {"fields": sent, "properties": [{"key": "origin", "value": {"v": 1}}]})
    assert (201, "PAY-1") == (answer.status_code, answer.json()["key"])
    bean = worker.get("/rest/api/3/issue/PAY-1", properties="origin")
    got = bean["fields"]
    assert {"v": 1} == bean["properties"]["origin"]
    assert (adf(), alice, "2026-12-24") == (got["description"], got["assignee"]["accountId"], got["duedate"])
    assert ("High", ["one", "two"], "Platform") == (got["priority"]["name"], got["labels"], got["customfield_10010"])
    assert ("To Do", "new") == (got["status"]["name"], got["status"]["statusCategory"]["key"])


def test_the_projects_defaults_fill_what_was_left_out(sandbox, worker, alice):
    """Priority and assignee come from the project, unless they are named."""
    sandbox.jira.projects["PAY"].default_assignee = alice
    key = create(worker).json()["key"]
    got = read(worker, key)
    assert ("Medium", alice) == (got["priority"]["name"], got["assignee"]["accountId"])
    other = create(worker, assignee=None).json()["key"]
    assert read(worker, other)["assignee"] is None


@pytest.mark.parametrize(
    ("wrong", "field", "text"),
    [
        ({"summary": " "}, "summary", "You must specify a summary of the issue."),
        ({"summary": "a\nb"}, "summary", "The summary is invalid because it contains newline characters."),
        ({"summary": "\U0001f600" * 128}, "summary", "Summary must be less than 255 characters."),
        ({"duedate": "24.12.2026"}, "duedate", "Error parsing date string: 24.12.2026"),
        ({"duedate": "2026-02-30"}, "duedate", "Error parsing date string: 2026-02-30"),
        ({"labels": ["two words"]}, "labels", "The label 'two words' contains spaces which is invalid."),
        ({"priority": {"name": "P1"}}, "priority", "The priority selected is invalid."),
        ({"assignee": {"accountId": "nobody"}}, "assignee", "User 'nobody' does not exist."),
        (
            {"description": "plain"},
            "description",
            "Operation value must be an Atlassian Document (see the Atlassian Document Format)",
        ),
        (
            {"description": adf("x" * 32_768)},
            "description",
            "The entered text is too long. It exceeds the allowed limit of 32,767 characters.",
        ),
        (
            {"reporter": {"accountId": "x"}},
            "reporter",
            "Field 'reporter' cannot be set. It is not on the appropriate screen, or unknown.",
        ),
        (
            {"customfield_1": 1},
            "customfield_1",
            "Field 'customfield_1' cannot be set. It is not on the appropriate screen, or unknown.",
        ),
        ({"customfield_10010": 1}, "customfield_10010", "Operation value must be a string"),
        ({"parent": {"key": "PAY-99"}}, "parent", "Could not find issue by id or key."),
        ({"issuetype": {"name": "Story"}}, "issuetype", "Specify a valid issue type"),
        (
            {"issuetype": {"name": "Sub-task"}},
            "parent",
            "Issue type is a sub-task but parent issue key or id not specified.",
        ),
        ({"project": {"key": "NOPE"}}, "project", "valid project is required"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_made(sandbox, worker, wrong, field, text):
    """A field that Jira does not take is 400 under its id, and no ticket exists afterwards."""
    answer = create(worker, **wrong)
    assert (400, {field: text}) == (answer.status_code, answer.json()["errors"])
    assert {} == sandbox.jira.issues


def test_a_summary_of_255_units_is_taken(worker):
    """The limit counts UTF-16 units and includes its last one."""
    assert 201 == create(worker, summary="x" * 255).status_code
    assert 201 == create(worker, summary="\U0001f600" * 127).status_code


@pytest.mark.parametrize(
    "document",
    [
        {"type": "doc", "content": []},
        {"type": "doc", "version": "1", "content": []},
        {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": ""}]}]},
        {"type": "doc", "version": 1, "content": [{"type": "text", "text": "x"}]},
        {"type": "doc", "version": 1, "content": [{"type": "marquee"}]},
        {"type": "doc", "version": 1, "content": [{"type": "bulletList", "content": []}]},
        {
            "type": "doc",
            "version": 1,
            "content": [{"type": "paragraph", "content": [{"type": "text", "text": "x", "marks": [{"type": "link"}]}]}],
        },
        {
            "type": "doc",
            "version": 1,
            "content": [
                {"type": "paragraph", "content": [{"type": "text", "text": "x", "marks": [{"type": "blink"}]}]}
            ],
        },
        {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "inlineCard"}]}]},
    ],
)
def test_a_document_with_an_unknown_part_is_refused(worker, document):
    """Unknown, empty or misplaced nodes and marks are refused, not ignored."""
    answer = create(worker, description=document)
    assert (400, ["INVALID_INPUT"]) == (answer.status_code, answer.json()["errorMessages"])


def test_an_empty_document_and_an_empty_paragraph_are_taken(worker):
    """A document may hold nothing."""
    assert 201 == create(worker, description={"type": "doc", "version": 1, "content": []}).status_code
    assert (
        201 == create(worker, description={"type": "doc", "version": 1, "content": [{"type": "paragraph"}]}).status_code
    )


@pytest.mark.parametrize("name", ["Ines Former", "Noor Visiting"])
def test_who_may_not_be_assigned_refuses_the_whole_create(sandbox, worker, name):
    """A deactivated person and one without the permission cannot be assigned."""
    account = sandbox.world.people.named(name).account_id
    answer = create(worker, assignee={"accountId": account})
    assert (400, {"assignee": f"User '{account}' cannot be assigned issues."}) == (
        answer.status_code,
        answer.json()["errors"],
    )


def test_a_required_field_and_one_off_the_screen_are_refused(sandbox, worker):
    """What an admin made required must be there, what was taken off the screen must not."""
    sandbox.run(lambda: sandbox.jira.require_field("PAY", "Task", "customfield_10010"))
    sandbox.run(lambda: sandbox.jira.remove_from_screen("PAY", "Task", "duedate"))
    errors = create(worker, duedate="2026-12-24").json()["errors"]
    assert {
        "customfield_10010": "Team is required.",
        "duedate": "Field 'duedate' cannot be set. It is not on the appropriate screen, or unknown.",
    } == errors


def test_the_create_screen_tells_what_creating_takes(sandbox, worker):
    """Types and fields are listed with what is required, paged, and at most 200 at a time."""
    sandbox.run(lambda: sandbox.jira.require_field("PAY", "Task", "customfield_10010"))
    types = worker.get("/rest/api/3/issue/createmeta/PAY/issuetypes")["issueTypes"]
    task = next(each["id"] for each in types if each["name"] == "Task")
    path = f"/rest/api/3/issue/createmeta/PAY/issuetypes/{task}"
    screen = {each["fieldId"]: each for each in worker.get(path)["fields"]}
    assert (True, False) == (screen["customfield_10010"]["required"], screen["customfield_10010"]["hasDefaultValue"])
    assert ["Highest", "High", "Medium", "Low", "Lowest"] == [
        each["name"] for each in screen["priority"]["allowedValues"]
    ]
    assert (2, 10) == (len(worker.get(path, startAt=8)["fields"]), worker.get(path, startAt=8)["total"])
    assert 400 == worker("GET", path, maxResults=201).status_code
    assert 404 == worker("GET", "/rest/api/3/issue/createmeta/NOPE/issuetypes").status_code


def test_without_the_right_to_create_nothing_is_offered_or_made(sandbox, worker, alice):
    """The create screen is empty and a create is refused under the project."""
    sandbox.jira.projects["PAY"].creators = {alice}
    assert [] == worker.get("/rest/api/3/issue/createmeta/PAY/issuetypes")["issueTypes"]
    assert {"project"} == create(worker).json()["errors"].keys()
    asked = worker.get("/rest/api/3/mypermissions", projectKey="PAY", permissions="CREATE_ISSUES,BROWSE_PROJECTS")
    assert [False, True] == [
        asked["permissions"][name]["havePermission"] for name in ("CREATE_ISSUES", "BROWSE_PROJECTS")
    ]


def test_a_bulk_create_makes_what_it_can_in_order(worker):
    """201 with the successes in input order, and each failure under its place."""
    updates = [{"fields": fields(summary=f"No {n}", **({"duedate": "x"} if n == 1 else {}))} for n in range(3)]
    answer = worker("POST", "/rest/api/3/issue/bulk", {"issueUpdates": updates})
    made = [read(worker, each["key"])["summary"] for each in answer.json()["issues"]]
    (error,) = answer.json()["errors"]
    assert (201, ["No 0", "No 2"]) == (answer.status_code, made)
    assert (1, 400, {"duedate": "Error parsing date string: x"}) == (
        error["failedElementNumber"],
        error["status"],
        error["elementErrors"]["errors"],
    )


def test_a_bulk_create_that_makes_nothing_is_400(worker):
    """When every element failed the answer is 400, with the same errors."""
    answer = worker("POST", "/rest/api/3/issue/bulk", {"issueUpdates": [{"fields": fields(duedate="x")}]})
    assert (400, [], 1) == (answer.status_code, answer.json()["issues"], len(answer.json()["errors"]))


@pytest.mark.parametrize("count", [0, 51])
def test_a_bulk_create_takes_1_to_50(sandbox, worker, count):
    """No element or more than 50 are refused as a whole."""
    answer = worker("POST", "/rest/api/3/issue/bulk", {"issueUpdates": [{"fields": fields()}] * count})
    assert (400, {}) == (answer.status_code, sandbox.jira.issues)


def test_an_edit_changes_only_what_it_names_and_mails_once(sandbox, worker, ticket, alice):
    """An edit leaves other fields alone, takes properties along, and is silent when nothing differs."""
    sandbox.run(lambda: sandbox.jira.assign(ticket, alice))
    sandbox.jira.mails.clear()
    body = {"fields": {"duedate": "2026-12-24"}, "properties": [{"key": "origin", "value": 2}]}
    for _ in range(2):
        assert 204 == worker("PUT", f"/rest/api/3/issue/{ticket}", body, notifyUsers="false").status_code
    got = worker.get(f"/rest/api/3/issue/{ticket}", properties="origin")
    assert ("2026-12-24", "Add an alert", 2) == (
        got["fields"]["duedate"],
        got["fields"]["summary"],
        got["properties"]["origin"],
    )
    assert [alice] == [mail.to for mail in sandbox.jira.mails]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"fields": {}},
        {"fields": {"summary": ""}},
        {"fields": {"project": {"key": "OPS"}}},
        {"fields": {"status": {"name": "Done"}}},
        [],
    ],
)
def test_a_wrong_edit_is_refused(worker, ticket, body):
    """An empty edit, an empty summary and fields that an edit cannot set are 400."""
    assert 400 == worker("PUT", f"/rest/api/3/issue/{ticket}", body).status_code


def test_assigning_takes_a_person_nobody_or_the_default(sandbox, worker, ticket, alice):
    """An account id, null and -1 are three different wishes; an unknown person is 400."""
    sandbox.jira.projects["PAY"].default_assignee = sandbox.world.people.named("Carla Nunes").account_id
    seen = []
    for wish in (alice, None, "-1"):
        assert 204 == worker("PUT", f"/rest/api/3/issue/{ticket}/assignee", {"accountId": wish}).status_code
        seen.append((read(worker, ticket)["assignee"] or {}).get("displayName"))
    assert ["Alice Moreau", None, "Carla Nunes"] == seen
    assert 400 == worker("PUT", f"/rest/api/3/issue/{ticket}/assignee", {"accountId": "nobody"}).status_code


def test_unassigned_can_be_forbidden(sandbox, worker, ticket):
    """Where the project demands an assignee, null is 400."""
    sandbox.jira.projects["PAY"].allow_unassigned = False
    assert 400 == worker("PUT", f"/rest/api/3/issue/{ticket}/assignee", {"accountId": None}).status_code


def test_the_workflow_offers_only_the_steps_from_here(worker, ticket):
    """A ticket goes to done in steps, and an illegal step is 400 and changes nothing."""

    def steps():
        return {
            each["to"]["name"]: each["id"]
            for each in worker.get(f"/rest/api/3/issue/{ticket}/transitions")["transitions"]
        }

    def go(step):
        return worker("POST", f"/rest/api/3/issue/{ticket}/transitions", {"transition": {"id": step}}).status_code

    assert {"In Progress"} == steps().keys()
    assert 400 == go("31")
    assert 204 == go(steps()["In Progress"])
    assert {"In Review", "Done"} == steps().keys()
    assert 204 == go(steps()["Done"])
    got = read(worker, ticket)
    assert ("done", True) == (got["status"]["statusCategory"]["key"], got["resolutiondate"] is not None)
    assert 204 == go(steps()["To Do"])
    assert read(worker, ticket)["resolution"] is None


def test_without_the_right_to_edit_nothing_can_be_changed(sandbox, worker, ticket, alice):
    """An edit, an assignment and a property are 403; steps are offered, for they take another permission."""
    sandbox.jira.projects["PAY"].editors = {alice}
    path = f"/rest/api/3/issue/{ticket}"
    assert 403 == worker("PUT", path, {"fields": {"summary": "x"}}).status_code
    assert 403 == worker("PUT", f"{path}/assignee", {"accountId": alice}).status_code
    assert 403 == worker("PUT", f"{path}/properties/p", 1).status_code
    assert ["Start work"] == [each["name"] for each in worker.get(f"{path}/transitions")["transitions"]]


def test_each_permission_is_kept_by_itself(sandbox, worker, ticket, alice):
    """Without its permission a step is not offered, and assignee and due date are on no screen."""
    project = sandbox.jira.projects["PAY"]
    project.movers = project.assigners = project.schedulers = {alice}
    path = f"/rest/api/3/issue/{ticket}"

    assert [] == worker.get(f"{path}/transitions")["transitions"]
    assert 400 == worker("PUT", path, {"fields": {"duedate": "2026-12-01"}}).status_code
    assert 400 == worker("PUT", path, {"fields": {"assignee": {"accountId": alice}}}).status_code
    assert 403 == worker("PUT", f"{path}/assignee", {"accountId": alice}).status_code
    fields = worker.get("/rest/api/3/issue/createmeta/PAY/issuetypes/10001")["fields"]
    assert set() == {"assignee", "duedate"} & {each["fieldId"] for each in fields}
    asked = "EDIT_ISSUES,ASSIGN_ISSUES,SCHEDULE_ISSUES,TRANSITION_ISSUES"
    held = worker.get("/rest/api/3/mypermissions", projectKey="PAY", permissions=asked)["permissions"]
    assert ["EDIT_ISSUES"] == [name for name, each in held.items() if each["havePermission"]]


def test_entity_properties_are_set_read_and_removed(worker, ticket):
    """A new property is 201, a replaced one 200, a missing one 404, one that is too large 400."""
    path = f"/rest/api/3/issue/{ticket}/properties"
    assert [201, 200] == [worker("PUT", f"{path}/state", {"n": n}).status_code for n in (1, 2)]
    assert {"key": "state", "value": {"n": 2}} == worker.get(f"{path}/state")
    assert ["state"] == [each["key"] for each in worker.get(path)["keys"]]
    assert 400 == worker("PUT", f"{path}/big", "x" * 32_768).status_code
    assert [204, 404] == [worker("DELETE", f"{path}/state").status_code for _ in range(2)]
    assert 404 == worker("GET", f"{path}/state").status_code


def test_comments_are_documents(worker, ticket):
    """A comment is kept as its document; plain text is 400."""
    assert 201 == worker("POST", f"/rest/api/3/issue/{ticket}/comment", {"body": adf()}).status_code
    assert 400 == worker("POST", f"/rest/api/3/issue/{ticket}/comment", {"body": "plain"}).status_code
    assert [adf()] == [each["body"] for each in worker.get(f"/rest/api/3/issue/{ticket}/comment")["comments"]]


def test_labels_can_be_added_one_by_one(worker):
    """An update adds and removes labels and leaves the others; naming a field twice is 400."""
    key = create(worker, labels=["one", "two"]).json()["key"]
    body = {"update": {"labels": [{"add": "three"}, {"remove": "one"}]}}
    assert 204 == worker("PUT", f"/rest/api/3/issue/{key}", body).status_code
    assert ["two", "three"] == read(worker, key)["labels"]
    assert 400 == worker("PUT", f"/rest/api/3/issue/{key}", {**body, "fields": {"labels": []}}).status_code


def test_a_parent_is_one_level_above(worker, ticket):
    """A task goes below an epic, not below another task."""
    epic = create(worker, issuetype={"name": "Epic"}).json()["key"]
    assert 201 == create(worker, parent={"key": epic}).status_code
    assert 400 == create(worker, parent={"key": ticket}).status_code
