"""Why the sandbox's state refuses something; each face words it as its product does."""

from __future__ import annotations


class Refusal(Exception):
    """The state did nothing; the text says why."""


class NotVisible(Refusal):
    """Missing, or not visible to this account: no product tells the two apart."""


class NotAllowed(Refusal):
    """Visible, but this account may not do that."""


class Conflict(Refusal):
    """The version named is not the one that comes next."""


class Invalid(Refusal):
    """The request itself is wrong."""


class Oversize(Refusal):
    """More than the product takes."""


class ReadOnly(Refusal):
    """The product is in maintenance and takes no writes."""


class FieldsRefused(Invalid):
    """Jira changed nothing; ``errors`` maps field ids to texts, ``messages`` are about the whole."""

    def __init__(self, errors: dict[str, str], messages: list[str] | None = None) -> None:
        super().__init__("; ".join([*errors.values(), *(messages or [])]))
        self.errors = errors
        self.messages = messages or []
