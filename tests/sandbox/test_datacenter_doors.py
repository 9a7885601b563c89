"""How the sandbox's Data Center lets callers in, and what it says to anybody else."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from tests.sandbox.datacenter_site import Site, datacenter_site
from worker.sandbox.settings import RateLimit, Settings
from worker.sandbox.world import WORKER_PASSWORD, WORKER_USERNAME, access_token

WHO = {"confluence": "user/current", "jira": "myself"}


def basic(username: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


@pytest.mark.parametrize("product", ["confluence", "jira"])
def test_a_token_of_the_product_signs_in(datacenter: Site, product: str) -> None:
    """Each product knows the caller by the same user name."""
    answer = datacenter.caller(product, f"Bearer {access_token(product)}").get(WHO[product])

    assert answer["username" if product == "confluence" else "name"] == WORKER_USERNAME


@pytest.mark.parametrize(("product", "other"), [("confluence", "jira"), ("jira", "confluence")])
def test_a_token_of_the_other_product_is_refused(datacenter: Site, product: str, other: str) -> None:
    """Tokens belong to one product; the refusal is a page, not JSON."""
    answer = datacenter.caller(product, f"Bearer {access_token(other)}")("GET", WHO[product])

    assert answer.status_code == 401
    assert answer.headers["x-seraph-loginreason"] == "AUTHENTICATED_FAILED"
    assert answer.headers["content-type"].startswith("text/html")


def test_a_token_runs_out(datacenter: Site) -> None:
    """An expired token is like a wrong one."""
    world = datacenter.sandbox.world
    expires = world.clock.now() + timedelta(hours=1)
    world.worker.access_tokens["jira"] = {access_token("jira"): expires}
    assert datacenter.jira.status("GET", "myself") == 200
    world.clock.advance(hours=2)

    assert datacenter.jira.status("GET", "myself") == 401


def test_a_deactivated_account_is_refused(datacenter: Site) -> None:
    """Its token and its password work no longer."""
    datacenter.sandbox.world.worker.active = False

    assert datacenter.jira.status("GET", "myself") == 401
    assert datacenter.caller("jira", basic(WORKER_USERNAME, WORKER_PASSWORD)).status("GET", "myself") == 401


def test_nobody_is_anonymous(datacenter: Site) -> None:
    """Without credentials Confluence answers that, Jira refuses myself, and searches are empty."""
    datacenter.page()
    datacenter.create()
    confluence, jira = datacenter.caller("confluence", None), datacenter.caller("jira", None)

    assert confluence.get("user/current")["type"] == "anonymous"
    assert confluence.get("content/search", cql="type = page")["results"] == []
    assert confluence.status("GET", "user", username="alice") == 403
    assert jira.status("GET", "myself") == 401
    assert jira.get("search", jql="")["issues"] == []
    assert jira.status("POST", "issue", {"fields": {}}) == 401


def test_a_wrong_token_can_be_taken_for_nobody() -> None:
    """Then only a header tells an empty site from a wrong token."""
    with datacenter_site(Settings(wrong_token="anonymous")) as site:
        answer = site.caller("confluence", "Bearer wrong")("GET", "content/search", cql="type = page")

        assert (answer.status_code, answer.json()["results"]) == (200, [])
        assert answer.headers["x-seraph-loginreason"] == "AUTHENTICATED_FAILED"


@pytest.mark.parametrize(("mode", "status"), [("login page", 200), ("redirect", 302)])
def test_single_sign_on_answers_a_wrong_token_with_its_login_page(mode: str, status: int) -> None:
    """Which is HTML, whatever was asked for."""
    with datacenter_site(Settings(wrong_token=mode)) as site:
        answer = site.caller("jira", "Bearer wrong")("GET", "myself")

        assert answer.status_code == status
        assert not answer.headers.get("content-type", "text/html").startswith("application/json")


def test_wrong_passwords_bring_a_captcha_that_tokens_do_not_meet(datacenter: Site) -> None:
    """After three the right password is denied too, in that product only, until its owner signs in by a browser."""
    right = datacenter.caller("jira", basic(WORKER_USERNAME, WORKER_PASSWORD))
    wrong = datacenter.caller("jira", basic(WORKER_USERNAME, "wrong"))
    assert right.status("GET", "myself") == 200
    assert [wrong.status("GET", "myself") for _ in range(4)] == [401, 401, 401, 403]
    denied = right("GET", "myself")

    assert (denied.status_code, denied.headers["x-seraph-loginreason"]) == (403, "AUTHENTICATION_DENIED")
    assert denied.headers["x-authentication-denied-reason"].startswith("CAPTCHA_CHALLENGE; login-url=")
    assert datacenter.jira.status("GET", "myself") == 200
    assert datacenter.caller("confluence", basic(WORKER_USERNAME, WORKER_PASSWORD)).status("GET", "user/current") == 200
    datacenter.sandbox.world.worker.failed_logins.clear()
    assert right.status("GET", "myself") == 200


def test_a_right_password_in_between_starts_the_count_anew(datacenter: Site) -> None:
    """Only failures in a row count."""
    right = datacenter.caller("jira", basic(WORKER_USERNAME, WORKER_PASSWORD))
    wrong = datacenter.caller("jira", basic(WORKER_USERNAME, "wrong"))
    asked = (wrong, wrong, right, wrong, wrong, right)

    assert [each.status("GET", "myself") for each in asked] == [401, 401, 200, 401, 401, 200]


def test_passwords_can_be_switched_off() -> None:
    """Then the right one is refused too, and tokens go on."""
    with datacenter_site(Settings(basic_auth=False)) as site:
        refused = site.caller("jira", basic(WORKER_USERNAME, WORKER_PASSWORD))("GET", "myself")

        assert (refused.status_code, "disabled" in refused.text) == (403, True)
        assert site.jira.status("GET", "myself") == 200


def test_an_account_without_the_product_is_not_let_in(datacenter: Site) -> None:
    """Its token is right and of no use."""
    datacenter.sandbox.world.worker.products = frozenset({"confluence"})
    refused = datacenter.jira("GET", "myself")

    assert (refused.status_code, refused.headers["x-seraph-loginreason"]) == (403, "AUTHORISATION_FAILED")
    assert datacenter.confluence.status("GET", "user/current") == 200


def test_a_session_cookie_is_offered_once_and_not_needed(datacenter: Site) -> None:
    """A caller who keeps it is not given another."""
    first, second = (datacenter.jira("GET", "myself") for _ in range(2))
    datacenter.jira.session.cookies.clear()
    third = datacenter.jira("GET", "myself")

    assert first.headers["set-cookie"].startswith("JSESSIONID=")
    assert "set-cookie" not in second.headers
    assert (third.status_code, "set-cookie" in third.headers) == (200, True)


def test_each_answer_tells_what_the_limit_leaves_and_the_429_when_to_come_back() -> None:
    """Counted for the account, whatever it does."""
    with datacenter_site(Settings(rate_limit=RateLimit(requests=2, seconds=60, retry_after=7))) as site:
        said = [site.jira("GET", path) for path in ("myself", "serverInfo", "myself")]

        assert [answer.status_code for answer in said] == [200, 200, 429]
        assert [answer.headers["x-ratelimit-remaining"] for answer in said] == ["1", "0", "0"]
        assert [answer.headers["retry-after"] for answer in said] == ["0", "0", "7"]
        assert site.confluence.status("GET", "user/current") == 200
