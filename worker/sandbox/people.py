"""Who can sign in to the sandbox and be mentioned: one account id across both products, as on Atlassian Cloud."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ScopedToken:
    """What an API token with scopes may do, and until when; None for ever. Scopes cannot be changed later."""

    scopes: frozenset[str]
    expires: datetime | None = None


@dataclass(slots=True)
class Person:
    """One Atlassian account; ``tokens`` maps an API token to the moment it expires, or None for never."""

    account_id: str
    name: str
    email: str
    active: bool = True
    account_type: str = "atlassian"
    email_visible: bool = True
    timezone: str = "UTC"
    tokens: dict[str, datetime | None] = field(default_factory=dict)
    scoped_tokens: dict[str, ScopedToken] = field(default_factory=dict)
    products: frozenset[str] = frozenset({"confluence", "jira"})
    """Which of them the account may use at all."""


class Directory:
    """All accounts of the site, in the order they were added."""

    def __init__(self) -> None:
        self._people: dict[str, Person] = {}

    def add(self, person: Person) -> Person:
        """Adds an account; an account id exists once."""
        if person.account_id in self._people:
            raise ValueError(f"the account {person.account_id} exists already")
        self._people[person.account_id] = person
        return person

    def get(self, account_id: str | None) -> Person | None:
        """The account of that id, active or not."""
        return None if account_id is None else self._people.get(account_id)

    def named(self, name: str) -> Person:
        """The one account with that display name; KeyError when there is none."""
        for person in self:
            if person.name == name:
                return person
        raise KeyError(name)

    def sign_in(self, email: str, token: str, now: datetime) -> Person | None:
        """Who an e-mail and API token belong to; None for a wrong or expired token or a deactivated account.

        Cloud takes tokens, never passwords, and every token expires (Atlassian support, "Manage API tokens").
        """
        for person in self:
            if person.email.lower() == email.lower() and person.active and token in person.tokens:
                expires = person.tokens[token]
                return person if expires is None or now < expires else None
        return None

    def sign_in_scoped(self, email: str, token: str, now: datetime) -> tuple[Person | None, frozenset[str]]:
        """Who an e-mail address and an API token with scopes belong to, and the scopes; nobody has none."""
        for person in self:
            if person.email.lower() == email.lower() and person.active and token in person.scoped_tokens:
                held = person.scoped_tokens[token]
                if held.expires is None or now < held.expires:
                    return person, held.scopes
        return None, frozenset()

    def __iter__(self) -> Iterator[Person]:
        return iter(self._people.values())
