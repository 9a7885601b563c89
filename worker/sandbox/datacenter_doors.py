"""Data Center's ways in: personal access tokens and passwords, sessions, and what anybody else is told."""

from __future__ import annotations

import secrets

from worker.sandbox.answers import Answer, of_json, of_type
from worker.sandbox.clock import Clock
from worker.sandbox.doors import Admitted, basic, bearer
from worker.sandbox.face import DATACENTER
from worker.sandbox.nodes import session_node
from worker.sandbox.people import Directory, Person
from worker.sandbox.settings import RateLimit, Settings
from worker.sandbox.wire import LOGIN_PAGE, login_redirect

_FAILED, _DENIED, _NO_ACCESS = "AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED", "AUTHORISATION_FAILED"


class DatacenterDoors:
    """The doors of both products, each with tokens and sessions of its own.

    A caller without credentials is nobody and is let in: each route says what nobody may see. Wrong ones are refused
    with a page for a browser, whatever the caller accepts; after some wrong passwords even the right one is, until
    its owner signs in by a browser (Atlassian knowledge base, "X-Seraph-LoginReason").
    """

    def __init__(self, people: Directory, clock: Clock, settings: Settings) -> None:
        self._people = people
        self._clock = clock
        self._settings = settings
        self._sessions = 0

    def enter(self, _method: str, path: str, headers: dict[str, str]) -> Admitted | Answer:
        """A token or a password of somebody who may use the product, or nobody at all."""
        authorization = headers.get("authorization")
        if authorization is None:
            return self._admitted(path, None, "", headers)
        person = self._signed(path, authorization)
        if isinstance(person, Answer):
            return person
        if person is None:
            return self._wrong() or self._admitted(path, None, _FAILED, headers)
        if DATACENTER.product(path) not in person.products:
            return _page(403, f"Basic Authentication Failure - Reason : {_NO_ACCESS}").add(
                x_seraph_loginreason=_NO_ACCESS
            )
        return self._admitted(path, person, "OK", headers)

    def _admitted(self, path: str, person: Person | None, reason: str, headers: dict[str, str]) -> Admitted:
        said = {} if person is None else {"x_ausername": person.username}
        if session_node(headers) is None:
            self._sessions += 1
            node = self._sessions % self._settings.nodes
            said["set_cookie"] = f"JSESSIONID={secrets.token_hex(16).upper()}.node{node}; Path=/; HttpOnly"
        return Admitted(path, person, reason, said)

    def _signed(self, path: str, authorization: str) -> Person | Answer | None:
        """Who signed the request; None for a wrong signature."""
        product, token = DATACENTER.product(path), bearer(authorization)
        if token is not None:
            return self._people.holder(product, token, self._clock.now())
        signed = basic(authorization)
        if signed is None:
            return None
        if not self._settings.basic_auth:
            return _page(403, "Basic Authentication has been disabled on this instance.")
        person = self._people.by_username(signed[0])
        if person is None:
            return None
        if person.failed_logins.get(product, 0) >= self._settings.captcha_after:
            login = f"{DATACENTER.confluence if product == 'confluence' else DATACENTER.jira}/login.jsp"
            return _page(403, f"Basic Authentication Failure - Reason : {_DENIED}").add(
                x_seraph_loginreason=_DENIED,
                x_authentication_denied_reason=f"CAPTCHA_CHALLENGE; login-url={login}",
            )
        if not person.active or person.password != signed[1]:
            person.failed_logins[product] = person.failed_logins.get(product, 0) + 1
            return None
        person.failed_logins.pop(product, None)
        return person

    def _wrong(self) -> Answer | None:
        match self._settings.wrong_token:
            case "anonymous":
                return None
            case "login page":
                return of_type(200, "text/html;charset=UTF-8", LOGIN_PAGE)
            case "redirect":
                return login_redirect()
            case "refuse":
                return _page(401, f"Basic Authentication Failure - Reason : {_FAILED}").add(
                    x_seraph_loginreason=_FAILED, www_authenticate='OAuth realm="sandbox"'
                )

    def bucket(self, _method: str, path: str, headers: dict[str, str]) -> tuple[str, ...]:
        """Each account has tokens of its own in each product, whatever it does."""
        return DATACENTER.product(path), headers.get("authorization", "")

    def left(self, limit: RateLimit, requests: int) -> dict[str, str]:
        """Every answer to an account says what its limit leaves; ``retry-after`` is 0 as long as it leaves anything."""
        return {**_of(limit), "x_ratelimit_remaining": str(requests), "retry_after": "0"}

    def too_many(self, _path: str, limit: RateLimit) -> Answer:
        """The 429 that says when to come back (Atlassian, "Improving instance stability with rate limiting")."""
        return of_json(429, {"message": "Rate limit exceeded."}).add(
            **_of(limit), x_ratelimit_remaining="0", retry_after=str(limit.retry_after)
        )


def _of(limit: RateLimit) -> dict[str, str]:
    return {
        "x_ratelimit_limit": str(limit.requests),
        "x_ratelimit_interval_seconds": str(max(1, round(limit.seconds))),
        "x_ratelimit_fillrate": str(limit.requests),
    }


def _page(status: int, text: str) -> Answer:
    body = f"<html><head><title>Unauthorized ({status})</title></head><body><p>{text}</p></body></html>"
    return of_type(status, "text/html;charset=UTF-8", body.encode())
