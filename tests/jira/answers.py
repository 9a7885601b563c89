"""Answers of Jira Cloud, what they mean, and a draft that has everything."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.remote.scripted import Say
from worker.jira.origin import to_json
from worker.model.ticket import Category, CreateForm, Draft, FormField, Origin, Paragraph, Status, Text, Ticket

SITE = "https://acme.example"
ORIGIN = Origin("https://acme.example/wiki", "123", "i-1", "n-1")


def issue(number=7, key=None, **fields):
    return {
        "id": str(10000 + number),
        "key": key or f"PAY-{number}",
        "fields": {
            "summary": "Add an alarm",
            "status": {"name": "In Arbeit", "statusCategory": {"key": "indeterminate"}},
            "assignee": {"accountId": "u1"},
            "duedate": "2026-12-01",
            "priority": {"name": "High"},
            "created": "2026-11-20T10:00:00.000+0100",
            "project": {"key": (key or "PAY-1").partition("-")[0]},
            **fields,
        },
        "properties": {"postmortem-sync": to_json(ORIGIN)},
    }


TICKET = Ticket(
    id="10007",
    key="PAY-7",
    project="PAY",
    url="https://acme.example/browse/PAY-7",
    summary="Add an alarm",
    status=Status("In Arbeit", Category.DOING),
    assignee="u1",
    due=date(2026, 12, 1),
    priority="High",
    created_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
    origin=ORIGIN,
)


def fetched(*issues, errors=()):
    return Say(body={"issues": list(issues), "issueErrors": list(errors)})


TYPES = Say(body={"issueTypes": [{"id": "1", "name": "Task"}, {"id": "2", "name": "Bug"}], "total": 2})


DRAFT = Draft(
    project="PAY",
    type="Task",
    summary="Add an alarm",
    description=(Paragraph((Text("From the page"),)),),
    assignee="u1",
    due=date(2026, 12, 1),
    priority="High",
    labels=("post-mortem-action",),
    parent="PAY-100",
    origin=ORIGIN,
    fields=(("customfield_1", "Core"), ("customfield_2", "two\nlines"), ("customfield_3", 5), ("project", "OPS")),
)
FORM = CreateForm(
    "PAY",
    "Task",
    "10001",
    (
        FormField(
            "customfield_1", "Areas", required=False, has_default=False, allowed=("Core",), schema="array/option"
        ),
        FormField("customfield_2", "Notes", required=False, has_default=False, allowed=(), schema="string/textarea"),
        FormField("customfield_3", "Points", required=False, has_default=False, allowed=(), schema="number"),
    ),
)


MADE = Say(201, {"issues": [{"id": "1", "key": "PAY-1"}, {"id": "2", "key": "PAY-2"}], "errors": []})

DC_TYPES = Say(
    body={"values": [{"id": "1", "name": "Task"}], "startAt": 0, "maxResults": 50, "total": 1, "isLast": True}
)


def dc_fields(*fields):
    """The fields of a create form as Data Center lists them."""
    return Say(body={"values": list(fields), "startAt": 0, "maxResults": 200, "total": len(fields), "isLast": True})


EPIC_LINK = {
    "fieldId": "customfield_10100",
    "name": "Epic Link",
    "required": False,
    "schema": {"type": "any", "custom": "com.pyxis.greenhopper.jira:gh-epic-link", "customId": 10100},
}


def dc_issue(number=7, **fields):
    """An issue as Data Center shows it: people have names and keys, and no account ids."""
    return issue(number, **{"assignee": {"name": "alice", "key": "JIRAUSER10100"}, **fields})


def dc_found(*numbers, total=None):
    """One part of a search, which tells no properties."""
    issues = [{"id": str(10000 + number), "key": f"PAY-{number}", "fields": {}} for number in numbers]
    return Say(
        body={"startAt": 0, "maxResults": 100, "total": len(issues) if total is None else total, "issues": issues}
    )
