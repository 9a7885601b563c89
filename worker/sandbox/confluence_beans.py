"""How Confluence Cloud writes a page, a property or a person as JSON: v1 for search, v2 for the rest."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

from worker.sandbox.confluence_state import Confluence
from worker.sandbox.pages import PageProperty, PageSnapshot, PageVersion, Space, StoredPage
from worker.sandbox.people import Directory, Person

_NO_ICON = {"path": "/wiki/aa-avatar/default", "width": 48, "height": 48, "isDefault": True}
_LABEL_LIMIT = 200


def moment(at: datetime) -> str:
    """``2026-11-23T10:15:30.123Z``."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def page_links(id: str, space: str, title: str) -> dict[str, str]:
    """The addresses people use, relative to the ``base`` that stands beside them."""
    tiny = base64.urlsafe_b64encode(int(id).to_bytes(8, "little").rstrip(b"\0")).decode().rstrip("=")
    return {
        "webui": f"/spaces/{space}/pages/{id}/{quote_plus(title)}",
        "editui": f"/pages/resumedraft.action?draftId={id}",
        "tinyui": f"/x/{tiny}",
    }


def version_v2(version: PageVersion) -> dict[str, Any]:
    """A version as v2 writes it."""
    return {
        "number": version.number,
        "message": version.message,
        "minorEdit": version.minor,
        "authorId": version.by,
        "createdAt": moment(version.at),
    }


def page_v2(state: Confluence, page: StoredPage, body_format: str | None, version: PageVersion | None = None) -> Any:
    """A page as v2 writes it; the body only when a format is asked for."""
    shown = version or page.version
    return {
        "id": page.id,
        "status": page.status,
        "title": shown.title,
        "spaceId": state.spaces[page.space].id,
        **({"parentId": page.parent, "parentType": "page"} if page.parent else {}),
        "position": int(page.id) % 1000,
        "authorId": page.author,
        "ownerId": page.author,
        "lastOwnerId": None,
        "createdAt": moment(page.created_at),
        "version": version_v2(shown),
        "body": {"storage": {"representation": "storage", "value": shown.body}} if body_format else {},
        "_links": page_links(page.id, page.space, shown.title),
    }


def property_v2(prop: PageProperty) -> dict[str, Any]:
    """A property as v2 writes it."""
    return {
        "id": prop.id,
        "key": prop.key,
        "value": prop.value,
        "version": {
            "number": prop.version,
            "message": "",
            "minorEdit": False,
            "authorId": prop.by,
            "createdAt": moment(prop.at),
        },
    }


def space_v2(space: Space) -> dict[str, Any]:
    """A space as v2 writes it."""
    return {
        "id": space.id,
        "key": space.key,
        "name": space.name,
        "type": "global",
        "status": "current",
        "authorId": space.author,
        "createdAt": moment(space.created_at),
        "_links": {"webui": f"/spaces/{space.key}"},
    }


def label_v2(name: str) -> dict[str, str]:
    """A global label as v2 writes it."""
    return {"id": label_id(name), "name": name, "prefix": "global"}


def label_id(name: str) -> str:
    """The number a label is known by; the same name has the same number."""
    return str(int.from_bytes(name.encode()[:6], "big") % 10_000_000 + 1)


def user_v2(person: Person) -> dict[str, Any]:
    """A person as v2 writes them; the e-mail only where their profile shows it."""
    return {
        "displayName": person.name,
        "timeZone": person.timezone,
        "isExternalCollaborator": False,
        "accountStatus": "active" if person.active else "inactive",
        "accountId": person.account_id,
        "email": person.email if person.email_visible else "",
        "accountType": person.account_type,
        "publicName": person.name,
        "profilePicture": {"path": _NO_ICON["path"], "isDefault": True},
    }


def user_v1(person: Person | None) -> dict[str, Any]:
    """A person as v1 writes them; None is nobody."""
    if person is None:
        return {"type": "anonymous", "displayName": "Anonymous", "profilePicture": _NO_ICON}
    return {
        "type": "known",
        "accountId": person.account_id,
        "accountType": person.account_type,
        "email": person.email if person.email_visible else "",
        "publicName": person.name,
        "profilePicture": _NO_ICON,
        "displayName": person.name,
        "isExternalCollaborator": False,
        "isGuest": False,
        "_expandable": {"operations": "", "personalSpace": ""},
        "_links": {},
    }


def label_array_v1(names: Iterable[str]) -> dict[str, Any]:
    """A page's labels as v1 writes them."""
    results = [{"prefix": "global", "name": name, "id": label_id(name), "label": name} for name in names]
    return {"results": results, "start": 0, "limit": _LABEL_LIMIT, "size": len(results)}


def operations(state: Confluence, page_id: str, account: str | None) -> list[dict[str, str]]:
    """What an account that sees the page may do with it."""
    page = state.pages.get(page_id)
    able = page is not None and state.can_edit(account, page)
    return [{"operation": each, "targetType": "page"} for each in (("read", "update", "delete") if able else ("read",))]


