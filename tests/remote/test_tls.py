"""Private authorities, client certificates and proxies, with real TLS and a real proxy on loopback."""

from __future__ import annotations

import base64
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
import trustme
from pydantic import SecretStr

from tests.remote.scripted import BOT, SECRET, Say, server
from tests.remote.wires import proxy, tls
from worker.errors import AccessError
from worker.remote.gateway import Counter, Gateway
from worker.remote.patience import Patience
from worker.remote.session import Transport
from worker.remote.signin import CloudSite, ServiceAccount, SignIn

OK = Say(body={"fine": True})
HOSTS = ("127.0.0.1", "acme.example", "api.example", "auth.example")


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def certificate(authority):
    return authority.issue_cert(*HOSTS)


@pytest.fixture(scope="module")
def files(authority, tmp_path_factory):
    """A bundle with the authority, a client's certificate with its key, and another authority."""
    folder = tmp_path_factory.mktemp("certificates")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    authority.issue_cert("worker@acme.example").private_key_and_cert_chain_pem.write_to_path(folder / "me.pem")
    trustme.CA().cert_pem.write_to_path(folder / "other.pem")
    return folder


def port_of(script):
    return urlsplit(script.url).port


@contextmanager
def reaching(base, credentials=BOT, place=None, **transport):
    """A gateway to ``base`` that does not wait."""
    account = SignIn(base, credentials, place) if place else SignIn(base, credentials)
    gateway = Gateway(
        account,
        product="Jira",
        concurrency=2,
        counter=Counter(),
        transport=Transport(**transport),
        patience=Patience(sleep=lambda _: None, remaining=lambda: 0.0),
    )
    try:
        yield gateway
    finally:
        gateway.close()


def refusal(base, **transport):
    with reaching(base, **transport) as gateway, pytest.raises(AccessError) as failure:
        gateway.get("x")
    assert (SECRET in str(failure.value), "pass:word" in str(failure.value)) == (False, False)
    return str(failure.value)


def test_a_private_authority_is_named_in_ca_bundle(certificate, files):
    """With its bundle the server is trusted; without it, or with another one, the sentence names CA_BUNDLE."""
    with server(OK) as script, tls(certificate, port_of(script)) as front:
        with reaching(front.url, ca_bundle=str(files / "ca.pem")) as gateway:
            assert gateway.get("x").body == {"fine": True}
        for transport in ({}, {"ca_bundle": str(files / "other.pem")}):
            told = refusal(front.url, **transport)
            assert "TLS: the certificate is not trusted" in told
            assert "name that authority's file in CA_BUNDLE" in told


def test_the_private_authority_of_a_token_endpoint_is_named_too(certificate, files):
    """A company that looks into traffic does so at the token endpoint as well: the sentence names it and CA_BUNDLE."""
    with server() as script, tls(certificate, port_of(script)) as front:
        account = ServiceAccount("c", SecretStr(SECRET), f"{front.url}/oauth/token")
        with reaching("https://127.0.0.1:9", account) as gateway, pytest.raises(AccessError) as failure:
            gateway.get("x")
    assert str(failure.value).startswith(
        f"{front.url}/oauth/token could not be reached (TLS: the certificate is not trusted"
    )
    assert "name that authority's file in CA_BUNDLE" in str(failure.value)


def test_the_setting_wins_over_the_environment_of_requests(certificate, files):
    """REQUESTS_CA_BUNDLE of the environment does not replace CA_BUNDLE, and counts where that is not set."""
    program = (
        "import sys; from tests.remote.test_tls import reaching\n"
        "with reaching(sys.argv[1], ca_bundle=sys.argv[2] or None) as gateway: gateway.get('x')\n"
    )
    with server(OK, OK) as script, tls(certificate, port_of(script)) as front:
        for setting, environment in ((str(files / "ca.pem"), "other.pem"), ("", "ca.pem")):
            subprocess.run(
                [sys.executable, "-c", program, front.url, setting],
                env={"REQUESTS_CA_BUNDLE": str(files / environment), "PYTHONPATH": ":".join(sys.path)},
                check=True,
                timeout=60,
            )
    assert len(script.asked) == 2


def test_a_certificate_of_another_host_is_not_taken(authority, files):
    """A trusted authority does not make up for a name that differs."""
    elsewhere = authority.issue_cert("elsewhere.example")
    with server(OK) as script, tls(elsewhere, port_of(script)) as front:
        assert "TLS: the certificate is not trusted" in refusal(front.url, ca_bundle=str(files / "ca.pem"))
    assert script.asked == []


def test_mutual_tls_shows_the_client_certificate(authority, certificate, files):
    """A server that asks for a client certificate sees ours; without one the sentence names CLIENT_CERT."""
    bundle = str(files / "ca.pem")
    with server(OK) as script, tls(certificate, port_of(script), clients=authority) as front:
        with reaching(front.url, ca_bundle=bundle, client_cert=str(files / "me.pem")) as gateway:
            assert gateway.get("x").body == {"fine": True}
        assert front.clients == ["worker@acme.example"]
        assert "name a certificate with its key in CLIENT_CERT" in refusal(front.url, ca_bundle=bundle)


