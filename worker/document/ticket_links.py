"""How a ticket's key is written on a page: as a smart link, or as a Jira macro where the page knows which Jira."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from worker.document import markup
from worker.document.document import Document
from worker.document.pieces import TicketLink, recognise
from worker.document.text import parameters

WriteLink = Callable[[str, str], str]
"""From a ticket's key and its address for people to the markup that shows it."""


class TicketLinks(Protocol):
    """How keys are written on the pages of one deployment."""

    def on(self, document: Document, project: str, server_id: str | None) -> WriteLink:
        """How keys of the project are written on this page; ``server_id`` is what the mapping says of the Jira."""


@dataclass(frozen=True, slots=True)
class SmartLinks:
    """Links that Confluence Cloud shows with key, summary and status."""

    def on(self, document: Document, project: str, server_id: str | None) -> WriteLink:  # noqa: ARG002 — the same on every page
        """A smart link, whatever stands on the page."""
        return lambda _key, url: markup.smart_link(url)


@dataclass(frozen=True, slots=True)
class Macros:
    """Jira macros, which Confluence Data Center shows with key and status, as far as they can name their Jira.

    A macro names the application link by an id that no public interface tells, and with a wrong one it shows an error.
    So the id is the mapping's, or that of a macro which shows a ticket of the same project on this page; without any,
    an ordinary link, which works everywhere.
    """

    def on(self, document: Document, project: str, server_id: str | None) -> WriteLink:
        """A macro where the Jira is known, else an ordinary link."""
        server = (("serverId", server_id),) if server_id else _server_on(document, project)
        if not server:
            return lambda key, url: markup.plain_link(url, key)
        return lambda key, _url: markup.jira_macro(key, server)


def _server_on(document: Document, project: str) -> tuple[tuple[str, str], ...]:
    """What the first macro on the page that shows a ticket of the project says of its Jira; empty when none does."""
    for element in document.root.descendants():
        if element.tag != "ac:structured-macro" or element.attrs.get("ac:name") != "jira":
            continue
        shown, given = recognise(element), parameters(element)
        if isinstance(shown, TicketLink) and shown.key.rpartition("-")[0] == project and given.get("serverId"):
            return tuple((name, given[name]) for name in ("server", "serverId") if given.get(name))
    return ()
