"""Spaces of Confluence Data Center and what our account may do with a page (v1); nothing here writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from worker.errors import Missing
from worker.model.surroundings import Headroom, Named
from worker.remote.gateway import Gateway
from worker.remote.headroom import headroom
from worker.remote.paging import by_position
from worker.remote.reading import understood

_SPACES = "rest/api/space"


class DatacenterPageSurroundings:
    """``PageSurroundings`` on Confluence Data Center."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def space(self, key: str) -> Named | None:
        """The space of that key; 404 for one that we may not view (REST 10.2, get space)."""
        try:
            answer = self._gateway.get(f"{_SPACES}/{quote(key, safe='')}").body
        except Missing:
            return None
        return _named(answer)

    def spaces(self) -> Iterator[Named]:
        """Every space that people work in together (``global``) and that we may view, 100 a request."""
        for part in by_position(self._gateway, _SPACES, {"type": "global", "status": "current", "limit": 100}):
            with understood("the spaces"):
                found = list(part["results"])
            yield from map(_named, found)

    def may_edit(self, page_id: str) -> bool:
        """Whether ``update`` is among the page's operations for us (REST 10.2, content, ``expand=operations``)."""
        path = f"rest/api/content/{quote(page_id, safe='')}"
        try:
            answer = self._gateway.get(path, {"expand": "operations"}).body
        except Missing:
            return False
        with understood("what may be done with a page"):
            return any(each["operation"] == "update" for each in answer["operations"])

    def headroom(self) -> Headroom | None:
        """What an answer that costs nothing much says about the rate limit."""
        return headroom(self._gateway.get("rest/api/user/current").headers)


def _named(entry: Any) -> Named:
    with understood("a space"):
        return Named(str(entry["key"]), str(entry["name"]))
