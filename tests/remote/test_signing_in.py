"""How a gateway signs in: access tokens that end, tokens that belong behind the API gateway, and what refusals say."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import SecretStr

from tests.remote.scripted import BOT, SECRET, Cut, Say, scripted, server
from worker.errors import AccessError, Forbidden, RemoteError
from worker.remote.patience import Again
from worker.remote.session import Transport
from worker.remote.signin import ApiGateway, Bearer, CloudSite, OwnServer, ServiceAccount, SignIn
from worker.remote.tenant import behind_gateway
from worker.remote.tokens import AccessTokens
from worker.remote.verdict import Call, Reply, check_sign_in, check_status

OK = Say(body={"fine": True})
NOBODY = Say(401, {"code": 401, "message": "Unauthorized"})
TENANT = Say(body={"cloudId": "11111111-2222"})
PLAIN = Transport()


def token(name="first", **more):
    return Say(body={"access_token": name, "expires_in": 3600, **more})


def account(tokens):
    return ServiceAccount("client-1", SecretStr(SECRET), f"{tokens.url}/oauth/token")


def bearers(script):
    return [asked.headers["authorization"] for asked in script.asked]


def site_of(tenant, api):
    return CloudSite(f"{tenant.url}/_edge/tenant_info", (f"{api.url}/ex/confluence/", "/wiki"))


# -- access tokens -----------------------------------------------------------------------------------------------------


def test_a_service_account_fetches_one_token_for_many_requests():
    """Client credentials are exchanged once, unsigned, and the token is used for what follows; all is counted."""
    with server(token()) as tokens, scripted(OK, OK, credentials=account(tokens)) as (gateway, script):
        gateway.get("one")
        gateway.get("two")
    assert [(a.method, a.path, a.body["grant_type"]) for a in tokens.asked] == [
        ("POST", "/oauth/token", "client_credentials")
    ]
    assert "authorization" not in tokens.asked[0].headers
    assert bearers(script) == ["Bearer first"] * 2
    assert script.counter() == 3


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_token_that_ends_in_mid_pass_is_renewed_once(method):
    """A request refused with 401 goes out again with a fresh token, a write too, since 401 proves it was not done."""
    with (
        server(token("first"), token("second")) as tokens,
        scripted(OK, NOBODY, OK, OK, credentials=account(tokens)) as (gateway, script),
    ):
        gateway.get("one")
        assert gateway.send(method, "two", body=None, repeatable=method == "GET").body == {"fine": True}
        gateway.get("three")
    assert bearers(script) == ["Bearer first", "Bearer first", "Bearer second", "Bearer second"]
    assert script.naps == []


def test_a_fresh_token_that_is_refused_ends_the_pass():
    """Nothing is renewed without end: the second refusal is told, with what the server said and what to do."""
    with (
        server(token("first"), token("second"), token("third")) as tokens,
        scripted(NOBODY, NOBODY, NOBODY, credentials=account(tokens)) as (gateway, script),
        pytest.raises(AccessError) as failure,
    ):
        gateway.get("one")
    assert (len(script.asked), len(tokens.asked)) == (2, 2)
    for part in ("service account client-1", "it said: Unauthorized", "A fresh access token was refused too"):
        assert part in str(failure.value)


def test_a_missing_scope_renews_nothing():
    """A token that lacks a scope is not exchanged for another one like it; the scope is named."""
    mismatch = Say(401, {"code": 401, "message": "Unauthorized; scope does not match"})
    with (
        server(token(), token()) as tokens,
        scripted(mismatch, credentials=account(tokens)) as (gateway, _),
        pytest.raises(AccessError, match=r"this call needs write:page:confluence; make one for the service account"),
    ):
        gateway.send("PUT", "api/v2/pages/1", repeatable=False)
    assert len(tokens.asked) == 1


def test_many_threads_renew_a_token_once():
    """Sixteen threads whose token ends at the same moment cause one renewal, and every request comes through."""
    barrier = threading.Barrier(16, timeout=30)
    with server(token("first"), token("second"), token("third")) as tokens:
        ours = AccessTokens(account(tokens), PLAIN, lambda: None)
        refused = ours.current()

        def renew(_):
            barrier.wait()
            return ours.renewed(refused), ours.current()

        with ThreadPoolExecutor(16) as threads:
            seen = set(threads.map(renew, range(16)))
    assert (seen, len(tokens.asked)) == ({(True, "second")}, 2)


@pytest.mark.parametrize(
    ("lives", "used_at", "fetched"), [(3600, 3539, 1), (3600, 3540, 2), (10, 8.9, 1), (10, 9, 2), ("soon", 3539, 1)]
)
def test_a_token_is_renewed_shortly_before_its_end(lives, used_at, fetched):
    """A minute early, or a tenth of a short life; without a number a token counts as living an hour."""
    now = itertools.chain([0.0], itertools.repeat(float(used_at)))
    with server(token(expires_in=lives), token("next")) as tokens:
        ours = AccessTokens(account(tokens), PLAIN, lambda: None, monotonic=lambda: next(now))
        ours.current()
        ours.current()
    assert len(tokens.asked) == fetched


def test_the_token_endpoint_may_be_busy():
    """A busy token endpoint is waited for like a busy product, before a write too, since nothing was sent."""
    with (
        server(Say(429, headers={"Retry-After": "9"}), Say(503), Say(cut=Cut.BEFORE_ANSWER), token()) as tokens,
        scripted(OK, credentials=account(tokens)) as (gateway, script),
    ):
        gateway.send("POST", "x", body={}, repeatable=False)
    assert (script.naps, len(script.asked)) == ([9.0, 4.0, 8.0], 1)


@pytest.mark.parametrize(
    "answer",
    [
        Say(401, {"error": "access_denied", "error_description": f"Unauthorized {SECRET}"}),
        Say(403, {"error": "unauthorized_client"}),
        Say(302, headers={"Location": "https://evil.example/"}),
        Say(200, {"token_type": "Bearer"}),
        Say(200, {"access_token": "two\nlines"}),
        Say(200, raw=b"<html>Log in</html>", kind="text/html"),
    ],
)
def test_credentials_that_give_no_token_stop_the_pass(answer):
    """Whatever else the token endpoint answers, the pass stops, names the account and never the secret."""
    with (
        server(answer) as tokens,
        scripted(credentials=account(tokens)) as (gateway, script),
        pytest.raises(AccessError) as failure,
    ):
        gateway.get("one")
    assert "gave no access token for service account client-1" in str(failure.value)
    assert "check ATLASSIAN_CLIENT_ID and ATLASSIAN_CLIENT_SECRET" in str(failure.value)
    assert (SECRET in str(failure.value), script.asked) == (False, [])


def test_an_access_token_that_is_echoed_is_not_shown():
    """A server that quotes the access token is itself quoted without it."""
    with (
        server(token("short-lived-one")) as tokens,
        scripted(Say(403, {"message": "no short-lived-one"}), credentials=account(tokens)) as (gateway, _),
        pytest.raises(Forbidden) as failure,
    ):
        gateway.get("one")
    assert "it said: no [secret]" in str(failure.value)


@pytest.mark.parametrize("slow", [0, 1])
def test_a_write_that_signing_in_made_late_is_not_sent(slow):
    """Where a token, or its renewal, took longer than the write may wait, the write does not go out any more."""
    ticks = itertools.count()
    with (
        server(token("first"), token("second")) as tokens,
        scripted(*[NOBODY] * slow, OK, credentials=account(tokens), clock=lambda: float(next(ticks))) as (
            gateway,
            script,
        ),
        pytest.raises(RemoteError, match="was not sent, since its turn came too late"),
    ):
        gateway.send("POST", "x", repeatable=False, within=1.5 + 2 * slow)
    assert len(script.asked) == slow


# -- the site and the API gateway ------------------------------------------------------------------------------------


@pytest.mark.parametrize("refusal", [NOBODY, Say(200, {}, {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"})])
def test_a_token_with_scopes_finds_its_way_behind_the_gateway(refusal):
    """A token that the site refuses at the first read is used behind the API gateway, whose address the site tells."""
    with (
        server(TENANT) as tenant,
        server(OK, OK) as api,
        scripted(refusal, place=site_of(tenant, api)) as (gateway, script),
    ):
        gateway.get("rest/api/user/current")
        gateway.get("api/v2/pages/1")
        assert gateway.account.base == f"{api.url}/ex/confluence/11111111-2222/wiki"
    assert (script.lines, tenant.lines) == (["GET /wiki/rest/api/user/current"], ["GET /_edge/tenant_info"])
    assert "authorization" not in tenant.asked[0].headers
    assert api.lines == [
        "GET /ex/confluence/11111111-2222/wiki/rest/api/user/current",
        "GET /ex/confluence/11111111-2222/wiki/api/v2/pages/1",
    ]


def test_a_token_that_was_accepted_never_moves():
    """A token that worked on the site and is refused later has expired: nothing is asked elsewhere."""
    with (
        server(TENANT) as tenant,
        server(OK) as api,
        scripted(OK, NOBODY, place=site_of(tenant, api)) as (gateway, _),
    ):
        gateway.get("one")
        with pytest.raises(AccessError, match="CONFLUENCE_TOKEN may have expired"):
            gateway.get("two")
    assert (tenant.asked, api.asked) == ([], [])


def test_a_token_that_nobody_accepts_is_said_to_be_neither():
    """Refused by site and gateway: the sentence names both, the account and its token."""
    with (
        server(TENANT) as tenant,
        server(NOBODY) as api,
        scripted(NOBODY, place=site_of(tenant, api)) as (gateway, script),
        pytest.raises(AccessError) as failure,
    ):
        gateway.get("rest/api/user/current")
    assert f"user bot@example.com at {api.url}/ex/confluence/11111111-2222/wiki" in str(failure.value)
    assert f"{script.url}/wiki refused it before, so it is valid neither with scopes nor without" in str(failure.value)


@pytest.mark.parametrize("told", [Say(404), Say(200, {"cloudId": "../../x"}), Say(302, headers={"Location": "/"})])
def test_a_site_that_tells_no_cloud_id_leaves_its_refusal(told):
    """Where no cloud id can be had, the site's own refusal is what is told, and no address is made of what it said."""
    with (
        server(told) as tenant,
        server(OK) as api,
        scripted(NOBODY, place=site_of(tenant, api)) as (gateway, _),
        pytest.raises(AccessError, match="CONFLUENCE_TOKEN may have expired"),
    ):
        gateway.get("rest/api/user/current")
    assert api.asked == []


