"""Why no answer came, in the few words that a person needs."""

from __future__ import annotations

import socket
import ssl

import pytest
import requests

from tests.remote.scripted import Cut, Say, server
from worker.remote.cause import why


def failure(url: str, **more: object) -> requests.RequestException:
    """What a request that cannot succeed raises."""
    with pytest.raises(requests.RequestException) as caught:
        requests.get(url, timeout=(1, 0.05), **more)
    return caught.value


def test_nobody_listens() -> None:
    """A closed port refuses the connection."""
    assert "connection refused" == why(failure("http://127.0.0.1:9/"))


def test_nobody_goes_by_that_name() -> None:
    """A host name that is not known, however deep the error that says so, is told as such."""
    outer = requests.ConnectionError(OSError("wrapped"))
    outer.__cause__ = socket.gaierror(-2, "Name or service not known")

    assert "name not found" == why(outer)


def test_nothing_comes_in_time() -> None:
    """A server that says nothing is told as timed out."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert "timed out" == why(failure(f"http://127.0.0.1:{silent.getsockname()[1]}/"))


def test_no_tls_is_spoken() -> None:
    """Plain http behind an address of https is trouble of TLS."""
    with server(Say()) as plain:
        assert why(failure(plain.url.replace("http:", "https:"))).startswith("TLS: ")


def test_certificate_is_not_trusted() -> None:
    """A certificate of an unknown authority is told with what is wrong about it."""
    wrong = ssl.SSLCertVerificationError(1, "certificate verify failed")
    wrong.verify_message = "self-signed certificate in certificate chain"

    assert "TLS: the certificate is not trusted, self-signed certificate in certificate chain" == why(
        requests.exceptions.SSLError(wrong)
    )


def test_proxy_refuses() -> None:
    """What a proxy answered instead of a tunnel is repeated."""
    with server(Say(407)) as proxy:
        assert "the proxy refused: 407" in why(failure("https://jira.invalid/", proxies={"https": proxy.url}))


def test_connection_is_dropped() -> None:
    """A connection that ends without a word has no better reason than that."""
    with server(Say(cut=Cut.BEFORE_ANSWER)) as dropping:
        assert "no answer" == why(failure(dropping.url))


def test_errors_that_lead_in_circles_end() -> None:
    """Errors that name each other as cause give an answer all the same."""
    first, second = OSError("a"), OSError("b")
    first.__cause__, second.__cause__ = second, first

    assert "no answer" == why(first)
