"""Reads a task's body: its text, people, dates and the worker's own place in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from worker.document.cells import people
from worker.document.document import Document
from worker.document.pieces import Opaque, TicketLink, recognise
from worker.document.task_end import OwnEnd, outside
from worker.document.tasks import Task
from worker.document.text import visible_text
from worker.document.tree import Element, TextNode
from worker.model.item import Amid, DateAsWritten, Lozenge, Mention, OwnCell, Owner, PickedDate


@dataclass(frozen=True, slots=True)
class TaskReading:
    """What a task says, without its nested lists."""

    text: str
    """Without mentions, picked dates and the tail."""
    owners: tuple[Owner, ...]
    """Mentions only, in order: a task's prose is not searched for names."""
    dates: tuple[DateAsWritten, ...]
    """Picked dates only, in order."""
    tail: OwnCell
    """Ticket links, lozenges and note at the very end of the task's own text. ``span`` reaches from behind the text to
    the end of the tail, and is empty where there is no tail yet; None without a body to write into, and where a
    comment would be lost."""
    amid: Amid
    """Links to tickets and lozenges that are part of the text."""
    loose: tuple[str, OwnCell] | None = None
    """Where lozenges without a link end the text: the text without them, and what they are as a tail."""


def read_task(task: Task, document: Document) -> TaskReading:
    """What a task says.

    The tail is read from the end: a note, before it lozenges, before these links to tickets. A plain key in the text
    is prose, and so are lozenges without a link before them. A link with its lozenge that people wrote on after is no
    part of the text either; what they wrote is, even a link to a further ticket. Formatting and comments, around the
    tail or around words and tail, change none of that.
    """
    if task.body is None:
        return TaskReading("", (), (), OwnCell(), Amid())
    nested = frozenset(task.nested)
    end = OwnEnd(task.body, nested)
    tail = end.tail()
    buried = [] if end.names_ticket() else end.buried()
    picked = [each for each in outside(task.body, nested) if each.tag == "time" and each.attrs.get("datetime")]
    mentioned = tuple(owner for owner in people(task.body, nested) if isinstance(owner, Mention))
    led = bool(picked or mentioned)
    loose = end.loose() if not buried else []
    own = nested.union(tail, buried)
    return TaskReading(
        text=_text(task.body, own.union(picked), led),
        owners=mentioned,
        dates=tuple(PickedDate(each.attrs["datetime"]) for each in picked),
        tail=end.amid(document, buried) if buried else end.cell(document, tail),
        loose=(_text(task.body, nested.union(picked, loose), led), end.cell(document, loose)) if loose else None,
        amid=_amid(recognise(each) for each in outside(task.body, own)),
    )


def _amid(wholes: Iterable[TicketLink | Lozenge | Opaque | None]) -> Amid:
    found = tuple(each for each in wholes if each is not None)
    return Amid(
        tuple(each.key for each in found if isinstance(each, TicketLink)),
        tuple(each for each in found if isinstance(each, Lozenge)),
    )


def _text(body: Element, without: frozenset[Element | TextNode], led: bool) -> str:
    """What people wrote; ``led``: words may be left that only led to a mention or date taken out of it."""
    text = visible_text(body, without)
    return _without_loose_ends(text) if led else text


_LOOSE_END = re.compile(r"[\s,:;–—(-]*(?:(?<!\w)(?:by|until|till|due|before|owner|cc)[\s,:;–—(-]*)*$", re.IGNORECASE)


def _without_loose_ends(text: str) -> str:
    """The text without the words and signs that only led to the mention or date taken out of it: “… by”, “– due:”."""
    begun = text.lstrip(" ,:;–—-")
    return _LOOSE_END.sub("", begun) or begun
