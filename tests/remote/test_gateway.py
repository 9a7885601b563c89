"""Every request passes the gateway: what it sends, what it makes of answers, when it repeats."""

from __future__ import annotations

import base64
import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from tests.remote.scripted import BOT, SECRET, Cut, Say, scripted, server
from worker import __version__
from worker.errors import AccessError, Exhausted, Forbidden, Missing, NoAnswer, RemoteError, Stale, TooLarge
from worker.remote.clock import ServerClock
from worker.remote.gateway import Counter, Gateway, Pause
from worker.remote.limits import NEAR
from worker.remote.patience import Patience
from worker.remote.session import Transport
from worker.remote.signin import Basic, Bearer, SignIn

OK = Say(body={"fine": True})


def test_a_read_gives_json_and_headers():
    """A read returns the parsed JSON and the headers, by any spelling of their names."""
    with scripted(Say(body={"a": 1}, headers={"X-Thing": "7"})) as (gateway, _):
        reply = gateway.get("api/v2/pages/1", {"body-format": "storage", "cursor": None})
    assert (reply.status, reply.body, reply.headers["x-thing"]) == (200, {"a": 1}, "7")


def test_a_request_carries_our_name_and_our_sign_in():
    """A request names us, asks for JSON, signs in by Basic, leaves out parameters without value and has no body."""
    with scripted(OK) as (gateway, script):
        gateway.get("api/v2/pages/1", {"body-format": "storage", "cursor": None})
    (asked,) = script.asked
    basic = base64.b64encode(f"bot@example.com:{SECRET}".encode()).decode()
    assert asked.headers["user-agent"] == f"postmortem-sync/{__version__}"
    assert asked.headers["x-atlassian-token"] == "no-check"
    assert asked.headers["authorization"] == f"Basic {basic}"
    assert (asked.path, asked.query, asked.body) == ("/wiki/api/v2/pages/1", {"body-format": "storage"}, None)


def test_a_personal_access_token_is_sent_as_bearer():
    """Credentials without a user name go out as a bearer token."""
    with scripted(OK, credentials=Bearer(SecretStr(SECRET))) as (gateway, script):
        gateway.get("rest/api/user/current")
    assert script.asked[0].headers["authorization"] == f"Bearer {SECRET}"


def test_any_letter_may_stand_in_a_name_and_a_password():
    """User names and passwords are sent in UTF-8, whatever they are written with."""
    with scripted(OK, credentials=Basic("łukasz", SecretStr("zażółć-€"))) as (gateway, script):
        gateway.get("x")
    sent = script.asked[0].headers["authorization"].removeprefix("Basic ")
    assert base64.b64decode(sent).decode() == "łukasz:zażółć-€"


def ask_from_another_process(url, **environment):
    """One read with a bearer token, in a process with just this environment."""
    program = (
        "import sys; from pydantic import SecretStr; from worker.remote.gateway import Counter, Gateway;"
        "from worker.remote.signin import Bearer, SignIn;"
        "g = Gateway(SignIn(sys.argv[1], Bearer(SecretStr('ours'))), product='Jira', concurrency=1,"
        " counter=Counter()); g.get('x'); g.close()"
    )
    subprocess.run([sys.executable, "-c", program, url], env=environment, check=True, timeout=60)


