"""Cloud's ways in: the site for API tokens without scopes, the API gateway for tokens with scopes and access tokens."""

from __future__ import annotations

import re
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from worker.sandbox.answers import Answer, of_json
from worker.sandbox.authority import Authority
from worker.sandbox.clock import Clock
from worker.sandbox.doors import Admitted, basic, bearer
from worker.sandbox.face import CLOUD
from worker.sandbox.people import Directory, Person
from worker.sandbox.scopes import suffices
from worker.sandbox.settings import RateLimit, Settings

CLOUD_ID = "0a5eb0c5-0000-4000-8000-000000c10d1d"
"""By which the API gateway knows this site."""
_BEHIND = re.compile(r"/ex/(?P<product>confluence|jira)/(?P<cloud_id>[^/]+)(?P<path>/.*)")
_OPEN = frozenset({"/_edge/tenant_info", "/oauth/token"})
"""What nobody signs in for."""
_ROOTS = {"confluence": ("/wiki/rest/api/", "/wiki/api/"), "jira": ("/rest/",)}


class CloudDoors:
    """Site and gateway share the sandbox's address: below ``/ex/`` is what ``api.atlassian.com`` would be."""

    def __init__(self, people: Directory, authority: Authority, clock: Clock, settings: Settings) -> None:
        self._people = people
        self._authority = authority
        self._clock = clock
        self._settings = settings

    def routes(self) -> list[Route]:
        """What anybody may ask: the site's cloud id, and the authorisation server."""
        return [Route("/_edge/tenant_info", _tenant_info, methods=["GET"]), *self._authority.routes()]

    def enter(self, method: str, path: str, headers: dict[str, str]) -> Admitted | Answer:
        """Each address takes only its own kind of token, and refuses the other as it refuses a wrong one: 401."""
        if path in _OPEN:
            return Admitted(path, None)
        if not path.startswith("/ex/"):
            return self._site(path, headers.get("authorization"))
        found = _BEHIND.fullmatch(path)
        if found is None or found["cloud_id"] != CLOUD_ID or not found["path"].startswith(_ROOTS[found["product"]]):
            return of_json(404, {"code": 404, "message": "Not Found"})
        return self._gateway(method, found["path"], headers.get("authorization", ""))

    def bucket(self, method: str, path: str, _headers: dict[str, str]) -> tuple[str, ...]:
        """Bursts are counted for each product and kind of method."""
        return CLOUD.product(path), method

    def left(self, _limit: RateLimit, _requests: int) -> dict[str, str]:
        """Nothing is said before a limit is reached."""
        return {}

    def too_many(self, path: str, limit: RateLimit) -> Answer:
        """The 429 that says when to come back and which limit it was (developer documentation, rate limiting)."""
        reset = self._clock.now() + timedelta(seconds=limit.retry_after)
        return of_json(
            429,
            {"code": 429, "message": "Rate limit exceeded"},
            retry_after=str(limit.retry_after),
            x_ratelimit_limit=str(limit.requests),
            x_ratelimit_remaining="0",
            x_ratelimit_reset=reset.isoformat(timespec="seconds").replace("+00:00", "Z"),
            x_ratelimit_nearlimit="true",
            ratelimit_reason=f"{CLOUD.product(path)}-{limit.reason}",
        )

    def _site(self, path: str, authorization: str | None) -> Admitted | Answer:
        signed = basic(authorization or "")
        person = self._people.sign_in(*signed, self._clock.now()) if signed else None
        if person is not None:
            return _without_product(person, path) or Admitted(path, person, "OK")
        if authorization is None or self._settings.wrong_token != "anonymous":  # noqa: S105 — what to do about one, not a secret
            return _unauthorised(path)
        return Admitted(path, None, "AUTHENTICATED_FAILED")

    def _gateway(self, method: str, path: str, authorization: str) -> Admitted | Answer:
        person, scopes = self._holder(authorization)
        if person is None:
            return of_json(401, {"code": 401, "message": "Unauthorized"})
        if not suffices(scopes, method, path):
            return of_json(
                401,
                {"code": 401, "message": "Unauthorized; scope does not match"},
                x_failure_category="FAILURE_CLIENT_SCOPE_CHECK",
            )
        return _without_product(person, path) or Admitted(path, person, "OK")

    def _holder(self, authorization: str) -> tuple[Person | None, frozenset[str]]:
        """Who holds the token, and its scopes. A token with scopes goes as Basic, an access token as Bearer only."""
        access = bearer(authorization)
        if access is not None:
            client = self._authority.holder(access)
            return (client.person, client.scopes) if client else (None, frozenset())
        signed = basic(authorization)
        return self._people.sign_in_scoped(*signed, self._clock.now()) if signed else (None, frozenset())


async def _tenant_info(_request: Request) -> Response:
    return JSONResponse({"cloudId": CLOUD_ID})


def _without_product(person: Person, path: str) -> Answer | None:
    """The refusal of an account that may not use the product. Confluence's words were seen, Jira's are made alike."""
    asked = CLOUD.product(path)
    if asked in person.products:
        return None
    words = f"Current user not permitted to use {asked.capitalize()}"
    if asked == "jira":
        return of_json(403, {"errorMessages": [words], "errors": {}})
    return of_json(403, {"statusCode": 403, "data": {"authorized": False, "valid": True}, "message": words})


def _unauthorised(path: str) -> Answer:
    body: dict[str, object] = {"code": 401, "message": "Unauthorized"}
    if CLOUD.product(path) == "jira":
        body = {"errorMessages": ["Client must be authenticated to access this resource."], "errors": {}}
    return of_json(401, body, www_authenticate='OAuth realm="sandbox"', x_seraph_loginreason="AUTHENTICATED_FAILED")
