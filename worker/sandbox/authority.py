"""Atlassian's authorisation server in small: client credentials are exchanged for access tokens that expire."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from worker.sandbox.clock import Clock
from worker.sandbox.people import Person

LIFETIME = timedelta(minutes=60)
"""How long an access token lives (Atlassian support, service accounts: OAuth 2.0 credentials)."""


@dataclass(slots=True)
class ServiceClient:
    """One pair of client credentials: as whom its tokens act, and what they may do."""

    secret: str
    person: Person
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Issued:
    client_id: str
    expires: datetime


class Authority:
    """``POST /oauth/token`` with ``grant_type=client_credentials``, and who holds which token."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)
        self._issued: dict[str, _Issued] = {}
        self.clients: dict[str, ServiceClient] = {}
        self.lifetime = LIFETIME

    def routes(self) -> list[Route]:
        """The token endpoint."""
        return [Route("/oauth/token", self.token, methods=["POST"])]

    async def token(self, request: Request) -> Response:
        """A fresh access token; wrong credentials are 401 (RFC 6749, section 5.2, with Auth0's name for it)."""
        try:
            asked = await request.json()
        except ValueError:
            asked = None
        if not isinstance(asked, dict) or asked.get("grant_type") != "client_credentials":
            return _refusal(400, "unsupported_grant_type", "The grant type is client_credentials, in a JSON body")
        client = self.clients.get(str(asked.get("client_id")))
        if client is None or not client.person.active or asked.get("client_secret") != client.secret:
            return _refusal(401, "access_denied", "Unauthorized")
        token = f"sandbox-access-{next(self._numbers)}"
        self._issued[token] = _Issued(str(asked["client_id"]), self._clock.now() + self.lifetime)
        return JSONResponse({
            "access_token": token,
            "expires_in": int(self.lifetime.total_seconds()),
            "token_type": "Bearer",
            "scope": " ".join(sorted(client.scopes)),
        })  # fmt: skip

    def holder(self, token: str) -> ServiceClient | None:
        """Whose token that is, None when it is nobody's or has expired."""
        issued = self._issued.get(token)
        return self.clients.get(issued.client_id) if issued and self._clock.now() < issued.expires else None

    @property
    def issued(self) -> int:
        """How many tokens were ever given out."""
        return len(self._issued)

    def expire_now(self) -> None:
        """Ends every token that was given out so far, before the time that was promised."""
        now = self._clock.now()
        self._issued = {token: _Issued(each.client_id, now) for token, each in self._issued.items()}


def _refusal(status: int, error: str, why: str) -> JSONResponse:
    return JSONResponse({"error": error, "error_description": why}, status)
