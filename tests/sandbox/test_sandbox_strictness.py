"""Whatever is sent, the sandbox takes it or refuses it in its product's words; it never breaks and never takes both of two rivals."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.sandbox import cql, jira_fields, jql
from worker.sandbox.faults import Fault
from worker.sandbox.jira_dialects import CloudDialect, DatacenterDialect
from worker.sandbox.query import BadQuery
from worker.sandbox.refusals import Refusal
from worker.sandbox.storage_format import MalformedStorage, as_saved, parse
from worker.sandbox.world import default_world

WORLD = default_world()
BY = WORLD.worker.account_id
ISSUE = WORLD.jira.create(WORLD.jira.projects["PAY"], BY, {"type": "10001", "summary": "x"}, {})

NAMES = st.sampled_from(
    [
        "key",
        "id",
        "name",
        "accountId",
        "add",
        "set",
        "remove",
        "value",
        "type",
        "version",
        "content",
        "text",
        "marks",
        "attrs",
    ]
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["PAY", "PAY-1", "Task", "10001"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    ["summary", "description", "assignee", "duedate", "priority", "labels", "parent", "customfield_10010", "other"]
)
EDITS = st.fixed_dictionaries(
    {"fields": st.dictionaries(FIELDS, JSON, max_size=4)},
    optional={"update": JSON | st.dictionaries(FIELDS, JSON, max_size=2), "properties": JSON},
)
WORDS = [
    "project",
    "key",
    "id",
    "labels",
    "status",
    "created",
    "assignee",
    "summary",
    "parent",
    "space",
    "label",
    "ancestor",
    "title",
    "lastmodified",
    "=",
    "!=",
    "~",
    "in",
    "not",
    "(",
    ")",
    ",",
    "and",
    "or",
    "is",
    "empty",
    ">",
    "<=",
    "order",
    "by",
    "asc",
    "desc",
    "now()",
    "PAY",
    "PAY-1",
    '"x"',
    "'y'",
    "-3d",
    "2026-01-01",
    "currentUser()",
    "Done",
    "10001",
    "page",
    "type",
]


@pytest.mark.parametrize("dialect", [CloudDialect(), DatacenterDialect()])
@given(EDITS)
def test_any_fields_are_taken_or_refused(dialect, body):
    """No shape of a create or an edit makes Jira's rules fail."""
    place = {"project": {"key": "PAY"}, "issuetype": {"name": "Task"}}
    with suppress(Refusal):
        jira_fields.new_issue(WORLD.jira, BY, {**body, "fields": {**body["fields"], **place}}, dialect)
    with suppress(Refusal):
        jira_fields.changes(WORLD.jira, BY, ISSUE, body, dialect)


@given(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join))
def test_any_query_is_answered_or_refused(text):
    """No sequence of words makes the query languages fail."""
    with suppress(BadQuery):
        cql.read(text, WORLD.worker, WORLD.clock.now(), ["PAY"])
    with suppress(BadQuery):
        jql.read(text, WORLD.jira, WORLD.worker, WORLD.clock.now()).matches(ISSUE)


def test_real_documents_keep_their_text_and_settle_after_one_save(corpus):
    """Every document that parses strictly has all its text after a save, and a second save changes nothing."""
    saved = 0
    for path in sorted(corpus.glob("*.xml")):
        body = path.read_text(encoding="utf-8")
        with suppress(MalformedStorage):
            once = as_saved(body)
            assert text_of(body) == text_of(once), path.name
            assert once == as_saved(once), path.name
            saved += 1
    assert saved > 0


def text_of(body):
    """All text but the ids of tasks, which a save adds."""
    root = parse(body)
    for task in root.elements("ac:task"):
        task.children = [
            each for each in task.children if getattr(each, "name", "") not in {"ac:task-id", "ac:task-uuid"}
        ]
    return root.text()


