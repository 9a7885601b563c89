"""Reads the tasks of a task list into action items."""

from __future__ import annotations

import re
from collections.abc import Mapping

from worker.document.document import Document
from worker.document.task_text import read_task
from worker.document.tasks import Task, TaskList
from worker.document.text import collapse
from worker.document.tree import TextNode
from worker.mapping.model import Words
from worker.model.item import ActionItem, Kind, Perhaps, Place
from worker.reconcile.placeholders import is_placeholder
from worker.reconcile.words import is_word

_ENDS_OF_WORD = re.compile(r":|\s*[-–—](?=\s)")
_LONGEST_WORD = 60


def read_tasks(
    tasks: TaskList, document: Document, words: Words, block: int, section: str, ids: Mapping[str, int]
) -> tuple[ActionItem, ...]:
    """The items of one list in order, without the tasks of lists inside it.

    Tasks without text and tasks that repeat a template's hint are none. ``ids`` counts the editor's task ids on the
    page: copying a list copies its ids, and one that stands there more than once identifies nothing.
    """
    items = (
        _item(task, document, words, Place(Kind.TASK, block, line, section), ids)
        for line, task in enumerate(tasks.tasks)
    )
    return tuple(item for item in items if item is not None)


def _item(task: Task, document: Document, words: Words, place: Place, ids: Mapping[str, int]) -> ActionItem | None:
    reading = read_task(task, document)
    action = "" if is_placeholder(reading.text) else reading.text
    if not action and not (reading.owners or reading.dates or reading.tail.keys):
        return None
    editor_id = task_id(task)
    return ActionItem(
        place=place,
        editor_id=editor_id if editor_id and ids.get(editor_id) == 1 else None,
        action=action,
        owners=reading.owners,
        dates=reading.dates,
        priority="",
        status_word=_word_at_start(action, words),
        others=(),
        ticket=reading.tail,
        status=None,
        ticked=task.status == "complete",
        tick_span=task.status_span,
        amid=reading.amid,
        perhaps=(Perhaps(0, reading.loose[1], reading.loose[0], ()),) if reading.loose is not None else (),
    )


def task_id(task: Task) -> str | None:
    """The editor's own id of a task: ``ac:task-uuid``, which newer bodies have, else ``ac:task-id``."""
    uuid = task.element.find("ac:task-uuid")
    text = "".join(child.text for child in uuid.children if isinstance(child, TextNode)) if uuid else ""
    return collapse(text) or task.id


def _word_at_start(text: str, words: Words) -> str:
    """The word that a task begins with, before a colon or a dash, or that is all it says; ``""`` when there is none."""
    if len(text) <= _LONGEST_WORD and is_word(text, words):
        return text
    heads = (text[: found.start()] for found in _ENDS_OF_WORD.finditer(text, 0, _LONGEST_WORD))
    return next((head.strip() for head in heads if is_word(head, words)), "")
