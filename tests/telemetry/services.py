"""Services that hear of passes, played on loopback: they keep what they are sent and answer as told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

from tests.planted.heard import hear


@dataclass
class Service:
    """What a service was sent, in order."""

    url: str
    heard: list[tuple[str, str, bytes]] = field(default_factory=list)
    """Method, path and body."""
    status: int = 200
    released: Event = field(default_factory=Event)
    """No answer leaves before it is set."""


@contextmanager
def service(status: int = 200, *, silent: bool = False) -> Iterator[Service]:
    """A service on a free port; a silent one accepts requests and answers none while it is open."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            played.heard.append((self.command, self.path, body))
            hear("a request to a service", f"{self.command} {self.path}\n{self.headers}".encode() + body)
            played.released.wait(30)
            self.send_response(played.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_PUT = do_POST = answer  # noqa: N815 — http.server looks for these names

        def log_message(self, *_words: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    played = Service(f"http://127.0.0.1:{server.server_port}", status=status)
    if not silent:
        played.released.set()
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield played
    finally:
        played.released.set()
        server.shutdown()
        server.server_close()
