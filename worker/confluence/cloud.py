"""Confluence Cloud: pages found by the surviving v1 search, read and written by v2."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from worker.confluence import asking, convert
from worker.errors import Missing, RemoteError, Stale
from worker.model.page import Account, FoundPage, Page, Property, Unread
from worker.model.site import spelled
from worker.remote.gateway import Gateway
from worker.remote.paging import by_cursor, unique
from worker.remote.reading import understood

_SEARCH = "rest/api/content/search"
_PART = 50
"""Cloud silently cuts search to 50 a page when bodies are expanded (developer documentation, advanced searching)."""
_PEOPLE = 250
"""Accounts in one look-up of names."""


def people_address(gateway: Gateway) -> str:
    """The address people use for this Confluence, ending in ``/wiki``: needed where calls go to the API gateway.

    Every v1 answer names it in ``_links.base``. RemoteError when this one does not.
    """
    answer = gateway.get(_SEARCH, {"cql": "type = page", "limit": 1}).body
    with understood("the address of the site"):
        return str(answer["_links"]["base"]).rstrip("/")


class CloudPageReader:
    """``PageReader`` on Confluence Cloud; the gateway's base ends in ``/wiki``."""

    def __init__(self, gateway: Gateway, site: str) -> None:
        self._gateway = gateway
        self._site = spelled(site)

    @property
    def site(self) -> str:
        """The address people use for this Confluence, without a slash at the end."""
        return self._site

    def now(self) -> datetime:
        """Server time, aware."""
        return self._gateway.now()

    def whoami(self) -> Account:
        """The account of the credentials; AccessError when they are nobody's or may not use Confluence."""
        return asking.whoami(self._gateway, "accountId")

    def search(self, cql: str) -> Iterator[FoundPage | Unread]:
        """Every current page the query matches, each once, 50 a request while it is consumed.

        Answers come from an index. What an expand left out is read by id; a page that is gone by then is skipped, and
        one that cannot be read or understood is given as such.
        """
        parts = by_cursor(self._gateway, _SEARCH, {"cql": cql, "limit": _PART, "expand": ",".join(convert.EXPAND)})
        results = (result for part in parts for result in convert.results(part))
        for base, result in unique(results, lambda pair: str(pair[1].get("id"))):
            try:
                yield self._found(result, base or self._site)
            except Missing:
                continue
            except RemoteError as error:
                yield convert.unread(result, base or self._site, error)

    def _found(self, result: Any, base: str) -> FoundPage:
        with understood("a search result"):
            page = convert.found_page(result, base, "accountId")
            labels = convert.labels(result)
            claims, answered = convert.claims(result)
            page_id = str(result["id"])
        if not answered:
            claims = next(iter(self.properties(page_id, convert.PROPERTY)), None)
        return convert.found(
            page or self.page(page_id), result, self._labels(page_id) if labels is None else labels, claims
        )

    def _labels(self, page_id: str) -> frozenset[str]:
        parts = by_cursor(self._gateway, f"{_page(page_id)}/labels", {"limit": 250})
        names: set[str] = set()
        for part in parts:
            with understood("the labels of a page"):
                names.update(label["name"] for label in part["results"])
        return frozenset(names)

    def page(self, page_id: str) -> Page:
        """The page as it is now (v2 by id is the one read that sees every write). Missing when gone or hidden."""
        return convert.page(self._gateway.get(_page(page_id), {"body-format": "storage"}).body, self._site)

    def properties(self, page_id: str, key: str) -> tuple[Property, ...]:
        """All properties of that key, lowest id first; several are a known fault (CONFCLOUD-72142)."""
        parts = by_cursor(self._gateway, f"{_page(page_id)}/properties", {"key": key, "limit": 250})
        found: list[Property] = []
        for part in parts:
            with understood("the properties of a page"):
                found.extend(convert.content_property(entry) for entry in part["results"])
        with understood("the properties of a page"):
            return tuple(sorted(found, key=lambda prop: int(prop.id)))

    def accounts(self, mentioned: Collection[str]) -> Mapping[str, str]:
        """A mention holds the account id, which is Jira's too (Atlassian accounts), so that nothing is asked."""
        return {account: account for account in mentioned}

    def closed(self) -> str | None:
        """Cloud has no read-only mode."""
        return None

    def names(self, accounts: Sequence[str]) -> Mapping[str, str]:
        """Display names of these accounts, 250 a request; whoever is unknown or hidden is left out.

        An account without the right to see profiles is answered 404 (Confluence Cloud v2, users-bulk), and an id that
        is none 400; a name only adorns a sentence, so neither fails anything.
        """
        found: dict[str, str] = {}
        asked = list(dict.fromkeys(accounts))
        for start in range(0, len(asked), _PEOPLE):
            body = {"accountIds": asked[start : start + _PEOPLE]}
            try:
                answer = self._gateway.send("POST", "api/v2/users-bulk", body=body, repeatable=True).body
            except RemoteError as error:
                if error.status in (400, 403, 404):
                    continue
                raise
            with understood("names of people"):
                for person in answer["results"]:
                    name = person.get("displayName") or person.get("publicName")
                    if name:
                        found[person["accountId"]] = name
        return found


