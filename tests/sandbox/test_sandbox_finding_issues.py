"""The sandbox's Jira: how tickets are found, by id, by key and by query."""

from __future__ import annotations

import pytest


@pytest.fixture
def made(sandbox):
    """Makes tickets as people do; gives their keys."""
    jira, worker = sandbox.jira, sandbox.world.worker.account_id

    def make(*summaries, project="PAY", **values):
        values = {"type": "10001", **values}
        return [
            sandbox.run(
                lambda s=s: jira.create(jira.projects[project], worker, {"summary": s, **values}, {"origin": s})
            ).key
            for s in summaries
        ]

    return make


def fetch(worker, *refs, **more):
    answer = worker(
        "POST", "/rest/api/3/issue/bulkfetch", {"issueIdsOrKeys": list(refs), "fields": ["summary"], **more}
    )
    assert answer.status_code == 200, answer.text
    return [issue["key"] for issue in answer.json()["issues"]]


def test_bulkfetch_orders_by_id_and_leaves_out_what_is_not_there(sandbox, worker, made):
    """Ids and keys may be mixed in any case; missing and hidden tickets are absent without an error."""
    one, two, hidden = made("One", "Two", "Hidden")
    number = str(sandbox.jira.issue(one).id)
    sandbox.run(lambda: sandbox.jira.hide(hidden, sandbox.world.worker.account_id))
    assert [one, two] == fetch(worker, two.lower(), number, one, hidden, "PAY-99", "nonsense")


def test_bulkfetch_gives_the_properties_asked_for(worker, made):
    """Entity properties come along, those that are not there are left out."""
    made("One")
    answer = worker(
        "POST", "/rest/api/3/issue/bulkfetch", {"issueIdsOrKeys": ["PAY-1"], "properties": ["origin", "other"]}
    )
    (bean,) = answer.json()["issues"]
    assert {"origin": "One"} == bean["properties"]
    assert "comment" not in bean["fields"]


@pytest.mark.parametrize(
    "body",
    [
        {"issueIdsOrKeys": []},
        {"issueIdsOrKeys": ["PAY-1"] * 101},
        {"issueIdsOrKeys": ["PAY-1"], "properties": list("abcdef")},
        {},
    ],
)
def test_bulkfetch_has_its_limits(worker, body):
    """None, more than 100 tickets or more than five properties are 400."""
    assert 400 == worker("POST", "/rest/api/3/issue/bulkfetch", body).status_code


def test_a_moved_ticket_answers_to_its_old_key(sandbox, worker, made):
    """A move gives a new key and keeps the id; the old key still leads there."""
    (old,) = made("One")
    number = sandbox.jira.issue(old).id
    new = sandbox.run(lambda: sandbox.jira.move_issue(old, "OPS"))
    assert "OPS-1" == new
    assert (str(number), new) == tuple(worker.get(f"/rest/api/3/issue/{old}")[name] for name in ("id", "key"))
    assert [new] == fetch(worker, old)


def test_hidden_deleted_and_missing_tickets_look_the_same(sandbox, worker, made):
    """All three are 404 with one text."""
    hidden, deleted = made("One", "Two")
    sandbox.run(lambda: sandbox.jira.hide(hidden, sandbox.world.worker.account_id))
    sandbox.run(lambda: sandbox.jira.delete_issue(deleted))
    answers = [worker("GET", f"/rest/api/3/issue/{key}") for key in (hidden, deleted, "PAY-99")]
    assert [404, 404, 404] == [answer.status_code for answer in answers]
    assert 1 == len({answer.text for answer in answers})


def test_a_deleted_key_is_never_used_again(sandbox, made):
    """Numbers of a project only grow."""
    made("One", "Two")
    sandbox.run(lambda: sandbox.jira.delete_issue("PAY-2"))
    assert ["PAY-3"] == made("Three")


def test_a_clone_copies_properties_only_when_asked(sandbox, made):
    """A cloned ticket is new, and carries the original's properties where an app copies them."""
    (key,) = made("One")
    plain = sandbox.run(lambda: sandbox.jira.clone_issue(key))
    whole = sandbox.run(lambda: sandbox.jira.clone_issue(key, with_properties=True))
    assert ({}, {"origin": "One"}, "CLONE - One") == (plain.properties, whole.properties, whole.summary)


