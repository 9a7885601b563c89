"""What a Jira project and an issue consist of, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

EPIC_LINK, EPIC_NAME = "customfield_10101", "customfield_10103"
"""Fields that Jira Software Data Center brings: the epic of a ticket by its key, and the short name of an epic."""


@dataclass(frozen=True, slots=True)
class IssueType:
    """An issue type; ``level`` is 1 for epics, 0 for standard types, -1 for sub-tasks."""

    id: str
    name: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Priority:
    """A priority, known by id and by a name that admins can change."""

    id: str
    name: str
    colour: str


@dataclass(slots=True)
class WorkflowStatus:
    """A status; ``category`` is one of ``new indeterminate done undefined``, which no admin can rename."""

    id: str
    name: str
    category: str


@dataclass(frozen=True, slots=True)
class Transition:
    """A step of the workflow; ``sources`` are status ids, or None for a global transition."""

    id: str
    name: str
    target: str
    sources: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class FieldOnScreen:
    """A field of a create screen; ``custom`` fields are plain text, or a choice when ``options`` is not empty."""

    id: str
    name: str
    required: bool = False
    has_default: bool = False
    options: tuple[str, ...] = ()

    @property
    def custom(self) -> bool:
        """Whether an admin made the field."""
        return self.id.startswith("customfield_")


@dataclass(slots=True)
class Project:
    """A project with one workflow for all its types; sets of account ids, or None for everyone who can sign in."""

    id: str
    key: str
    name: str
    lead: str
    types: list[IssueType]
    screens: dict[str, list[FieldOnScreen]]
    """Issue type id to the fields of its create screen (and of its edit screen, which is the same here)."""
    statuses: list[WorkflowStatus]
    transitions: list[Transition]
    default_priority: str | None
    default_assignee: str | None = None
    """Account id of whoever gets unassigned new issues, or None for nobody."""
    allow_unassigned: bool = True
    browsers: set[str] | None = None
    creators: set[str] | None = None
    editors: set[str] | None = None
    assigners: set[str] | None = None
    schedulers: set[str] | None = None
    movers: set[str] | None = None
    assignable: set[str] | None = None
    last_number: int = 0

    def type(self, id_or_name: str) -> IssueType | None:
        """The issue type of that id, or of that name in any case."""
        return next((t for t in self.types if t.id == id_or_name or t.name.lower() == id_or_name.lower()), None)

    def status(self, id_or_name: str) -> WorkflowStatus:
        """The status of that id, or of that name in any case; KeyError when there is none."""
        for status in self.statuses:
            if status.id == id_or_name or status.name.lower() == id_or_name.lower():
                return status
        raise KeyError(id_or_name)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment; the body is an Atlassian document."""

    id: str
    author: str
    at: datetime
    body: Any


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change of one field, as the changelog keeps it."""

    at: datetime
    by: str
    field: str
    before: str | None
    after: str | None


@dataclass(slots=True)
class Issue:
    """An issue; ``id`` never changes, ``key`` does when the issue moves to another project."""

    id: int
    key: str
    project: str
    type: str
    summary: str
    status: str
    reporter: str
    created: datetime
    updated: datetime
    description: Any = None
    priority: str | None = None
    labels: tuple[str, ...] = ()
    due: date | None = None
    assignee: str | None = None
    parent: int | None = None
    resolved: datetime | None = None
    custom: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    watchers: set[str] = field(default_factory=set)
    history: list[HistoryEntry] = field(default_factory=list)
    hidden_from: set[str] = field(default_factory=set)
    """Accounts an issue security level keeps the issue from."""
