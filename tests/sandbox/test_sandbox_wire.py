"""Around the sandbox's answers: sign-in, limits, lost answers, server time and the record of requests."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
import requests

from worker.sandbox.faults import Fault
from worker.sandbox.settings import RateLimit
from worker.sandbox.world import WORKER_EMAIL, WORKER_TOKEN

MYSELF = "/rest/api/3/myself"
CURRENT = "/wiki/rest/api/user/current"
NEW = {"fields": {"project": {"key": "PAY"}, "issuetype": {"name": "Task"}, "summary": "Add an alert"}}


def test_the_right_token_is_who_it_says(sandbox, worker):
    """Both products know the same account under the same id."""
    worker_id = sandbox.world.worker.account_id
    assert worker_id == worker.get(MYSELF)["accountId"] == worker.get(CURRENT)["accountId"]


@pytest.mark.parametrize("path", [MYSELF, CURRENT, "/wiki/api/v2/pages", "/rest/api/3/project/search"])
def test_a_wrong_token_is_refused_everywhere(signed_in, path):
    """A token that is not the account's is 401 with the reason in a header."""
    answer = signed_in(WORKER_EMAIL, "wrong")("GET", path)
    assert (401, "AUTHENTICATED_FAILED") == (answer.status_code, answer.headers["x-seraph-loginreason"])


def test_a_token_expires(sandbox, worker):
    """A token is good until its moment and 401 afterwards."""
    sandbox.world.worker.tokens[WORKER_TOKEN] = sandbox.world.clock.now() + timedelta(days=1)
    assert 200 == worker("GET", MYSELF).status_code
    sandbox.world.clock.advance(days=1)
    assert 401 == worker("GET", MYSELF).status_code


def test_a_wrong_token_can_look_like_an_empty_site(sandbox, signed_in, page):
    """In the trap mode reads answer 200 and nothing, with the reason in a header; only identity and writes refuse."""
    sandbox.settings.wrong_token = "anonymous"
    nobody = signed_in(WORKER_EMAIL, "expired")
    found = nobody("POST", "/rest/api/3/search/jql", {"jql": "project = PAY"})
    assert (200, [], "AUTHENTICATED_FAILED") == (
        found.status_code,
        found.json()["issues"],
        found.headers["x-seraph-loginreason"],
    )
    assert [] == nobody.search("space = PAY")
    assert [] == nobody.get("/rest/api/3/project/search")["values"]
    assert "anonymous" == nobody.get(CURRENT)["type"]
    assert 404 == nobody("GET", f"/wiki/api/v2/pages/{page}").status_code
    assert 401 == nobody("GET", MYSELF).status_code
    assert 401 == nobody("POST", "/rest/api/3/issue", NEW).status_code
    assert 401 == nobody.save(page, 2).status_code


def test_a_request_over_the_limit_is_not_executed(sandbox, worker):
    """The request after the last one allowed is 429 with how long to wait, and does nothing."""
    sandbox.settings.rate_limit = RateLimit(requests=2, seconds=10, retry_after=7)
    statuses = [worker("POST", "/rest/api/3/issue", NEW).status_code for _ in range(2)]
    limited = worker("POST", "/rest/api/3/issue", NEW)
    assert ([201, 201], 429) == (statuses, limited.status_code)
    assert ("7", "2", "0") == tuple(
        limited.headers[n] for n in ("Retry-After", "X-RateLimit-Limit", "X-RateLimit-Remaining")
    )
    assert 2 == len(sandbox.jira.issues)
    assert 200 == worker("GET", MYSELF).status_code
    sandbox.world.clock.advance(seconds=10)
    assert 201 == worker("POST", "/rest/api/3/issue", NEW).status_code


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_a_dropped_connection_tells_nothing(sandbox, worker, when, made):
    """The caller sees a broken connection either way; whether the server had acted is another matter."""
    sandbox.faults.append(Fault(("POST", "/issue$"), "drop", when))
    with pytest.raises(requests.ConnectionError):
        worker("POST", "/rest/api/3/issue", NEW)
    assert made == len(sandbox.jira.issues)
    assert ("POST", "/rest/api/3/issue", 0) == sandbox.requests[-1]
    assert 201 == worker("POST", "/rest/api/3/issue", NEW).status_code


def keys_told(answer):
    try:
        return {answer.json().get("key")}
    except requests.JSONDecodeError:
        return set()


@pytest.mark.parametrize(
    ("do", "status", "kind"),
    [
        ("status:503", 503, "application/json"),
        ("html", 200, "text/html"),
        ("redirect", 302, None),
        ("garbage", 200, "application/json"),
    ],
)
def test_an_answer_can_be_replaced_after_the_server_acted(sandbox, worker, do, status, kind):
    """What the caller gets is not what the server did."""
    sandbox.faults.append(Fault(("POST", "/issue$"), do, "after"))
    answer = worker.session.post(worker.url + "/rest/api/3/issue", json=NEW, allow_redirects=False, timeout=10)
    assert status == answer.status_code
    assert kind is None or answer.headers["content-type"].startswith(kind)
    assert 1 == len(sandbox.jira.issues)
    assert "PAY-1" not in keys_told(answer)


def test_an_answer_can_break_off_after_the_server_acted(sandbox, worker):
    """The ticket is there, and whoever asked for it gets fewer bytes than were announced."""
    sandbox.faults.append(Fault(("POST", "/issue$"), "half", "after"))
    with pytest.raises(requests.RequestException):
        worker.session.post(worker.url + "/rest/api/3/issue", json=NEW, timeout=10)
    assert 1 == len(sandbox.jira.issues)