def test_a_netrc_entry_does_not_replace_our_credentials(tmp_path):
    """An entry for the host in .netrc changes nothing about how we sign in."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    with server(OK) as script:
        ask_from_another_process(script.url, NETRC=str(netrc))
    assert script.asked[0].headers["authorization"] == "Bearer ours"


def test_loopback_is_reached_without_a_proxy():
    """A proxy of the environment is not asked for a server on this machine."""
    with server(OK) as script, server() as proxy:
        ask_from_another_process(script.url, http_proxy=proxy.url, all_proxy=proxy.url)
    assert (len(script.asked), len(proxy.asked)) == (1, 0)


def test_a_redirect_is_a_login_page_and_its_query_stays_unsaid():
    """A redirect stops the pass, names where it leads without the query, and is not followed."""
    answer = Say(302, headers={"Location": "https://id.example/login?token=abc"})
    with scripted(answer) as (gateway, script), pytest.raises(AccessError) as failure:
        gateway.get("rest/api/user/current")
    assert "https://id.example/login," in str(failure.value)
    assert "abc" not in str(failure.value)
    assert len(script.asked) == 1


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_login_page_with_status_200_is_an_access_error(method):
    """HTML where JSON belongs stops the pass, and none of it is quoted."""
    page = Say(raw=b"<html>Please log in, dear visitor</html>", kind="text/html; charset=utf-8")
    with scripted(page) as (gateway, _), pytest.raises(AccessError) as failure:
        gateway.send(method, "api/v2/pages/1", repeatable=method == "GET")
    assert "text/html instead of JSON" in str(failure.value)
    assert "dear visitor" not in str(failure.value)


@pytest.mark.parametrize("reason", ["AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED"])
@pytest.mark.parametrize("status", [200, 403, 429, 503])
def test_the_login_reason_header_stops_at_once_on_any_status(reason, status):
    """An answer given to an anonymous visitor, or a CAPTCHA, is never retried and never read as empty."""
    answer = Say(status, {"issues": []}, {"X-Seraph-LoginReason": reason})
    with scripted(answer, product="Jira") as (gateway, script), pytest.raises(AccessError) as failure:
        gateway.get("rest/api/3/myself")
    assert reason in str(failure.value)
    assert (len(script.asked), script.naps) == (1, [])


def test_401_says_who_was_refused_and_why():
    """A 401 names product, user and the server's words, and says that a scope is missing where that is the case."""
    answer = Say(401, {"code": 401, "message": "Unauthorized; scope does not match"})
    with scripted(answer) as (gateway, _), pytest.raises(AccessError) as failure:
        gateway.get("rest/api/content/search")
    for part in ("Confluence", "bot@example.com", "scope does not match", "make a new token"):
        assert part in str(failure.value)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"message": "bad CQL"}, RemoteError),
        (403, {"message": "no"}, Forbidden),
        (404, {"errors": [{"title": "Not Found"}]}, Missing),
        (409, {"message": "Version must be incremented"}, Stale),
        (400, {"message": "x.ConflictException: Version must be incremented on update. Current version is: 7"}, Stale),
        (400, {"message": "Attempted to update stale data. Try again."}, Stale),
        (400, {"errors": [{"title": "A page with this title already exists"}]}, RemoteError),
        (410, {"message": "gone"}, RemoteError),
        (413, {"message": "Request too large"}, TooLarge),
        (422, {"message": "no"}, RemoteError),
        (408, None, NoAnswer),
        (500, {"message": "oops"}, NoAnswer),
        (502, None, NoAnswer),
        (503, None, NoAnswer),
        (504, None, NoAnswer),
    ],
)
def test_what_a_refused_write_means(status, body, kind):
    """Each status has one meaning on a write, which is sent once and never repeated."""
    with scripted(Say(status, body)) as (gateway, script), pytest.raises(RemoteError) as failure:
        gateway.send("PUT", "api/v2/pages/1", body={"a": 1}, repeatable=False)
    assert (type(failure.value), failure.value.status, len(script.asked)) == (kind, status, 1)


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_a_busy_server_is_asked_again_when_reading(status):
    """Reads wait 2, 4, 8 seconds and come through."""
    with scripted(Say(status), Say(status), Say(status), OK) as (gateway, script):
        assert gateway.get("x").body == {"fine": True}
    assert script.naps == [2.0, 4.0, 8.0]
    assert script.counter() == 4


def test_patience_ends_after_five_attempts():
    """The fifth failure is raised, and the waits never exceed thirty seconds before the jitter."""
    with scripted(*[Say(503)] * 9) as (gateway, script), pytest.raises(RemoteError) as failure:
        gateway.get("x")
    assert (failure.value.status, script.counter(), script.naps) == (503, 5, [2.0, 4.0, 8.0, 16.0])


