"""A Confluence in memory that keeps the promises of the real one, the bad ones too, and lets people act on its pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any

from tests.fakes.clock import Clock, Index
from worker.errors import Forbidden, Missing, RemoteError, Stale
from worker.model.page import FoundPage, Page, Property, Version

WORKER = "712020:worker"
SITE = "https://acme.example/wiki"
_BARE = re.compile(r"<(p|tr|table)(?![^>]*local-id)((?:\s[^>]*)?)>")
_EMPTY = re.compile(r"<(p|td|th)((?:\s[^>/]*)?)></\1>")
_MACRO = re.compile(r"<ac:structured-macro(?![^>]*ac:macro-id)")


@dataclass
class StoredPage:
    """A page with all its versions, oldest first."""

    id: str
    space: str
    title: str
    created_at: datetime
    versions: list[tuple[Version, str]]
    labels: frozenset[str]
    status: str = "current"
    hidden: bool = False
    """From the worker."""
    read_only: bool = False
    """For the worker."""
    restricted: bool = False
    properties: list[Property] = field(default_factory=list)


class FakeConfluence:
    """Pages, versions and properties; ``twin_fault`` lets a second create of one property key succeed.

    The fault is the known one of Confluence Cloud (CONFCLOUD-72142): both rows exist until one is withdrawn. Nobody says
    that ids are given in the order in which rows become visible: with ``ids_fall`` each property's is lower than before.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.pages: dict[str, StoredPage] = {}
        self.index: Index[FoundPage] = Index(clock)
        self.site = SITE
        self.twin_fault = False
        self.ids_fall = False
        self.people: dict[str, str] = {WORKER: "Post-mortem sync"}
        self._ids = count(1001)
        self._falling_ids = count(999, -1)

    # -- what the ports ask ------------------------------------------------------------------------------------------

    def visible(self, page_id: str) -> StoredPage:
        """The page as the worker sees it. Missing when gone or hidden."""
        page = self.pages.get(page_id)
        if page is None or page.hidden:
            raise Missing(f"there is no page {page_id}", status=404)
        return page

    def writable(self, page_id: str) -> StoredPage:
        """The page as the worker may change it. Missing, Forbidden."""
        page = self.visible(page_id)
        if page.status == "archived":
            raise Missing(f"page {page_id} is archived", status=404)
        if page.read_only:
            raise Forbidden(f"page {page_id} may not be changed", status=403)
        return page

    def page(self, page_id: str) -> Page:
        """The newest version. Missing."""
        return _page(self.visible(page_id))

    def search(self, cql: str) -> list[FoundPage]:
        """What the index knows of current pages in the spaces, with the labels and ids, that the query names."""
        spaces = _listed(cql, r"space in \(([^)]*)\)")
        ids = _listed(cql, r"\bid in \(([^)]*)\)")
        labels = set(re.findall(r'label = "([^"]*)"', cql))
        skipped = set(_listed(cql, r"label not in \(([^)]*)\)"))
        found = [
            each
            for each in self.index.seen()
            if each.page.status == "current"
            and (not spaces or each.space in spaces)
            and (not ids or each.page.id in ids)
            and labels <= each.labels
            and not skipped & each.labels
            and not self.pages[each.page.id].hidden
        ]
        return sorted(found, key=lambda each: each.page.created_at)

    def save(self, read: Page, body: str, message: str) -> Page:
        """The version after the one that was read. Stale when anyone saved since."""
        if read.status != "current":
            raise RemoteError(f"“{read.title}” is {read.status}")
        page = self.writable(read.id)
        if page.versions[-1][0].number != read.version.number:
            raise Stale(f"the newest version is {page.versions[-1][0].number}", status=409)
        self._append(page, body, WORKER, message)
        return _page(page)

    def properties(self, page_id: str, key: str) -> tuple[Property, ...]:
        """All rows of that key, lowest id first. Missing."""
        rows = [each for each in self.visible(page_id).properties if each.key == key]
        return tuple(sorted(rows, key=lambda each: int(each.id)))

    def add_property(self, page_id: str, key: str, value: Any) -> Property:
        """A row at version 1. Stale when the key exists and the fault is not on."""
        page = self.writable(page_id)
        if self.properties(page_id, key) and not self.twin_fault:
            raise Stale(f"page {page_id} has a property {key}", status=409)
        made = Property(str(next(self._falling_ids if self.ids_fall else self._ids)), key, value, 1)
        page.properties.append(made)
        self._indexed(page)
        return made

    def replace_property(self, page_id: str, known: Property, value: Any) -> Property:
        """Compare-and-swap. Stale when somebody was faster or removed it."""
        page = self.writable(page_id)
        stored = next((each for each in page.properties if each.id == known.id), None)
        if stored is None or stored.version != known.version:
            raise Stale(f"property {known.key} changed", status=409)
        if len(self.properties(page_id, known.key)) > 1:
            raise RemoteError(f"page {page_id} has several properties {known.key}", status=400)
        made = replace(stored, value=value, version=stored.version + 1)
        page.properties[page.properties.index(stored)] = made
        self._indexed(page)
        return made

    def withdraw_property(self, page_id: str, known: Property) -> None:
        """Removes the row, if it is there."""
        page = self.writable(page_id)
        page.properties = [each for each in page.properties if each.id != known.id]
        self._indexed(page)

    # -- what people do ----------------------------------------------------------------------------------------------

    def create(self, title: str, body: str, labels: Iterable[str] = ("post-mortem",), space: str = "PAY") -> str:
        """A person writes a page; gives its id."""
        made = StoredPage(str(next(self._ids)), space, title, self.clock.now(), [], frozenset(labels))
        self.pages[made.id] = made
        self._append(made, body, "557058:alice", "")
        return made.id

    def person_saves(self, page_id: str, body: str, by: str = "557058:bob") -> None:
        """A person saves this body on top of whatever is newest."""
        self._append(self.pages[page_id], body, by, "")

    def person_restores(self, page_id: str, number: int, by: str = "557058:bob") -> None:
        """A person makes an old version the newest one; properties do not go back."""
        page = self.pages[page_id]
        self._append(page, page.versions[number - 1][1], by, f"Reverted from v. {number}")

    def copy(self, page_id: str, title: str, *, properties: bool = False) -> str:
        """A person copies a page with its labels, and with its keys and editor's ids in the body; gives the new id."""
        page = self.pages[page_id]
        made = self.create(title, page.versions[-1][1], page.labels, page.space)
        if properties:
            copies = (Property(str(next(self._ids)), each.key, each.value, 1) for each in page.properties)
            self.pages[made].properties.extend(copies)
            self._indexed(self.pages[made])
        return made

    def overwrite_properties(self, page_id: str, values: Mapping[str, Any]) -> None:
        """A script of somebody's replaces the values of all properties of a page; those it gives none for are deleted."""
        page = self.pages[page_id]
        page.properties = [
            replace(each, value=values[each.id], version=each.version + 1)
            for each in page.properties
            if each.id in values
        ]
        self._indexed(page)

    def change(self, page_id: str, **values: Any) -> None:
        """A person or an admin changes status, title, labels, restrictions or rights."""
        page = self.pages[page_id]
        for name, value in values.items():
            setattr(page, name, value)
        self._indexed(page)

    def status(self, page_id: str) -> str:
        """``current`` or ``archived``, whoever asks."""
        return self.pages[page_id].status

    def body(self, page_id: str) -> str:
        """What the page says now, whoever may see it."""
        return self.pages[page_id].versions[-1][1]

    # ----------------------------------------------------------------------------------------------------------------

    def _append(self, page: StoredPage, body: str, by: str, message: str) -> None:
        number = len(page.versions) + 1
        page.versions.append((Version(number, self.clock.now(), by, message), self._as_saved(body)))
        self._indexed(page)

    def _as_saved(self, body: str) -> str:
        """The same meaning in other bytes, as Confluence stores it."""
        body = _BARE.sub(lambda m: f'<{m[1]} ac:local-id="{next(self._ids)}"{m[2]}>', body)
        body = _MACRO.sub(lambda m: f'{m[0]} ac:macro-id="{next(self._ids)}"', body)
        return _EMPTY.sub(r"<\1\2 />", body)

    def _indexed(self, page: StoredPage) -> None:
        rows = sorted((each for each in page.properties if each.key == "postmortem-sync"), key=lambda p: int(p.id))
        known = FoundPage(_page(page), page.space, page.labels, page.restricted, rows[0] if rows else None)
        self.index.record(page.id, known)


def _page(page: StoredPage) -> Page:
    version, body = page.versions[-1]
    url = f"{SITE}/spaces/{page.space}/pages/{page.id}"
    return Page(page.id, page.title, url, page.status, page.created_at, version, body)


def _listed(cql: str, pattern: str) -> list[str]:
    found = re.search(pattern, cql)
    return [each.strip().strip('"') for each in found[1].split(",")] if found else []
