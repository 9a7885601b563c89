"""Which node of Data Center answers: the one that the caller's session names, else each in its turn."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from itertools import count

from starlette.requests import Request

from worker.sandbox.settings import Settings


class Nodes:
    """The nodes of one product; each has a search index of its own, and all but the first may lag further behind."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._turns = count()

    def lag(self, request: Request, lag_seconds: float) -> float:
        """How far the index of the node that answers is behind, when the first node's is ``lag_seconds`` behind."""
        node = session_node(request.headers)
        answering = (next(self._turns) if node is None else node) % self._settings.nodes
        return lag_seconds + (self._settings.other_nodes_lag_seconds if answering else 0)


def session_node(headers: Mapping[str, str]) -> int | None:
    """The node that the caller's session cookie names; None without a session."""
    try:
        session = SimpleCookie(headers.get("cookie", "")).get("JSESSIONID")
    except CookieError:
        return None
    number = session.value.rpartition(".node")[2] if session is not None else ""
    return int(number) if number.isascii() and number.isdigit() else None
