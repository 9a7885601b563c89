"""Confluence's JSON read into pages and properties, and nothing else: v2 of Cloud, and v1 of both deployments."""

from __future__ import annotations

from typing import Any

from worker.errors import NoAnswer, RemoteError
from worker.model.page import FoundPage, Page, Property, Unread, Version
from worker.remote.reading import moment, understood

PROPERTY = "postmortem-sync"
"""Key of the property that search brings along."""

PRIVACY = ("restrictions.read.restrictions.user", "restrictions.read.restrictions.group")
"""What tells who may read a page, without what it inherits from a parent page."""

EXPAND = (
    "body.storage", "version", "space", "history", "metadata.labels", f"metadata.properties.{PROPERTY}", *PRIVACY,
    "operations",
)  # fmt: skip
"""What a v1 search is asked to bring along."""


def page(answer: Any, site: str) -> Page:
    """A page as v2 gives it, asked with ``body-format=storage``. RemoteError when it is not one."""
    with understood("a page"):
        version = answer["version"]
        links = answer.get("_links") or {}
        return Page(
            id=str(answer["id"]),
            title=answer["title"],
            url=_address(links.get("base") or site, links.get("webui"), str(answer["id"])),
            status=answer["status"],
            created_at=moment(answer["createdAt"]),
            version=Version(
                number=int(version["number"]),
                at=moment(version["createdAt"]),
                by=version.get("authorId"),
                message=version.get("message") or "",
            ),
            body=_storage(answer["body"]),
        )


def found_page(result: Any, base: str, account: str) -> Page | None:
    """The page in one v1 answer; None where an expand was not answered, so it has to be read by id.

    ``account`` names the part of a user that identifies it: ``accountId`` on Cloud, ``username`` on Data Center.
    """
    history = result.get("history") or {}
    version = result.get("version") or {}
    storage = (result.get("body") or {}).get("storage")
    if not (storage and "value" in storage and "createdDate" in history and "number" in version and "when" in version):
        return None
    return Page(
        id=str(result["id"]),
        title=result["title"],
        url=_address(base, _webui(result), str(result["id"])),
        status=result["status"],
        created_at=moment(history["createdDate"]),
        version=Version(
            number=int(version["number"]),
            at=moment(version["when"]),
            by=(version.get("by") or {}).get(account),
            message=version.get("message") or "",
        ),
        body=_storage(result["body"]),
    )


def space(result: Any) -> str:
    """Key of the space of a search result: expanded, or the end of the link that stands for it."""
    expanded = (result.get("space") or {}).get("key")
    return str(expanded or (result.get("_expandable") or {}).get("space", "").rsplit("/", 1)[-1])


def labels(result: Any) -> frozenset[str] | None:
    """Names of the labels of a search result; None where they were not told, or not all of them."""
    found = (result.get("metadata") or {}).get("labels")
    if found is None or (found.get("_links") or {}).get("next"):
        return None
    return frozenset(label["name"] for label in found["results"])


def tells_privacy(result: Any) -> bool:
    """Whether the expand of a page's restrictions was answered."""
    return "user" in _readers(result) and "group" in _readers(result)


def _readers(result: Any) -> Any:
    return ((result.get("restrictions") or {}).get("read") or {}).get("restrictions") or {}


def restricted(result: Any) -> bool:
    """Whether reading is limited to some users or groups.

    A page whose privacy was not told counts as restricted: showing too little is the smaller harm. Restrictions
    inherited from a parent page are not told by this expand.
    """
    if not tells_privacy(result):
        return True
    named = _readers(result)
    return any(part.get("results") or part.get("size") for part in (named["user"], named["group"]))


def editable(result: Any) -> bool:
    """Whether our account may edit the page, as far as its operations tell (v1, content, ``expand=operations``).

    True where they are not told: whoever may see a page may do something with it, so that an empty list tells nothing.
    """
    told = result.get("operations")
    names = {each.get("operation") for each in told if isinstance(each, dict)} if isinstance(told, list) else set()
    return not names or "update" in names


def claims(result: Any) -> tuple[Property | None, bool]:
    """The ``postmortem-sync`` property in a search result, and whether the expand was answered at all.

    An id or version that was left out reads as ``""`` or 0, with which no compare-and-swap can be tried.
    """
    answered = (result.get("metadata") or {}).get("properties")
    if answered is None:
        return None, False
    entry = answered.get(PROPERTY)
    if entry is None:
        return None, True
    return (
        Property(
            id=str(entry.get("id") or ""),
            key=PROPERTY,
            value=entry["value"],
            version=int((entry.get("version") or {}).get("number", 0)),
        ),
        True,
    )


def found(page: Page, result: Any, labels: frozenset[str], claims: Property | None) -> FoundPage:
    """A search result put together from its parts."""
    with understood("a search result"):
        return FoundPage(
            page=page,
            space=space(result),
            labels=labels,
            restricted=restricted(result),
            claims=claims,
            editable=editable(result),
        )


def unread(result: Any, base: str, reason: RemoteError) -> Unread:
    """A search result that cannot be read for this reason. RemoteError when it does not tell which page it is."""
    with understood("a search result"):
        page_id = str(int(result["id"]))
        return Unread(page_id, str(result["title"]), _address(base, _webui(result), page_id), str(reason))


def content_property(answer: Any) -> Property:
    """A content property as v1 and v2 give it. RemoteError when it is not one."""
    with understood("a content property"):
        return Property(
            id=str(answer["id"]),
            key=answer["key"],
            value=answer["value"],
            version=int(answer["version"]["number"]),
        )


def written_property(answer: Any) -> Property:
    """The property in the answer to a write. NoAnswer when that is not to be understood."""
    try:
        return content_property(answer)
    except RemoteError as error:
        raise NoAnswer(f"A content property was written, but what became of it is unknown: {error}") from error


def results(part: Any) -> list[tuple[str, Any]]:
    """The current pages in one part of a v1 search, each with the site's address as that part gives it, or ``""``."""
    with understood("a search"):
        base = (part.get("_links") or {}).get("base") or ""
        return [
            (base, result)
            for result in part["results"]
            if result.get("type") == "page" and result.get("status") == "current"
        ]


def _storage(body: Any) -> str:
    value = body["storage"]["value"]
    if not isinstance(value, str):
        raise TypeError("the storage body is no text")
    return value


def _webui(result: Any) -> str | None:
    return (result.get("_links") or {}).get("webui")


def _address(base: str, webui: str | None, page_id: str) -> str:
    return base.rstrip("/") + (webui or f"/pages/viewpage.action?pageId={page_id}")
