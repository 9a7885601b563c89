"""What surrounds every answer: server time, who is asking, limits, lost answers, and a record of each request."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email.utils import format_datetime
from typing import NamedTuple
from urllib.parse import quote

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from worker.sandbox.answers import Answer, of_json, of_type
from worker.sandbox.clock import Clock
from worker.sandbox.doors import Admitted, Doors
from worker.sandbox.face import Face
from worker.sandbox.faults import Fault
from worker.sandbox.people import Person
from worker.sandbox.settings import RateLimit, Settings, per_issue, quota

_READING_POSTS = (
    "/search",
    "/search/jql",
    "/search/approximate-count",
    "/issue/bulkfetch",
    "/users-bulk",
    "/permission/check",
    "/oauth/token",
)
_PERSON = "worker.sandbox.person"
LOGIN_PAGE = (
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

    def __init__(self, app: ASGIApp, face: Face, doors: Doors, clock: Clock, settings: Settings) -> None:
        self._app = app
        self._face = face
        self._doors = doors
        self._clock = clock
        self._settings = settings
        self._recent: dict[tuple[str, ...], deque[datetime]] = {}
        self.exchanges: list[Exchange] = []
        self.faults: list[Fault] = []
        self.hang_up: Callable[[Scope], None] = lambda _scope: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request; whatever is not of an API passes untouched."""
        if scope["type"] != "http" or not scope["path"].startswith(self._face.apis):
            await self._app(scope, receive, send)
            return
        method, path = scope["method"], scope["path"]
        striking = [fault for fault in self.faults if fault.strikes(method, path)]
        if self._settings.latency_seconds:
            await asyncio.sleep(self._settings.latency_seconds)
        before = next((f.do for f in striking if f.when == "before" and isinstance(f.do, str)), None)
        after = next((f.do for f in striking if f.when == "after" and isinstance(f.do, str)), None)
        _run(striking, "before")
        answer: Answer | None = None
        if before is None:
            with suppress(ClientDisconnect):  # a caller that died before it had sent all of it gets no answer
                answer = await self._judged(scope, receive)
        elif before != "drop":
            answer = self._replaced(scope, before)
        _run(striking, "after")
        if answer is not None and after not in {None, "half"}:
            answer = None if after == "drop" else self._replaced(scope, after, answer)
        self.exchanges.append(Exchange(method, path, 0 if answer is None else answer.status))
        if answer is None:
            await self._cut(scope, receive)
            return
        answer.headers.append((b"date", format_datetime(self._clock.now(), usegmt=True).encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        if after == "half":
            half = answer.body[: len(answer.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            await self._cut(scope, receive)
            return
        await send({"type": "http.response.body", "body": answer.body})

    async def _cut(self, scope: Scope, receive: Receive) -> None:
        self.hang_up(scope)
        while (await receive())["type"] != "http.disconnect":
            pass

    async def _judged(self, scope: Scope, receive: Receive) -> Answer:
        """Too many requests, what the doors say, or the product behind them."""
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        method, path, limit = scope["method"], scope["path"], self._settings.rate_limit
        counted = self._counted(self._doors.bucket(method, path, headers))
        if limit is not None and counted > limit.requests:
            return self._doors.too_many(path, limit)
        entered = self._doors.enter(method, path, headers)
        if isinstance(entered, Answer):
            return entered
        answer = await self._served(scope, receive, entered)
        said = self._doors.left(limit, limit.requests - counted) if limit is not None and entered.person else {}
        return answer.add(**entered.headers, **said)

    def _counted(self, bucket: tuple[str, ...]) -> int:
        """How many requests of the running interval a limit counts together, this one included."""
        limit, now = self._settings.rate_limit, self._clock.now()
        if limit is None:
            return 0
        recent = self._recent.setdefault(bucket, deque())
        while recent and (now - recent[0]).total_seconds() >= limit.seconds:
            recent.popleft()
        if len(recent) >= limit.requests:
            return limit.requests + 1
        recent.append(now)
        return len(recent)

    async def _served(self, scope: Scope, receive: Receive, entered: Admitted) -> Answer:
        answer = Answer(500)
        if entered.path != scope["path"]:
            scope = {**scope, "path": entered.path, "raw_path": quote(entered.path).encode()}
        scope[_PERSON] = entered.person

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status, answer.headers = message["status"], list(message.get("headers", ()))
            else:
                answer.body += message.get("body", b"")

        await self._app(scope, receive, keep)
        if entered.reason:
            answer.headers.append((b"x-seraph-loginreason", entered.reason.encode()))
        return answer

    def _replaced(self, scope: Scope, what: str, answer: Answer | None = None) -> Answer:
        match what:
            case "html":
                return of_type(200, "text/html;charset=UTF-8", LOGIN_PAGE)
            case "redirect":
                return login_redirect()
            case "garbage":
                whole = answer.body if answer is not None and answer.body else b'{"results": ['
                half = whole[: math.ceil(len(whole) / 2)]
                return of_type(200, "application/json", half)
            case "busy":
                return of_json(429, {"code": 429, "message": "Rate limit exceeded"})
            case _ if what.startswith("busy:"):
                said = what.removeprefix("busy:")
                return of_json(429, {"code": 429, "message": "Rate limit exceeded"}, retry_after=said)
            case "status:429":
                return self._doors.too_many(scope["path"], RateLimit(requests=100, seconds=1))
            case _ if what.startswith("quota:"):
                return self._doors.too_many(scope["path"], quota(int(what.removeprefix("quota:"))))
            case _ if what.startswith("per-issue:"):
                return self._doors.too_many(scope["path"], per_issue(int(what.removeprefix("per-issue:"))))
            case _:
                status = int(what.partition(":")[2])
                return of_json(status, {"code": status, "message": f"The service answered {status}"})


def login_redirect() -> Answer:
    """The way to a login page, as single sign-on gives it."""
    return Answer(302).add(location="/login?os_destination=%2F", content_length="0")


def _run(faults: list[Fault], when: str) -> None:
    for fault in faults:
        if fault.when == when and callable(fault.do):
            fault.do()
