"""What rendering asks about people and tickets, because storage format names both by id only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from worker.model.ticket import Category

_BROWSE = re.compile(r"/browse/([A-Z][A-Z0-9_]+-[1-9]\d*)(?:[?#]|$)")


@dataclass(frozen=True, slots=True)
class Card:
    """A ticket as a smart link shows it: with the status it has right now."""

    key: str
    summary: str
    status: str
    category: Category
    url: str


class Resolver(Protocol):
    """Looks up what a page refers to; None where there is nothing of that id, which readers see as such."""

    def person(self, account: str) -> str | None:
        """Display name of an account id (Cloud), user key or user name (Data Center)."""

    def card(self, key: str) -> Card | None:
        """The ticket of that key."""


def key_in(url: str) -> str | None:
    """The ticket key that an address of the form ``…/browse/KEY`` names."""
    found = _BROWSE.search(url)
    return found[1] if found else None


def tone(category: Category) -> str:
    """The lozenge colour in which Jira shows a status of that category."""
    match category:
        case Category.DONE:
            return "green"
        case Category.DOING:
            return "blue"
        case Category.TODO | Category.NONE:
            return "grey"