def test_a_create_is_not_sent_again_after_a_wait_that_took_too_long():
    """A machine that slept through its wait wakes when others may have concluded that nothing was made."""
    now = [0.0]

    def oversleep(_seconds):
        now[0] += 3600

    patience = Patience(sleep=oversleep, jitter=lambda: 1.0, clock=lambda: now[0])
    with server(Say(429, headers={"Retry-After": "7"}), OK) as script:
        gateway = Gateway(
            SignIn(script.url, BOT), product="Jira", concurrency=1, counter=script.counter, patience=patience
        )
        with pytest.raises(RemoteError) as failure:
            gateway.send("POST", "x", body=[1], repeatable=False, within=60)
        gateway.close()
    assert (failure.value.status, len(script.asked)) == (429, 1)


def test_500_is_not_repeated_even_when_reading():
    """A fault of the server does not pass by waiting."""
    with scripted(Say(500), OK) as (gateway, script), pytest.raises(RemoteError):
        gateway.get("x")
    assert len(script.asked) == 1


def test_a_write_is_repeated_after_429_only():
    """429 proves that nothing happened, so the same write goes out again, no sooner than the server asks."""
    with scripted(Say(429, headers={"Retry-After": "7"}), OK) as (gateway, script):
        gateway.send("POST", "x", body=[1], repeatable=False)
    assert script.naps == [7.0]
    assert [asked.body for asked in script.asked] == [[1], [1]]


@pytest.mark.parametrize(
    ("headers", "nap"),
    [
        ({"Retry-After": "0"}, 2.0),
        ({"Retry-After": "119"}, 119.0),
        ({"Retry-After": "inf"}, 2.0),
        ({"Retry-After": "-5"}, 2.0),
        ({"Retry-After": "nan"}, 2.0),
        ({"Retry-After": "soon"}, 2.0),
        ({"Date": "Wed, 25 Nov 2026 08:00:00 GMT", "Retry-After": "Wed, 25 Nov 2026 08:00:41 GMT"}, 41.0),
    ],
)
def test_retry_after_is_a_minimum_and_is_not_believed_blindly(headers, nap):
    """Seconds and dates are understood; nothing shortens our own wait."""
    with scripted(Say(429, headers=headers), OK) as (gateway, script):
        gateway.get("x")
    assert script.naps == [nap]


def test_every_wait_is_told_to_the_observer():
    """Before each wait the observer hears what was asked, what happened and how long it takes; nothing of a body."""
    busy = Say(429, {"message": "private text"}, {"Retry-After": "60"})
    pauses = []
    with scripted(busy, Say(cut=Cut.BEFORE_ANSWER), OK, observer=pauses.append) as (gateway, _):
        gateway.get("x", {"cql": "private text"})
    assert pauses == [
        Pause("Confluence", "GET", "x", "answered 429", 60.0),
        Pause("Confluence", "GET", "x", "no answer", 4.0),
    ]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_429_that_asks_for_more_than_the_pass_waits_ends_it_and_says_until_when(method):
    """The error names product, limit and the server's own time; no further request goes out, whoever asks."""
    headers = {"Date": "Wed, 25 Nov 2026 08:00:00 GMT", "Retry-After": "5", "X-RateLimit-Reset": "2026-11-25T09:00Z"}
    busy = Say(429, headers={**headers, "RateLimit-Reason": "confluence-quota-tenant-based"})
    with scripted(busy, OK) as (gateway, script):
        for _ in range(2):
            with pytest.raises(Exhausted) as failure:
                gateway.send(method, "x", repeatable=method == "GET")
            assert failure.value.until == datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert str(failure.value) == (
        "Confluence has had enough requests (confluence-quota-tenant-based) and takes no more before "
        "2026-11-25T09:00:00+00:00; a later pass goes on by itself"
    )
    assert (script.naps, len(script.asked)) == ([], 1)


def test_a_429_that_asks_for_ages_names_no_moment():
    """A wait beyond all sense ends the pass like a long one."""
    with scripted(Say(429, headers={"Retry-After": "9" * 20})) as (gateway, _), pytest.raises(Exhausted) as failure:
        gateway.get("x")
    assert failure.value.until is None


