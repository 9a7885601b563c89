"""How Confluence Data Center writes a page, a property, a space or a person as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from worker.sandbox.confluence_beans import label_array_v1, moment, operations, page_links
from worker.sandbox.confluence_state import Confluence
from worker.sandbox.pages import PageProperty, PageSnapshot, PageVersion, Space
from worker.sandbox.people import Person

_DEFAULT_EXPAND = ("history", "space", "version")

Paths = Sequence[tuple[str, ...]]


class Beans:
    """Writes everything with addresses below one base; what is not asked to be expanded is named only."""

    def __init__(self, state: Confluence, base: str) -> None:
        self._state = state
        self._base = base
        self._api = f"{base}/rest/api"

    def content(self, page: PageSnapshot, expand: Iterable[str], account: str | None) -> dict[str, Any]:
        """A page with what was asked to be expanded, as this account sees it.

        Expand paths are split at their dots, so of a property's key only the part before its first dot can be asked
        for.
        """
        paths = [tuple(path.split(".")) for path in expand]
        parts: dict[str, Callable[[], Any]] = {
            "space": lambda: self.space(self._state.spaces[page.space]),
            "version": lambda: self.version(page.version),
            "history": lambda: self._history(page, paths),
            "ancestors": lambda: [self._above(each) for each in page.ancestors],
            "operations": lambda: operations(self._state, page.id, account),
            "body": lambda: self._body(page, paths),
            "metadata": lambda: self._metadata(page, paths),
            "restrictions": lambda: self._restrictions(page, paths),
        }
        wanted = {path[0] for path in paths}
        links = page_links(page.id, page.space, page.version.title)
        return {
            "id": page.id,
            "type": "page",
            "status": page.status,
            "title": page.version.title,
            **{name: part() for name, part in parts.items() if name in wanted},
            "extensions": {"position": "none"},
            "_links": {
                "webui": links["webui"],
                "edit": f"/pages/resumedraft.action?draftId={page.id}",
                "tinyui": links["tinyui"],
                "self": f"{self._api}/content/{page.id}",
            },
            "_expandable": {
                **{name: f"/rest/api/content/{page.id}" for name in parts if name not in wanted},
                "container": f"/rest/api/space/{page.space}",
                "children": f"/rest/api/content/{page.id}/child",
                "descendants": f"/rest/api/content/{page.id}/descendant",
            },
        }

    def whole(self, page: PageSnapshot, expand: Sequence[str], account: str | None) -> dict[str, Any]:
        """A page that is an answer by itself: it says below which address its links are.

        Without ``expand`` it holds history, space and version (Confluence Data Center REST 10.2, "Get content by ID").
        """
        content = self.content(page, expand or _DEFAULT_EXPAND, account)
        content["_links"] |= {"base": self._base, "context": self._context(), "collection": "/rest/api/content"}
        return content

    def links(self, own: str) -> dict[str, str]:
        """The links of a list."""
        return {"self": f"{self._base}{own}", "base": self._base, "context": self._context()}

    def _context(self) -> str:
        return "/" + self._base.rpartition("/")[2]

    def person(self, person: Person | None) -> dict[str, Any]:
        """A person; None is nobody."""
        picture = {"path": "/images/icons/profilepics/default.svg", "width": 48, "height": 48, "isDefault": True}
        if person is None:
            return {"type": "anonymous", "profilePicture": picture, "displayName": "Anonymous", "_links": {}}
        return {
            "type": "known",
            "username": person.username,
            "userKey": person.userkey,
            "profilePicture": picture,
            "displayName": person.name,
            "_links": {"self": f"{self._api}/user?key={person.userkey}"},
            "_expandable": {"status": ""},
        }

    def version(self, version: PageVersion) -> dict[str, Any]:
        """A version of a page or property."""
        return {
            "by": self.person(self._state.people.get(version.by)),
            "when": moment(version.at),
            "message": version.message,
            "number": version.number,
            "minorEdit": version.minor,
            "hidden": False,
            "_expandable": {"content": ""},
            "_links": {},
        }

    def property(self, prop: PageProperty, page_id: str) -> dict[str, Any]:
        """A content property with its version."""
        own = f"{self._api}/content/{page_id}/property/{prop.key}"
        return {
            "id": prop.id,
            "key": prop.key,
            "value": prop.value,
            "version": self.version(PageVersion(prop.version, prop.at, prop.by, "", "")),
            "_links": {"self": own, "base": self._base, "context": self._context()},
            "_expandable": {"content": f"/rest/api/content/{page_id}"},
        }

    def space(self, space: Space) -> dict[str, Any]:
        """A space."""
        return {
            "id": int(space.id),
            "key": space.key,
            "name": space.name,
            "type": "global",
            "status": "current",
            "_links": {"webui": f"/spaces/{space.key}", "self": f"{self._api}/space/{space.key}"},
            "_expandable": {"metadata": "", "icon": "", "description": "", "homepage": ""},
        }

    def labels(self, names: Iterable[str]) -> dict[str, Any]:
        """A page's labels."""
        return {**label_array_v1(names), "_links": {}}

    def _history(self, page: PageSnapshot, paths: Paths) -> dict[str, Any]:
        history: dict[str, Any] = {
            "latest": True,
            "createdBy": self.person(self._state.people.get(page.author)),
            "createdDate": moment(page.created_at),
            "_links": {"self": f"{self._api}/content/{page.id}/history"},
            "_expandable": {"previousVersion": "", "contributors": "", "nextVersion": ""},
        }
        if ("history", "lastUpdated") in paths:
            history["lastUpdated"] = self.version(page.version)
        else:
            history["_expandable"]["lastUpdated"] = ""
        return history

    def _above(self, page_id: str) -> dict[str, Any]:
        page = self._state.pages[page_id]
        own = f"{self._api}/content/{page_id}"
        return {"id": page_id, "type": "page", "status": page.status, "title": page.title, "_links": {"self": own}}

    @staticmethod
    def _body(page: PageSnapshot, paths: Paths) -> dict[str, Any]:
        others = dict.fromkeys(("editor", "view", "export_view", "styled_view", "anonymous_export_view"), "")
        if not any(path[:2] == ("body", "storage") for path in paths):
            return {"_expandable": {**others, "storage": ""}}
        storage = {
            "value": page.version.body,
            "representation": "storage",
            "_expandable": {"content": f"/rest/api/content/{page.id}"},
        }
        return {"storage": storage, "_expandable": others}

    def _metadata(self, page: PageSnapshot, paths: Paths) -> dict[str, Any]:
        metadata: dict[str, Any] = {"_expandable": {"currentuser": "", "frontend": "", "editorHtml": ""}}
        if any(path[:2] == ("metadata", "labels") for path in paths):
            metadata["labels"] = self.labels(page.labels)
        else:
            metadata["_expandable"]["labels"] = ""
        if any(path[:2] == ("metadata", "properties") for path in paths):
            keys = {path[2] for path in paths if path[:2] == ("metadata", "properties") and len(path) > 2}
            dated = {path[2] for path in paths if path[:2] == ("metadata", "properties") and path[3:] == ("version",)}
            found = {each.key: self.property(each, page.id) for each in page.properties if each.key in keys}
            for key in found.keys() - dated:
                del found[key]["version"]
                found[key]["_expandable"]["version"] = ""
            others = {each.key: "" for each in page.properties if each.key not in keys}
            metadata["properties"] = {**found, "_expandable": others, "_links": {}}
        else:
            metadata["_expandable"]["properties"] = ""
        return metadata

    def _restrictions(self, page: PageSnapshot, paths: Paths) -> dict[str, Any]:
        by_operation = {
            "read": (page.readers, page.reader_groups),
            "update": (page.editors, frozenset()),
        }
        shown: dict[str, Any] = {"_expandable": {}, "_links": {}}
        for operation, (people, groups) in by_operation.items():
            if not any(path[:2] == ("restrictions", operation) for path in paths):
                shown["_expandable"][operation] = f"/rest/api/content/{page.id}/restriction/byOperation/{operation}"
                continue
            inner: dict[str, Any] = {"_expandable": {}, "_links": {}}
            named = [self._state.people.get(each) for each in sorted(people or ())]
            lists = {
                "user": [self.person(each) for each in named if each is not None],
                "group": [{"type": "group", "name": name, "_links": {}} for name in sorted(groups)],
            }
            for kind, results in lists.items():
                if ("restrictions", operation, "restrictions", kind) in paths:
                    inner[kind] = {"results": results, "start": 0, "limit": 200, "size": len(results)}
                else:
                    inner["_expandable"][kind] = ""
            shown[operation] = {
                "operation": operation, "restrictions": inner, "_links": {}, "_expandable": {"content": ""},
            }  # fmt: skip
        return shown