class CloudPageWriter:
    """``PageWriter`` on Confluence Cloud."""

    def __init__(self, gateway: Gateway, site: str) -> None:
        self._gateway = gateway
        self._site = spelled(site)

    def save(self, page: Page, body: str, message: str) -> Page | None:
        """Saves ``body`` on top of exactly ``page.version``, with title and status as they were read.

        A page that is not current is refused before anything is sent, because v2 restores a trashed page that is
        saved as current. Gives the saved page where the answer holds its body, else None.
        """
        if page.status != "current":
            raise RemoteError(f"“{page.title}” is {page.status}, and saving it would bring it back; it is left alone")
        answer = self._gateway.send(
            "PUT",
            _page(page.id),
            body={
                "id": page.id,
                "status": "current",
                "title": page.title,
                "body": {"representation": "storage", "value": body},
                "version": {"number": page.version.number + 1, "message": message},
            },
            repeatable=False,
        ).body
        try:
            return convert.page(answer, self._site)
        except RemoteError:
            return None

    def add_property(self, page_id: str, key: str, value: Any) -> Property:
        """Creates the property. Stale when the key exists: v2 says so with 409 or with a 400 that speaks of it."""
        try:
            answer = self._gateway.send(
                "POST", f"{_page(page_id)}/properties", body={"key": key, "value": value}, repeatable=False
            )
        except RemoteError as error:
            if error.status == 400 and any(word in str(error).lower() for word in ("exist", "duplicate")):
                raise Stale(str(error), status=400) from error
            raise
        return convert.written_property(answer.body)

    def replace_property(self, page_id: str, prop: Property, value: Any) -> Property:
        """Compare-and-swap from ``prop.version``. Stale when somebody was faster, which includes deleting it.

        A property without id, as search can leave it, is Stale too: read it again first.
        """
        if not prop.id or prop.version < 1:
            raise Stale(f"The property {prop.key} of page {page_id} is known from search only; read it again first")
        try:
            answer = self._gateway.send(
                "PUT",
                f"{_page(page_id)}/properties/{quote(prop.id, safe='')}",
                body={"key": prop.key, "value": value, "version": {"number": prop.version + 1}},
                repeatable=False,
            )
        except Missing as error:
            raise Stale(str(error), status=404) from error
        return convert.written_property(answer.body)

    def withdraw_property(self, page_id: str, prop: Property) -> None:
        """Removes a property of our own that lost a race; one that is gone already is no error."""
        try:
            self._gateway.send("DELETE", f"{_page(page_id)}/properties/{quote(prop.id, safe='')}", repeatable=False)
        except Missing:
            return


def _page(page_id: str) -> str:
    return f"api/v2/pages/{quote(page_id, safe='')}"
