"""Confluence Cloud's REST v2: pages, their properties, labels and versions, spaces and people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from worker.sandbox import asked
from worker.sandbox.bookmarks import Bookmarks
from worker.sandbox.confluence_asked import page_to_save, property_to_keep, version_number
from worker.sandbox.confluence_beans import label_v2, operations, page_v2, property_v2, space_v2, user_v2, version_v2
from worker.sandbox.confluence_state import Confluence
from worker.sandbox.pages import PageVersion, StoredPage
from worker.sandbox.refusals import Conflict, Invalid, NotAllowed, NotVisible, Oversize, Refusal
from worker.sandbox.settings import Settings

_MOST = 250
_STATUSES = frozenset({"current", "archived", "trashed", "deleted", "historical", "draft"})
_PARTS_SHOWN = 50

Handler = Callable[[Request], Awaitable[Response]]


class ConfluenceCloud:
    """Routes below ``/wiki/api/v2`` over one state."""

    def __init__(self, state: Confluence, settings: Settings) -> None:
        self._state = state
        self._settings = settings
        self._bookmarks = Bookmarks()

    def routes(self) -> list[Route]:
        """All routes."""
        v2 = "/wiki/api/v2"
        page, props = f"{v2}/pages/{{id}}", f"{v2}/pages/{{id}}/properties"
        return [
            Route(f"{v2}/pages", _answering(self.pages), methods=["GET"]),
            Route(page, _answering(self.page), methods=["GET"]),
            Route(page, _answering(self.save), methods=["PUT"]),
            Route(f"{page}/versions", _answering(self.versions), methods=["GET"]),
            Route(f"{page}/labels", _answering(self.labels), methods=["GET"]),
            Route(f"{page}/operations", _answering(self.operations), methods=["GET"]),
            Route(props, _answering(self.properties), methods=["GET"]),
            Route(props, _answering(self.add_property), methods=["POST"]),
            Route(f"{props}/{{property}}", _answering(self.property), methods=["GET"]),
            Route(f"{props}/{{property}}", _answering(self.replace_property), methods=["PUT"]),
            Route(f"{props}/{{property}}", _answering(self.remove_property), methods=["DELETE"]),
            Route(f"{v2}/spaces", _answering(self.spaces), methods=["GET"]),
            Route(f"{v2}/users-bulk", _answering(self.users), methods=["POST"]),
        ]

    # -- pages -------------------------------------------------------------------------------------------------------

    async def page(self, request: Request) -> Response:
        """One page by id, from the store: the read that sees every write."""
        body_format = _body_format(request)
        page = self._visible(request)
        wanted = asked.listed(request, "status") or ["current", "archived", "trashed"]
        _require_statuses(wanted)
        if page.status not in wanted or asked.flag(request, "get-draft"):
            raise NotVisible(f"No page with id {page.id} and such a status")
        number = asked.number(request, "version", page.version.number, 1, 2**31 - 1)
        version = next((each for each in page.versions if each.number == number), None)
        if version is None:
            raise NotVisible(f"The page {page.id} has no version {number}")
        answer = page_v2(self._state, page, body_format, version)
        parts: dict[str, list[Any]] = {
            "labels": [label_v2(name) for name in page.labels],
            "properties": [property_v2(each) for each in page.properties.values()],
            "operations": operations(self._state, page.id, asked.account(request)),
            "versions": [version_v2(each) for each in reversed(page.versions)],
        }
        for name, results in parts.items():
            if asked.flag(request, f"include-{name}"):
                meta = {"hasMore": len(results) > _PARTS_SHOWN}
                links = {"self": f"/wiki/api/v2/pages/{page.id}/{name}"}
                answer[name] = {"results": results[:_PARTS_SHOWN], "meta": meta, "_links": links}
        if not asked.flag(request, "include-version", default=True):
            del answer["version"]
        answer["_links"]["base"] = _base(request)
        return JSONResponse(answer)

    async def pages(self, request: Request) -> Response:
        """Pages by id, space, title and status; archived ones too unless a status is asked for."""
        body_format = _body_format(request)
        ids, spaces = asked.listed(request, "id"), asked.listed(request, "space-id")
        if len(ids) > _MOST or len(spaces) > 100:
            raise Invalid("At most 250 ids and 100 space ids can be given.")
        if not all(each.isdigit() for each in (*ids, *spaces)):
            raise Invalid("Ids are numbers.")
        statuses = asked.listed(request, "status") or ["current", "archived"]
        _require_statuses(statuses)
        title = request.query_params.get("title")
        caller = asked.account(request)
        found = [
            page
            for page in self._state.pages.values()
            if (not ids or page.id in ids)
            and (not spaces or self._state.spaces[page.space].id in spaces)
            and page.status in statuses
            and (title is None or page.title == title)
            and self._state.can_view(caller, page)
        ]
        found.sort(key=lambda page: int(page.id))
        return self._listing(request, [(page.id, page_v2(self._state, page, body_format)) for page in found])

    async def save(self, request: Request) -> Response:
        """A new version of a page. Too large is 413, a version that is not the next one 409 (seen, not documented)."""
        caller = asked.person(request)
        body = await page_to_save(request, self._settings)
        missing = [name for name in ("id", "status", "title", "body", "version") if body.get(name) in (None, "")]
        if missing:
            raise Invalid(f"Required and missing: {', '.join(missing)}")
        page_id = _id(request, "id")
        if body["id"] != page_id:
            raise Invalid(f"The id of the body, {body['id']!r}, is not the page's")
        if body["status"] != "current":
            raise Invalid("This sandbox saves pages with status current only")
        number = version_number(body)
        message = body["version"].get("message") or "" if isinstance(body["version"], dict) else ""
        if number is None or not isinstance(message, str):
            raise Invalid("The version has a number, and its message is text")
        if not isinstance(body["title"], str):
            raise Invalid("The title is text")
        self._state.save(page_id, body["title"], _storage(body["body"]), caller.account_id, number, message=message)
        answer = page_v2(self._state, self._state.page(page_id), "storage")
        answer["_links"]["base"] = _base(request)
        return JSONResponse(answer)

    async def versions(self, request: Request) -> Response:
        """All versions, newest first; at most 50 at a time when a body is asked for."""
        body_format = _body_format(request)
        page = self._visible(request)

        def written(version: PageVersion) -> dict[str, Any]:
            shown: dict[str, Any] = {"id": page.id, "title": version.title}
            if body_format:
                shown["body"] = {"storage": {"representation": "storage", "value": version.body}}
            return {**version_v2(version), "page": shown}

        results = [(str(each.number), written(each)) for each in reversed(page.versions)]
        return self._listing(request, results, most=_PARTS_SHOWN if body_format else _MOST)

    async def labels(self, request: Request) -> Response:
        """A page's labels."""
        page = self._visible(request)
        return self._listing(request, [(name, label_v2(name)) for name in page.labels])

    async def operations(self, request: Request) -> Response:
        """What the caller may do with a page."""
        page = self._visible(request)
        return JSONResponse({"operations": operations(self._state, page.id, asked.account(request))})

    # -- properties --------------------------------------------------------------------------------------------------

    async def properties(self, request: Request) -> Response:
        """A page's properties, lowest id first; with ``key`` those of that key, normally one."""
        page = self._visible(request)
        key = request.query_params.get("key")
        found = [each for each in page.properties.values() if key is None or each.key == key]
        found.sort(key=lambda each: int(each.id))
        return self._listing(request, [(each.id, property_v2(each)) for each in found])

    async def property(self, request: Request) -> Response:
        """One property by its number."""
        page = self._visible(request)
        prop = page.properties.get(_id(request, "property"))
        if prop is None:
            raise NotVisible(f"No property with id {request.path_params['property']}")
        return JSONResponse(property_v2(prop))

    async def add_property(self, request: Request) -> Response:
        """A new property at version 1."""
        caller = asked.person(request)
        key, value, _ = self._property_body(await asked.json_object(request))
        made = self._state.add_property(_id(request, "id"), key, value, caller.account_id)
        return JSONResponse(property_v2(made))

    async def replace_property(self, request: Request) -> Response:
        """Compare-and-swap of a property: 409 unless the version named is the next one."""
        caller = asked.person(request)
        key, value, number = self._property_body(await asked.json_object(request))
        if number is None:
            raise Invalid("The version has a number")
        changed = self._state.replace_property(
            _id(request, "id"), _id(request, "property"), key, value, number, caller.account_id
        )
        return JSONResponse(property_v2(changed))

    async def remove_property(self, request: Request) -> Response:
        """Removes a property by its number."""
        caller = asked.person(request)
        self._state.remove_property(_id(request, "id"), _id(request, "property"), caller.account_id)
        return Response(status_code=204)

    def _property_body(self, body: dict[str, Any]) -> tuple[str, Any, int | None]:
        if "value" not in body:
            raise Invalid("A property has a value")
        return property_to_keep(body, self._settings)

    # -- spaces and people -------------------------------------------------------------------------------------------

    async def spaces(self, request: Request) -> Response:
        """Spaces by key or id."""
        keys, ids = asked.listed(request, "keys"), asked.listed(request, "ids")
        caller = asked.account(request)
        found = [
            space
            for space in self._state.spaces.values()
            if (not keys or space.key in keys) and (not ids or space.id in ids) and self._state.can_enter(caller, space)
        ]
        return self._listing(request, [(space.id, space_v2(space)) for space in found])

    async def users(self, request: Request) -> Response:
        """People by account id, 250 at most; unknown ones are left out."""
        asked.person(request)
        ids = (await asked.json_object(request)).get("accountIds")
        if not isinstance(ids, list) or not 1 <= len(ids) <= _MOST:
            raise Invalid("accountIds is a list of 1 to 250 account ids")
        found = [self._state.people.get(str(each)) for each in dict.fromkeys(ids)]
        return JSONResponse(
            {"results": [user_v2(each) for each in found if each is not None], "_links": {"base": _base(request)}}
        )

    def _listing(self, request: Request, results: list[tuple[str, Any]], *, most: int = _MOST) -> Response:
        """A page of results by id; what comes and goes between two requests neither repeats nor skips one."""
        limit = min(asked.number(request, "limit", 25, 1, _MOST), most)
        query = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
        bound_to = f"{request.url.path}?{urlencode(query)}"
        beans = dict(results)
        cursor = request.query_params.get("cursor")
        ids = tuple(beans) if cursor is None else self._bookmarks.rest(cursor, bound_to)
        if ids is None:
            raise Invalid("The cursor is not valid for this request")
        links = {"base": _base(request)}
        headers = {}
        if ids[limit:]:
            cursor = self._bookmarks.put(bound_to, ids[limit:])
            links["next"] = f"{request.url.path}?{urlencode([*query, ('cursor', cursor)])}"
            headers["link"] = f'<{links["next"]}>; rel="next"'
        shown = [beans[each] for each in ids[:limit] if each in beans]
        return JSONResponse({"results": shown, "_links": links}, headers=headers)

    def _visible(self, request: Request) -> StoredPage:
        return self._state.visible(_id(request, "id"), asked.account(request))