def test_a_write_without_client_certificate_is_known_not_to_be_done(authority, certificate, files):
    """A server that wants a certificate first has done nothing, and nothing of ours is repeated."""
    with (
        server(OK) as script,
        tls(certificate, port_of(script), clients=authority) as front,
        reaching(front.url, ca_bundle=str(files / "ca.pem")) as gateway,
        pytest.raises(AccessError, match="CLIENT_CERT"),
    ):
        gateway.send("POST", "x", body={}, repeatable=False)
    assert script.asked == []


def test_https_goes_through_the_proxy_with_its_own_password(certificate, files):
    """The proxy gets its own user and password and the host's name, the server gets ours, inside the tunnel."""
    with server(OK) as script, tls(certificate, port_of(script)) as front, proxy(port_of(front)) as between:
        address = between.url.replace("//", "//user:pass@")
        with reaching("https://acme.example/jira", ca_bundle=str(files / "ca.pem"), proxy=address) as gateway:
            gateway.get("x")
    assert between.lines == ["CONNECT acme.example:443"]
    assert between.authorizations == ["Basic " + base64.b64encode(b"user:pass").decode()]
    assert (
        script.asked[0].headers["authorization"]
        == "Basic " + base64.b64encode(f"{BOT.username}:{SECRET}".encode()).decode()
    )
    assert "proxy-authorization" not in script.asked[0].headers


def test_a_proxy_that_is_not_there_is_named():
    """Where nobody listens at the proxy's address, the sentence names that address, without its password."""
    with proxy(None) as between:
        gone = between.url
    told = refusal("https://acme.example", proxy=gone.replace("//", "//user:pass:word@"))
    assert told.startswith(
        f"Jira could not be reached at https://acme.example through the proxy {gone} (connection refused); check "
    )


def test_a_proxy_on_the_way_to_a_token_endpoint_is_named():
    """The same for where a service account gets its access tokens."""
    with proxy(None) as between:
        gone = between.url
    account = ServiceAccount("c", SecretStr(SECRET), "https://auth.example/oauth/token")
    with reaching("https://api.example", account, proxy=gone) as gateway, pytest.raises(AccessError) as failure:
        gateway.get("x")
    assert f"oauth/token could not be reached through the proxy {gone} (connection refused)" in str(failure.value)


def test_a_proxy_of_the_environment_that_speaks_socks_is_told():
    """ALL_PROXY belongs to every program, so it is not judged before; the sentence says what to do about it."""
    program = "from tests.remote.test_tls import refusal; print(refusal('https://acme.example'))"
    told = subprocess.run(
        [sys.executable, "-c", program],
        env={"ALL_PROXY": "socks5://127.0.0.1:9", "PYTHONPATH": ":".join(sys.path)},
        check=True, capture_output=True, text=True, timeout=60,
    ).stdout  # fmt: skip
    assert "could not be reached at https://acme.example (the proxy is one for SOCKS); that kind is not served" in told


def test_a_proxy_that_refuses_is_said_to(files):
    """A proxy that lets nobody through is told apart from a server that is not there, without its password."""
    with proxy(None) as between:
        told = refusal("https://acme.example", proxy=between.url.replace("//", "//user:pass:word@"))
    way = f"https://acme.example through the proxy {between.url}"
    assert f"could not be reached at {way} (the proxy refused: 407 Proxy Authentication Required)" in told
    assert "write the proxy's user name and password into HTTPS_PROXY" in told


@pytest.mark.parametrize(
    ("no_proxy", "asked"),
    [
        (None, ["acme.example", "auth.example", "api.example"]),
        ("acme.example", ["auth.example", "api.example"]),
        ("auth.example,.acme.example", ["api.example"]),
        ("example", []),
    ],
)
def test_each_host_is_excepted_by_itself(certificate, files, no_proxy, asked):
    """NO_PROXY decides for site, token endpoint and API gateway each, and not by the host that comes first."""
    answers = (Say(body={"cloudId": "11111111-2222"}), Say(body={"access_token": "t"}), OK)
    with server(*answers) as script, tls(certificate, port_of(script)) as front, proxy(port_of(front)) as between:
        site = CloudSite("https://acme.example/_edge/tenant_info", ("https://api.example/ex/jira/", ""))
        account = ServiceAccount("c", SecretStr(SECRET), "https://auth.example/oauth/token")
        transport = {"ca_bundle": str(files / "ca.pem"), "proxy": between.url, "no_proxy": no_proxy}
        with reaching("https://acme.example", account, site, **transport) as gateway:
            if no_proxy is None:
                gateway.get("x")
            else:
                with pytest.raises(AccessError):  # hosts that are excepted are not there
                    gateway.get("x")
    assert {line.removeprefix("CONNECT ").removesuffix(":443") for line in between.lines} <= set(asked)
    assert no_proxy is not None or len(between.lines) == 3
