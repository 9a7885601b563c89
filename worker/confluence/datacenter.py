"""Confluence Data Center: pages found, read and written by v1, properties by key, people by their user names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from worker.confluence import asking, convert
from worker.confluence.people import ACCOUNT, People
from worker.errors import Missing, RemoteError, Stale
from worker.model.page import Account, FoundPage, Page, Property, Unread
from worker.model.site import spelled
from worker.remote.gateway import Gateway
from worker.remote.paging import by_position, unique
from worker.remote.reading import understood

_CONTENT = "rest/api/content"
_PART = 50
"""Data Center gives 50 results a part when bodies are expanded, whatever is asked (Atlassian support, "Searching for
content with the REST API and CQL always limits results to 50")."""
_LISTED = 200
_READ = "body.storage,version,history"
_FIND = ",".join((*convert.EXPAND, f"metadata.properties.{convert.PROPERTY}.version"))


class DatacenterPageReader:
    """``PageReader`` on Confluence Data Center; ``site`` is its address with the context path."""

    def __init__(self, gateway: Gateway, site: str) -> None:
        self._gateway = gateway
        self._site = spelled(site)
        self._people = People(gateway)

    @property
    def site(self) -> str:
        """The address people use for this Confluence, without a slash at the end."""
        return self._site

    def now(self) -> datetime:
        """Server time, aware."""
        return self._gateway.now()

    def whoami(self) -> Account:
        """The account of the credentials, by its user name; AccessError when they are nobody's."""
        return asking.whoami(self._gateway, ACCOUNT)

    def closed(self) -> str | None:
        """Why nothing can be written while an administrator keeps Confluence read-only (REST 10.2, access mode).

        The mode exists since 6.10. A Confluence that does not tell counts as open, and a write is told what is true.
        """
        try:
            mode = self._gateway.get("rest/api/accessmode").body
        except RemoteError:
            return None
        if mode != "READ_ONLY":
            return None
        return "Confluence is in read-only mode for maintenance"

    def search(self, cql: str) -> Iterator[FoundPage | Unread]:
        """Every current page the query matches, each once, 50 a request while it is consumed.

        Answers come from an index. What an expand left out is read by id; a page that is gone by then is skipped, and
        one that cannot be read or understood is given as such. A query that cannot be read is answered with 400, and
        with 404 as REST 10.2 describes it: both are told as 400.
        """
        params = {"cql": cql, "limit": _PART, "expand": _FIND}
        try:
            parts = by_position(self._gateway, f"{_CONTENT}/search", params)
            results = (result for part in parts for result in convert.results(part))
            for base, result in unique(results, lambda pair: str(pair[1].get("id"))):
                found = self._found(result, base or self._site)
                if found is not None:
                    yield found
        except Missing as error:
            raise RemoteError(str(error), status=400, said=error.said) from error

    def _found(self, result: Any, base: str) -> FoundPage | Unread | None:
        try:
            return self._complete(result, base)
        except Missing:
            return None
        except RemoteError as error:
            return convert.unread(result, base, error)

    def _complete(self, result: Any, base: str) -> FoundPage:
        with understood("a search result"):
            page = convert.found_page(result, base, ACCOUNT)
            labels = convert.labels(result)
            claims, answered = convert.claims(result)
            page_id = str(result["id"])
            told_privacy = convert.tells_privacy(result)
        if not answered:
            claims = next(iter(self.properties(page_id, convert.PROPERTY)), None)
        if not told_privacy:
            told = self._gateway.get(_page(page_id), {"expand": ",".join(convert.PRIVACY)}).body
            with understood("who may read a page"):
                result = {**result, "restrictions": told.get("restrictions")}
        return convert.found(
            page or self.page(page_id), result, self._labels(page_id) if labels is None else labels, claims
        )

    def _labels(self, page_id: str) -> frozenset[str]:
        parts = by_position(self._gateway, f"{_page(page_id)}/label", {"limit": _LISTED})
        names: set[str] = set()
        for part in parts:
            with understood("the labels of a page"):
                names.update(label["name"] for label in part["results"])
        return frozenset(names)

    def page(self, page_id: str) -> Page:
        """The page as it is now. Missing when gone, hidden or in the trash, which the default status leaves out."""
        found = _read(self._gateway.get(_page(page_id), {"expand": _READ}).body, self._site)
        if found is None:
            raise RemoteError(f"Confluence left out body, version or creation of page {page_id}, though it was asked")
        return found

    def properties(self, page_id: str, key: str) -> tuple[Property, ...]:
        """All properties of that key, lowest id first.

        They are listed and not read by key: a page that is gone answers a read by key as one without the property
        does, and that would read as "nothing was claimed".
        """
        parts = by_position(self._gateway, f"{_page(page_id)}/property", {"limit": _LISTED, "expand": "version"})
        found: dict[str, Property] = {}
        for part in parts:
            with understood("the properties of a page"):
                for entry in part["results"]:
                    if entry["key"] == key:
                        listed = convert.content_property(entry)
                        found[listed.id] = listed
        with understood("the properties of a page"):
            return tuple(sorted(found.values(), key=lambda prop: int(prop.id)))

    def accounts(self, mentioned: Collection[str]) -> Mapping[str, str]:
        """User names by the keys that mentions hold, each asked once a pass; whoever is unknown is left out.

        Old pages mention people by user name, which is looked up as one where no such key exists. Names are given in
        lower case, since Jira may spell them otherwise and compares them in any case.
        """
        people = {key: self._people.by_mention(key) for key in dict.fromkeys(mentioned)}
        return {key: person.id.lower() for key, person in people.items() if person is not None}

    def names(self, accounts: Sequence[str]) -> Mapping[str, str]:
        """Display names of these user names; whoever is unknown or hidden is left out."""
        people = {name: self._people.by_name(name) for name in dict.fromkeys(accounts)}
        return {name: person.name for name, person in people.items() if person is not None and person.name}


class DatacenterPageWriter:
    """``PageWriter`` on Confluence Data Center."""

    def __init__(self, gateway: Gateway, site: str) -> None:
        self._gateway = gateway
        self._site = spelled(site)

    def save(self, page: Page, body: str, message: str) -> Page | None:
        """Saves ``body`` on top of exactly ``page.version``, as a minor edit, with the title as it was read.

        A minor edit keeps watchers from being mailed (CONFSERVER-38804). No status is sent: naming it ``current`` is
        how a page is fetched back from the trash (REST 10.2, update content). Gives the saved page where the answer
        holds its body, or a read behind it, else None: which expands an answer to a save brings is nowhere told.
        RemoteError when it names another version than the one that was sent.
        """
        if page.status != "current":
            raise RemoteError(f"“{page.title}” is {page.status}, so it is left alone")
        answer = self._gateway.send(
            "PUT",
            _page(page.id),
            body={
                "id": page.id,
                "type": "page",
                "title": page.title,
                "body": {"storage": {"value": body, "representation": "storage"}},
                "version": {"number": page.version.number + 1, "minorEdit": True, "message": message},
            },
            repeatable=False,
        ).body
        try:
            with understood("a saved page"):
                number = int(answer["version"]["number"])
        except RemoteError:
            return None
        if number != page.version.number + 1:
            raise RemoteError(
                f"Confluence answered with version {number} of “{page.title}”, which is not what was saved"
            )
        return self._saved(page.id, answer, number)

    def _saved(self, page_id: str, answer: Any, number: int) -> Page | None:
        """The version just saved: in the answer, or read, as long as nobody saved another one since."""
        try:
            saved = _read(answer, self._site) or _read(
                self._gateway.get(_page(page_id), {"expand": _READ}).body, self._site
            )
        except RemoteError:
            return None  # saved it is, and what is shown of it will be seen in the next pass
        return saved if saved is not None and saved.version.number == number else None

    def add_property(self, page_id: str, key: str, value: Any) -> Property:
        """Creates the property by writing its version 1. Stale when the key exists.

        Unlike a POST that is a compare-and-swap: a version that is not the next one is answered 409 (REST 10.2, update
        content property: it creates one when the version is 1). A 400 that speaks of an existing key means the same.
        """
        try:
            return self._put(page_id, key, {"key": key, "value": value, "version": {"number": 1, "minorEdit": True}})
        except RemoteError as error:
            if error.status == 400 and any(word in error.said.lower() for word in ("exist", "duplicate", "already")):
                raise Stale(str(error), status=400) from error
            raise

    def replace_property(self, page_id: str, prop: Property, value: Any) -> Property:
        """Compare-and-swap from ``prop.version``. Stale when somebody was faster, which includes deleting it.

        A property without id or version, as search can leave it, is Stale too: read it again first.
        """
        if not prop.id or prop.version < 1:
            raise Stale(f"The property {prop.key} of page {page_id} is known from search only; read it again first")
        body = {
            "id": prop.id,
            "key": prop.key,
            "value": value,
            "version": {"number": prop.version + 1, "minorEdit": True},
        }
        try:
            return self._put(page_id, prop.key, body)
        except Missing as error:
            raise Stale(str(error), status=404) from error

    def withdraw_property(self, page_id: str, prop: Property) -> None:
        """Removes a property of our own that lost a race, if it stands alone; one that is gone already is no error.

        Data Center deletes by key only. Where several bear the key that could take the winner's claim along, so nothing
        is deleted and RemoteError says who has to look.
        """
        rows = DatacenterPageReader(self._gateway, self._site).properties(page_id, prop.key)
        if all(row.id != prop.id for row in rows):
            return
        if len(rows) > 1:
            raise RemoteError(
                f"Page {page_id} has several content properties {prop.key}, which Data Center deletes only together; "
                f"let an administrator keep the one with the lowest id ({rows[0].id}), until then no ticket is made"
            )
        try:
            self._gateway.send("DELETE", _property(page_id, prop.key), repeatable=False)
        except Missing:
            return

    def _put(self, page_id: str, key: str, body: Any) -> Property:
        answer = self._gateway.send("PUT", _property(page_id, key), body=body, repeatable=False).body
        return convert.written_property(answer)


def _read(answer: Any, site: str) -> Page | None:
    """The page in an answer about one; None where an expand is missing from it."""
    with understood("a page"):
        return convert.found_page(answer, (answer.get("_links") or {}).get("base") or site, ACCOUNT)


def _page(page_id: str) -> str:
    return f"{_CONTENT}/{quote(page_id, safe='')}"


def _property(page_id: str, key: str) -> str:
    return f"{_page(page_id)}/property/{quote(key, safe='')}"
