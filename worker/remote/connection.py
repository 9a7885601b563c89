"""One product's client, signed in: renews access tokens, and moves to the API gateway where the credentials want it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import requests
from atlassian.rest_client import AtlassianRestAPI
from requests.auth import AuthBase

from worker.errors import AccessError
from worker.remote.errand import Count
from worker.remote.patience import Again
from worker.remote.session import Transport, open_session
from worker.remote.signin import ApiGateway, Basic, Bearer, CloudSite, ServiceAccount, SignIn, spellings
from worker.remote.tenant import behind_gateway
from worker.remote.tokens import AccessTokens


@dataclass(frozen=True, slots=True)
class Sent:
    """One request that was answered, and as whom and where to it was sent."""

    account: SignIn
    response: requests.Response
    secret: str = field(repr=False)
    """What stood in its ``Authorization`` header, without the kind."""


class Connection:
    """Sends single requests; safe to share between threads.

    Retries of the library are off: they would repeat a create. The plain base class of the library is used because its
    product classes guess at addresses. Credentials are set as an auth handler, which a ``.netrc`` entry cannot replace;
    the library's and urllib3's loggers stay at WARNING since they print bodies below it.
    """

    def __init__(self, account: SignIn, transport: Transport, concurrency: int, count: Count) -> None:
        for name in ("atlassian", "urllib3"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._transport = transport
        self._count = count
        self._lock = threading.Lock()
        self._accepted = False
        self._session = open_session(transport, concurrency)
        self._session.headers["X-Atlassian-Token"] = "no-check"  # XSRF check of v1 writes
        self._tokens = (
            AccessTokens(account.credentials, transport, count)
            if isinstance(account.credentials, ServiceAccount)
            else None
        )
        self._account, self._client = account, self._signed_in(account)

    @property
    def account(self) -> SignIn:
        """Where requests go now, and as whom."""
        return self._account

    def close(self) -> None:
        """Closes all connections."""
        self._session.close()

    def prepare(self) -> None:
        """Sees to what signing in takes, so that ``send`` asks nobody else; it may take as long as a slow answer.

        AccessError where it cannot be had, ``Again`` as ``ask`` raises it.
        """
        if self._tokens is None:
            return
        with self._lock:
            if isinstance(self._account.place, CloudSite):
                self._move(self._account.place)  # a site takes no access tokens at all
        self._tokens.current()

    def send(self, method: str, path: str, params: Mapping[str, Any], body: Any) -> Sent:
        """Sends one request without following redirects; OSError as ``requests`` raises it."""
        with self._lock:
            account, client = self._account, self._client
        self._count()
        response = client.request(
            method, path=path, params=dict(params), data=body, advanced_mode=True, allow_redirects=False
        )
        return Sent(account, response, response.request.headers.get("Authorization", "").partition(" ")[2])

    def mended(self, sent: Sent) -> bool:
        """Whether the same request, refused as nobody's, may be accepted now: a token was renewed, or the client moved.

        A client moves once at most, from a Cloud site whose first answer was a refusal: tokens with scopes are refused
        there and accepted behind the API gateway, and no setting tells which kind a token is.
        """
        if self._tokens is not None:
            return self._tokens.renewed(sent.secret)
        with self._lock:
            if self._account is not sent.account:
                return True  # another thread moved meanwhile
            if self._accepted or not isinstance(self._account.place, CloudSite):
                return False
            try:
                self._move(self._account.place)
            except (AccessError, Again):
                return False  # the site's own refusal is the news
            return True

    def accept(self) -> None:
        """Remembers that the credentials were accepted where the client is, so that it never moves."""
        self._accepted = True

    def _move(self, place: CloudSite) -> None:
        base = behind_gateway(place, self._transport, self._count)
        self._account = replace(self._account, base=base, place=ApiGateway(moved_from=self._account.base))
        self._client = self._signed_in(self._account)

    def _signed_in(self, account: SignIn) -> AtlassianRestAPI:
        match account.credentials:
            case Basic() as basic:
                self._session.auth = _Signed("Basic", spellings(basic)[1])
            case Bearer(secret):
                self._session.auth = _Signed("Bearer", secret.get_secret_value())
            case ServiceAccount():
                self._session.auth = self._tokens
        return AtlassianRestAPI(account.base, session=self._session, retry_with_header=False, backoff_and_retry=False)


class _Signed(AuthBase):
    """Signs every request alike, in UTF-8 (RFC 7617, section 2.1): ``requests`` knows no letters beyond Latin-1."""

    def __init__(self, kind: str, secret: str) -> None:
        self._header = f"{kind} {secret}"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """The request, signed."""
        request.headers["Authorization"] = self._header
        return request
