"""Keeps a service account's access token: fetched when first needed, renewed before it ends, and when it is refused."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import requests
from requests.auth import AuthBase

from worker.errors import AccessError
from worker.remote.complaint import said
from worker.remote.errand import Count, ask
from worker.remote.session import Transport
from worker.remote.signin import ServiceAccount

_USUAL = 3600.0
"""Seconds an access token lives where the answer does not say (Atlassian support, service accounts: 60 minutes)."""
_EARLY = 60.0
"""Seconds before its end from which a token is not used any more; at most a tenth of its life."""


class AccessTokens(AuthBase):
    """Signs requests with a token that is shared by all threads, which wait while one of them renews it."""

    def __init__(
        self,
        account: ServiceAccount,
        transport: Transport,
        count: Count,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._account = account
        self._transport = transport
        self._count = count
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._token = ""
        self._until = 0.0

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """The request, signed with the token that ``current`` saw to; nothing is fetched here."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def current(self) -> str:
        """A token that is good for now.

        Raises AccessError when none is given, ``Again`` while the token endpoint is busy or out of reach.
        """
        with self._lock:
            if not self._token or self._monotonic() >= self._until:
                self._fetch()
            return self._token

    def renewed(self, refused: str) -> bool:
        """Whether there is a token other than the ``refused`` one; fetches it unless another thread already did."""
        with self._lock:
            if self._token == refused:
                self._fetch()
            return self._token != refused

    def _fetch(self) -> None:
        """OAuth 2.0 client credentials (Atlassian support, service accounts; RFC 6749, section 4.4)."""
        url = self._account.token_url
        asked = {
            "grant_type": "client_credentials",
            "client_id": self._account.client_id,
            "client_secret": self._account.secret.get_secret_value(),
        }
        status, body = ask("POST", url, asked, transport=self._transport, count=self._count)
        token = body.get("access_token") if status == 200 and isinstance(body, dict) else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
            words = said(body).replace(self._account.secret.get_secret_value(), "[secret]")
            raise AccessError(
                f"{url} gave no access token for {self._account} ({status}{f', it said: {words}' if words else ''}); "
                "check ATLASSIAN_CLIENT_ID and ATLASSIAN_CLIENT_SECRET, and in Atlassian Administration whether the "
                "service account and this credential still exist; a secret is shown once only: make a new one in doubt"
            )
        life = body.get("expires_in")
        seconds = float(life) if isinstance(life, (int, float)) and 0 <= life < 1e9 else _USUAL
        self._token = token
        self._until = self._monotonic() + seconds - min(_EARLY, seconds / 10)
