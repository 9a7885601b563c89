"""How each deployment's requests to Jira name people and write long texts."""

from __future__ import annotations

from typing import Any, Protocol

from worker.sandbox import adf
from worker.sandbox.people import Directory
from worker.sandbox.refusals import FieldsRefused

_TEXT_LIMIT = 32_767
_TOO_LONG = "The entered text is too long. It exceeds the allowed limit of 32,767 characters."
_NO_DOCUMENT = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"


class Dialect(Protocol):
    """One deployment's way of writing."""

    assignee_key: str
    """Under which name the request that assigns gives the person."""

    def assignee_in(self, value: Any) -> str | None:
        """The name of a person in the value of an assignee field; None for nobody. Raises FieldsRefused."""

    def account(self, people: Directory, name: str) -> str | None:
        """The account id of the person of that name; None when there is none."""

    def text(self, field: str, value: Any) -> Any:
        """A long text as it is kept, None for none. Raises FieldsRefused under that field."""


class CloudDialect:
    """Account ids and Atlassian Documents (Jira Cloud REST v3)."""

    assignee_key = "accountId"

    def assignee_in(self, value: Any) -> str | None:
        """``{"accountId": …}``, or ``id`` as older requests have it."""
        named = value.get("accountId", value.get("id")) if isinstance(value, dict) else value
        if named is not None and not isinstance(named, str):
            raise FieldsRefused({"assignee": "The account id of the assignee is text."})
        return named or None

    def account(self, people: Directory, name: str) -> str | None:
        """Itself, when there is such an account."""
        return name if people.get(name) is not None else None

    def text(self, field: str, value: Any) -> Any:
        """A document."""
        if value is None:
            return None
        if not isinstance(value, dict):
            raise FieldsRefused({field: _NO_DOCUMENT})
        if adf.problem(value) is not None:
            raise FieldsRefused({}, ["INVALID_INPUT"])
        if adf.text_length(value) > _TEXT_LIMIT:
            raise FieldsRefused({field: _TOO_LONG})
        return value


class DatacenterDialect:
    """User names and wiki markup (Jira Data Center REST 10.3)."""

    assignee_key = "name"

    def assignee_in(self, value: Any) -> str | None:
        """``{"name": …}``."""
        if not isinstance(value, dict):
            raise FieldsRefused({"assignee": "expected Object"})
        if "name" not in value:
            raise FieldsRefused({"assignee": "expected Object containing a 'name' property"})
        named = value.get("name")
        if named is not None and not isinstance(named, str):
            raise FieldsRefused({"assignee": "expected 'name' property to be a string"})
        return named or None

    def account(self, people: Directory, name: str) -> str | None:
        """The account of a user name."""
        person = people.by_username(name)
        return None if person is None else person.account_id

    def text(self, field: str, value: Any) -> Any:
        """A string, whose markup is read when it is shown."""
        if value is None:
            return None
        if not isinstance(value, str):
            raise FieldsRefused({field: "Operation value must be a string"})
        if len(value.encode("utf-16-le")) // 2 > _TEXT_LIMIT:
            raise FieldsRefused({field: _TOO_LONG})
        return value