@pytest.mark.parametrize(
    ("jql", "found"),
    [
        ("project = PAY", ["PAY-3", "PAY-2", "PAY-1"]),
        ("project = pay ORDER BY key ASC", ["PAY-1", "PAY-2", "PAY-3"]),
        ("project in (PAY, OPS) ORDER BY id", ["PAY-1", "PAY-2", "PAY-3", "OPS-1"]),
        ('project = PAY AND labels = "post-mortem"', ["PAY-2", "PAY-1"]),
        ('project = PAY AND labels not in ("post-mortem")', []),
        ("project = PAY AND labels is EMPTY", ["PAY-3"]),
        ("project = PAY AND (key = PAY-1 OR key = PAY-3)", ["PAY-3", "PAY-1"]),
        ("key in (PAY-1, OPS-1) AND NOT project = OPS", ["PAY-1"]),
        ("id in (10001, 99)", ["PAY-1"]),
        ("project = PAY AND status = 'In Progress'", ["PAY-2"]),
        ("project = PAY AND statusCategory != Done AND issuetype = Task", ["PAY-2", "PAY-1"]),
        ("project = PAY AND statusCategory = Done", ["PAY-3"]),
        ("project = PAY AND assignee = currentUser()", []),
        ("project = PAY AND assignee is not EMPTY", ["PAY-1"]),
        ("project = PAY AND created >= -1d AND updated <= now()", ["PAY-3", "PAY-2", "PAY-1"]),
        ('project = PAY AND created < "2020-01-01"', []),
        ("project = PAY AND due <= '2026-12-31'", ["PAY-1"]),
        ("project = PAY AND summary ~ one", ["PAY-1"]),
    ],
)
def test_each_query_says_what_it_says(sandbox, worker, made, alice, jql, found):
    """A query finds these tickets in this order; newest first where it names none."""
    made("One", "Two", labels=("post-mortem",))
    made("Three")
    made("Elsewhere", project="OPS")
    sandbox.run(lambda: sandbox.jira.person_edits("PAY-1", assignee=alice, due="2026-12-01"))
    sandbox.run(lambda: sandbox.jira.transition("PAY-2", "In Progress"))
    sandbox.run(lambda: sandbox.jira.transition("PAY-3", "Done"))
    assert found == worker.find(jql)


@pytest.mark.parametrize(
    "jql",
    [
        "",
        "ORDER BY created",
        "project = NOPE",
        "project = PAY AND colour = red",
        "key in (PAY-1, PAY-999)",
        "project = PAY AND status = Nowhere",
        "project = PAY AND priority = P1",
        "project = PAY AND created >= someday",
        "project = PAY AND assignee in membersOf(x)",
        "project = PAY AND summary = x",
        "project = PAY AND",
        "assignee is not EMPTY",
        "project = PAY AND labels = a@b",
        "project = PAY ORDER BY colour",
    ],
)
def test_what_it_cannot_answer_is_refused(worker, made, jql):
    """An unbounded query, an unknown field, value or key is 400, never an empty result."""
    made("One")
    assert 400 == worker("POST", "/rest/api/3/search/jql", {"jql": jql}).status_code


def test_only_ids_come_unless_fields_are_asked_for(worker, made):
    """The default answer holds ids and nothing else."""
    made("One")
    bare = worker("POST", "/rest/api/3/search/jql", {"jql": "project = PAY"}).json()
    assert {"issues": [{"id": "10001"}], "isLast": True} == bare
    full = worker.get("/rest/api/3/search/jql", jql="project = PAY", fields="summary,status", properties="origin")
    assert {"summary", "status"} == full["issues"][0]["fields"].keys()
    assert {"origin": "One"} == full["issues"][0]["properties"]


def test_tokens_lead_through_all_pages_while_tickets_come_and_go(sandbox, worker, made):
    """Following the token neither repeats nor skips a ticket that was there at the start."""
    made(*(f"No {n}" for n in range(5)))
    body = {"jql": "project = PAY order by updated desc", "fields": ["summary"], "maxResults": 2}
    seen, token = [], None
    while True:
        answer = worker(
            "POST", "/rest/api/3/search/jql", {**body, **({"nextPageToken": token} if token else {})}
        ).json()
        seen += [issue["key"] for issue in answer["issues"]]
        assert answer["isLast"] is ("nextPageToken" not in answer)
        if answer["isLast"]:
            break
        token = answer["nextPageToken"]
        made("New meanwhile")
        sandbox.run(lambda: sandbox.jira.transition("PAY-1", "In Progress"))
    assert ["PAY-5", "PAY-4", "PAY-3", "PAY-2", "PAY-1"] == seen
    assert (
        400
        == worker(
            "POST", "/rest/api/3/search/jql", {**body, "jql": "project = OPS", "nextPageToken": token}
        ).status_code
    )


def test_a_page_with_fields_holds_100_at_most(worker, made):
    """More fields mean fewer tickets a page, whatever was asked for; ids alone come in thousands."""
    made(*(f"No {n}" for n in range(103)))
    assert 100 == len(worker.find("project = PAY", maxResults=1000))
    assert 103 == len(
        worker("POST", "/rest/api/3/search/jql", {"jql": "project = PAY", "maxResults": 1000}).json()["issues"]
    )


