"""A server that wants our token elsewhere: no redirect is followed, and no address out of an answer is called."""

from __future__ import annotations

import json

import pytest
from pydantic import SecretStr

from tests.confluence.answers import PROPERTY, RESULT, V2_PAGE, V2_PROPERTY
from tests.jira.answers import issue
from tests.remote.scripted import BOT, SECRET, Say, scripted, server
from worker.confluence.cloud import CloudPageReader, CloudPageWriter
from worker.confluence.cloud import people_address as confluence_address
from worker.confluence.datacenter import DatacenterPageReader
from worker.errors import AccessError, RemoteError
from worker.jira.cloud import CloudTicketReader
from worker.jira.cloud import people_address as jira_address
from worker.jira.datacenter import DatacenterTicketReader
from worker.remote.signin import Bearer, CloudSite, ServiceAccount

PAT = Bearer(SecretStr(SECRET))


def evil(answer, elsewhere):
    """The answer with every address in it leading elsewhere, and more such addresses."""
    links = {
        name: f"{elsewhere.url}/wiki/{name}?cursor=c&start=1" for name in ("next", "prev", "self", "base", "context")
    }
    body = json.loads(json.dumps(answer))
    body["_links"] = {**links, "base": f"{elsewhere.url}/wiki"}
    body.update({"self": f"{elsewhere.url}/self", "next": f"{elsewhere.url}/next", "nextPage": f"{elsewhere.url}/next"})
    return Say(
        body=body, headers={"Link": f'<{elsewhere.url}/next>; rel="next"', "Refresh": f"0; url={elsewhere.url}/"}
    )


LAST = Say(body={"results": [], "size": 0, "_links": {}})
ISSUE = {**issue(7), "self": "http://evil.example/7"}
CLOUD_READS = [
    (lambda g: list(CloudPageReader(g, "https://a/wiki").search("x")), {"results": [RESULT]}, [LAST]),
    (lambda g: CloudPageReader(g, "https://a/wiki").page("123"), V2_PAGE, []),
    (lambda g: CloudPageReader(g, "https://a/wiki").properties("123", "k"), {"results": [V2_PROPERTY]}, [LAST]),
    (confluence_address, {"results": []}, []),
    (lambda g: CloudPageWriter(g, "https://a/wiki").replace_property("1", PROPERTY, {}), V2_PROPERTY, []),
]
JIRA_READS = [
    (lambda g: CloudTicketReader(g, "https://a").tickets(["PAY-7"]), {"issues": [ISSUE]}),
    (jira_address, {"baseUrl": "http://evil.example"}),
    (lambda g: CloudTicketReader(g, "https://a").newest_number("PAY"), {"issues": [ISSUE], "isLast": True}),
]


@pytest.mark.parametrize(("ask", "answer", "more"), CLOUD_READS)
def test_no_address_in_an_answer_of_confluence_is_called(ask, answer, more):
    """Next links, bases and selves that lead elsewhere change nothing about where requests go."""
    with server() as elsewhere, scripted(evil(answer, elsewhere), *more) as (gateway, script):
        ask(gateway)
    assert (elsewhere.asked, len(script.asked)) == ([], 1 + len(more))


@pytest.mark.parametrize(("ask", "answer"), JIRA_READS)
def test_no_address_in_an_answer_of_jira_is_called(ask, answer):
    """Jira's answers are full of addresses; none is called."""
    with server() as elsewhere, scripted(evil(answer, elsewhere), product="Jira", context="") as (gateway, script):
        ask(gateway)
    assert (elsewhere.asked, len(script.asked)) == ([], 1)


