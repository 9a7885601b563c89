"""What surrounds every answer: server time, who is asking, limits, lost answers, and a record of each request."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from typing import NamedTuple
from urllib.parse import quote, unquote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from worker.sandbox.answers import Answer, of_json, of_type
from worker.sandbox.clock import Clock
from worker.sandbox.doors import Admitted, Doors
from worker.sandbox.faults import Fault
from worker.sandbox.people import Person
from worker.sandbox.settings import Settings

_API = ("/rest/", "/wiki/rest/", "/wiki/api/", "/ex/", "/oauth/", "/_edge/")
_READING_POSTS = (
    "/search/jql",
    "/search/approximate-count",
    "/issue/bulkfetch",
    "/users-bulk",
    "/permission/check",
    "/oauth/token",
)
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

    def __init__(self, app: ASGIApp, doors: Doors, clock: Clock, settings: Settings) -> None:
        self._app = app
        self._doors = doors
        self._clock = clock
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
        answer: Answer | None = None
        if before is None:
            answer = self._limited(scope) or await self._judged(scope, receive)
        elif before != "drop":
            answer = self._replaced(scope, before)
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

    async def _judged(self, scope: Scope, receive: Receive) -> Answer:
        """What the doors say, or the product behind them."""
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        entered = self._doors.enter(scope["method"], scope["path"], headers)
        if isinstance(entered, Answer):
            return entered
        return await self._served(scope, receive, entered)

    def _limited(self, scope: Scope) -> Answer | None:
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
                return of_type(200, "text/html;charset=UTF-8", _LOGIN_PAGE)
            case "redirect":
                return Answer(302, [(b"location", b"/login?os_destination=%2F"), (b"content-length", b"0")])
            case "garbage":
                whole = answer.body if answer is not None and answer.body else b'{"results": ['
                half = whole[: math.ceil(len(whole) / 2)]
                return of_type(200, "application/json", half)
            case "busy":
                return of_json(429, {"code": 429, "message": "Rate limit exceeded"})
            case "status:429":
                return _too_many(_product(scope["path"]), 1, 100)
            case _:
                status = int(what.partition(":")[2])
                return of_json(status, {"code": status, "message": f"The service answered {status}"})


def _run(faults: list[Fault], when: str) -> None:
    for fault in faults:
        if fault.when == when and callable(fault.do):
            fault.do()


def _product(path: str) -> str:
    return "confluence" if unquote(path).startswith(("/wiki/", "/ex/confluence/")) else "jira"


def _too_many(product: str, retry_after: int, limit: int) -> Answer:
    return of_json(
        429,
        {"code": 429, "message": "Rate limit exceeded"},
        retry_after=str(retry_after),
        x_ratelimit_limit=str(limit),
        x_ratelimit_remaining="0",
        ratelimit_reason=f"{product}-burst-based",
    )
