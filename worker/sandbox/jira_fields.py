"""Whether Jira takes the fields of a new or changed issue: its rules, under its field ids, in its words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from worker.sandbox.issues import EPIC_LINK, FieldOnScreen, Issue, IssueType, Project
from worker.sandbox.jira_dialects import Dialect
from worker.sandbox.jira_state import Jira
from worker.sandbox.refusals import FieldsRefused, NotVisible

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_PROPERTY_LIMIT = 32_768
_DEFAULT_ASSIGNEE = "-1"


def new_issue(jira: Jira, by: str, body: Any, dialect: Dialect) -> tuple[Project, dict[str, Any], dict[str, Any]]:
    """Project, attributes and entity properties of one create request. Raises FieldsRefused."""
    if not isinstance(body, dict) or not isinstance(body.get("fields"), dict):
        raise FieldsRefused({}, ["Field 'fields' is required."])
    fields = dict(body["fields"])
    project = _project(jira, by, fields.pop("project", None))
    type_ = _issue_type(project, fields.pop("issuetype", None))
    screen = {each.id: each for each in jira.screen(by, project, type_.id)}
    reader = _Reader(jira, project, type_, dialect)
    values = reader.read({**fields, **_updated({}, body.get("update"))}, screen)
    for each in screen.values():
        filled = each.id in {"summary", "project", "issuetype"} or fields.get(each.id) not in (None, "", [])
        if each.required and not each.has_default and not filled:
            reader.errors.setdefault(each.id, f"{each.name} is required.")
    if "summary" not in fields:
        reader.errors["summary"] = "You must specify a summary of the issue."
    if type_.level < 0 and "parent" not in fields:
        reader.errors["parent"] = "Issue type is a sub-task but parent issue key or id not specified."
    properties = reader.properties(body.get("properties"))
    reader.raise_if_refused()
    return project, {**values, "type": type_.id}, properties


def changes(jira: Jira, by: str, issue: Issue, body: Any, dialect: Dialect) -> tuple[dict[str, Any], dict[str, Any]]:
    """Attributes and entity properties of one edit request. Raises FieldsRefused."""
    if not isinstance(body, dict) or not isinstance(body.get("fields", {}), dict):
        raise FieldsRefused({}, ["One of 'fields' or 'update' required"])
    fields = dict(body.get("fields", {}))
    updated = _updated({"labels": list(issue.labels)}, body.get("update"))
    doubled = fields.keys() & updated.keys()
    if doubled:
        raise FieldsRefused({name: f"Field '{name}' cannot appear in both 'fields' and 'update'" for name in doubled})
    if not fields and not updated and not body.get("properties"):
        raise FieldsRefused({}, ["One of 'fields' or 'update' required"])
    project = jira.projects[issue.project]
    type_ = project.type(issue.type)
    if type_ is None:
        raise FieldsRefused({"issuetype": "The issue type selected is invalid."})
    screen = {each.id: each for each in jira.screen(by, project, type_.id) if each.id not in {"project", "issuetype"}}
    reader = _Reader(jira, project, type_, dialect)
    values = reader.read({**fields, **updated}, screen)
    for name, value in fields.items():
        on_screen = screen.get(name)
        if on_screen is not None and on_screen.required and value in (None, "", []):
            reader.errors.setdefault(name, f"{on_screen.name} is required.")
    properties = reader.properties(body.get("properties"))
    reader.raise_if_refused()
    return values, properties


def assignee(jira: Jira, project: Project, value: Any, dialect: Dialect) -> str | None:
    """The account id to assign, from what a request names; None for nobody. Raises FieldsRefused."""
    name = None if value is None else dialect.assignee_in(value)
    if name is None:
        if not project.allow_unassigned:
            raise FieldsRefused({"assignee": "Issues must be assigned."})
        return None
    if name == _DEFAULT_ASSIGNEE:
        return project.default_assignee
    account = dialect.account(jira.people, name)
    if account is None:
        raise FieldsRefused({"assignee": f"User '{name}' does not exist."})
    if not jira.can_be_assigned(account, project):
        raise FieldsRefused({"assignee": f"User '{name}' cannot be assigned issues."})
    return account


def _project(jira: Jira, by: str, value: Any) -> Project:
    named = (value.get("key") or value.get("id")) if isinstance(value, dict) else None
    if not isinstance(named, str):
        raise FieldsRefused({"project": "Specify a valid project ID or key"})
    try:
        project = jira.project(named, by)
    except NotVisible as error:
        raise FieldsRefused({"project": "valid project is required"}) from error
    if not jira.can_create(by, project):
        raise FieldsRefused({"project": "You do not have permission to create issues in this project."})
    return project


def _issue_type(project: Project, value: Any) -> IssueType:
    if not isinstance(value, dict) or not (value.get("id") or value.get("name")):
        raise FieldsRefused({"issuetype": "Specify an issue type"})
    by_id, by_name = value.get("id"), value.get("name")
    for each in project.types:
        if each.id == str(by_id) or (by_id is None and each.name.lower() == str(by_name).lower()):
            return each
    raise FieldsRefused({"issuetype": "Specify a valid issue type"})


def _updated(before: dict[str, list[str]], update: Any) -> dict[str, Any]:
    """What ``update`` makes of the fields it names; only labels have operations here."""
    if update is None:
        return {}
    if not isinstance(update, dict) or update.keys() - {"labels"}:
        raise FieldsRefused({}, ["This sandbox knows operations for labels only."])
    labels = list(before.get("labels", ()))
    operations = update.get("labels", [])
    if not isinstance(operations, list):
        raise FieldsRefused({"labels": "The operations are a list."})
    for operation in operations:
        match operation:
            case {"add": label} if label not in labels:
                labels.append(label)
            case {"add": _}:
                pass
            case {"remove": label}:
                labels = [each for each in labels if each != label]
            case {"set": list(wanted)}:
                labels = list(wanted)
            case _:
                raise FieldsRefused({"labels": "An operation is add, remove or set."})
    return {"labels": labels} if "labels" in update else {}


class _Reader:
    """Reads the fields of one request and collects what Jira objects to."""

    def __init__(self, jira: Jira, project: Project, type_: IssueType, dialect: Dialect) -> None:
        self._jira = jira
        self._dialect = dialect
        self._project = project
        self._type = type_
        self.errors: dict[str, str] = {}
        self.messages: list[str] = []

    def read(self, fields: dict[str, Any], screen: dict[str, FieldOnScreen]) -> dict[str, Any]:
        readers: dict[str, tuple[str, Callable[[Any], Any]]] = {
            "summary": ("summary", self._summary),
            "description": ("description", lambda value: self._dialect.text("description", value)),
            "assignee": ("assignee", lambda value: assignee(self._jira, self._project, value, self._dialect)),
            "duedate": ("due", self._due),
            "priority": ("priority", self._priority),
            "labels": ("labels", self._labels),
            "parent": ("parent", self._parent),
        }
        values: dict[str, Any] = {}
        custom: dict[str, Any] = {}
        for name, value in fields.items():
            on_screen = screen.get(name)
            if on_screen is None or (name not in readers and not on_screen.custom):
                self.errors[name] = f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."
                continue
            try:
                if on_screen.custom:
                    custom[name] = self._epic(value) if name == EPIC_LINK else _custom(on_screen, value)
                else:
                    attribute, read = readers[name]
                    values[attribute] = read(value)
            except FieldsRefused as refused:
                self.errors.update(refused.errors)
                self.messages.extend(refused.messages)
        return {**values, "custom": custom} if custom else values

    def properties(self, written: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if not isinstance(written, list | None):
            raise FieldsRefused({}, ["'properties' is a list."])
        for each in written or ():
            if not isinstance(each, dict) or not isinstance(each.get("key"), str) or "value" not in each:
                raise FieldsRefused({}, ["A property has a key and a value."])
            require_property(each["key"], each["value"])
            found[each["key"]] = each["value"]
        return found

    def raise_if_refused(self) -> None:
        if self.errors or self.messages:
            raise FieldsRefused(self.errors, self.messages)

    def _summary(self, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise FieldsRefused({"summary": "You must specify a summary of the issue."})
        if "\n" in value or "\r" in value:
            raise FieldsRefused({"summary": "The summary is invalid because it contains newline characters."})
        if len(value.encode("utf-16-le")) // 2 > 255:
            raise FieldsRefused({"summary": "Summary must be less than 255 characters."})
        return value.strip()

    def _due(self, value: Any) -> date | None:
        if value is None:
            return None
        try:
            if not isinstance(value, str) or not _DATE.fullmatch(value):
                raise ValueError(value)
            return date.fromisoformat(value)
        except ValueError as error:
            raise FieldsRefused({"duedate": f"Error parsing date string: {value}"}) from error

    def _priority(self, value: Any) -> str | None:
        if value is None:
            return self._project.default_priority
        by_id, by_name = (value.get("id"), value.get("name")) if isinstance(value, dict) else (None, None)
        for each in self._jira.priorities:
            if each.id == str(by_id) or (by_id is None and each.name == by_name):
                return each.id
        raise FieldsRefused({"priority": "The priority selected is invalid."})

    def _labels(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise FieldsRefused({"labels": "Operation value must be an array of strings"})
        for label in value:
            if not label or re.search(r"\s", label):
                raise FieldsRefused({"labels": f"The label '{label}' contains spaces which is invalid."})
            if len(label) > 255:
                raise FieldsRefused({"labels": f"The label '{label}' exceeds the maximum length of 255 characters."})
        return tuple(dict.fromkeys(value))

    def _parent(self, value: Any) -> int | None:
        if value is None:
            return None
        named = (value.get("key") or value.get("id")) if isinstance(value, dict) else None
        found = self._jira.find(named) if isinstance(named, str) else None
        if found is None:
            raise FieldsRefused({"parent": "Could not find issue by id or key."})
        level = next((t.level for t in self._jira.projects[found.project].types if t.id == found.type), 0)
        if level != self._type.level + 1:
            raise FieldsRefused({"parent": "Given parent work item does not belong to appropriate hierarchy."})
        return found.id

    def _epic(self, value: Any) -> str | None:
        if value is None:
            return None
        found = self._jira.find(value) if isinstance(value, str) else None
        type_ = self._jira.projects[found.project].type(found.type) if found is not None else None
        if found is None or type_ is None or type_.level != 1:
            raise FieldsRefused({EPIC_LINK: f"Issue '{value}' is not an epic."})
        return found.key


def _custom(field: FieldOnScreen, value: Any) -> Any:
    if value is None:
        return None
    if not field.options:
        if not isinstance(value, str):
            raise FieldsRefused({field.id: "Operation value must be a string"})
        return value
    named = value.get("value") if isinstance(value, dict) else None
    if named not in field.options:
        raise FieldsRefused({field.id: f"Option value '{named}' is not valid"})
    return {"value": named, "id": str(field.options.index(named) + 1)}


def require_property(key: str, value: Any) -> None:
    """Raises FieldsRefused for a key or a value that Jira does not keep."""
    if not 0 < len(key) <= 255:
        raise FieldsRefused({}, ["The property key has to be 1 to 255 characters long."])
    if len(json.dumps(value, ensure_ascii=False)) > _PROPERTY_LIMIT:
        raise FieldsRefused({}, [f"The property value has to be at most {_PROPERTY_LIMIT} characters long."])
