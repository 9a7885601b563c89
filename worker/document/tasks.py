"""Finds task lists and their tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from worker.document.document import Document
from worker.document.landmarks import TASK_LIST
from worker.document.text import collapse
from worker.document.tree import Element, TextNode
from worker.model.item import Span

_STATUSES = frozenset({"complete", "incomplete"})


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One task of a list."""

    element: Element
    id: str | None
    """The editor's id: unique on a page unless copied, usually a number, None when missing or empty."""
    status: str
    """``complete``, ``incomplete``, or ``""`` when it is missing or says anything else."""
    status_span: Span | None
    """Inner span of ``ac:task-status``; None when there is no such element to write into."""
    body: Element | None
    """``ac:task-body``; stored tasks can lack it."""
    nested: tuple[Element, ...]
    """The ``ac:task-list`` elements inside the body, without those inside another of them."""


@dataclass(frozen=True, slots=True, eq=False)
class TaskList:
    """One ``ac:task-list`` with the tasks directly in it."""

    element: Element
    ancestors: tuple[Element, ...]
    """What it stands in, outermost first, without the document's root."""
    tasks: tuple[Task, ...]


def task_lists(document: Document) -> tuple[TaskList, ...]:
    """All task lists in document order; one inside a task is a list of its own, after the list around it."""
    lists = [landmark for landmark in document.landmarks if landmark.element.tag == TASK_LIST]
    inside: dict[Element, list[Element]] = {}
    for landmark in lists:
        for around in takewhile(lambda each: each.tag != TASK_LIST, reversed(landmark.ancestors)):
            inside.setdefault(around, []).append(landmark.element)
    return tuple(
        TaskList(
            landmark.element,
            landmark.ancestors,
            tuple(_task(child, inside) for child in landmark.element.elements() if child.tag == "ac:task"),
        )
        for landmark in lists
    )


def _task(element: Element, inside: Mapping[Element, Sequence[Element]]) -> Task:
    """``inside``: the task lists in an element, without those inside another of them."""
    number = element.find("ac:task-id")
    status = element.find("ac:task-status")
    body = element.find("ac:task-body")
    said = _text(status).casefold() if status else ""
    return Task(
        element,
        id=(_text(number) or None) if number else None,
        status=said if said in _STATUSES else "",
        status_span=status.inner if status and not status.self_closed else None,
        body=body,
        nested=tuple(inside.get(body, ())) if body else (),
    )


def _text(element: Element) -> str:
    return collapse("".join(child.text for child in element.children if isinstance(child, TextNode)))
