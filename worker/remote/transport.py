"""Builds the client and the session that carry requests: TLS, proxies, timeouts, pool, sign-in."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from atlassian.rest_client import AtlassianRestAPI
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from requests.utils import should_bypass_proxies

from worker import __version__
from worker.errors import AccessError
from worker.remote.cause import why
from worker.remote.signin import Basic, Bearer, ServiceAccount, SignIn

TIMEOUT = (10.0, 60.0)
"""Seconds to connect, and to wait for each piece of an answer."""


@dataclass(frozen=True, slots=True)
class Transport:
    """What lies between us and Atlassian; everything left out is taken from the environment as usual."""

    ca_bundle: str | None = None
    """File or folder of certificates to trust."""
    client_cert: str | None = None
    """PEM file with certificate and key for mutual TLS."""
    proxy: str | None = None
    """Proxy for https addresses."""
    no_proxy: str | None = None
    """Hosts that are reached without it, separated by commas."""


class _Session(requests.Session):
    """Asks the environment once for each host which proxy and which authorities lead there.

    ``requests`` does so at every request, which costs more time than writing it; our requests name no proxy themselves.
    """

    def __init__(self) -> None:
        super().__init__()
        self._ways: dict[tuple[object, ...], Any] = {}

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        address = urlsplit(url)
        way = (address.scheme, address.netloc, stream, verify, cert)
        if way not in self._ways:
            self._ways[way] = super().merge_environment_settings(url, proxies, stream, verify, cert)
        return dict(self._ways[way])


class _Adapter(HTTPAdapter):
    """Sets both timeouts, since the client library knows a single one, and keeps plain http off any proxy.

    Plain http is for loopback only, and a proxy of the environment would look for the sandbox on its own machine.
    """

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
        return super().send(request, stream, TIMEOUT, verify, cert, proxies if tunnelled else None)


class _TokenAuth(AuthBase):
    """Exchanges client credentials for a bearer token when none is left that lives another minute."""

    def __init__(self, account: ServiceAccount, session: requests.Session) -> None:
        self._account = account
        self._session = session
        self._lock = threading.Lock()
        self._token = ""
        self._until = 0.0

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        with self._lock:
            if time.monotonic() > self._until:
                self._fetch()
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def _fetch(self) -> None:
        """Asks ``token_url`` (Atlassian service accounts, OAuth 2.0 client credentials: 60 minutes a token)."""
        try:
            answer = self._session.post(
                self._account.token_url,
                json={
                    "grant_type": "client_credentials",
                    "client_id": self._account.client_id,
                    "client_secret": self._account.secret.get_secret_value(),
                },
                auth=lambda request: request,
                allow_redirects=False,
            )
            token = answer.json()
            self._token = str(token["access_token"])
            self._until = time.monotonic() + float(token.get("expires_in", 3600)) - 60
        except requests.ConnectionError as error:
            raise AccessError(
                f"{self._account.token_url} could not be reached for {self._account} ({why(error)})"
            ) from error
        except (requests.RequestException, ValueError, KeyError, TypeError) as error:
            raise AccessError(
                f"{self._account.token_url} gave no token for {self._account}; check ATLASSIAN_CLIENT_ID and "
                "ATLASSIAN_CLIENT_SECRET, and whether the service account still exists"
            ) from error


def connect(account: SignIn, transport: Transport, concurrency: int) -> AtlassianRestAPI:
    """A client with its own session, signed in as ``account``, for ``concurrency`` threads at once.

    Retries of the library and of urllib3 are off: both would repeat a create. The plain base class of the library is
    used because its product classes guess at addresses. Credentials are set as an auth handler, which a ``.netrc``
    entry cannot replace; the library's and urllib3's loggers stay at WARNING since they print bodies below it.
    """
    for name in ("atlassian", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)
    session = _Session()
    session.headers.update(
        {"User-Agent": f"postmortem-sync/{__version__}", "X-Atlassian-Token": "no-check"}  # XSRF check of v1 writes
    )
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Adapter(pool_connections=2, pool_maxsize=concurrency, pool_block=True, max_retries=0))
    if transport.ca_bundle:
        session.verify = transport.ca_bundle
    session.cert = transport.client_cert
    if transport.proxy and not should_bypass_proxies(account.base, transport.no_proxy):
        session.proxies = {"https": transport.proxy}
    match account.credentials:
        case Basic(username, secret):
            return _client(account, session, username=username, password=secret.get_secret_value())
        case Bearer(secret):
            return _client(account, session, token=secret.get_secret_value())
        case ServiceAccount() as service:
            session.auth = _TokenAuth(service, session)
            return _client(account, session)


def _client(
    account: SignIn,
    session: requests.Session,
    username: str | None = None,
    password: str | None = None,
    token: str | None = None,
) -> AtlassianRestAPI:
    return AtlassianRestAPI(
        account.base,
        username=username,
        password=password,
        token=token,
        session=session,
        retry_with_header=False,
        backoff_and_retry=False,
    )