@pytest.mark.parametrize(("do", "said"), [("busy", None), ("busy:0", "0"), ("busy:soon", "soon")])
def test_a_busy_answer_says_when_to_come_back_as_it_is_told(sandbox, worker, do, said):
    """Nothing, a number, or nonsense."""
    sandbox.faults.append(Fault(("GET", "/myself$"), do))
    answer = worker("GET", MYSELF)
    assert (429, said) == (answer.status_code, answer.headers.get("Retry-After"))


@pytest.mark.parametrize(
    ("do", "reason"), [("quota:1800", "jira-quota-tenant-based"), ("per-issue:9", "jira-per-issue-on-write")]
)
def test_a_refusal_names_its_limit_and_its_end(sandbox, worker, do, reason):
    """Cloud tells in RateLimit-Reason which limit it was, and in X-RateLimit-Reset the time at which it is over."""
    sandbox.faults.append(Fault(("GET", "/myself$"), do))
    answer = worker("GET", MYSELF)
    told = answer.headers
    reset = datetime.fromisoformat(told["X-RateLimit-Reset"])
    assert (429, reason, "true") == (answer.status_code, told["RateLimit-Reason"], told["X-RateLimit-NearLimit"])
    assert told["Retry-After"] == do.partition(":")[2]
    assert abs((reset - sandbox.world.clock.now()).total_seconds() - int(told["Retry-After"])) < 5


def test_a_fault_strikes_the_requests_it_names(sandbox, worker):
    """The second and third matching request are struck, others pass."""
    sandbox.faults.append(Fault(("GET", "/myself$"), "status:502", nth=2, times=2))
    paths = (MYSELF, CURRENT, MYSELF, MYSELF, MYSELF)
    assert [200, 200, 502, 502, 200] == [worker("GET", path).status_code for path in paths]


def test_something_can_happen_right_before_a_request(sandbox, worker, page, alice):
    """A person who saves in the last moment makes the save a conflict."""
    sandbox.faults.append(
        Fault(("PUT", "/pages/"), lambda: sandbox.confluence.person_saves(page, "<p>mine</p>", alice))
    )
    assert 409 == worker.save(page, 2).status_code
    assert 200 == worker.save(page, 3).status_code


def test_a_fault_that_cannot_be_done_is_refused_at_once():
    """A misspelt fault is an error where it is written, not a test that passes."""
    with pytest.raises(ValueError, match="a fault cannot do 'explode'"):
        Fault(("GET", "/"), "explode")
    with pytest.raises(ValueError, match="no half of an answer"):
        Fault(("GET", "/"), "half")


def test_every_answer_carries_server_time(sandbox, worker):
    """The date header is the sandbox's clock, also on refusals."""
    sandbox.world.clock.advance(days=2)
    for path in (MYSELF, "/rest/api/3/issue/PAY-99", "/wiki/api/v2/nowhere"):
        told = parsedate_to_datetime(worker("GET", path).headers["date"])
        assert abs(told - sandbox.world.clock.now()) < timedelta(seconds=5)


def test_answers_can_be_slow(sandbox, worker):
    """Every answer waits for the latency that was set."""
    sandbox.settings.latency_seconds = 0.05
    began = time.monotonic()
    worker.get(MYSELF)
    assert time.monotonic() - began >= 0.05


def test_requests_are_recorded_and_counted(sandbox, worker):
    """Reads and writes are told apart, and a search by POST is a read."""
    worker.get(MYSELF)
    worker.find("project = PAY")
    worker("POST", "/rest/api/3/issue", NEW)
    worker("DELETE", "/rest/api/3/issue/PAY-1/properties/x")
    assert [
        ("GET", MYSELF, 200),
        ("POST", "/rest/api/3/search/jql", 200),
        ("POST", "/rest/api/3/issue", 201),
        ("DELETE", "/rest/api/3/issue/PAY-1/properties/x", 404),
    ] == sandbox.requests
    assert (2, 2) == (sandbox.reads, sandbox.writes)


@pytest.mark.parametrize(
    "path", ["/rest/api/3/nowhere", "/wiki/api/v2/nowhere", "/wiki/rest/api/nowhere", "/rest/api/2/issue"]
)
def test_a_route_that_is_not_there_is_404(worker, path):
    """Nothing is answered for routes the sandbox does not have."""
    assert 404 == worker("GET", path).status_code


@pytest.mark.parametrize(("path", "method"), [("/rest/api/3/issue", "POST"), ("/wiki/api/v2/pages/1", "PUT")])
def test_what_is_no_json_is_refused(worker, page, path, method):
    """A body of another type or broken JSON is 400."""
    for headers, data in (({"Content-Type": "text/plain"}, "{}"), ({"Content-Type": "application/json"}, "{")):
        answer = worker.session.request(method, worker.url + path, headers=headers, data=data, timeout=10)
        assert 400 == answer.status_code


def test_a_browser_needs_its_header_to_write(worker, page):
    """A first-generation write that looks like a browser's is 403 without the header against forgery."""
    path, label = f"{worker.url}/wiki/rest/api/content/{page}/label", [{"prefix": "global", "name": "x"}]
    browser = {"User-Agent": "Mozilla/5.0"}
    assert 403 == worker.session.post(path, json=label, headers=browser, timeout=10).status_code
    assert (
        200
        == worker.session.post(
            path, json=label, headers={**browser, "X-Atlassian-Token": "no-check"}, timeout=10
        ).status_code
    )
