"""An answer as it goes over the wire, before the outermost layer adds server time."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Answer:
    """Status, headers and body; headers may be added until it is sent."""

    status: int
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    def add(self, **headers: str) -> Answer:
        """Adds headers, whose names are written with underscores for hyphens, and gives the answer."""
        self.headers += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        return self


def of_type(status: int, kind: str, body: bytes) -> Answer:
    """An answer with a body of that content type."""
    return Answer(status, [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())], body)


def of_json(status: int, body: Any, **headers: str) -> Answer:
    """An answer with a JSON body; ``headers`` by name, with underscores for hyphens."""
    return of_type(status, "application/json;charset=UTF-8", json.dumps(body).encode()).add(**headers)
