"""Jira's query language over indexed issues: the fields a ticket search needs, and a refusal for the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from worker.sandbox import instants
from worker.sandbox.issues import Issue
from worker.sandbox.people import Person
from worker.sandbox.query import All, BadQuery, Call, Clause, Not, Order, Query, Some, Value, clauses, holds, parse

if TYPE_CHECKING:
    from worker.sandbox.jira_state import Jira

_RESERVED = re.compile(r"[+;?|*/%^$#@\[\]]")
_CATEGORIES = {"to do": "new", "in progress": "indeterminate", "done": "done", "no category": "undefined"}
_ALIASES = {"issuekey": "key", "issue": "key", "type": "issuetype", "createddate": "created", "updateddate": "updated"}
_DATES = frozenset({"created", "updated", "duedate", "due"})
_ORDERS: dict[str, Callable[[Issue], Any]] = {
    "created": lambda issue: issue.created.isoformat(),
    "updated": lambda issue: issue.updated.isoformat(),
    "key": lambda issue: (issue.project, int(issue.key.rpartition("-")[2])),
    "id": lambda issue: issue.id,
    "duedate": lambda issue: issue.due.isoformat() if issue.due else "",
    "priority": lambda issue: -int(issue.priority or 0),
}
_MOST_ORDERS = 7


@dataclass(frozen=True, slots=True)
class IssueQuery:
    """A query that was read and checked for one caller at one moment; ``bounded`` when it restricts anything."""

    matches: Callable[[Issue], bool]
    arranged: Callable[[list[Issue]], list[Issue]]
    bounded: bool


class UnknownValue(BadQuery):
    """The query names something that does not exist, or that the caller may not see."""


def read(
    text: str, jira: Jira, caller: Person | None, now: datetime, *,
    account_of: Callable[[str], str | None] = lambda account_id: account_id, warnings: list[str] | None = None,
) -> IssueQuery:  # fmt: skip
    """The query. Raises BadQuery for an unknown field, operator, function, project, key, type, status or person.

    One key that does not exist or is hidden refuses the whole query (Atlassian knowledge base, "How to handle HTTP
    400 Bad Request errors on Jira search REST API endpoint"), unless there are ``warnings`` to write that into; such a
    value then matches nothing. ``account_of`` finds the account of a person as the deployment names people.
    """
    condition, orders = parse(text)
    reader = _Reader(jira, caller, now, account_of, warnings)
    tests = {clause: reader.test(clause) for clause in clauses(condition)}
    return IssueQuery(
        lambda issue: holds(condition, lambda clause: tests[clause](issue)), _order(orders), _bounded(condition)
    )


def _bounded(query: Query | None) -> bool:
    match query:
        case None:
            return False
        case Clause():
            return query.operator != "is-not"
        case All(parts):
            return any(_bounded(part) for part in parts)
        case Some(parts):
            return all(_bounded(part) for part in parts)
        case Not(part):
            return _bounded(part)


class _Reader:
    def __init__(
        self, jira: Jira, caller: Person | None, now: datetime, account_of: Callable[[str], str | None],
        warnings: list[str] | None,
    ) -> None:  # fmt: skip
        self._jira = jira
        self._caller = caller
        self._now = now
        self._account_of = account_of
        self._warnings = warnings
        self._zone = ZoneInfo(caller.timezone if caller else "UTC")

    def test(self, clause: Clause) -> Callable[[Issue], bool]:
        field = _ALIASES.get(clause.field, clause.field)
        for value in clause.values:
            if not isinstance(value, Call) and not value.quoted and _RESERVED.search(value.text):
                raise BadQuery(f"Error in the JQL Query: the value '{value.text}' has a reserved character; quote it.")
        if field in _DATES:
            return self._date_test(field, clause)
        words_of = self._words(field)
        if clause.operator in {"is", "is-not"}:
            if field not in {"assignee", "labels", "priority", "parent"}:
                raise _unsupported(clause)
            empty = clause.operator == "is"
            return lambda issue: (not words_of(issue)) is empty
        if field == "summary":
            if clause.operator not in {"~", "!~"}:
                raise _unsupported(clause)
            parts = self._text(clause.values[0]).lower().split()
            asked = clause.operator == "~"
            return lambda issue: all(part.strip('"*') in issue.summary.lower() for part in parts) is asked
        wanted = frozenset(self._wanted(field, clause))
        match clause.operator:
            case "=" | "in":
                return lambda issue: not wanted.isdisjoint(words_of(issue))
            case "!=" | "not-in":
                # an empty field is not unequal to anything in JQL
                optional = field in {"assignee", "labels", "priority", "parent"}
                return lambda issue: wanted.isdisjoint(words_of(issue)) and (bool(words_of(issue)) or not optional)
            case ">" | ">=" | "<" | "<=" if field in {"id", "key"} and len(wanted) == 1:
                return self._number_test(clause, next(iter(wanted)))
        raise _unsupported(clause)

    def _wanted(self, field: str, clause: Clause) -> Iterator[str]:
        for value in clause.values:
            if isinstance(value, Call):
                yield self._text(value, field)
                continue
            try:
                yield self._checked(field, value.text)
            except UnknownValue as unknown:
                if self._warnings is None:
                    raise
                self._warnings.append(str(unknown))

    def _number_test(self, clause: Clause, wanted: str) -> Callable[[Issue], bool]:
        compare = instants.COMPARISONS[clause.operator]
        limit = self._jira.find(wanted)
        if limit is None:
            raise BadQuery(f"An issue with key '{wanted}' does not exist for field '{clause.field}'.")
        return lambda issue: issue.project == limit.project and compare(issue.id, limit.id)

    def _date_test(self, field: str, clause: Clause) -> Callable[[Issue], bool]:
        if clause.operator in {"is", "is-not"} and field.startswith("due"):
            empty = clause.operator == "is"
            return lambda issue: (issue.due is None) is empty
        if clause.operator not in instants.COMPARISONS or not clause.values:
            raise _unsupported(clause)
        compare, limit = instants.COMPARISONS[clause.operator], self._instant(clause.values[0])
        if field.startswith("due"):
            day = limit.astimezone(self._zone).date()
            return lambda issue: issue.due is not None and compare(issue.due, day)
        minute = instants.to_minute(limit)
        if field == "created":
            return lambda issue: compare(instants.to_minute(issue.created), minute)
        return lambda issue: compare(instants.to_minute(issue.updated), minute)

    def _instant(self, value: Value) -> datetime:
        if isinstance(value, Call):
            return instants.called(value.name, value.arguments, self._now, self._zone)
        if re.fullmatch(r"[+-]?\d+[yMwdhm]", value.text):
            return self._now + instants.span(value.text)
        return instants.absolute(value.text, self._zone).astimezone(UTC)

    def _text(self, value: Value, field: str = "") -> str:
        if isinstance(value, Call):
            if field == "assignee" and value.name.lower() == "currentuser" and not value.arguments:
                return self._caller.account_id if self._caller else ""
            raise BadQuery(f"Unable to find JQL function '{value.name}({', '.join(value.arguments)})'.")
        return value.text

    def _words(self, field: str) -> Callable[[Issue], frozenset[str]]:
        jira = self._jira
        match field:
            case "project":
                return lambda issue: frozenset({issue.project})
            case "key" | "id":
                return lambda issue: frozenset({str(issue.id)})
            case "labels":
                return lambda issue: frozenset(label.lower() for label in issue.labels)
            case "status":
                return lambda issue: frozenset({issue.status})
            case "statuscategory":
                return lambda issue: frozenset({jira.projects[issue.project].status(issue.status).category})
            case "assignee":
                return lambda issue: frozenset({issue.assignee} if issue.assignee else ())
            case "reporter":
                return lambda issue: frozenset({issue.reporter})
            case "issuetype":
                return lambda issue: frozenset({issue.type})
            case "priority":
                return lambda issue: frozenset({issue.priority} if issue.priority else ())
            case "parent":
                return lambda issue: frozenset({str(issue.parent)} if issue.parent else ())
            case "summary":
                return lambda issue: frozenset({issue.summary.lower()})
            case _:
                pass
        raise BadQuery(f"Field '{field}' does not exist or you do not have permission to view it.")

    def _checked(self, field: str, text: str) -> str:
        """The value as the index knows it; BadQuery when there is no such thing for this caller."""
        jira, caller = self._jira, self._caller.account_id if self._caller else None
        missing = UnknownValue(f"The value '{text}' does not exist for the field '{field}'.")
        match field:
            case "project":
                for project in jira.projects.values():
                    if text.upper() == project.key or text in {project.id, project.name}:
                        if jira.can_browse(caller, project):
                            return project.key
                        break
                raise missing
            case "key" | "id" | "parent":
                issue = jira.find(text)
                if issue is not None and jira.can_see(caller, issue):
                    return str(issue.id)
                if field == "id" and text.isdigit():
                    return text
                raise UnknownValue(f"An issue with key '{text}' does not exist for field '{field}'.")
            case "status":
                for project in jira.projects.values():
                    for status in project.statuses:
                        if text.lower() == status.name.lower() or text == status.id:
                            return status.id
                raise missing
            case "statuscategory":
                category = _CATEGORIES.get(text.lower(), text.lower())
                if category not in _CATEGORIES.values():
                    raise missing
                return category
            case "issuetype":
                for project in jira.projects.values():
                    known = project.type(text)
                    if known is not None:
                        return known.id
                raise missing
            case "priority":
                priority = jira.priority(text)
                if priority is None:
                    raise missing
                return priority.id
            case "assignee" | "reporter":
                account = self._account_of(text)
                if account is None:
                    raise missing
                return account
            case _:
                return text.lower()


def _order(orders: tuple[Order, ...]) -> Callable[[list[Issue]], list[Issue]]:
    if len(orders) > _MOST_ORDERS:
        raise BadQuery(f"The maximum number of fields in an ORDER BY is {_MOST_ORDERS}.")
    fields = [(_ALIASES.get(order.field, order.field), order.descending) for order in orders]
    for field, _ in fields:
        if field not in _ORDERS:
            raise BadQuery(f"Not able to sort using field '{field}'.")

    def arranged(issues: list[Issue]) -> list[Issue]:
        issues = sorted(issues, key=_ORDERS["id"], reverse=True)  # newest first where the query names no order
        for field, descending in reversed(fields):
            issues.sort(key=_ORDERS[field], reverse=descending)
        return issues

    return arranged


def _unsupported(clause: Clause) -> BadQuery:
    operator = clause.operator.replace("-", " ")
    return BadQuery(f"The operator '{operator}' is not supported by the '{clause.field}' field.")