def test_a_limit_of_one_ticket_is_that_requests_own():
    """Its writes are repeated as asked or given up; other requests neither wait nor end."""
    busy = Say(429, headers={"Retry-After": "600", "RateLimit-Reason": "jira-per-issue-on-write"})
    with scripted(busy, OK) as (gateway, script):
        with pytest.raises(RemoteError, match="answered 429: too many requests, wait 600 s") as failure:
            gateway.send("PUT", "issue/1", repeatable=False)
        gateway.send("PUT", "issue/2", repeatable=False)
    assert (failure.value.status, script.naps, len(script.asked)) == (429, [], 2)


def test_a_busy_server_that_does_not_say_until_when_fails_the_request():
    """After five attempts patience ends; the next pass goes on."""
    with scripted(*[Say(429)] * 5) as (gateway, script), pytest.raises(RemoteError) as failure:
        gateway.get("x")
    assert "answered 429: too many requests; the next pass goes on by itself" in str(failure.value)
    assert script.naps == [2.0, 4.0, 8.0, 16.0]


def test_one_thread_hears_to_wait_and_all_others_wait():
    """A request that comes after another one's 429 goes out no sooner than that one was asked to."""
    with scripted(Say(429, headers={"Retry-After": "60"}), OK) as (gateway, script):
        with pytest.raises(RemoteError):
            gateway.send("POST", "x", repeatable=False, within=5)
        gateway.get("y")
    (nap,) = script.naps
    assert 59 < nap <= 60
    assert script.lines == ["POST /wiki/x", "GET /wiki/y"]


def test_a_write_whose_turn_comes_too_late_is_not_sent():
    """A write that may not go out so late is given up at once where others were told to wait longer."""
    with scripted(Say(429, headers={"Retry-After": "60"}), OK) as (gateway, script):
        for _ in range(2):
            with pytest.raises(RemoteError):
                gateway.send("POST", "x", repeatable=False, within=5)
    assert (script.naps, len(script.asked)) == ([], 1)


def test_what_the_server_said_is_quoted_without_java_classes():
    """Names of exception classes before a server's sentence are left out, in the text and beside it."""
    words = "com.atlassian.confluence.api.service.exceptions.BadRequestException: Could not parse cql : no space PAYY"
    with scripted(Say(400, {"message": words})) as (gateway, _), pytest.raises(RemoteError) as failure:
        gateway.get("x")
    assert failure.value.said == "Could not parse cql : no space PAYY"
    assert "(it said: Could not parse cql : no space PAYY)" in str(failure.value)


def test_a_wait_that_does_not_fit_before_the_deadline_is_not_begun():
    """With five seconds left, a wait of seven is given up at once, and ends the pass."""
    answers = (Say(429, headers={"Retry-After": "7"}), OK)
    with scripted(*answers, remaining=lambda: 5.0) as (gateway, script), pytest.raises(Exhausted):
        gateway.get("x")
    assert script.naps == []


def test_requests_that_finish_the_work_in_hand_keep_their_distance():
    """No time is left for the pass, and still a product that says how little it takes is asked no faster."""
    near = Say(body={"fine": True}, headers={"X-RateLimit-NearLimit": "true"})
    with scripted(near, near, near, remaining=lambda: 0.0) as (gateway, script):
        for _ in range(3):
            gateway.send("PUT", "x", repeatable=False)
    (nap,) = script.naps
    assert 0.0 < nap <= NEAR


def test_a_ticket_that_is_busy_after_the_deadline_concerns_nobody_else():
    """It is given up, and the product is asked on."""
    busy = Say(429, headers={"Retry-After": "7", "RateLimit-Reason": "jira-per-issue-on-write"})
    with scripted(busy, OK, remaining=lambda: 0.0) as (gateway, _):
        with pytest.raises(RemoteError):
            gateway.send("PUT", "rest/api/3/issue/10001", repeatable=False)
        assert gateway.get("x").body == {"fine": True}


@pytest.mark.parametrize("cut", [Cut.BEFORE_ANSWER, Cut.IN_BODY])
def test_a_cut_connection_is_repeated_when_reading(cut):
    """A read whose answer was lost on the way is asked again."""
    with scripted(Say(body={"long": "answer" * 100}, cut=cut), OK) as (gateway, script):
        assert gateway.get("x").body == {"fine": True}
    assert script.counter() == 2