def content_v1(
    state: Confluence, page: PageSnapshot, expand: frozenset[str], base: str, account: str | None
) -> dict[str, Any]:
    """A found page as v1 writes it for this account, with nothing but what was asked to be expanded.

    Expand paths are split at their dots, so of a property's key only the part before its first dot can be asked for.
    """
    paths = [tuple(path.split(".")) for path in expand]
    content: dict[str, Any] = {
        "id": page.id,
        "type": "page",
        "status": page.status,
        "title": page.version.title,
        "macroRenderedOutput": {},
        "extensions": {"position": int(page.id) % 1000},
        "_expandable": {},
        "_links": {
            **page_links(page.id, page.space, page.version.title),
            "self": f"{base}/rest/api/content/{page.id}",
        },
    }
    parts: dict[str, Callable[[], Any]] = {
        "space": lambda: _space_v1(state.spaces[page.space], base),
        "version": lambda: _version_v1(page.version, state.people),
        "history": lambda: _history_v1(page, state.people),
        "body": lambda: _body_v1(page, paths),
        "metadata": lambda: _metadata_v1(page, paths, state.people),
        "restrictions": lambda: _restrictions_v1(page, paths, state.people),
        "operations": lambda: operations(state, page.id, account),
    }
    asked = {path[0] for path in paths}
    for name, part in parts.items():
        if name in asked:
            content[name] = part()
        else:
            content["_expandable"][name] = ""
    return content


def _space_v1(space: Space, base: str) -> dict[str, Any]:
    return {
        "id": int(space.id),
        "key": space.key,
        "name": space.name,
        "type": "global",
        "status": "current",
        "_expandable": {"settings": "", "metadata": "", "operations": "", "homepage": ""},
        "_links": {"webui": f"/spaces/{space.key}", "self": f"{base}/rest/api/space/{space.key}"},
    }


def _version_v1(version: PageVersion, people: Directory) -> dict[str, Any]:
    return {
        "by": user_v1(people.get(version.by)),
        "when": moment(version.at),
        "friendlyWhen": "",
        "message": version.message,
        "number": version.number,
        "minorEdit": version.minor,
        "contentTypeModified": False,
        "_expandable": {"collaborators": "", "content": ""},
        "_links": {},
    }


def _history_v1(page: PageSnapshot, people: Directory) -> dict[str, Any]:
    return {
        "latest": True,
        "createdBy": user_v1(people.get(page.author)),
        "createdDate": moment(page.created_at),
        "_expandable": {"lastUpdated": "", "previousVersion": "", "contributors": "", "nextVersion": ""},
        "_links": {},
    }


def _body_v1(page: PageSnapshot, paths: list[tuple[str, ...]]) -> dict[str, Any]:
    if not any(path[:2] == ("body", "storage") for path in paths):
        return {"_expandable": {"storage": ""}}
    storage = {"value": page.version.body, "representation": "storage", "embeddedContent": [], "_expandable": {}}
    return {"storage": storage, "_expandable": {}}


def _metadata_v1(page: PageSnapshot, paths: list[tuple[str, ...]], people: Directory) -> dict[str, Any]:
    metadata: dict[str, Any] = {"_expandable": {}}
    if any(path[:2] == ("metadata", "labels") for path in paths):
        metadata["labels"] = label_array_v1(page.labels)
    if any(path[:2] == ("metadata", "properties") for path in paths):
        keys = {path[2] for path in paths if path[:2] == ("metadata", "properties") and len(path) > 2}
        properties: dict[str, Any] = {"_expandable": {}, "_links": {}}
        for prop in sorted(page.properties, key=lambda each: int(each.id), reverse=True):
            if prop.key in keys:
                version = PageVersion(prop.version, prop.at, prop.by, "", "")
                properties[prop.key] = {
                    "id": prop.id,
                    "key": prop.key,
                    "value": prop.value,
                    "version": _version_v1(version, people),
                    "_expandable": {"content": ""},
                    "_links": {},
                }
        metadata["properties"] = properties
    return metadata


def _restrictions_v1(page: PageSnapshot, paths: list[tuple[str, ...]], people: Directory) -> dict[str, Any]:
    if not any(path[:2] == ("restrictions", "read") for path in paths):
        return {"_expandable": {"read": "", "update": ""}}
    inner: dict[str, Any] = {"_expandable": {}}
    if any(path == ("restrictions", "read", "restrictions", "user") for path in paths):
        readers = [user_v1(people.get(each)) for each in sorted(page.readers or ()) if people.get(each)]
        inner["user"] = {"results": readers, "start": 0, "limit": _LABEL_LIMIT, "size": len(readers), "_links": {}}
    if any(path == ("restrictions", "read", "restrictions", "group") for path in paths):
        groups = [{"type": "group", "name": name, "id": name, "_links": {}} for name in sorted(page.reader_groups)]
        inner["group"] = {"results": groups, "start": 0, "limit": _LABEL_LIMIT, "size": len(groups), "_links": {}}
    read = {"operation": "read", "restrictions": inner, "_expandable": {"content": ""}, "_links": {}}
    return {"read": read, "_expandable": {"update": ""}, "_links": {}}
