"""Every way to sign in to Cloud carries whole passes, and what does not is said before anything is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from tests.passes.stage import Stage, actions, mention, stage, table
from worker.errors import AccessError
from worker.remote.scopes import PASS
from worker.sandbox.faults import Fault
from worker.sandbox.people import ScopedToken
from worker.sandbox.server import Sandbox
from worker.sandbox.world import (
    CONFLUENCE_SCOPES,
    WORKER_CLIENT_ID,
    WORKER_CLIENT_SECRET,
    WORKER_CONFLUENCE_TOKEN,
    WORKER_EMAIL,
    WORKER_JIRA_TOKEN,
    WORKER_TOKEN,
)

SCOPED = {
    "CONFLUENCE_USERNAME": WORKER_EMAIL,
    "CONFLUENCE_TOKEN": WORKER_CONFLUENCE_TOKEN,
    "JIRA_TOKEN": WORKER_JIRA_TOKEN,
}
CLIENT = {"ATLASSIAN_CLIENT_ID": WORKER_CLIENT_ID, "ATLASSIAN_CLIENT_SECRET": WORKER_CLIENT_SECRET}
CLASSIC = {"CONFLUENCE_USERNAME": WORKER_EMAIL, "CONFLUENCE_TOKEN": WORKER_TOKEN}


@dataclass
class SignedIn(Stage):
    """A stage whose worker is given other credentials, and perhaps the gateway's addresses."""

    sandbox: Sandbox
    credentials: dict[str, str]
    gateway: bool = False

    @property
    def variables(self):
        here = self.sandbox
        confluence, jira = (
            (here.confluence_gateway, here.jira_gateway) if self.gateway else (here.confluence_url, here.jira_url)
        )
        return {"CONFLUENCE_URL": confluence, "JIRA_URL": jira, "SEARCH_LAG_SECONDS": "2", **self.credentials}


@pytest.fixture
def scene():
    with stage() as plain:
        yield plain


def signed(scene, credentials, *, gateway=False):
    return SignedIn(scene.sandbox, scene.mapping, credentials, gateway)


WAYS = [(CLASSIC, False), (SCOPED, False), (SCOPED, True), (CLIENT, False), (CLIENT, True)]


@pytest.mark.parametrize(("credentials", "gateway"), WAYS)
def test_each_way_to_sign_in_carries_passes(scene, credentials, gateway):
    """Tickets are made, people get links to the site, and the second pass is silent, with site or gateway addresses."""
    page = scene.page(actions("Add an alert", "Write a runbook"))
    worker = signed(scene, credentials, gateway=gateway)
    first = worker.sync()
    assert [(issue.summary, issue.reporter) for issue in scene.issues()] == [
        ("Add an alert", scene.sandbox.world.worker.account_id),
        ("Write a runbook", scene.sandbox.world.worker.account_id),
    ]
    assert f"{scene.sandbox.jira_url}/browse/PAY-1" in scene.body(page)
    assert (first.exit, first.pages[0].plan.url) == (
        0,
        f"{scene.sandbox.confluence_url}/spaces/PAY/pages/{page.id}/Checkout+outage",
    )
    writes = scene.sandbox.writes
    assert (worker.sync().exit, scene.sandbox.writes) == (0, writes)


def test_every_attempt_is_counted(scene):
    """Cloud ids, tokens and refused first tries are requests of the pass like others."""
    for credentials in (CLASSIC, SCOPED, CLIENT):
        before = len(scene.sandbox.requests)
        report = signed(scene, credentials).sync()
        assert report.requests == len(scene.sandbox.requests) - before


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
def test_access_tokens_may_end_before_any_request(scene, number):
    """Whichever request of a first pass meets tokens that have just ended, it is done all the same, and once."""
    scene.page(actions("Add an alert", "Write a runbook"))
    scene.sandbox.faults.append(Fault(("*", "/ex/"), scene.sandbox.world.authority.expire_now, nth=number))
    report = signed(scene, CLIENT).sync()
    assert (report.exit, len(scene.issues())) == (0, 2)
    assert 401 in {each.status for each in scene.sandbox.requests}


def test_tokens_that_live_shorter_than_the_pass(scene):
    """Tokens of a second are renewed as often as it takes, by all threads together."""
    for number in range(6):
        scene.page(actions(f"Add alert number {number}"), title=f"Outage {number}")
    scene.sandbox.world.authority.lifetime = timedelta(seconds=1)
    scene.sandbox.faults.append(Fault(("*", "/ex/"), lambda: scene.sandbox.world.clock.advance(seconds=0.1), times=999))
    report = signed(scene, {**CLIENT, "SEARCH_LAG_SECONDS": "300"}).sync()
    assert (report.exit, len(scene.issues())) == (0, 6)
    assert scene.sandbox.world.authority.issued > 2