@pytest.mark.parametrize("cut", [Cut.BEFORE_ANSWER, Cut.IN_BODY])
def test_a_cut_connection_leaves_a_write_unknown(cut):
    """A write whose answer was lost is sent once and reported as unknown."""
    with scripted(Say(body={"long": "answer" * 100}, cut=cut), OK) as (gateway, script), pytest.raises(NoAnswer):
        gateway.send("POST", "x", body={}, repeatable=False)
    assert len(script.asked) == 1


def test_half_a_json_text_is_no_answer():
    """JSON that ends in the middle is repeated on a read and unknown on a write."""
    half = Say(raw=b'{"issues": [{"id"')
    with scripted(half, OK, half) as (gateway, script):
        assert gateway.get("x").body == {"fine": True}
        with pytest.raises(NoAnswer):
            gateway.send("POST", "x", repeatable=False)
    assert script.counter() == 3


@pytest.mark.parametrize(("repeatable", "attempts"), [(True, 5), (False, 1)])
def test_an_unreachable_product_stops_the_pass(repeatable, attempts):
    """Where no connection comes about nothing was sent: an access error that names the address, also for a write."""
    with server() as closed:
        url = closed.url
    naps: list[float] = []
    counter = Counter()
    gateway = Gateway(
        SignIn(url, BOT), product="Jira", concurrency=1, counter=counter, patience=Patience(sleep=naps.append)
    )
    with pytest.raises(AccessError) as failure:
        gateway.send("POST", "rest/api/3/issue/bulk", repeatable=repeatable)
    assert f"could not be reached at {url} (connection refused); check JIRA_URL" in str(failure.value)
    assert counter() == attempts


def test_an_empty_answer_has_no_body():
    """204 and empty 200 are fine and bring None."""
    with scripted(Say(204), Say(200)) as (gateway, _):
        assert [gateway.send("DELETE", "x", repeatable=False).body for _ in range(2)] == [None, None]


def test_no_error_text_holds_the_secret_or_markup():
    """A server that echoes our header is quoted without the secret, without tags, in at most 300 characters."""
    basic = base64.b64encode(f"bot@example.com:{SECRET}".encode()).decode()
    echo = f"<b>Basic {basic}</b> and {SECRET} &amp; " + "x" * 500
    with scripted(Say(403, {"message": echo})) as (gateway, _), pytest.raises(Forbidden) as failure:
        gateway.get("x")
    text = str(failure.value)
    assert (SECRET in text, basic in text, "<b>" in text, "x" * 300 in text) == (False, False, False, False)
    assert "Basic [secret] and [secret] &" in text


def test_credentials_never_print():
    """Neither str nor repr of a sign-in shows its secret."""
    account = SignIn("https://a", BOT)
    assert SECRET not in f"{account!r} {account.credentials} {account.credentials!r}"


def test_server_time_comes_from_the_date_header():
    """now() is the server's date, whatever the local clock says."""
    with scripted(Say(body={}, headers={"Date": "Tue, 01 Jan 2030 10:00:00 GMT"})) as (gateway, _):
        gateway.get("x")
        passed = (gateway.now() - datetime(2030, 1, 1, 10, tzinfo=UTC)).total_seconds()
    assert 0 <= passed < 30


def test_every_attempt_is_told_to_the_observer():
    """The observer hears of each attempt, with or without an answer."""
    with scripted(Say(cut=Cut.BEFORE_ANSWER), Say(503, {"m": 1}), OK) as (gateway, script):
        gateway.get("x", {"a": "b"})
    told = [(e.product, e.method, e.path, e.params, e.status, e.answer) for e in script.exchanges]
    head = ("Confluence", "GET", "x", {"a": "b"})
    assert told == [(*head, None, None), (*head, 503, {"m": 1}), (*head, 200, {"fine": True})]


def test_many_threads_share_one_gateway():
    """Sixteen threads on a pool of four lose no request and no count."""
    with scripted(*[OK] * 64) as (gateway, script), ThreadPoolExecutor(16) as threads:
        bodies = list(threads.map(lambda n: gateway.get(f"x{n}").body, range(64)))
    assert bodies == [{"fine": True}] * 64
    assert script.counter() == len(script.asked) == 64


