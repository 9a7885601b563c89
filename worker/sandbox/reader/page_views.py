"""Answers a browser that reads or edits a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from worker.document.bounds import TooLarge
from worker.document.document import Document
from worker.document.parse import Malformed, parse
from worker.document.tree import Element
from worker.sandbox.pages import PageVersion, StoredPage
from worker.sandbox.reader import editing
from worker.sandbox.reader.changes import changes
from worker.sandbox.reader.html import Decoration, render_storage
from worker.sandbox.reader.site import Site, page_line, version_line
from worker.sandbox.reader.templates import filled
from worker.sandbox.refusals import Conflict, Invalid, NotVisible
from worker.sandbox.samples import SPACE, sample_body


@dataclass(frozen=True, slots=True)
class PageViews:
    """Pages of one sandbox; a person sees every page, restricted or not."""

    site: Site

    async def show(self, request: Request) -> Response:
        """The page; ``?version=N`` an old one, with ``&diff=1`` beside the one before; ``?history=1``,
        ``?source=1`` and ``?edit=OFFSET`` its other views.
        """
        page = self.site.confluence.page(request.path_params["id"])
        query = request.query_params
        if "history" in query:
            versions = [version_line(self.site, version) for version in reversed(page.versions)]
            return self._page("history.html", page, versions=versions)
        if "source" in query:
            return self._page("source.html", page, source=page.body, problem=None)
        if query.get("edit", "").isdecimal():
            return self._row_form(page, int(query["edit"]))
        wanted = [v for v in page.versions if str(v.number) == query.get("version", str(page.version.number))]
        if not wanted:
            raise NotVisible(f"The page has no version {query['version']}")
        if "diff" in query and wanted[0].number > 1:
            return self._diff(page, wanted[0])
        return self._version(page, wanted[0])

    async def by_id(self, request: Request) -> Response:
        """Leads from ``viewpage.action?pageId=`` to the page's own address."""
        page = self.site.confluence.page(request.query_params.get("pageId", ""))
        return RedirectResponse(self.site.page_path(page), 302)

    async def create(self, request: Request) -> Response:
        """Makes a post-mortem from the template, under the title of the form, and shows it."""
        form = await request.form()
        title = " ".join(str(form.get("title", "")).split())
        page = self.site.confluence.create_page(
            SPACE,
            title,
            self.site.written(sample_body("post-mortem-template")),
            self.site.actor.account_id,
            labels=["post-mortem"],
        )
        return RedirectResponse(self.site.page_path(page), 303)

    async def save_row(self, request: Request) -> Response:
        """Saves what was written into the form of one row or task."""
        form = await request.form()

        def edited(document: Document, element: Element) -> str:
            match form.get("do"):
                case "add":
                    return editing.with_row_below(document, element)
                case "remove":
                    return editing.without(document, element)
                case _:
                    texts = tuple(str(text) for text in form.getlist("text"))
                    return editing.rewritten(document, element, texts, self.site, self.site.mentions)

        return self._edit_at(request, form.get("version"), form.get("at"), edited)

    async def tick(self, request: Request) -> Response:
        """Turns the box of one task over."""
        query = request.query_params
        return self._edit_at(request, query.get("version"), query.get("at"), editing.ticked)

    async def save_source(self, request: Request) -> Response:
        """Saves a whole body in storage format; a malformed one is shown again with what is wrong."""
        form: FormData = await request.form()
        page = self.site.confluence.page(request.path_params["id"])
        body = str(form.get("body", "")).replace("\r\n", "\n")
        try:
            return self._save(page, str(form.get("version")), body)
        except Invalid as refused:
            return self._page("source.html", page, 400, source=body, problem=str(refused))

    def _edit_at(
        self, request: Request, version: object, at: object, edited: Callable[[Document, Element], str]
    ) -> Response:
        page = self.site.confluence.page(request.path_params["id"])
        if str(version) != str(page.version.number):
            return self._stale(page)
        document = parse(page.body)
        element = editing.element_at(document, int(str(at)))
        if element is None:
            return self._stale(page)
        body = edited(document, element)
        return (
            RedirectResponse(self.site.page_path(page), 303)
            if body == page.body
            else self._save(page, str(version), body)
        )

    def _save(self, page: StoredPage, version: str, body: str) -> Response:
        number = int(version) + 1 if version.isdecimal() else 0
        try:
            self.site.confluence.save(page.id, page.title, body, self.site.actor.account_id, number)
        except Conflict:
            return self._stale(page)
        return RedirectResponse(self.site.page_path(page), 303)

    def _stale(self, page: StoredPage) -> Response:
        message = "Somebody saved it after you opened it. Nothing was changed; look at it again and repeat your edit."
        return filled(
            "message.html", 409, title="The page has moved on", message=message, back=self.site.page_path(page),
            person=self.site.actor.name,
        )  # fmt: skip

    def _version(self, page: StoredPage, version: PageVersion) -> Response:
        current = version is page.version
        url = self.site.page_path(page)
        decoration = Decoration(edit=f"{url}?edit=", tick=f"{url}/tick?version={version.number}&at=")
        body = render_storage(version.body, self.site, decoration if current else Decoration())
        return self._page("page.html", page, version=version_line(self.site, version), current=current, body=body)

    def _diff(self, page: StoredPage, version: PageVersion) -> Response:
        earlier = page.versions[page.versions.index(version) - 1]
        try:
            found = changes(parse(earlier.body).root, parse(version.body).root)
            gone, come = Decoration(found.before, "gone"), Decoration(found.after, "come")
        except (Malformed, TooLarge):
            gone = come = Decoration()
        return self._page(
            "diff.html", page, version=version_line(self.site, version),
            before=render_storage(earlier.body, self.site, gone), after=render_storage(version.body, self.site, come),
        )  # fmt: skip

    def _row_form(self, page: StoredPage, at: int) -> Response:
        document = parse(page.body)
        element = editing.element_at(document, at)
        if element is None:
            return self._stale(page)
        kind = "row" if element.tag == "tr" else "task"
        return self._page("row.html", page, at=at, kind=kind, fields=editing.fields(document, element, self.site))

    def _page(self, template: str, page: StoredPage, status: int = 200, **values: object) -> Response:
        shown = page_line(self.site, page)
        return filled(template, status, page=shown, person=self.site.actor.name, **values)
