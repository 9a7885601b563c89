"""Spaces of Confluence Cloud and what our account may do with a page (v2); nothing here writes."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from worker.errors import Missing
from worker.model.surroundings import Headroom, Named
from worker.remote.gateway import Gateway
from worker.remote.headroom import headroom
from worker.remote.paging import by_cursor
from worker.remote.reading import understood

_SPACES = "api/v2/spaces"


class CloudPageSurroundings:
    """``PageSurroundings`` on Confluence Cloud; the gateway's base ends in ``/wiki``."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def space(self, key: str) -> Named | None:
        """The space of that key; v2 leaves out what it may not show."""
        answer = self._gateway.get(_SPACES, {"keys": key, "limit": 1}).body
        with understood("a space"):
            return next((Named(str(each["key"]), str(each["name"])) for each in answer["results"]), None)

    def spaces(self) -> Iterator[Named]:
        """Every space that people work in together (``global``) and that we may view, 250 a request."""
        for part in by_cursor(self._gateway, _SPACES, {"type": "global", "status": "current", "limit": 250}):
            with understood("the spaces"):
                named = [Named(str(each["key"]), str(each["name"])) for each in part["results"]]
            yield from named

    def may_edit(self, page_id: str) -> bool:
        """Whether ``update`` is among the page's operations for us (v2, get page by id, ``include-operations``).

        v1 has a check of permissions of its own, which needs one more scope than the worker does.
        """
        path = f"api/v2/pages/{quote(page_id, safe='')}"
        try:
            answer = self._gateway.get(path, {"include-operations": "true"}).body
        except Missing:
            return False
        with understood("what may be done with a page"):
            return any(
                each["operation"] == "update" and each["targetType"] == "page"
                for each in answer["operations"]["results"]
            )

    def headroom(self) -> Headroom | None:
        """What an answer that costs nothing much says about the rate limit."""
        return headroom(self._gateway.get("rest/api/user/current").headers)
