"""Reads a task's body: its text, people, dates and the worker's own place at its end."""

from __future__ import annotations

from dataclasses import dataclass

from worker.document.document import Document
from worker.document.tasks import Task
from worker.model.item import DateAsWritten, OwnCell, Owner


@dataclass(frozen=True, slots=True)
class TaskReading:
    """What a task says."""

    text: str
    owners: tuple[Owner, ...]
    dates: tuple[DateAsWritten, ...]
    tail: OwnCell


def read_task(task: Task, document: Document) -> TaskReading:
    """What a task says, without its nested lists."""
    raise NotImplementedError
