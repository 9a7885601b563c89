"""Confluence Data Center's REST: search by CQL, pages, properties by key, labels, spaces and people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from worker.sandbox import asked, cql
from worker.sandbox.confluence_answers import answering, label_names, require_no_browser
from worker.sandbox.confluence_asked import (
    expanded_by_search,
    page_to_save,
    property_to_keep,
    version_number,
)
from worker.sandbox.confluence_datacenter_beans import Beans
from worker.sandbox.confluence_state import Confluence
from worker.sandbox.face import DATACENTER
from worker.sandbox.nodes import Nodes
from worker.sandbox.pages import PageProperty, StoredPage
from worker.sandbox.people import Person
from worker.sandbox.query import BadQuery
from worker.sandbox.refusals import Conflict, Invalid, NotAllowed, NotVisible, ReadOnly
from worker.sandbox.settings import Settings
from worker.sandbox.wire import asking

_MOST_WITH_BODY, _MOST_EXPANDED, _MOST = 50, 200, 1000
_TOLD_OF_A_SAVE = ("history", "space", "version", "ancestors")
_STATUSES = frozenset({"current", "trashed", "historical", "draft", "any"})


class ConfluenceDatacenter:
    """Routes below ``/confluence/rest/api`` over one state."""

    def __init__(self, state: Confluence, settings: Settings) -> None:
        self._state = state
        self._settings = settings
        self._nodes = Nodes(settings)

    def routes(self) -> list[Route]:
        """All routes."""
        api = f"{DATACENTER.confluence}/rest/api"
        page = f"{api}/content/{{id}}"
        return [
            Route(f"{api}/content/search", answering(self.search), methods=["GET"]),
            Route(page, answering(self.page), methods=["GET"]),
            Route(page, answering(self.save), methods=["PUT"]),
            Route(f"{page}/property", answering(self.properties), methods=["GET"]),
            Route(f"{page}/property", answering(self.add_property), methods=["POST"]),
            Route(f"{page}/property/{{key}}", answering(self.property), methods=["GET"]),
            Route(f"{page}/property/{{key}}", answering(self.put_property), methods=["PUT"]),
            Route(f"{page}/property/{{key}}", answering(self.remove_property), methods=["DELETE"]),
            Route(f"{page}/label", answering(self.labels), methods=["GET"]),
            Route(f"{page}/label", answering(self.add_labels), methods=["POST"]),
            Route(f"{page}/label", answering(self.remove_label), methods=["DELETE"]),
            Route(f"{page}/label/{{name}}", answering(self.remove_label), methods=["DELETE"]),
            Route(f"{api}/space", answering(self.spaces), methods=["GET"]),
            Route(f"{api}/space/{{key}}", answering(self.space), methods=["GET"]),
            Route(f"{api}/user", answering(self.user), methods=["GET"]),
            Route(f"{api}/user/current", answering(self.current_user), methods=["GET"]),
            Route(f"{api}/accessmode", answering(self.access_mode), methods=["GET"]),
            Route(f"{api}/server-information", answering(self.server_information), methods=["GET"]),
        ]

    # -- finding -----------------------------------------------------------------------------------------------------

    async def search(self, request: Request) -> Response:
        """Current pages that a query matches and the caller may see, as the index of the answering node knows them.

        A part holds at most 50 pages with a body expanded, 200 with anything else and 1,000 with nothing (Atlassian
        knowledge base, "Searching for content with the REST API and CQL always limits results to 50"). ``next`` goes
        on after as many results as were asked for, not as came (CONFSERVER-95272).
        """
        query = request.query_params.get("cql")
        if not query:
            raise Invalid("A cql query must be given.")
        if request.query_params.get("cqlcontext"):
            raise Invalid("This sandbox knows no cqlcontext.")
        expand = asked.listed(request, "expand")
        start, wanted = asked.number(request, "start", 0, 0, 10**9), asked.number(request, "limit", 25, 0, 10**9)
        limit = min(wanted, _most(expand))
        caller, now = asking(request.scope), self._state.clock.now()
        try:
            asked_for = cql.read(query, caller, now, list(self._state.spaces), self._account)
        except BadQuery as error:
            raise Invalid(str(error)) from error
        lag = self._nodes.lag(request, self._settings.confluence_lag_seconds)
        account = asked.account(request)
        found = asked_for.arranged(
            [
                page
                for page in self._state.index.seen(now, lag)
                if page.status == "current" and asked_for.matches(page) and self._state.can_find(account, page)
            ]
        )
        beans = _beans(self._state, request)
        answered = expanded_by_search(expand, self._settings)
        results = [beans.content(page, answered, account) for page in found[start : start + limit]]
        links = beans.links(f"/rest/api/content/search?{urlencode({'cql': query})}")
        if len(found) > start + limit:
            more = {"expand": ",".join(expand), "limit": wanted, "start": start + wanted, "cql": query}
            links["next"] = f"/rest/api/content/search?{urlencode({k: v for k, v in more.items() if v != ''})}"
        return JSONResponse({"results": results, "start": start, "limit": limit, "size": len(results), "_links": links})

    def _account(self, name: str) -> str | None:
        person = self._state.people.by_username(name) or self._state.people.by_userkey(name)
        return None if person is None else person.account_id

    # -- pages -------------------------------------------------------------------------------------------------------

    async def page(self, request: Request) -> Response:
        """One page by id, from the store; only a current one unless a status is asked for."""
        page = self._visible(request)
        statuses = asked.listed(request, "status") or ["current"]
        if not _STATUSES.issuperset(statuses):
            raise Invalid(f"A status is one of {', '.join(sorted(_STATUSES))}")
        if page.status not in statuses and "any" not in statuses:
            raise _no_content(page.id)
        newest = page.version.number
        number = asked.number(request, "version", newest, 0, 2**31 - 1) or newest
        version = next((each for each in page.versions if each.number == number), None)
        if version is None:
            raise NotVisible(f"No content found with id : ContentId{{id={page.id}}} and version : {number}")
        return self._whole(request, page, asked.listed(request, "expand"), version.number)

    async def save(self, request: Request) -> Response:
        """The next version of a page (Confluence Data Center REST 10.2, "Update content").

        A version that is not the next one is 409, which the description leaves out and every client knows. A page
        comes back from the trash when it is said to be current.
        """
        caller = self._writer(request)
        body = await page_to_save(request, self._settings)
        page = self._visible(request)
        if str(body.get("id", page.id)) != page.id:
            raise Invalid(f"The id of the body, {body['id']!r}, is not the id of the path, {page.id}")
        if page.status == "trashed" and body.get("status") != "current":
            raise _no_content(page.id)
        if body.get("type") != "page":
            raise Invalid("The type of the content must be given and cannot be changed; this one is a page.")
        if body.get("status", "current") != "current" or request.query_params.get("status", "current") != "current":
            raise Invalid("This sandbox saves pages with status current only.")
        if request.query_params.get("conflictPolicy", "abort") != "abort":
            raise Invalid("This sandbox aborts on a conflict only.")
        if not isinstance(body.get("title"), str) or not body["title"].strip():
            raise Invalid("The title of a page that is no draft must be given.")
        version, number = body.get("version"), version_number(body)
        if not isinstance(version, dict) or number is None:
            raise Invalid("Must supply an incremented version when updating Content. No version supplied.")
        message, minor = version.get("message") or "", version.get("minorEdit", False)
        if not isinstance(message, str) or not isinstance(minor, bool):
            raise Invalid("The message of a version is text, and minorEdit is true or false.")
        text = _storage(body["body"]) if "body" in body else page.body
        try:
            self._state.save(page.id, body["title"], text, caller.account_id, number, message=message, minor=minor)
        except Conflict as error:
            current = page.version.number
            raise Conflict(f"Version must be incremented on update. Current version is: {current}") from error
        body_too = ["body.storage"] if self._settings.save_answers_body else []
        return self._whole(request, page, [*_TOLD_OF_A_SAVE, *body_too], page.version.number)

    def _whole(self, request: Request, page: StoredPage, expand: Sequence[str], number: int) -> Response:
        version = next(each for each in page.versions if each.number == number)
        snapshot = self._state.snapshot(page, version)
        return JSONResponse(_beans(self._state, request).whole(snapshot, expand, asked.account(request)))

    # -- properties --------------------------------------------------------------------------------------------------

    async def properties(self, request: Request) -> Response:
        """A page's properties."""
        page, beans = self._visible(request), _beans(self._state, request)
        found = [beans.property(each, page.id) for each in page.properties.values()]
        return JSONResponse(_listing(request, beans, found, f"/rest/api/content/{page.id}/property", 10))

    async def property(self, request: Request) -> Response:
        """The property of a key."""
        page = self._visible(request)
        return JSONResponse(_beans(self._state, request).property(self._stored(page, request), page.id))

    async def add_property(self, request: Request) -> Response:
        """A new property at version 1; a key that is taken is refused."""
        caller = self._writer(request)
        key, value, _ = self._property_body(await asked.json_object(request))
        page = self._visible(request)
        if page.with_key(key):
            text = f"Cannot create property, a property with key '{key}' exists already on content {page.id}"
            raise Conflict(text) if self._settings.taken_property_status == 409 else Invalid(text)
        made = self._state.add_property(page.id, key, value, caller.account_id)
        return JSONResponse(_beans(self._state, request).property(made, page.id))

    async def put_property(self, request: Request) -> Response:
        """Compare-and-swap of a property: 409 unless the version named is the next one; version 1 creates."""
        caller = self._writer(request)
        key, value, number = self._property_body(await asked.json_object(request))
        if key != request.path_params["key"]:
            raise Invalid(f"The key of the body, '{key}', is not the key of the path.")
        if number is None:
            raise Invalid("The number of the new version must be given.")
        page, by = self._visible(request), caller.account_id
        known = page.with_key(key)
        if known:
            kept = self._state.replace_property(page.id, known[0].id, key, value, number, by)
        elif number == 1:
            kept = self._state.add_property(page.id, key, value, by)
        else:
            raise NotVisible(f"Cannot find property with key {key} on content {page.id}")
        return JSONResponse(_beans(self._state, request).property(kept, page.id))

    async def remove_property(self, request: Request) -> Response:
        """Removes the property of a key, whatever its version."""
        caller = self._writer(request)
        page = self._visible(request)
        self._state.remove_property(page.id, self._stored(page, request).id, caller.account_id)
        return Response(status_code=204)

    @staticmethod
    def _stored(page: StoredPage, request: Request) -> PageProperty:
        known = page.with_key(request.path_params["key"])
        if not known:
            raise NotVisible(f"Cannot find property with key {request.path_params['key']} on content {page.id}")
        return known[0]

    def _property_body(self, body: dict[str, Any]) -> tuple[str, Any, int | None]:
        if body.get("value") is None:
            raise Invalid("A property has a value.")
        return property_to_keep(body, self._settings)

    # -- labels ------------------------------------------------------------------------------------------------------

    async def labels(self, request: Request) -> Response:
        """A page's labels."""
        return JSONResponse(_beans(self._state, request).labels(self._visible(request).labels))

    async def add_labels(self, request: Request) -> Response:
        """Adds global labels; a label's name has no spaces."""
        caller = self._writer(request)
        names = label_names(await asked.json_body(request))
        page = self._state.add_labels(self._visible(request).id, names, caller.account_id)
        return JSONResponse(_beans(self._state, request).labels(page.labels))

    async def remove_label(self, request: Request) -> Response:
        """Takes a label off, named in the path or the query."""
        caller = self._writer(request)
        name = request.path_params.get("name") or request.query_params.get("name")
        if not name:
            raise Invalid("The name of the label must be given.")
        self._state.remove_label(self._visible(request).id, name, caller.account_id)
        return Response(status_code=204)

    # -- spaces, people, the site ------------------------------------------------------------------------------------

    async def spaces(self, request: Request) -> Response:
        """The spaces that the caller may see, by key."""
        keys, beans = request.query_params.getlist("spaceKey"), _beans(self._state, request)
        account = asked.account(request)
        found = [
            beans.space(space)
            for space in sorted(self._state.spaces.values(), key=lambda each: each.key)
            if (not keys or space.key in keys) and self._state.can_enter(account, space)
        ]
        return JSONResponse(_listing(request, beans, found, "/rest/api/space", 25))

    async def space(self, request: Request) -> Response:
        """One space."""
        key = request.path_params["key"]
        space = next((each for each in self._state.spaces.values() if each.key.lower() == key.lower()), None)
        if space is None or not self._state.can_enter(asked.account(request), space):
            raise NotVisible(f"No space found with key : {key}")
        return JSONResponse(_beans(self._state, request).space(space))

    async def user(self, request: Request) -> Response:
        """One person by user key or user name, active or not; nobody may not look people up."""
        if asking(request.scope) is None:
            raise NotAllowed("Not permitted to view users.")
        key, username = request.query_params.get("key"), request.query_params.get("username")
        if (key is None) == (username is None):
            raise Invalid("One of the parameters key and username must be given.")
        people = self._state.people
        found = people.by_userkey(key) if key is not None else people.by_username(username)
        if found is None:
            raise NotVisible(f"No user found with {'key' if key is not None else 'username'} : {key or username}")
        return JSONResponse(_beans(self._state, request).person(found))

    async def current_user(self, request: Request) -> Response:
        """Who is asking; nobody is answered as ``anonymous`` with 200."""
        return JSONResponse(_beans(self._state, request).person(asking(request.scope)))

    async def access_mode(self, _request: Request) -> Response:
        """Whether the site takes writes."""
        return JSONResponse("READ_ONLY" if self._settings.confluence_read_only else "READ_WRITE")

    async def server_information(self, request: Request) -> Response:
        """What answers."""
        asked.person(request)
        build = {"buildNumber": 9122, "marketplaceBuildNumber": 9122, "buildDate": "2026-06-01"}
        return JSONResponse({"baseUrl": _base(request), "version": "10.2.14", **build})

    def _writer(self, request: Request) -> Person:
        require_no_browser(request)
        caller = asked.person(request)
        if self._settings.confluence_read_only:
            raise ReadOnly("This Confluence is in read-only mode.")
        return caller

    def _visible(self, request: Request) -> StoredPage:
        page_id = str(request.path_params["id"])
        if not (page_id.isascii() and page_id.isdigit()):
            raise Invalid(f"'{page_id}' is no content id.")
        try:
            return self._state.visible(page_id, asked.account(request))
        except NotVisible as error:
            raise _no_content(page_id) from error


