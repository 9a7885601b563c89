"""Finds task lists and their tasks."""

from __future__ import annotations

from dataclasses import dataclass

from worker.document.document import Document
from worker.document.tree import Element
from worker.model.item import Span


@dataclass(frozen=True, slots=True)
class Task:
    """One task."""

    element: Element
    id: str | None
    status: str
    """``complete``, ``incomplete`` or ``""``."""
    status_span: Span | None
    body: Element | None
    nested: tuple[Element, ...]
    """The ``ac:task-list`` elements inside the body."""


@dataclass(frozen=True, slots=True)
class TaskList:
    """One task list."""

    element: Element
    ancestors: tuple[Element, ...]
    """Outermost first."""
    tasks: tuple[Task, ...]


def task_lists(document: Document) -> tuple[TaskList, ...]:
    """All task lists in document order, nested ones as lists of their own."""
    raise NotImplementedError
