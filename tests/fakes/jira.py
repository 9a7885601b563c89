"""A Jira in memory that keeps the promises of the real one, and lets people act on its tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any

from tests.fakes.clock import Clock, Index
from worker.errors import ConfigurationError, Missing
from worker.model.ticket import (
    Answer,
    Category,
    Created,
    CreateForm,
    Draft,
    FormField,
    Origin,
    Refused,
    Status,
    Ticket,
    TicketEdit,
    Transition,
)

SITE = "https://acme.example"
PRIORITIES = ("Highest", "High", "Medium", "Low")
STATUSES = {
    "To Do": Status("To Do", Category.TODO),
    "In Progress": Status("In Progress", Category.DOING),
    "In Review": Status("In Review", Category.DOING),
    "Done": Status("Done", Category.DONE),
}
_WAYS = {
    "To Do": (Transition("11", "Start work", STATUSES["In Progress"]),),
    "In Progress": (
        Transition("21", "Ask for review", STATUSES["In Review"]),
        Transition("31", "Done", STATUSES["Done"]),
    ),
    "In Review": (Transition("31", "Done", STATUSES["Done"]),),
    "Done": (Transition("41", "Reopen", STATUSES["To Do"]),),
}
_FORM = (
    FormField("assignee", "Assignee", required=False, has_default=False, allowed=()),
    FormField("duedate", "Due date", required=False, has_default=False, allowed=()),
    FormField("priority", "Priority", required=False, has_default=True, allowed=PRIORITIES),
    FormField("labels", "Labels", required=False, has_default=False, allowed=()),
    FormField("parent", "Parent", required=False, has_default=False, allowed=()),
)
_FIELDS = {"summary": "summary", "owner": "assignee", "due": "due", "priority": "priority"}


@dataclass
class Stored:
    """A ticket with what the port does not show."""

    ticket: Ticket
    labels: tuple[str, ...]
    hidden: bool = False


class FakeJira:
    """Projects PAY and OPS and their tickets. ``refuses`` maps a field's name to what Jira says against it."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.tickets: dict[str, Stored] = {}
        self.index: Index[Stored] = Index(clock)
        self.refuses: dict[str, str] = {}
        self.assignable: set[str] = set()
        self.births: list[tuple[str, Draft]] = []
        """Id and draft of every ticket that a worker made, in order, deleted ones too."""
        self.worker_edits: list[tuple[TicketEdit, frozenset[str]]] = []
        """Every edit that a worker made, in order, with the fields whose value was another one until then."""
        self.worker_moves: list[str] = []
        """Id of the ticket of every transition that a worker made, in order."""
        self._last = {"PAY": 0, "OPS": 0}
        self._ids = count(10_001)
        self._keys: dict[str, str] = {}
        self._late: list[tuple[int, tuple[Draft, ...]]] = []

    # -- what the ports ask ------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """What was asked for without an answer is done once its time has come."""
        due = [drafts for at, drafts in self._late if at <= self.clock.ticks]
        self._late = [(at, drafts) for at, drafts in self._late if at > self.clock.ticks]
        for drafts in due:
            self.create(drafts)

    def visible(self, ref: str) -> Ticket:
        """The ticket of that id or key, old keys included, as the worker sees it. Missing."""
        stored = self.tickets.get(self._keys.get(ref.upper(), ref))
        if stored is None or stored.hidden:
            raise Missing(f"there is no ticket {ref}", status=404)
        return stored.ticket

    def read(self, refs: Sequence[str]) -> Mapping[str, Ticket]:
        """Those that are visible, under the names they were asked by."""
        found = {}
        for ref in refs:
            try:
                found[ref] = self.visible(ref)
            except Missing:
                continue
        return found

    def search(self, project: str | None, label: str, since: date) -> list[Ticket]:
        """What the index knows, oldest first."""
        return [
            each.ticket
            for each in self._indexed_of(project)
            if label in each.labels and each.ticket.created_at.date() >= since
        ]

    def open_ids(self, labels: Sequence[str], since: date) -> frozenset[str]:
        """Ids of what the index knows as not done."""
        return frozenset(
            each.ticket.id
            for each in self._indexed_of(None)
            if not set(labels).isdisjoint(each.labels)
            and each.ticket.created_at.date() >= since
            and each.ticket.status.category is not Category.DONE
        )

    def newest_number(self, project: str) -> int:
        """The highest number that the index knows."""
        return max((_number(each.ticket.key) for each in self._indexed_of(project)), default=0)

    def form(self, project: str, type_name: str) -> CreateForm:
        """The create form. ConfigurationError when there is no such project or type."""
        if project not in self._last:
            raise ConfigurationError(f"ticket.project: Jira shows no project {project}")
        if type_name.casefold() != "task":
            raise ConfigurationError(f"ticket.type: project {project} has no type {type_name}; it has Task (id 10001)")
        return CreateForm(project, "Task", "10001", _FORM)

    def ways(self, ticket_id: str) -> tuple[Transition, ...]:
        """The transitions open from where the ticket stands."""
        return _WAYS[self.visible(ticket_id).status.name]

    def create(self, drafts: Sequence[Draft]) -> tuple[Answer, ...]:
        """Makes those that are in order."""
        return tuple(self._create(draft) for draft in drafts)

    def create_late(self, drafts: Sequence[Draft], ticks: int) -> tuple[Answer, ...]:
        """Takes the request and acts on it so many ticks later; there is no answer to it yet."""
        self._late.append((self.clock.ticks + ticks, tuple(drafts)))
        return ()

    def _create(self, draft: Draft) -> Answer:
        wrong = self._wrong({"summary": draft.summary, "assignee": draft.assignee, "priority": draft.priority,
                             "due": draft.due, "parent": draft.parent})  # fmt: skip
        if draft.parent and draft.parent.upper() not in self._keys:
            wrong["parent"] = "no such ticket"
        if wrong:
            return _refused(wrong)
        made = self._add(draft.project, draft.summary, draft.labels, draft.assignee, draft.due, draft.priority,
                         draft.origin)  # fmt: skip
        self.births.append((made.id, draft))
        return Created(made.id, made.key)

    def edit(self, edit: TicketEdit) -> Refused | None:
        """Changes the named fields and the origin together, or nothing."""
        try:
            before = self.visible(edit.ticket)
        except Missing as error:
            return Refused((), str(error))
        values: dict[str, Any] = {_FIELDS[name]: value for name, value in edit.values}
        wrong = self._wrong(values)
        if wrong:
            return _refused(wrong)
        if "due" in values:
            values["due"] = date.fromisoformat(values["due"]) if values["due"] else None
        after = replace(before, origin=edit.origin, **values)
        self._put(after)
        changed = frozenset(name for name, field in _FIELDS.items() if getattr(before, field) != getattr(after, field))
        self.worker_edits.append((edit, changed))
        return None

    def move(self, ticket_id: str, transition: str) -> Refused | None:
        """Does the transition if it is open."""
        try:
            before = self.visible(ticket_id)
        except Missing as error:
            return Refused((), str(error))
        way = next((each for each in _WAYS[before.status.name] if each.id == transition), None)
        if way is None:
            return Refused((), f"transition {transition} is not open here")
        self._put(replace(before, status=way.to))
        self.worker_moves.append(before.id)
        return None

    # -- what people do ----------------------------------------------------------------------------------------------

    def person_creates(self, project: str, summary: str, labels: Sequence[str] = ()) -> Ticket:
        """A person makes a ticket by hand."""
        return self._add(project, summary, tuple(labels), None, None, "Medium", None)

    def person_edits(self, ref: str, **values: Any) -> None:
        """A person changes ``summary``, ``assignee``, ``due``, ``priority`` or (by name) ``status``."""
        if "status" in values:
            values["status"] = STATUSES[values["status"]]
        self._put(replace(self._any(ref).ticket, **values))

    def clone(self, ref: str, *, with_properties: bool) -> Ticket:
        """A person clones a ticket, by an app that copies its properties or without them."""
        source = self._any(ref)
        old = source.ticket
        origin = old.origin if with_properties else None
        summary = f"CLONE - {old.summary}"
        return self._add(old.project, summary, source.labels, old.assignee, old.due, old.priority, origin)

    def move_project(self, ref: str, project: str) -> str:
        """A person moves a ticket to another project; gives its new key. The old one still leads to it."""
        before = self._any(ref).ticket
        key = self._next_key(project)
        self._keys[key] = before.id
        self._put(replace(before, key=key, project=project, url=f"{SITE}/browse/{key}"))
        return key

    def hide(self, ref: str, *, hidden: bool = True) -> None:
        """A person keeps the worker from seeing a ticket, or lets it again."""
        stored = self._any(ref)
        stored.hidden = hidden
        self._indexed(stored)

    def delete(self, ref: str) -> None:
        """A person deletes a ticket; its key is never used again."""
        gone = self._any(ref).ticket
        del self.tickets[gone.id]
        self.index.record(gone.id, None)

    def id_of(self, key: str) -> str:
        """The id that a key ever belonged to, also when the ticket is gone. KeyError."""
        return self._keys[key]

    def ticket(self, ref: str) -> Ticket:
        """The ticket, whoever may see it. KeyError."""
        return self._any(ref).ticket

    # ----------------------------------------------------------------------------------------------------------------

    def _any(self, ref: str) -> Stored:
        return self.tickets[self._keys.get(ref, ref)]

    def _wrong(self, values: Mapping[str, Any]) -> dict[str, str]:
        wrong = {
            name: self.refuses[name] for name, value in values.items() if value is not None and name in self.refuses
        }
        if values.get("assignee") and values["assignee"] not in self.assignable:
            wrong.setdefault("assignee", "this user cannot be assigned")
        if values.get("priority") and values["priority"] not in PRIORITIES:
            wrong.setdefault("priority", "there is no such priority")
        if "summary" in values and not values["summary"]:
            wrong.setdefault("summary", "a summary is needed")
        return wrong

    def _add(
        self, project: str, summary: str, labels: tuple[str, ...], assignee: str | None, due: date | None,
        priority: str | None, origin: Origin | None,
    ) -> Ticket:  # fmt: skip
        number, key = str(next(self._ids)), self._next_key(project)
        url = f"{SITE}/browse/{key}"
        made = Ticket(number, key, project, url, summary, STATUSES["To Do"], assignee, due, priority or "Medium",
                      self.clock.now(), origin)  # fmt: skip
        self._keys[key] = number
        self.tickets[number] = Stored(made, labels)
        self._indexed(self.tickets[number])
        return made

    def _next_key(self, project: str) -> str:
        self._last[project] += 1
        return f"{project}-{self._last[project]}"

    def _put(self, ticket: Ticket) -> None:
        stored = self.tickets[ticket.id]
        stored.ticket = ticket
        self._indexed(stored)

    def _indexed(self, stored: Stored) -> None:
        self.index.record(stored.ticket.id, replace(stored))

    def _indexed_of(self, project: str | None) -> list[Stored]:
        seen = [each for each in self.index.seen() if not each.hidden]
        return [each for each in seen if project is None or each.ticket.project == project]


def _refused(wrong: Mapping[str, str]) -> Refused:
    return Refused(tuple(wrong.items()), "; ".join(f"{name}: {text}" for name, text in wrong.items()))


def _number(key: str) -> int:
    return int(key.rpartition("-")[2])
