"""Walks through answers that come in parts, whatever way the product counts them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from worker.errors import RemoteError
from worker.remote.gateway import Gateway
from worker.remote.reading import understood


def by_cursor(gateway: Gateway, path: str, params: Mapping[str, Any]) -> Iterator[Any]:
    """The bodies of all parts of a Confluence Cloud list, each fetched when it is asked for.

    Only the cursor is taken from ``_links.next`` and the same request is repeated with it: the link itself lacks
    ``/wiki`` on v1, has it on v2, and knows nothing of the API gateway's prefix. The end is a missing link; a short
    part proves nothing, since what we may not see is filtered out after counting.
    """
    seen: set[str] = set()
    cursor: str | None = None
    while True:
        body = gateway.get(path, {**params, "cursor": cursor}).body
        yield body
        with understood(path):
            cursor = _cursor((body.get("_links") or {}).get("next"))
        if cursor is None:
            return
        if cursor in seen:
            raise RemoteError(f"{gateway.product} (GET {path}) goes in circles: it gave the same cursor twice")
        seen.add(cursor)


def _cursor(link: str | None) -> str | None:
    if not link:
        return None
    for pair in urlsplit(link).query.split("&"):
        name, _, value = pair.partition("=")
        if name == "cursor":
            return unquote(value)  # a bare + belongs to the cursor: base64 is seldom escaped
    return None


def by_token(gateway: Gateway, path: str, body: Mapping[str, Any]) -> Iterator[Any]:
    """The bodies of all parts of a Jira Cloud search by POST; query and fields stay the same over all parts.

    The end is ``isLast`` or a missing ``nextPageToken`` (Jira Cloud platform v3, search/jql); there is no total.
    """
    seen: set[str] = set()
    token: str | None = None
    while True:
        asked = {**body, "nextPageToken": token} if token else dict(body)
        answer = gateway.send("POST", path, body=asked, repeatable=True).body
        yield answer
        with understood(path):
            token = None if answer.get("isLast") else answer.get("nextPageToken")
        if not token:
            return
        if token in seen:
            raise RemoteError(f"{gateway.product} (POST {path}) goes in circles: it gave the same page token twice")
        seen.add(token)


def by_start(gateway: Gateway, path: str, params: Mapping[str, Any], items: str) -> Iterator[Any]:
    """The entries under ``items`` of a Jira list that counts from ``startAt``; ends at ``total`` or an empty part."""
    return _from_start(lambda start: gateway.get(path, {**params, "startAt": start}).body, path, items)


_BARREN = 200
"""So many parts in a row without anything new are no filtered results any more."""


def by_position(gateway: Gateway, path: str, params: Mapping[str, Any]) -> Iterator[Any]:
    """The bodies of all parts of a Confluence Data Center list, which counts from ``start`` in parts of ``limit``.

    The next part begins behind what came, not where ``_links.next`` points: where the server gives less than was asked
    for, that link steps over the difference. What the index still knows and we may not see is missing from a part, so
    neither a short part nor a missing link alone is the end: both together are. (Confluence Data Center REST 10.2,
    content/search; support article "Searching for content with the REST API and CQL always limits results to 50".)
    """
    start = barren = 0
    seen: set[str] = set()
    while True:
        body = gateway.get(path, {**params, "start": start}).body
        yield body
        with understood(path):
            part = {str(entry.get("id")) for entry in body["results"]}
            count = len(body["results"])
            most = min(int(params["limit"]), int(body.get("limit") or params["limit"]))
            more = bool((body.get("_links") or {}).get("next"))
        if not more and count < most:
            return
        barren = 0 if part - seen else barren + 1
        if barren > _BARREN:
            raise RemoteError(f"{gateway.product} (GET {path}) goes in circles: it gave nothing new {barren} times")
        seen |= part
        start += count or most


def by_start_posted(gateway: Gateway, path: str, body: Mapping[str, Any], items: str) -> Iterator[Any]:
    """The entries under ``items`` of a Jira Data Center search by POST, which counts from ``startAt``.

    The server may give less than ``maxResults`` says, so the next part begins behind what came; the end is ``total`` or
    an empty part (Jira Data Center REST 10.3, search).
    """

    def asked(start: int) -> Any:
        return gateway.send("POST", path, body={**body, "startAt": start}, repeatable=True).body

    return _from_start(asked, path, items)


def _from_start(ask: Callable[[int], Any], path: str, items: str) -> Iterator[Any]:
    start = 0
    while True:
        answer = ask(start)
        with understood(path):
            part = list(answer[items])
            total = int(answer.get("total", 0))
        yield from part
        start += len(part)
        if not part or start >= total:
            return


def unique(entries: Iterable[Any], key: Callable[[Any], str]) -> Iterator[Any]:
    """The entries without those whose key came before: pages drift while an index is walked through."""
    seen: set[str] = set()
    for entry in entries:
        name = key(entry)
        if name not in seen:
            seen.add(name)
            yield entry
