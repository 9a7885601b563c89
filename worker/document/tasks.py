"""Finds task lists and their tasks."""

from __future__ import annotations

from dataclasses import dataclass

from worker.document.document import Document
from worker.document.text import collapse
from worker.document.tree import Element, TextNode
from worker.document.walk import placed
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
    return tuple(
        TaskList(element, ancestors, tuple(_task(child) for child in element.elements() if child.tag == "ac:task"))
        for element, ancestors in placed(document.root, {"ac:task-list"})
    )


def _task(element: Element) -> Task:
    number = element.find("ac:task-id")
    status = element.find("ac:task-status")
    body = element.find("ac:task-body")
    said = _text(status).casefold() if status else ""
    lists = placed(body, {"ac:task-list"}) if body else ()
    return Task(
        element,
        id=(_text(number) or None) if number else None,
        status=said if said in _STATUSES else "",
        status_span=status.inner if status and not status.self_closed else None,
        body=body,
        nested=tuple(found for found, around in lists if all(each.tag != "ac:task-list" for each in around)),
    )


def _text(element: Element) -> str:
    return collapse("".join(child.text for child in element.children if isinstance(child, TextNode)))