def test_a_captcha_is_asked_nowhere_else():
    """A lock-out is told at once: no other address, no second try."""
    locked = Say(401, {}, {"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"})
    with (
        server(TENANT) as tenant,
        server(OK) as api,
        scripted(locked, place=site_of(tenant, api)) as (gateway, script),
        pytest.raises(AccessError, match="solve the CAPTCHA"),
    ):
        gateway.get("rest/api/user/current")
    assert (len(script.asked), tenant.asked, api.asked) == (1, [], [])


def test_a_service_account_goes_behind_the_gateway_at_once():
    """A site takes no access tokens, so none is ever sent there."""
    with (
        server(TENANT) as tenant,
        server(OK) as api,
        server(token()) as tokens,
        scripted(credentials=account(tokens), place=site_of(tenant, api)) as (gateway, site),
    ):
        gateway.get("rest/api/user/current")
    assert (site.asked, bearers(api)) == ([], ["Bearer first"])


def test_a_service_account_without_cloud_id_is_told_so():
    """Where the site does not tell its cloud id, the sentence names the address that was asked."""
    with (
        server(Say(404)) as tenant,
        server() as api,
        server(token()) as tokens,
        scripted(credentials=account(tokens), place=site_of(tenant, api)) as (gateway, _),
        pytest.raises(AccessError, match=r"/_edge/tenant_info told no cloud id \(it answered 404\)"),
    ):
        gateway.get("rest/api/user/current")


