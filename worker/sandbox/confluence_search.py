"""Confluence Cloud's REST v1 as far as it is left: search by CQL, labels and people; page routes answer 410."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from worker.sandbox import asked, cql
from worker.sandbox.bookmarks import Bookmarks
from worker.sandbox.confluence_answers import answering, label_names, require_no_browser, v1_error
from worker.sandbox.confluence_asked import expanded_by_search
from worker.sandbox.confluence_beans import content_v1, label_array_v1, user_v1
from worker.sandbox.confluence_state import Confluence
from worker.sandbox.query import BadQuery
from worker.sandbox.refusals import Invalid, NotVisible
from worker.sandbox.settings import Settings
from worker.sandbox.wire import asking

_MOST = 250
_MOST_WITH_BODY = 50


class ConfluenceSearch:
    """Routes below ``/wiki/rest/api`` over one state."""

    def __init__(self, state: Confluence, settings: Settings) -> None:
        self._state = state
        self._settings = settings
        self._bookmarks = Bookmarks()

    def routes(self) -> list[Route]:
        """All routes, the removed ones included."""
        v1 = "/wiki/rest/api"
        return [
            Route(f"{v1}/content/search", answering(self.search), methods=["GET"]),
            Route(f"{v1}/content/{{id:int}}/label", answering(self.add_labels), methods=["POST"]),
            Route(f"{v1}/content/{{id:int}}/label", answering(self.remove_label), methods=["DELETE"]),
            Route(f"{v1}/content/{{id:int}}/label/{{name}}", answering(self.remove_label), methods=["DELETE"]),
            Route(f"{v1}/user/current", answering(self.current_user), methods=["GET"]),
            Route(f"{v1}/user/bulk", answering(self.users), methods=["GET"]),
            Route(f"{v1}/user", answering(self.user), methods=["GET"]),
            *(
                Route(f"{v1}/{path}", _gone, methods=["GET", "POST", "PUT", "DELETE"])
                for path in ("content", "content/{rest:path}", "space", "space/{rest:path}")
            ),
        ]

    async def search(self, request: Request) -> Response:
        """Pages that a query matches, as the index knows them.

        With a body expanded a page of results is cut to 50 without a word (developer documentation, "Advanced
        searching using CQL"). Results the caller may not see are left out after the cut, so a page can be short.
        """
        query = request.query_params.get("cql")
        if query is None:
            raise Invalid("A cql query must be given.")
        if request.query_params.get("cqlcontext"):
            raise Invalid("This sandbox knows no cqlcontext.")
        expand = asked.listed(request, "expand")
        limit = asked.number(request, "limit", 25, 1, 10_000)
        limit = min(limit, _MOST_WITH_BODY if any(path.startswith("body") for path in expand) else _MOST)
        caller = asking(request.scope)
        now = self._state.clock.now()
        try:
            asked_for = cql.read(query, caller, now, list(self._state.spaces))
        except BadQuery as error:
            raise Invalid(str(error)) from error
        index = {page.id: page for page in self._state.index.seen(now, self._settings.confluence_lag_seconds)}
        cursor = request.query_params.get("cursor")
        if cursor is None:
            found = [page for page in index.values() if page.status == "current" and asked_for.matches(page)]
            ids = tuple(page.id for page in asked_for.arranged(found))
        else:
            continued = self._bookmarks.rest(cursor, query)
            if continued is None:
                raise Invalid("The cursor is not valid for this query.")
            ids = continued
        base = f"{asked.site(request)}/wiki"
        account = asked.account(request)
        shown = [index[each] for each in ids[:limit] if each in index and self._state.can_find(account, index[each])]
        links = {"base": base, "context": "/wiki", "self": f"{base}/rest/api/content/search?cql={query}"}
        if ids[limit:]:
            more = {"cql": query, "limit": limit, "cursor": self._bookmarks.put(query, ids[limit:])}
            if expand:
                more["expand"] = ",".join(sorted(set(expand)))
            links["next"] = f"/rest/api/content/search?{urlencode(more)}"
        answered = frozenset(expanded_by_search(expand, self._settings))
        results = [content_v1(self._state, page, answered, base, account) for page in shown]
        return JSONResponse({"results": results, "start": 0, "limit": limit, "size": len(results), "_links": links})

    async def add_labels(self, request: Request) -> Response:
        """Adds global labels; a label's name has no spaces."""
        require_no_browser(request)
        caller = asked.person(request)
        names = label_names(await asked.json_body(request))
        page = self._state.add_labels(str(request.path_params["id"]), names, caller.account_id)
        return JSONResponse({**label_array_v1(page.labels), "_links": {}})

    async def remove_label(self, request: Request) -> Response:
        """Takes a label off, named in the path or the query."""
        require_no_browser(request)
        caller = asked.person(request)
        name = request.path_params.get("name") or request.query_params.get("name")
        if not name:
            raise Invalid("The name of the label must be given.")
        self._state.remove_label(str(request.path_params["id"]), name, caller.account_id)
        return Response(status_code=204)

    async def current_user(self, request: Request) -> Response:
        """Who is asking; nobody is answered as ``anonymous`` with 200."""
        return JSONResponse(user_v1(asking(request.scope)))

    async def user(self, request: Request) -> Response:
        """One person by account id."""
        asked.person(request)
        found = self._state.people.get(request.query_params.get("accountId"))
        if found is None:
            raise NotVisible("No user found with this accountId")
        return JSONResponse(user_v1(found))

    async def users(self, request: Request) -> Response:
        """Several people by account id; unknown ones are left out."""
        asked.person(request)
        found = [self._state.people.get(each) for each in request.query_params.getlist("accountId")]
        results = [user_v1(each) for each in found if each is not None]
        return JSONResponse({"results": results, "start": 0, "limit": 200, "size": len(results), "_links": {}})


async def _gone(_request: Request) -> Response:
    """Reading and writing content by v1 was removed from Cloud (change notices CHANGE-864 and CHANGE-2520)."""
    return v1_error(410, "GoneException", "This deprecated endpoint has been removed.")
