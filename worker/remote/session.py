"""Opens the sessions that carry requests: timeouts, pool, TLS and proxies; nobody is signed in yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import should_bypass_proxies

from worker import __version__

TIMEOUT = (10.0, 60.0)
"""Seconds to connect, and to wait for each piece of an answer."""


@dataclass(frozen=True, slots=True)
class Transport:
    """What lies between us and Atlassian; everything left out is taken from the environment as usual."""

    ca_bundle: str | None = None
    """File or folder of certificates to trust."""
    client_cert: str | None = None
    """PEM file with certificate and key for mutual TLS."""
    proxy: str | None = field(default=None, repr=False)
    """Proxy for https addresses; it may hold a password."""
    no_proxy: str | None = None
    """Hosts that are reached without it, separated by commas."""


class _Session(requests.Session):
    """Decides once for each host which proxy and which authorities lead there.

    ``requests`` asks the environment at every request, which costs more time than writing it, and lets
    ``REQUESTS_CA_BUNDLE`` win over what a session was set to. Our requests name neither proxy nor authorities.
    """

    def __init__(self, transport: Transport) -> None:
        super().__init__()
        self._transport = transport
        self._ways: dict[tuple[object, ...], Any] = {}

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        address = urlsplit(url)
        way = (address.scheme, address.netloc, stream, verify, cert)
        if way not in self._ways:
            found = super().merge_environment_settings(url, proxies, stream, verify, cert)
            found["verify"] = self._transport.ca_bundle or found["verify"]
            found["proxies"] = self._proxies(url, found["proxies"])
            self._ways[way] = found
        return dict(self._ways[way])

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002 — the signature is requests' own
        """None: no redirect leads anywhere, and none is prepared, which a location without sense would not survive."""
        return None

    def _proxies(self, url: str, usual: Any) -> Any:
        if should_bypass_proxies(url, self._transport.no_proxy):
            return {}
        return {"https": self._transport.proxy} if self._transport.proxy else usual


class _Adapter(HTTPAdapter):
    """Sets both timeouts, since the client library knows a single one, and keeps plain http off any proxy.

    Plain http is for loopback and the own network only, and a proxy would look for either on its own machine.
    """

    def __init__(self, timeout: tuple[float, float], **pools: Any) -> None:
        super().__init__(**pools)
        self._timeout = timeout

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,  # noqa: ARG002 — the signature is requests' own; replacing this value is the point
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        tunnelled = (request.url or "").startswith("https:")
        return super().send(request, stream, self._timeout, verify, cert, proxies if tunnelled else None)


def open_session(transport: Transport, concurrency: int, timeout: tuple[float, float] = TIMEOUT) -> requests.Session:
    """A session for ``concurrency`` threads at once. Retries of urllib3 are off: they would repeat a create."""
    session = _Session(transport)
    session.headers["User-Agent"] = f"postmortem-sync/{__version__}"
    for scheme in ("https://", "http://"):
        pools = {"pool_connections": 2, "pool_maxsize": concurrency, "pool_block": True, "max_retries": 0}
        session.mount(scheme, _Adapter(timeout, **pools))
    session.cert = transport.client_cert
    return session