def test_the_library_logs_no_bodies(caplog):
    """With everything else at DEBUG, the client library and urllib3 say nothing about requests and answers."""
    with caplog.at_level(logging.DEBUG), scripted(Say(body={"page": "private text"})) as (gateway, _):
        gateway.send("PUT", "x", body={"page": "private text"}, repeatable=False)
    assert caplog.text == ""


def test_before_the_first_answer_the_local_clock_has_to_do():
    """A clock that has heard nothing gives an aware time that is about now."""
    assert abs((ServerClock().now() - datetime.now(UTC)).total_seconds()) < 60


def test_server_time_goes_on_between_answers():
    """What has passed since the latest answer is added."""
    ticks = iter([100.0, 142.5])
    clock = ServerClock(monotonic=lambda: next(ticks))
    clock.hear(datetime(2026, 11, 25, 8, tzinfo=UTC))
    assert clock.now() == datetime(2026, 11, 25, 8, 0, 42, 500000, tzinfo=UTC)


def test_an_answer_that_cannot_be_unpacked_is_no_answer():
    """Bytes that claim to be gzip and are not leave a write unknown."""
    answer = Say(raw=b"not gzip", headers={"Content-Encoding": "gzip"})
    with scripted(answer) as (gateway, _), pytest.raises(NoAnswer):
        gateway.send("PUT", "x", repeatable=False)


def test_the_environment_says_for_each_host_which_proxy_leads_there():
    """HTTPS_PROXY of the environment is used at every request to a host, and not for a host that NO_PROXY excepts."""
    program = (
        "import sys; from pydantic import SecretStr; from worker.errors import WorkerError;"
        "from worker.remote.gateway import Counter, Gateway; from worker.remote.patience import Patience;"
        "from worker.remote.signin import Bearer, SignIn\n"
        "for base in sys.argv[1:]:\n"
        "    g = Gateway(SignIn(base, Bearer(SecretStr('ours'))), product='Jira', concurrency=1, counter=Counter(),"
        " patience=Patience(sleep=lambda _: None, remaining=lambda: 0.0))\n"
        "    for _ in range(2):\n"
        "        try: g.get('x')\n"
        "        except WorkerError: pass\n"
        "    g.close()\n"
    )
    with server(Say(407), Say(407)) as proxy:
        subprocess.run(
            [sys.executable, "-c", program, "https://jira.invalid", "https://direct.invalid"],
            env={"HTTPS_PROXY": proxy.url, "NO_PROXY": "direct.invalid"},
            check=True,
            timeout=60,
        )
    assert ["CONNECT"] * 2 == [asked.method for asked in proxy.asked]


def through(proxy, base, no_proxy=None):
    """Whether a request to ``base`` knocked at the proxy."""
    with server() as other:
        gateway = Gateway(
            SignIn(base or other.url, BOT),
            product="Jira",
            concurrency=1,
            counter=Counter(),
            transport=Transport(proxy=proxy.url, no_proxy=no_proxy),
            patience=Patience(sleep=lambda _: None, remaining=lambda: 0.0),
        )
        with pytest.raises((AccessError, RemoteError)) as failure:
            gateway.get("rest/api/3/myself")
        gateway.close()
    assert "pass:word" not in str(failure.value)
    return [asked.method for asked in proxy.asked]


def test_https_goes_through_the_proxy_unless_the_host_is_excepted():
    """A tunnel is asked for, except for hosts in NO_PROXY."""
    with server(Say(407)) as proxy:
        assert through(proxy, "https://jira.invalid") == ["CONNECT"]
    with server(Say(407)) as proxy:
        assert through(proxy, "https://jira.invalid", no_proxy="jira.invalid") == []


def test_certificates_come_from_the_settings(tmp_path):
    """Without the files that were named no connection is tried."""
    for transport in (Transport(ca_bundle=str(tmp_path / "ca.pem")), Transport(client_cert=str(tmp_path / "me.pem"))):
        gateway = Gateway(
            SignIn("https://127.0.0.1:9", BOT), product="Jira", concurrency=1, counter=Counter(), transport=transport
        )
        with pytest.raises(AccessError, match="pem"):
            gateway.get("x")
        gateway.close()