def _no_content(page_id: str) -> NotVisible:
    return NotVisible(f"No content found with id : ContentId{{id={page_id}}}")


def _most(expand: Sequence[str]) -> int:
    if any(path.split(".")[0] == "body" for path in expand):
        return _MOST_WITH_BODY
    return _MOST_EXPANDED if expand else _MOST


def _storage(body: Any) -> str:
    written = body.get("storage") if isinstance(body, dict) else None
    if not isinstance(written, dict) or not isinstance(written.get("value"), str):
        raise Invalid("The body has a storage with a value.")
    if written.get("representation") != "storage":
        raise Invalid("This sandbox takes bodies in the representation 'storage' only.")
    return str(written["value"])


def _listing(request: Request, beans: Beans, found: list[Any], own: str, usual: int) -> dict[str, Any]:
    start, limit = asked.number(request, "start", 0, 0, 10**9), asked.number(request, "limit", usual, 0, 10**9)
    limit = min(limit, _MOST_EXPANDED)
    shown = found[start : start + limit]
    links = beans.links(own)
    if found[start + limit :]:
        links["next"] = f"{own}?{urlencode({'limit': limit, 'start': start + limit})}"
    return {"results": shown, "start": start, "limit": limit, "size": len(shown), "_links": links}


def _beans(state: Confluence, request: Request) -> Beans:
    return Beans(state, _base(request))


def _base(request: Request) -> str:
    return f"{asked.site(request)}{DATACENTER.confluence}"
