"""What a site says about itself, and what an account may do there: asked when a mapping is tried out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Permission(Enum):
    """A project permission that the worker needs; the value is Jira's key for it, on Cloud and Data Center alike."""

    BROWSE = "BROWSE_PROJECTS"
    CREATE = "CREATE_ISSUES"
    EDIT = "EDIT_ISSUES"
    ASSIGN = "ASSIGN_ISSUES"
    SCHEDULE = "SCHEDULE_ISSUES"
    MOVE = "TRANSITION_ISSUES"

    @property
    def title(self) -> str:
        """Its name as Jira's administration shows it."""
        return self.value.replace("_", " ").capitalize()


OFFERED_WITH = {"assignee": Permission.ASSIGN, "duedate": Permission.SCHEDULE}
"""By Jira's id of a field: the permission without which Jira takes it off the create form of an account."""


@dataclass(frozen=True, slots=True)
class Named:
    """A space or a project: its key, and its name."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class TicketType:
    """A ticket type of a project; ``level`` is 1 for epics, 0 for usual types, -1 for sub-tasks, None if not told."""

    id: str
    name: str
    level: int | None


@dataclass(frozen=True, slots=True)
class Project:
    """A project that the account may browse, with its ticket types."""

    key: str
    name: str
    types: tuple[TicketType, ...]


@dataclass(frozen=True, slots=True)
class Parent:
    """A ticket that others are to be put under."""

    key: str
    project: str
    type: TicketType


@dataclass(frozen=True, slots=True)
class Person:
    """Whom Jira knows under an account."""

    account: str
    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class Headroom:
    """How many requests the product takes, and how many of them are left now."""

    limit: int
    remaining: int