def test_a_busy_site_is_asked_again_for_its_cloud_id():
    """What may pass is raised as such."""
    with server(Say(503)) as tenant, server() as api, pytest.raises(Again):
        behind_gateway(site_of(tenant, api), PLAIN, lambda: None)


# -- what refusals say -----------------------------------------------------------------------------------------------

SITE = CloudSite("https://acme.atlassian.net/_edge/tenant_info", ("https://api.atlassian.com/ex/confluence/", "/wiki"))
PAT = Bearer(SecretStr("x"))


@pytest.mark.parametrize(
    ("place", "credentials", "advice"),
    [
        (SITE, BOT, "API tokens live a year at most"),
        (SITE, BOT, "make a new one at https://id.atlassian.com/"),
        (ApiGateway(), BOT, "have no scopes (then it works at https://SITE.atlassian.net only)"),
        (ApiGateway(), BOT, "the cloud id in CONFLUENCE_URL belongs to another site"),
        (ApiGateway(), ServiceAccount("c", SecretStr("x")), "may lack access to Confluence"),
        (
            OwnServer(),
            PAT,
            "mistyped or cut off, or be the other product's; make a new personal access token in Confluence",
        ),
        (OwnServer(), BOT, "Check CONFLUENCE_USERNAME and CONFLUENCE_TOKEN, its password, before the next pass"),
    ],
)
def test_what_to_do_depends_on_address_and_token(place, credentials, advice):
    """Each kind of token at each kind of address has its own remedy, beside who was refused, where and with what words."""
    call = Call(SignIn("https://there.example/wiki", credentials, place), "Confluence", "GET", "x", repeatable=True)
    with pytest.raises(AccessError) as failure:
        check_sign_in(call, Reply(401, {}, {"message": "Who are you?"}))
    assert f"{credentials} at https://there.example/wiki (it said: Who are you?) (401)" in str(failure.value)
    assert advice in str(failure.value)