def test_data_center_is_paged_below_its_own_address():
    """The next part of a search is asked for at the address that was set, whatever the link says."""
    part = {"results": [], "start": 0, "limit": 1, "size": 1}
    with server() as elsewhere, scripted(evil(part, elsewhere), LAST, credentials=PAT) as (gateway, script):
        list(DatacenterPageReader(gateway, "https://a/wiki").search("x"))
    assert elsewhere.asked == []
    assert {line.split("?")[0] for line in script.lines} == {"GET /wiki/rest/api/content/search"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 300, 304])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_no_redirect_is_followed(status, method):
    """Whatever the method and the kind of redirect, nothing reaches the other host, and the pass stops."""
    with server() as elsewhere:
        answer = Say(status, headers={"Location": f"{elsewhere.url}/login?back={SECRET}"})
        with scripted(answer, credentials=PAT) as (gateway, script), pytest.raises(AccessError) as failure:
            gateway.send(method, "x", body=None, repeatable=method == "GET")
    assert (elsewhere.asked, len(script.asked)) == ([], 1)
    assert SECRET not in str(failure.value)


@pytest.mark.parametrize(
    "location", ["//evil.example/login", "/login", "http://[", "", "https://user:pass@evil.example/"]
)
def test_a_strange_redirect_is_a_sentence(location):
    """A location without scheme, host or sense is told as far as it goes, without what may be a secret in it."""
    with scripted(Say(302, headers={"Location": location})) as (gateway, _), pytest.raises(AccessError) as failure:
        gateway.get("x")
    assert "redirected us to" in str(failure.value)
    assert "pass" not in str(failure.value).replace("passes", "")


def test_cookies_stay_where_they_came_from():
    """A cookie that is set for everybody is sent back to the server that set it, and to the token endpoint never."""
    with server(Say(body={"access_token": "t", "expires_in": 0}), Say(body={"access_token": "t2"})) as tokens:
        account = ServiceAccount("c", SecretStr(SECRET), f"{tokens.url}/oauth/token")
        answer = Say(body={}, headers={"Set-Cookie": "a=b; Path=/"})
        with scripted(answer, answer, credentials=account) as (gateway, script):
            gateway.get("x")
            gateway.get("x")
    assert script.asked[1].headers["cookie"] == "a=b"
    assert [asked.headers.get("cookie") for asked in tokens.asked] == [None, None]


@pytest.mark.parametrize("cloud_id", ["evil.example/x", "../../rest", "a@evil.example", "1?x=", "", None, 7, "1" * 65])
def test_a_cloud_id_is_an_id(cloud_id):
    """A site cannot make another address of the gateway's by telling a strange cloud id."""
    with server(Say(body={"cloudId": cloud_id})) as tenant, server() as elsewhere:
        place = CloudSite(f"{tenant.url}/_edge/tenant_info", (f"{elsewhere.url}/ex/confluence/", "/wiki"))
        with scripted(Say(401), place=place) as (gateway, _), pytest.raises(AccessError):
            gateway.get("rest/api/user/current")
    assert elsewhere.asked == []


@pytest.mark.parametrize("id", ["../../../evil", "1/../2", "http://evil.example", "1?x=1", "#"])
def test_ids_of_the_server_stay_one_part_of_a_path(id):
    """An id that looks like an address is quoted into the path it belongs to."""
    with scripted(Say(404), Say(404, {}), product="Jira", context="/base") as (gateway, script):
        for ask in (
            CloudPageReader(gateway, "https://a").page,
            DatacenterTicketReader(gateway, "https://a", 1).transitions,
        ):
            with pytest.raises(RemoteError):
                ask(id)
    assert [line.count("/") for line in script.lines] == [5, 7]


def test_basic_credentials_never_reach_the_tenant_question():
    """The question for the cloud id is asked without the token that was just refused."""
    with server(Say(404)) as tenant, server() as elsewhere:
        place = CloudSite(f"{tenant.url}/_edge/tenant_info", (f"{elsewhere.url}/ex/confluence/", "/wiki"))
        with scripted(Say(401), credentials=BOT, place=place) as (gateway, _), pytest.raises(AccessError):
            gateway.get("x")
    assert [sorted(set(asked.headers) & {"authorization", "cookie"}) for asked in tenant.asked] == [[]]