@pytest.mark.parametrize("text", ['"\\ud800"', "NaN", "[" * 100_000])
def test_json_that_is_no_json_is_refused(worker, page, text):
    """Half a surrogate pair, NaN and endless nesting are 400."""
    sent = f'{{"key": "k", "value": {text}}}'
    path = f"{worker.url}/wiki/api/v2/pages/{page}/properties"
    answer = worker.session.post(path, data=sent, headers={"Content-Type": "application/json"}, timeout=10)
    assert 400 == answer.status_code


def test_of_rivals_for_one_version_exactly_one_wins(sandbox, signed_in, worker, page):
    """Eight saves and eight swaps of one version at once: one of each succeeds, the others are 409."""
    prop = worker("POST", f"/wiki/api/v2/pages/{page}/properties", {"key": "k", "value": 0}).json()["id"]
    people = [signed_in("postmortem-sync@example.com", "sandbox-token-worker") for _ in range(8)]

    def swap(number):
        sent = {"key": "k", "value": number, "version": {"number": 2}}
        return people[number]("PUT", f"/wiki/api/v2/pages/{page}/properties/{prop}", sent).status_code

    with ThreadPoolExecutor(8) as pool:
        saves = list(pool.map(lambda n: people[n].save(page, 2, f"<p>{n}</p>").status_code, range(8)))
        swaps = list(pool.map(swap, range(8)))
    assert [200, *[409] * 7] == sorted(saves) == sorted(swaps)


def test_creating_one_key_at_once_makes_one_property_unless_the_fault_is_on(sandbox, signed_in, page):
    """Of eight creates of one key one succeeds; with the known fault they all do."""
    people = [signed_in("postmortem-sync@example.com", "sandbox-token-worker") for _ in range(8)]

    def create(key):
        with ThreadPoolExecutor(8) as pool:
            sent = {"key": key, "value": 1}
            return sorted(
                pool.map(lambda each: each("POST", f"/wiki/api/v2/pages/{page}/properties", sent).status_code, people)
            )

    assert [200, *[409] * 7] == create("one")
    sandbox.confluence.duplicate_property_rows = True
    assert [200] * 8 == create("many")


def test_a_fault_may_itself_run_something_on_the_server(sandbox, worker, page, alice):
    """Running a change from the server's own thread does not wait for itself."""
    sandbox.faults.append(
        Fault(("GET", "/pages/"), lambda: sandbox.run(lambda: sandbox.confluence.person_saves(page, "<p/>", alice)))
    )
    assert 2 == worker.get(f"/wiki/api/v2/pages/{page}")["version"]["number"]


def test_an_archived_page_takes_no_properties_and_labels(sandbox, worker, page):
    """What cannot be edited cannot be labelled or given properties."""
    sandbox.run(lambda: sandbox.confluence.archive(page))
    assert 404 == worker("POST", f"/wiki/api/v2/pages/{page}/properties", {"key": "k", "value": 1}).status_code
    assert 404 == worker("POST", f"/wiki/rest/api/content/{page}/label", [{"name": "x"}]).status_code


def test_many_writes_within_the_lag_leave_the_old_state_visible(sandbox, worker, page, alice):
    """However often a page is saved within the lag, search still finds its state from before."""
    sandbox.world.clock.advance(seconds=60)
    sandbox.settings.confluence_lag_seconds = 30
    for _ in range(100):
        sandbox.run(lambda: sandbox.confluence.person_saves(page, "<p>new</p>", alice))
    (found,) = worker.get("/wiki/rest/api/content/search", cql=f"id = {page}", expand="version")["results"]
    assert 1 == found["version"]["number"]


def test_a_list_item_with_bare_text_is_well_formed_afterwards():
    """Bare text in list items is wrapped, nested lists stay where they are."""
    saved = ET.fromstring("<r>" + as_saved("<ul><li>a<ul><li>b</li></ul></li></ul>") + "</r>")
    assert ["p", "ul"] == [each.tag for each in saved.find("ul/li")]