@pytest.mark.parametrize(("variable", "user"), [("CONFLUENCE_TOKEN", "CONFLUENCE_USERNAME"), ("", "JIRA_USERNAME")])
def test_a_refusal_names_the_variable_that_holds_the_token(variable, user):
    """Jira's token is Confluence's unless set; the sentence names the one in use, and its user name."""
    call = Call(SignIn("https://acme.atlassian.net", BOT, SITE, variable), "Jira", "GET", "x", repeatable=True)
    with pytest.raises(AccessError) as failure:
        check_sign_in(call, Reply(401, {}, None))
    assert f"{variable or 'JIRA_TOKEN'} may have expired" in str(failure.value)
    assert user in str(failure.value)
    assert "password" not in str(failure.value)


@pytest.mark.parametrize(
    ("path", "scope"),
    [("api/v2/pages/7/properties/1", "read:page:confluence and write:page:confluence"), ("x", "one that")],
)
def test_a_missing_scope_is_named(path, scope):
    """The scope that a call needs stands in the refusal, where the worker knows the call."""
    call = Call(SignIn("https://a/wiki", BOT, ApiGateway()), "Confluence", "PUT", path, repeatable=False)
    with pytest.raises(AccessError) as failure:
        check_sign_in(call, Reply(401, {"X-Failure-Category": "FAILURE_CLIENT_SCOPE_CHECK"}, None))
    assert f"CONFLUENCE_TOKEN lacks a scope: this call needs {scope}" in str(failure.value)


@pytest.mark.parametrize("product", ["Confluence", "Jira"])
def test_an_account_without_the_product_stops_the_pass(product):
    """An account that may not use a product is told apart from one that may not touch a page."""
    call = Call(SignIn("https://a", BOT, SITE), product, "GET", "x", repeatable=True)
    words = {"message": f"Current user not permitted to use {product}"}
    with pytest.raises(AccessError, match=f"has to give that account access to {product}"):
        check_status(call, Reply(403, {}, words))
    with pytest.raises(Forbidden):
        check_status(call, Reply(403, {}, {"message": "Not permitted to view this page"}))
