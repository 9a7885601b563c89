"""What a team says about its pages and tickets; attribute names are the YAML keys."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _as_duration(value: Any) -> Any:
    """Reads ``10m``, ``2h``, ``3d``, ``4w`` or ``0``."""
    if isinstance(value, timedelta):
        return value
    if value == 0:
        return timedelta(0)
    found = re.fullmatch(r"(\d{1,5})\s*([mhdw])", str(value).strip())
    if not found:
        raise ValueError("write a number and a unit: 10m, 2h, 3d or 4w")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


Names = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
Duration = Annotated[timedelta, BeforeValidator(_as_duration)]
Side = Literal["page", "jira"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Pages(_Part):
    """Which pages are this team's post-mortems."""

    space: Names = ()
    labels: Names = ()
    under: str | None = None
    cql: str | None = None
    since: date
    skip_labels: Names = ("no-ticket-sync", "post-mortem-template")
    quiet: Duration = timedelta(minutes=10)
    restricted: Literal["skip", "title-only", "full"] = "skip"


class Columns(_Part):
    """Header names by role; compared without case, punctuation, emphasis and emoticons."""

    action: Names = (
        "Action item", "Action items", "Action", "Actions", "Task", "Tasks", "Follow-up", "Follow-up action",
        "Corrective action", "Preventive action", "Preventative action", "Remediation", "Action item description",
        "Action description", "To do", "What",
    )  # fmt: skip
    owner: Names = (
        "Owner", "Owners", "Assignee", "Assigned to", "Responsible", "Responsibility", "Who", "DRI", "POC",
        "Action owner", "Owned by", "Lead",
    )  # fmt: skip
    due: Names = (
        "Due", "Due date", "Deadline", "Target date", "Target", "ETA", "By when", "When", "Planned date",
        "Completion date", "Due by",
    )  # fmt: skip
    priority: Names = ("Priority", "Prio", "Severity", "P")
    ticket: Names = (
        "Ticket", "Tickets", "Jira", "Jira ticket", "Jira issue", "Jira key", "Jira link", "Issue", "Bug", "Tracking",
        "Tracking ticket", "Tracking bug", "Tracking issue", "Issue key", "Issue link", "Jira ID", "Ticket ID",
    )  # fmt: skip
    status: Names = ("Status", "State", "Progress")


class Words(_Part):
    """Words in the status cell that decide about a row; whole cell, any case."""

    done: Names = ("done", "closed", "complete", "completed", "resolved", "fixed")
    declined: Names = ("not doing", "won't do", "wont do", "won't fix", "declined", "rejected", "cancelled", "canceled")
    proposed: Names = ("proposed", "proposal", "idea", "to be discussed", "draft")
    untracked: Names = ("no ticket", "untracked", "not tracked")


class Items(_Part):
    """How action items are recognised."""

    headings: Names = (
        "Action items", "Actions", "Corrective actions", "Corrective and preventive actions", "Preventive actions",
        "Preventative actions", "Preventative measures", "Follow-up", "Follow-ups", "Follow-up actions",
        "Follow-up tasks", "Remediation", "Remediation items", "Next steps", "Immediate actions", "Tasks", "To do",
    )  # fmt: skip
    columns: Columns = Columns()
    task_lists: bool | Literal["anywhere"] = True
    words: Words = Words()


class Follow(_Part):
    """Who wins when page and ticket both changed, field by field."""

    summary: Side = "page"
    owner: Side = "page"
    due: Side = "page"
    priority: Side = "page"


class TicketRules(_Part):
    """What tickets are made of."""

    project: str
    type: str = "Task"
    labels: Names = ("post-mortem-action",)
    priority: dict[str, str] = Field(default_factory=dict)
    parent: str | None = None
    fields: dict[str, Any] = Field(default_factory=dict)
    follow: Follow | Literal["off"] = Follow()


class Owners(_Part):
    """Written names, and who owns what nobody owns."""

    aliases: dict[str, str] = Field(default_factory=dict)
    default: str | None = None


class Due(_Part):
    """How dates are read, and which date a row without one gets."""

    day_first: bool | None = None
    default_after: Duration | dict[str, Duration] | None = None
    timezone: str = "UTC"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"no such time zone: {value!r}; write one like Europe/Berlin") from None
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this team's days begin."""
        return ZoneInfo(self.timezone)


class PageRules(_Part):
    """How often a page is saved only because a status moved."""

    status_updates: Literal["each change", "category", "daily", "never"] = "category"


class Limits(_Part):
    """A plan larger than anyone meant is held."""

    new_tickets_per_page: int = Field(default=30, ge=0)
    new_tickets_per_run: int = Field(default=100, ge=0)


class TeamMapping(_Part):
    """One team's file under ``mappings/``."""

    team: str
    pages: Pages
    items: Items = Items()
    ticket: TicketRules
    owners: Owners = Owners()
    due: Due = Due()
    page: PageRules = PageRules()
    limits: Limits = Limits()
