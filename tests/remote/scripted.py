"""A tiny HTTP server on loopback that answers what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pydantic import SecretStr

from worker.remote.gateway import Counter, Exchange, Gateway, Pause
from worker.remote.patience import Patience
from worker.remote.signin import Basic, Credentials, OwnServer, Place, SignIn

SECRET = "tok-3n-of-mine"
_HERE = OwnServer()
BOT = Basic("bot@example.com", SecretStr(SECRET))


class Cut(Enum):
    """Where a connection breaks."""

    NOWHERE = "nowhere"
    BEFORE_ANSWER = "before the first byte of an answer"
    IN_BODY = "half way through the body"


@dataclass(frozen=True)
class Say:
    """One answer."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    kind: str = "application/json"
    cut: Cut = Cut.NOWHERE


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


class Script:
    """The answers still to give, in order, and everything that happened."""

    def __init__(self, answers: list[Say]) -> None:
        self._answers = answers
        self._lock = threading.Lock()
        self.asked: list[Asked] = []
        self.naps: list[float] = []
        self.exchanges: list[Exchange] = []
        self.counter = Counter()
        self.url = ""

    def next(self, asked: Asked) -> Say:
        with self._lock:
            self.asked.append(asked)
            return self._answers.pop(0) if self._answers else Say(500, {"message": "the script has ended"})

    @property
    def lines(self) -> list[str]:
        """Method and path of every request."""
        return [f"{asked.method} {asked.path}" for asked in self.asked]


@contextmanager
def server(*answers: Say) -> Iterator[Script]:
    """Serves the answers until the block ends."""
    script = Script(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            target = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            content = self.rfile.read(length)
            said = script.next(
                Asked(
                    self.command,
                    target.path,
                    dict(parse_qsl(target.query, keep_blank_values=True)),
                    {name.lower(): value for name, value in self.headers.items()},
                    json.loads(content) if content else None,
                )
            )
            if said.cut is Cut.BEFORE_ANSWER:
                return
            sent = said.raw if said.raw is not None else b"" if said.body is None else json.dumps(said.body).encode()
            self.send_response_only(said.status)
            if sent:
                self.send_header("Content-Type", said.kind)
            self.send_header("Content-Length", str(len(sent)))
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent[: len(sent) // 2] if said.cut is Cut.IN_BODY else sent)

        do_POST = do_PUT = do_DELETE = do_CONNECT = do_GET  # noqa: N815 — http.server looks for these names

        def log_message(self, *_: Any) -> None:
            """Silence."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    script.url = f"http://127.0.0.1:{http.server_port}"
    try:
        yield script
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


@contextmanager
def scripted(
    *answers: Say,
    product: str = "Confluence",
    credentials: Credentials = BOT,
    context: str = "/wiki",
    place: Place = _HERE,
    observer: Callable[[Pause], None] = lambda _: None,
    **options: Any,
) -> Iterator[tuple[Gateway, Script]]:
    """A gateway to a server that gives these answers; waiting takes no time and is noted in ``naps``."""
    with server(*answers) as script:
        patience = Patience(sleep=script.naps.append, space=script.naps.append, jitter=lambda: 1.0, **options)
        gateway = Gateway(
            SignIn(script.url + context, credentials, place),
            product=product,
            concurrency=4,
            counter=script.counter,
            patience=patience,
            on_exchange=script.exchanges.append,
            on_pause=observer,
        )
        try:
            yield gateway, script
        finally:
            gateway.close()