def _id(request: Request, name: str) -> str:
    text = str(request.path_params[name])
    if not (text.isascii() and text.isdigit()):
        raise Invalid(f"'{text}' is no number, as the {name} in the path must be")
    return text


def _base(request: Request) -> str:
    return f"{asked.site(request)}/wiki"


def _body_format(request: Request) -> str | None:
    wanted = request.query_params.get("body-format")
    if wanted not in {None, "storage"}:
        raise Invalid(f"This sandbox keeps bodies in the format 'storage' only, not '{wanted}'")
    return wanted


def _require_statuses(statuses: Sequence[str]) -> None:
    if not _STATUSES.issuperset(statuses):
        raise Invalid(f"A status is one of {', '.join(sorted(_STATUSES))}")


def _storage(body: Any) -> str:
    written = body.get("storage", body) if isinstance(body, dict) else None
    if not isinstance(written, dict) or not isinstance(written.get("value"), str):
        raise Invalid("The body has a representation and a value")
    if written.get("representation") != "storage":
        raise Invalid("This sandbox takes bodies in the representation 'storage' only")
    return str(written["value"])


def _answering(handler: Handler) -> Handler:
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except Refusal as refusal:
            return _error(refusal)

    return answer


def _error(refusal: Refusal) -> Response:
    match refusal:
        case asked.Nobody():
            return JSONResponse({"code": 401, "message": "Unauthorized"}, 401)
        case Oversize():
            message = f"com.atlassian.confluence.rest.api.exceptions.RequestEntityTooLargeException: {refusal}"
            return JSONResponse({"statusCode": 413, "message": message}, 413)
        case NotVisible() | NotAllowed():
            # v2 documents 404 for a page that may be viewed but not updated
            status, code = 404, "NOT_FOUND"
        case Conflict():
            status, code = 409, "CONFLICT"
        case _:
            status, code = 400, "INVALID_REQUEST_PARAMETER"
    error = {"status": status, "code": code, "title": str(refusal), "detail": None}
    return JSONResponse({"errors": [error]}, status)
