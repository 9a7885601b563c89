"""Which address shows what to a browser."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from worker.document.parse import Malformed
from worker.sandbox.reader.page_views import PageViews
from worker.sandbox.reader.site import Site, site_of
from worker.sandbox.reader.templates import filled
from worker.sandbox.reader.ticket_views import TicketViews
from worker.sandbox.refusals import NotVisible, Refusal
from worker.sandbox.world import World

View = Callable[[Request], Awaitable[Response]]


def reader_routes(world: World) -> list[Route]:
    """Routes for people, to be served beside the API and under the same root; they need no sign-in.

    Everything is answered on the server's own loop, so that an edit is one step like every other.
    """
    site = site_of(world)
    wiki, browse = world.face.confluence, f"{world.face.jira}/browse/{{key}}"
    page = f"{wiki}/spaces/{{space}}/pages/{{id}}"
    pages, tickets = PageViews(site), TicketViews(site)

    def told(view: View) -> View:
        return _told(view, site)

    return [
        Route("/", told(tickets.home)),
        Route("/reader/reader.css", _style),
        Route(f"{wiki}/pages/create", told(pages.create), methods=["POST"]),
        Route(f"{wiki}/pages/viewpage.action", told(pages.by_id)),
        Route(f"{page}/{{slug}}/row", told(pages.save_row), methods=["POST"]),
        Route(f"{page}/{{slug}}/tick", told(pages.tick), methods=["POST"]),
        Route(f"{page}/{{slug}}/source", told(pages.save_source), methods=["POST"]),
        Route(page, told(pages.show)),
        Route(f"{page}/{{slug}}", told(pages.show)),
        Route(browse, told(tickets.show)),
        Route(f"{browse}/fields", told(tickets.save_fields), methods=["POST"]),
        Route(f"{browse}/status", told(tickets.save_status), methods=["POST"]),
    ]


def _told(view: View, site: Site) -> View:
    """A view that answers what cannot be done with a page that says why."""

    @wraps(view)
    async def answer(request: Request) -> Response:
        try:
            return await view(request)
        except NotVisible as gone:
            status, title, message = 404, "That is not here", str(gone)
        except (Refusal, Malformed, ValueError, KeyError) as error:
            status, title, message = 400, "That cannot be done", str(error)
        return filled("message.html", status, title=title, message=message, back="/", person=site.actor.name)

    return answer


async def _style(_request: Request) -> Response:
    css = (files("worker.sandbox.reader") / "static" / "reader.css").read_bytes()
    return Response(css, media_type="text/css")
