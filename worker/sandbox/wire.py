"""What surrounds every answer: server time, who is asking, limits, lost answers, and a record of each request."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import math
from collections import deque
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from typing import Any, NamedTuple
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from worker.sandbox.clock import Clock
from worker.sandbox.faults import Fault
from worker.sandbox.people import Directory, Person
from worker.sandbox.settings import Settings

_API = ("/rest/", "/wiki/rest/", "/wiki/api/")
_READING_POSTS = ("/search/jql", "/search/approximate-count", "/issue/bulkfetch", "/users-bulk", "/permission/check")
_PERSON = "worker.sandbox.person"
_LOGIN_PAGE = (
    b"<!DOCTYPE html><html><head><title>Log in</title></head><body><form>Log in to continue</form></body></html>"
)


class Exchange(NamedTuple):
    """One request and the status it was answered with; 0 when the connection was closed without an answer."""

    method: str
    path: str
    status: int

    @property
    def reads(self) -> bool:
        """Whether the request can change nothing; some reads are POSTs because their lists are long."""
        return self.method in {"GET", "HEAD"} or self.path.endswith(_READING_POSTS)


def asking(scope: Scope) -> Person | None:
    """Who is asking, or None for nobody."""
    person: Person | None = scope.get(_PERSON)
    return person


class Wire:
    """The outermost ASGI application; ``hang_up`` closes the connection a request came in on."""

    def __init__(self, app: ASGIApp, clock: Clock, people: Directory, settings: Settings) -> None:
        self._app = app
        self._clock = clock
        self._people = people
        self._settings = settings
        self._recent: dict[tuple[str, str], deque[datetime]] = {}
        self.exchanges: list[Exchange] = []
        self.faults: list[Fault] = []
        self.hang_up: Callable[[Scope], None] = lambda _scope: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request; whatever is not of an API passes untouched."""
        if scope["type"] != "http" or not scope["path"].startswith(_API):
            await self._app(scope, receive, send)
            return
        method, path = scope["method"], scope["path"]
        striking = [fault for fault in self.faults if fault.strikes(method, path)]
        if self._settings.latency_seconds:
            await asyncio.sleep(self._settings.latency_seconds)
        before = next((f.do for f in striking if f.when == "before" and isinstance(f.do, str)), None)
        after = next((f.do for f in striking if f.when == "after" and isinstance(f.do, str)), None)
        _run(striking, "before")
        answer = None if before == "drop" else self._replaced(scope, before) if before else self._refused(scope)
        if before != "drop" and answer is None:
            answer = await self._served(scope, receive)
        _run(striking, "after")
        if answer is not None and after is not None:
            answer = None if after == "drop" else self._replaced(scope, after, answer)
        self.exchanges.append(Exchange(method, path, 0 if answer is None else answer.status))
        if answer is None:
            self.hang_up(scope)
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        answer.headers.append((b"date", format_datetime(self._clock.now(), usegmt=True).encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body})

    def _refused(self, scope: Scope) -> _Answer | None:
        """An answer instead of serving, before anything is executed: too many requests, or nobody we know."""
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        limited = self._limited(scope)
        if limited is not None:
            return limited
        person = self._person(headers.get("authorization", ""))
        scope[_PERSON] = person
        if person is None and (self._settings.wrong_token == "refuse" or "authorization" not in headers):  # noqa: S105 — what to do about one, not a secret
            return _unauthorised(scope["path"])
        return None

    def _person(self, header: str) -> Person | None:
        kind, _, credentials = header.partition(" ")
        if kind.lower() != "basic":
            return None
        try:
            email, _, token = base64.b64decode(credentials, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return self._people.sign_in(email, token, self._clock.now())

    def _limited(self, scope: Scope) -> _Answer | None:
        limit = self._settings.rate_limit
        if limit is None:
            return None
        now = self._clock.now()
        recent = self._recent.setdefault((_product(scope["path"]), scope["method"]), deque())
        while recent and (now - recent[0]).total_seconds() >= limit.seconds:
            recent.popleft()
        if len(recent) >= limit.requests:
            return _too_many(_product(scope["path"]), limit.retry_after, limit.requests)
        recent.append(now)
        return None

    async def _served(self, scope: Scope, receive: Receive) -> _Answer:
        answer = _Answer(500, [], b"")

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status, answer.headers = message["status"], list(message.get("headers", ()))
            else:
                answer.body += message.get("body", b"")

        await self._app(scope, receive, keep)
        trusted = asking(scope) is not None
        answer.headers.append((b"x-seraph-loginreason", b"OK" if trusted else b"AUTHENTICATED_FAILED"))
        return answer

    def _replaced(self, scope: Scope, what: str, answer: _Answer | None = None) -> _Answer:
        match what:
            case "html":
                return _Answer(200, [_type("text/html;charset=UTF-8"), _length(_LOGIN_PAGE)], _LOGIN_PAGE)
            case "redirect":
                return _Answer(302, [(b"location", b"/login?os_destination=%2F"), _length(b"")], b"")
            case "garbage":
                whole = answer.body if answer is not None and answer.body else b'{"results": ['
                half = whole[: math.ceil(len(whole) / 2)]
                return _Answer(200, [_type("application/json"), _length(half)], half)
            case "busy":
                return _json(429, {"code": 429, "message": "Rate limit exceeded"})
            case "status:429":
                return _too_many(_product(scope["path"]), 1, 100)
            case _:
                status = int(what.partition(":")[2])
                return _json(status, {"code": status, "message": f"The service answered {status}"})


class _Answer:
    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body


def _run(faults: list[Fault], when: str) -> None:
    for fault in faults:
        if fault.when == when and callable(fault.do):
            fault.do()


def _product(path: str) -> str:
    return "confluence" if unquote(path).startswith("/wiki/") else "jira"


def _unauthorised(path: str) -> _Answer:
    if _product(path) == "jira":
        body: dict[str, Any] = {
            "errorMessages": ["Client must be authenticated to access this resource."],
            "errors": {},
        }
    else:
        body = {"code": 401, "message": "Unauthorized"}
    answer = _json(401, body)
    answer.headers.append((b"www-authenticate", b'OAuth realm="sandbox"'))
    answer.headers.append((b"x-seraph-loginreason", b"AUTHENTICATED_FAILED"))
    return answer


def _too_many(product: str, retry_after: int, limit: int) -> _Answer:
    answer = _json(429, {"code": 429, "message": "Rate limit exceeded"})
    answer.headers += [
        (b"retry-after", str(retry_after).encode()),
        (b"x-ratelimit-limit", str(limit).encode()),
        (b"x-ratelimit-remaining", b"0"),
        (b"ratelimit-reason", f"{product}-burst-based".encode()),
    ]
    return answer


def _json(status: int, body: Any) -> _Answer:
    written = json.dumps(body).encode()
    return _Answer(status, [_type("application/json;charset=UTF-8"), _length(written)], written)


def _type(value: str) -> tuple[bytes, bytes]:
    return (b"content-type", value.encode())


def _length(body: bytes) -> tuple[bytes, bytes]:
    return (b"content-length", str(len(body)).encode())
