"""Which address shows what to a browser."""

from __future__ import annotations

from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from worker.sandbox.confluence_state import Confluence
from worker.sandbox.jira_state import Jira
from worker.sandbox.people import Directory
from worker.sandbox.reader.page_views import PageViews
from worker.sandbox.reader.site import Site
from worker.sandbox.reader.ticket_views import TicketViews

_PAGE = "/wiki/spaces/{space}/pages/{id}"


def reader_routes(confluence: Confluence, jira: Jira, people: Directory) -> list[Route]:
    """Routes for people, to be served beside the API and under the same root; they need no sign-in.

    Everything is answered on the server's own loop, so that an edit is one step like every other.
    """
    site = Site(confluence, jira, people)
    pages, tickets = PageViews(site), TicketViews(site)
    return [
        Route("/", tickets.home),
        Route("/reader/reader.css", _style),
        Route("/wiki/pages/viewpage.action", pages.by_id),
        Route(f"{_PAGE}/{{slug}}/row", pages.save_row, methods=["POST"]),
        Route(f"{_PAGE}/{{slug}}/tick", pages.tick, methods=["POST"]),
        Route(f"{_PAGE}/{{slug}}/source", pages.save_source, methods=["POST"]),
        Route(_PAGE, pages.show),
        Route(f"{_PAGE}/{{slug}}", pages.show),
        Route("/browse/{key}", tickets.show),
        Route("/browse/{key}/fields", tickets.save_fields, methods=["POST"]),
        Route("/browse/{key}/status", tickets.save_status, methods=["POST"]),
    ]


async def _style(_request: Request) -> Response:
    css = (files("worker.sandbox.reader") / "static" / "reader.css").read_bytes()
    return Response(css, media_type="text/css")