def refusal(worker):
    with pytest.raises(AccessError) as failure:
        worker.plan()
    return str(failure.value)


def without_scope(scene, scope):
    scene.sandbox.world.worker.scoped_tokens[WORKER_CONFLUENCE_TOKEN] = ScopedToken(CONFLUENCE_SCOPES - {scope})


def test_refusals_say_what_to_do(scene):
    """Each way a sign-in can fail has a sentence with the token, the address and the remedy."""
    worker = scene.sandbox.world.worker
    wrong = signed(scene, {**CLASSIC, "CONFLUENCE_TOKEN": "wrong"})
    assert "is valid neither with scopes nor without: CONFLUENCE_TOKEN may have expired" in refusal(wrong)
    assert "or have no scopes (then it works at https://SITE" in refusal(signed(scene, CLASSIC, gateway=True))
    swapped = {**SCOPED, "CONFLUENCE_TOKEN": WORKER_JIRA_TOKEN, "JIRA_TOKEN": WORKER_CONFLUENCE_TOKEN}
    assert "CONFLUENCE_TOKEN lacks a scope: this call needs read:confluence-user" in refusal(signed(scene, swapped))
    assert "gave no access token" in refusal(signed(scene, {**CLIENT, "ATLASSIAN_CLIENT_SECRET": "wrong"}))
    without_scope(scene, "search:confluence")
    assert "this call needs search:confluence; scopes cannot be added" in refusal(signed(scene, SCOPED, gateway=True))
    worker.products = frozenset({"confluence"})
    assert "has to give that account access to Jira" in refusal(scene)


def test_a_scope_missed_in_mid_pass_stops_it_before_a_ticket_is_lost(scene):
    """Without the scope to write pages nothing is claimed, so nothing is created; with it the next pass goes on."""
    scene.page(table(("Add an alert", "", "", "", "")))
    without_scope(scene, "write:page:confluence")
    report = signed(scene, SCOPED, gateway=True).sync()
    assert (report.exit, scene.issues()) == (5, [])
    assert "needs read:page:confluence and write:page:confluence" in report.stopped
    without_scope(scene, "none")
    assert (signed(scene, SCOPED, gateway=True).sync().exit, len(scene.issues())) == (0, 1)


def test_confluence_and_jira_may_have_accounts_of_their_own(scene):
    """Another user name and token for Jira are used there, and only there."""
    other = scene.sandbox.world.people.named("Dai Nguyen")
    credentials = {**CLASSIC, "JIRA_USERNAME": other.email, "JIRA_TOKEN": "sandbox-token-dai"}
    page = scene.page(actions("Add an alert"))
    assert signed(scene, credentials).sync().exit == 0
    assert [issue.reporter for issue in scene.issues()] == [other.account_id]
    assert scene.sandbox.confluence.page(page.id).version.by == scene.sandbox.world.worker.account_id


def test_a_pass_needs_no_more_scopes_than_are_listed(scene):
    """With exactly the scopes that the operations of a pass need, a pass does all it should."""
    needed = {scope for *_, scopes, _ in PASS for scope in scopes.split(" and ") if scope}
    person = scene.sandbox.world.worker
    for token in (WORKER_CONFLUENCE_TOKEN, WORKER_JIRA_TOKEN):
        person.scoped_tokens[token] = ScopedToken(person.scoped_tokens[token].scopes & needed)
    scene.page(table(("Add an alert", mention(other(scene)), "", "", "")))
    report = signed(scene, SCOPED).sync()
    assert (report.exit, [issue.assignee for issue in scene.issues()]) == (0, [other(scene)])
    assert "read:space:confluence" not in needed


def other(scene):
    return scene.sandbox.world.people.named("Dai Nguyen").account_id


def test_a_plan_needs_no_scope_to_write(scene):
    """A token that can write nothing is enough for `plan`."""
    person = scene.sandbox.world.worker
    for token in (WORKER_CONFLUENCE_TOKEN, WORKER_JIRA_TOKEN):
        reading = {scope for scope in person.scoped_tokens[token].scopes if not scope.startswith("write")}
        person.scoped_tokens[token] = ScopedToken(frozenset(reading))
    scene.page(actions("Add an alert"))
    assert signed(scene, SCOPED).plan().totals.created == 1


def test_one_token_with_scopes_for_both_products_is_explained(scene):
    """Tokens with scopes are made for one product each, so Jira wants its own."""
    told = refusal(signed(scene, {name: SCOPED[name] for name in ("CONFLUENCE_USERNAME", "CONFLUENCE_TOKEN")}))
    assert (
        "CONFLUENCE_TOKEN is a token with scopes, made for the other product (this call needs read:jira-user)" in told
    )
    assert "make one for Jira too, and set JIRA_TOKEN" in told
