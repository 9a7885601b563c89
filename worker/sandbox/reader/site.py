"""The sandbox as its readers know it: names for accounts, cards for tickets, addresses, and one person who acts."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from worker.model.ticket import Category
from worker.sandbox.confluence_state import Confluence
from worker.sandbox.face import CLOUD, Face
from worker.sandbox.jira_state import Jira
from worker.sandbox.pages import PageVersion, StoredPage
from worker.sandbox.people import Directory, Person, mention
from worker.sandbox.reader.resolve import Card
from worker.sandbox.samples.datacenter import as_on_datacenter
from worker.sandbox.world import WORKER_EMAIL, World


@dataclass(frozen=True, slots=True)
class Site:
    """Both products and their people; resolves what pages refer to."""

    confluence: Confluence
    jira: Jira
    people: Directory
    face: Face = CLOUD

    def person(self, account: str) -> str | None:
        """Display name of an account id, user key or user name."""
        people = self.people
        found = people.get(account) or people.by_userkey(account) or people.by_username(account)
        return found.name if found else None

    def card(self, key: str) -> Card | None:
        """The ticket of that key, as a smart link shows it."""
        found = self.jira.find(key)
        if found is None:
            return None
        status = self.jira.projects[found.project].status(found.status)
        return Card(found.key, found.summary, status.name, Category(status.category), self.ticket_path(found.key))

    def ticket_path(self, key: str) -> str:
        """The address of a ticket for people, below the sandbox's root."""
        return f"{self.face.jira}/browse/{key}"

    def page_path(self, page: StoredPage) -> str:
        """The address of a page for people, below the sandbox's root."""
        plain = unicodedata.normalize("NFKD", page.title).encode("ascii", "ignore").decode()
        slug = re.sub(r"[^A-Za-z0-9]+", "+", plain).strip("+") or "page"
        return f"{self.face.confluence}/spaces/{page.space}/pages/{page.id}/{slug}"

    def written(self, body: str) -> str:
        """The body of a sample as the editor of this deployment writes it."""
        return body if self.face is CLOUD else as_on_datacenter(body, self.people)

    @property
    def actor(self) -> Person:
        """Who does what is done in the browser: the first person that is not the worker."""
        return next(person for person in self.people if person.active and person.email != WORKER_EMAIL)

    @property
    def mentions(self) -> dict[str, str]:
        """How each person is mentioned in storage format, by display name."""
        return {person.name: mention(self.face, person) for person in self.people}


def site_of(world: World) -> Site:
    """The readers' view of a whole world."""
    return Site(world.confluence, world.jira, world.people, world.face)


def shown_time(moment: datetime) -> str:
    """A moment as the reader shows it, in UTC."""
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC"


@dataclass(frozen=True, slots=True)
class PageLine:
    """What templates show of a page beside its body."""

    id: str
    title: str
    url: str
    author: str
    version: int
    saved: str
    labels: tuple[str, ...]
    restricted: bool


@dataclass(frozen=True, slots=True)
class VersionLine:
    """What templates show of one version."""

    number: int
    at: str
    by: str
    message: str


def page_line(site: Site, page: StoredPage) -> PageLine:
    """One page for templates."""
    return PageLine(
        page.id, page.title, site.page_path(page), site.person(page.author) or "unknown", page.version.number,
        shown_time(page.version.at), tuple(page.labels), page.readers is not None,
    )  # fmt: skip


def version_line(site: Site, version: PageVersion) -> VersionLine:
    """One version for templates."""
    return VersionLine(version.number, shown_time(version.at), site.person(version.by) or "unknown", version.message)
