"""What a team says about its pages and tickets; attribute names are the YAML keys."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictBool,
    StrictInt,
    WithJsonSchema,
    field_validator,
)

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = r"(\d{1,5})\s*([mhdw])"


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _as_duration(value: Any) -> Any:
    """Reads ``10m``, ``2h``, ``3d``, ``4w`` or ``0``."""
    if isinstance(value, timedelta):
        return value
    if value == 0 and not isinstance(value, bool):
        return timedelta(0)
    found = re.fullmatch(_DURATION, str(value).strip())
    if not found:
        raise ValueError("write a number and a unit: 10m, 2h, 3d or 4w")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _as_day(value: Any) -> Any:
    """Reads ``2026-11-01`` and nothing else: a bare number would pass for a Unix time."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        raise ValueError("write a day as year-month-day, like 2026-11-01")
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise ValueError("there is no such day in the calendar; write one like 2026-11-01") from None


def as_written(value: timedelta) -> str:
    """The shortest form that reads back as the same duration."""
    minutes = int(value.total_seconds()) // 60
    for unit, size in (("w", 10080), ("d", 1440), ("h", 60)):
        if minutes and minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def _as_text(value: Any) -> Any:
    """Takes an id that YAML read as a number; nobody should have to quote ``123456``."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
"""Something written: not empty and not only blanks."""
Names = Annotated[
    tuple[Text, ...],
    BeforeValidator(_as_tuple),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string", "minLength": 1}}]}),
]
Label = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^\S+$")]
"""A label of Jira or Confluence: one word of up to 255 characters (Jira: "contains spaces which is invalid")."""
_LABEL_SCHEMA = {"type": "string", "pattern": r"^\S+$", "maxLength": 255}
Labels = Annotated[
    tuple[Label, ...],
    BeforeValidator(_as_tuple),
    WithJsonSchema({"anyOf": [_LABEL_SCHEMA, {"type": "array", "items": _LABEL_SCHEMA}]}),
]
Id = Annotated[Text, BeforeValidator(_as_text), WithJsonSchema({"type": ["string", "integer"]})]
"""An id of Confluence or Jira, quoted or not."""
Day = Annotated[date, BeforeValidator(_as_day)]
Duration = Annotated[
    timedelta,
    BeforeValidator(_as_duration),
    PlainSerializer(as_written),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "pattern": f"^{_DURATION}$"}, {"const": 0}], "examples": ["10m", "4w"]}
    ),
]
Side = Literal["page", "jira"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, str_strip_whitespace=True)


class Pages(_Part):
    """Which pages are this team's post-mortems."""

    space: Names = ()
    """Key of the space, or a list of keys."""
    labels: Labels = ()
    """Labels that a page must have, all of them."""
    under: Id | None = None
    """Id of a page: only pages below it."""
    cql: Text | None = None
    """A Confluence query instead of space, labels and under; without ORDER BY."""
    since: Day
    """Only pages created on or after this day, so that old post-mortems stay as they are."""
    skip_labels: Labels = ("no-ticket-sync", "post-mortem-template")
    """A page with any of these labels is left alone."""
    quiet: Duration = timedelta(minutes=10)
    """A page is touched only when its newest version is this old, so that nobody is interrupted; 0 is at once."""
    restricted: Literal["skip", "title-only", "full"] = "skip"
    """Pages that only some people may read: skip them, let only their title into tickets, or everything."""


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

    headings: Annotated[Names, Field(min_length=1)] = (
        "Action items", "Actions", "Corrective actions", "Corrective and preventive actions", "Preventive actions",
        "Preventative actions", "Preventative measures", "Follow-up", "Follow-ups", "Follow-up actions",
        "Follow-up tasks", "Remediation", "Remediation items", "Next steps", "Immediate actions", "Tasks", "To do",
    )  # fmt: skip
    """Headings under which action items stand."""
    columns: Columns = Columns()
    """Names of the columns, by what they hold; a role left out keeps its names."""
    task_lists: StrictBool | Literal["anywhere"] = True
    """Whether task lists are read too: true (under the headings), false, or anywhere on the page."""
    words: Words = Words()
    """Words in the status cell that decide about a row."""


class Follow(_Part):
    """Who wins when page and ticket both changed, field by field."""

    summary: Side = "page"
    """The action."""
    owner: Side = "page"
    """The assignee."""
    due: Side = "page"
    """The due date."""
    priority: Side = "page"
    """The priority."""


class TicketRules(_Part):
    """What tickets are made of."""

    project: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]+$")]
    """Key of the project, like PAY."""
    type: Text = "Task"
    """Name of the ticket type."""
    labels: Annotated[Labels, Field(min_length=1)] = ("post-mortem-action",)
    """Labels of every ticket; the first one is how the worker finds its tickets again."""
    priority: dict[Text, Text] = Field(default_factory=dict)
    """Written priority to Jira priority."""
    parent: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]+-[1-9][0-9]*$")] | None = None
    """Key of an epic or other parent of every ticket."""
    fields: dict[Text, Any] = Field(default_factory=dict)
    """Further fields of every ticket, by Jira's id, like customfield_10010."""
    follow: Follow | Literal["off"] = Follow()
    """Who wins, page or jira, when both changed a field; off: a ticket is never edited after its creation."""


class Owners(_Part):
    """Written names, and who owns what nobody owns."""

    aliases: dict[Text, Id] = Field(default_factory=dict)
    """Written name to Jira account: the account id on Cloud, the user name on Data Center."""
    default: Id | None = None
    """Account that gets what nobody owns; null: nobody."""


class Due(_Part):
    """How dates are read, and which date a row without one gets."""

    day_first: StrictBool | None = None
    """Whether 3/4 is the third of April; without it such a date is reported as ambiguous."""
    default_after: Duration | dict[Text, Duration] | None = None
    """Due date of a row without one, counted from the page's creation; by priority, or for all, or null."""
    timezone: str = "UTC"
    """Zone in which this team's days begin."""

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
    """How often pages are saved, and what stands on them."""

    status_updates: Literal["each change", "category", "daily", "never"] = "category"
    """When a page is saved only because a status moved."""
    jira_server_id: Text | None = None
    """Data Center: id of the application link to Jira, for Jira macros; without it, that of a macro on the page.

    With it, a macro that names another id shows a ticket of another Jira.
    """


class Limits(_Part):
    """A plan larger than anyone meant is held."""

    new_tickets_per_page: StrictInt = Field(default=30, ge=1)
    """A page that would get more is held whole."""
    new_tickets_per_run: StrictInt = Field(default=100, ge=1)
    """A pass makes at most so many, page by page; the rest waits for the next one."""


class TeamMapping(_Part):
    """One team's file under ``mappings/``."""

    team: Text
    """The team's name, as reports show it."""
    pages: Pages
    items: Items = Items()
    ticket: TicketRules
    owners: Owners = Owners()
    due: Due = Due()
    page: PageRules = PageRules()
    limits: Limits = Limits()