def test_the_index_lags_and_reconciling_names_tickets_past_it(sandbox, worker, made):
    """A new ticket is not found until the lag has passed, unless its id is named for reconciling."""
    sandbox.settings.jira_lag_seconds = 30
    (key,) = made("One")
    assert [] == worker.find("project = PAY")
    assert [key] == worker.find("project = PAY", reconcileIssues=[sandbox.jira.issue(key).id])
    assert [key] == fetch(worker, key)
    sandbox.world.clock.advance(seconds=31)
    assert [key] == worker.find("project = PAY")
    sandbox.run(lambda: sandbox.jira.transition(key, "Done"))
    assert [key] == worker.find("project = PAY AND statusCategory != Done")
    sandbox.world.clock.advance(seconds=31)
    assert [] == worker.find("project = PAY AND statusCategory != Done")


def test_more_than_50_tickets_cannot_be_reconciled(worker):
    """The list of ids to reconcile has its limit."""
    assert (
        400
        == worker(
            "POST", "/rest/api/3/search/jql", {"jql": "project = PAY", "reconcileIssues": [*range(51)]}
        ).status_code
    )


def test_search_hides_what_the_caller_may_not_see(sandbox, worker, made, alice):
    """Tickets of other people's projects and security levels are left out."""
    one, two = made("One", "Two")
    sandbox.run(lambda: sandbox.jira.hide(one, sandbox.world.worker.account_id))
    assert [two] == worker.find("project = PAY")
    sandbox.jira.projects["PAY"].browsers = {alice}
    assert 400 == worker("POST", "/rest/api/3/search/jql", {"jql": "project = PAY"}).status_code
    assert [] == fetch(worker, two)
    assert 404 == worker("GET", "/rest/api/3/project/PAY").status_code


def test_a_renamed_status_keeps_its_category(sandbox, worker, made):
    """Names are an admin's to change, categories are not."""
    (key,) = made("One")
    sandbox.run(lambda: sandbox.jira.rename_status("PAY", "To Do", "Zu erledigen"))
    status = worker.get(f"/rest/api/3/issue/{key}")["fields"]["status"]
    assert ("Zu erledigen", "new") == (status["name"], status["statusCategory"]["key"])


def test_the_old_search_is_gone(worker):
    """The search that paged by offset is 410 and names its successor."""
    answer = worker("GET", "/rest/api/3/search", jql="project = PAY")
    assert (410, True) == (answer.status_code, "/search/jql" in answer.text)


def test_assignable_people_are_found_by_account(sandbox, worker, alice):
    """An account id answers for certain; naming both ways or no project is 400."""
    noor = sandbox.world.people.named("Noor Visiting").account_id
    path = "/rest/api/3/user/assignable/search"
    assert ["Alice Moreau"] == [each["displayName"] for each in worker.get(path, project="PAY", accountId=alice)]
    assert [] == worker.get(path, project="PAY", accountId=noor)
    assert ["Alice Moreau"] == [each["displayName"] for each in worker.get(path, project="PAY", query="mor")]
    assert 400 == worker("GET", path, project="PAY", accountId=alice, query="x").status_code
    assert 400 == worker("GET", path, accountId=alice).status_code
    assert 404 == worker("GET", path, project="NOPE", accountId=alice).status_code


def test_people_are_searched_only_with_the_right_to(sandbox, worker):
    """Inactive people are not found, a hidden e-mail by its whole text only, and nobody without the permission."""
    path = "/rest/api/3/user/search"
    sandbox.world.people.named("Bob Lindqvist").email_visible = False
    assert [] == worker.get(path, query="ines")
    assert [] == worker.get(path, query="bob@ex")
    (bob,) = worker.get(path, query="bob@example.com")
    assert "emailAddress" not in bob
    sandbox.jira.browse_users = False
    assert [] == worker.get(path, query="alice")


def test_permissions_must_be_named(worker):
    """Asking for no permission or an unknown one is 400, for an unknown project 404."""
    path = "/rest/api/3/mypermissions"
    assert 400 == worker("GET", path).status_code
    assert 400 == worker("GET", path, permissions="FLY").status_code
    assert 404 == worker("GET", path, permissions="BROWSE_PROJECTS", projectKey="NOPE").status_code


def test_priorities_and_statuses_are_listed(worker):
    """Priorities come highest first, statuses with their categories."""
    assert ["1", "2", "3", "4", "5"] == [each["id"] for each in worker.get("/rest/api/3/priority")]
    assert ["Medium"] == [
        each["name"] for each in worker.get("/rest/api/3/priority/search")["values"] if each["isDefault"]
    ]
    assert ["new", "indeterminate", "indeterminate", "done"] == [
        each["statusCategory"]["key"] for each in worker.get("/rest/api/3/status")
    ]
