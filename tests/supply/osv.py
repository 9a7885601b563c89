"""A vulnerability service on loopback that speaks OSV's query API and knows what a test tells it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


def vulnerability(package: str, number: str, fixed: str) -> dict[str, Any]:
    """An entry as OSV's schema 1.7 describes it."""
    affected = {
        "package": {"ecosystem": "PyPI", "name": package},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}],
    }
    return {"schema_version": "1.7.0", "id": number, "summary": "Planted.", "affected": [affected]}


@contextmanager
def osv(known: Mapping[str, Mapping[str, Any]], *, status: int = 200) -> Iterator[str]:
    """The address of a service that knows these vulnerabilities, by package, and answers with that status."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            entry = known.get(asked["package"]["name"])
            body = json.dumps({"vulns": [entry]} if entry else {}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
    finally:
        server.shutdown()
        server.server_close()
