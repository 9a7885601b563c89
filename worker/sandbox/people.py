"""Who can sign in to the sandbox and be mentioned, and by which names each deployment knows them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from worker.sandbox.face import CLOUD, Face


@dataclass(frozen=True, slots=True)
class ScopedToken:
    """What an API token with scopes may do, and until when; None for ever. Scopes cannot be changed later."""

    scopes: frozenset[str]
    expires: datetime | None = None


@dataclass(slots=True)
class Person:
    """One person. Cloud knows them by ``account_id`` in both products; so does the sandbox's own state.

    ``tokens`` maps an API token of Cloud to the moment it expires, or None for never. Data Center knows the same
    person by ``username`` in both products, by ``userkey`` in Confluence and by ``jira_key`` in Jira; names that are
    left out are made from the others. ``access_tokens`` are Data Center's personal access tokens, by product.
    """

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
    username: str = ""
    userkey: str = ""
    jira_key: str = ""
    password: str | None = None
    access_tokens: dict[str, dict[str, datetime | None]] = field(default_factory=dict)
    failed_logins: dict[str, int] = field(default_factory=dict)
    """Wrong passwords since the last time they signed in, by product; a person clears them in the browser."""

    def __post_init__(self) -> None:
        made = uuid.uuid5(uuid.NAMESPACE_URL, self.account_id)
        self.username = self.username or self.email.partition("@")[0].lower()
        self.userkey = self.userkey or f"8a7f8081{made.hex[:24]}"
        self.jira_key = self.jira_key or f"JIRAUSER{10_100 + made.int % 80_000}"


def mention(face: Face, person: Person) -> str:
    """A person mentioned in storage format, as the deployment names people."""
    named = f'ri:account-id="{person.account_id}"' if face is CLOUD else f'ri:userkey="{person.userkey}"'
    return f"<ac:link><ri:user {named} /></ac:link>"


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

    def by_username(self, username: str | None) -> Person | None:
        """Whom Data Center knows by that name, in any case."""
        wanted = (username or "").lower()
        return next((person for person in self if person.username.lower() == wanted), None)

    def by_userkey(self, userkey: str | None) -> Person | None:
        """Whom Confluence Data Center knows by that key."""
        return next((person for person in self if person.userkey == userkey), None)

    def by_jira_key(self, key: str | None) -> Person | None:
        """Whom Jira Data Center knows by that key."""
        return next((person for person in self if person.jira_key == key), None)

    def holder(self, product: str, access_token: str, now: datetime) -> Person | None:
        """Whose personal access token that is; None for another product's, an expired one, or a deactivated account.

        Each product of Data Center has tokens of its own (Atlassian, "Using personal access tokens").
        """
        for person in self:
            tokens = person.access_tokens.get(product, {})
            if person.active and access_token in tokens:
                expires = tokens[access_token]
                return person if expires is None or now < expires else None
        return None

    def __iter__(self) -> Iterator[Person]:
        return iter(self._people.values())
