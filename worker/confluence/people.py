"""Looks people of Confluence Data Center up, by the keys that mentions hold and by user name, each once a pass."""

from __future__ import annotations

import threading

from worker.errors import Forbidden, Missing
from worker.model.page import Account
from worker.remote.gateway import Gateway
from worker.remote.reading import understood

ACCOUNT = "username"
"""The part of a user by which Jira knows it too, where both products share a directory."""


class People:
    """Looks people up one by one, since Data Center has no other way, and remembers them for a pass."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], Account | None] = {}

    def by_mention(self, key: str) -> Account | None:
        """Whom a mention means, or None."""
        return self._asked("key", key) or self._asked(ACCOUNT, key)

    def by_name(self, name: str) -> Account | None:
        """Who bears the user name, or None."""
        return self._asked(ACCOUNT, name)

    def _asked(self, by: str, value: str) -> Account | None:
        with self._lock:
            if (by, value) in self._known:
                return self._known[by, value]
        person = self._ask(by, value)
        with self._lock:
            self._known[by, value] = person
            if person is not None:
                self._known[ACCOUNT, person.id] = person
        return person

    def _ask(self, by: str, value: str) -> Account | None:
        """404: nobody bears it; 403: this account may not look people up (REST 10.2, user)."""
        try:
            answer = self._gateway.get("rest/api/user", {by: value}).body
        except (Missing, Forbidden):
            return None
        with understood("a person"):
            known = answer.get("type") != "unknown" and answer.get(ACCOUNT)
            return Account(str(answer[ACCOUNT]), answer.get("displayName") or "") if known else None
