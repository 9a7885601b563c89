"""Reads a task's body: its text, people, dates and the worker's own place at its end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from worker.document.cells import people, read_pieces
from worker.document.document import Document
from worker.document.pieces import Break, Opaque, TicketLink, Words, commented, note_kind, pieces, recognise
from worker.document.tasks import Task
from worker.document.text import BLANKS, visible_text
from worker.document.tree import Element, TextNode
from worker.model.item import DateAsWritten, Lozenge, Mention, OwnCell, Owner, PickedDate, Span

_MARKER = "ac:inline-comment-marker"
_BLANK_ENDS = (*(blank.encode() for blank in BLANKS), b"&nbsp;", b"&#160;", b"&#xa0;", b"&#xA0;")


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
    loose: tuple[str, OwnCell] | None = None
    """Where lozenges without a link end the text: the text without them, and what they are as a tail."""


def read_task(task: Task, document: Document) -> TaskReading:
    """What a task says.

    The tail is read from the end: a note, before it lozenges, before these links to tickets. A plain key in the text
    is prose, and so are lozenges without a link before them. A link with its lozenge that people wrote on after is no
    part of the text either.
    """
    if task.body is None:
        return TaskReading("", (), (), OwnCell())
    nested = frozenset(task.nested)
    end = _OwnEnd(task.body, nested)
    tail = end.tail()
    buried = [] if any(isinstance(_whole(node), TicketLink) for node in tail) else end.buried()
    said = list(_outside(task.body, nested))
    picked = [each for each in said if each.tag == "time" and each.attrs.get("datetime")]
    mentioned = tuple(owner for owner in people(task.body, nested) if isinstance(owner, Mention))
    led = bool(picked or mentioned)
    loose = end.loose() if not buried else []
    return TaskReading(
        text=_text(task.body, nested.union(picked, tail, buried), led),
        owners=mentioned,
        dates=tuple(PickedDate(each.attrs["datetime"]) for each in picked),
        tail=end.amid(document, buried) if buried else end.cell(document, tail),
        loose=(_text(task.body, nested.union(picked, loose), led), end.cell(document, loose)) if loose else None,
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


class _OwnEnd:
    """The innermost block at the end of a task's own text, and what stands in it before any nested list."""

    def __init__(self, body: Element, nested: frozenset[Element]) -> None:
        self.body = body
        self.nested = nested
        self.first_nested = min((each.start for each in nested), default=-1)
        self.block = body
        self.nodes = self._own(body)
        while self.nodes and isinstance(last := self.nodes[-1], Element) and _is_block(last):
            self.block = last
            self.nodes = self._own(last)
        if not self.nodes and self.block is body:
            self.block = next((each for each in body.elements() if _is_block(each) and not each.self_closed), body)

    def tail(self) -> list[Element | TextNode]:
        """The nodes of the tail, in order; empty when the task does not end with one."""
        nodes = self.nodes
        note_at = self._note_at()
        if note_at is None:
            return []
        lozenges_at = self._back(nodes, note_at, Lozenge)
        links_at = self._back(nodes, lozenges_at, TicketLink)
        return nodes[links_at:] if links_at < lozenges_at else nodes[note_at:]

    def loose(self) -> list[Element | TextNode]:
        """The nodes from the first lozenge at the end of the text on, where no link stands before them; else none."""
        note_at = self._note_at()
        if note_at is None:
            return []
        lozenges_at = self._back(self.nodes, note_at, Lozenge)
        linked = self._back(self.nodes, lozenges_at, TicketLink) < lozenges_at
        return self.nodes[lozenges_at:] if lozenges_at < note_at and not linked else []

    def _note_at(self) -> int | None:
        """Where the note at the end begins, or where one would; None when people wrote on after a lozenge."""
        nodes = self.nodes
        after_words = len(nodes)
        while after_words and isinstance(nodes[after_words - 1], TextNode):
            after_words -= 1
        if after_words and _is_note(nodes[after_words - 1]):
            return after_words - 1
        if after_words == len(nodes) or all(_is_blank(node, self.nested) for node in nodes[after_words:]):
            return len(nodes)
        return None

    def buried(self) -> list[Element | TextNode]:
        """A link to a ticket with a lozenge right behind it, which people wrote on after: where the cursor lands.

        It names the ticket; the status in it is kept current, and a note finds no place. What stands behind is a
        person's: words in the same line, or lines below it.
        """
        lines = [each.children for each in _outside(self.body, self.nested) if _is_block(each)]
        return next(filter(None, map(self._named_in, (self.nodes, *reversed(lines), self.body.children))), [])

    def _named_in(self, line: Sequence[Element | TextNode]) -> list[Element | TextNode]:
        """The first link to a ticket in the line that has lozenges right behind it, with these; else none."""
        link, shown = -1, False
        for at, node in enumerate(line):
            whole = _whole(node)
            if link >= 0 and isinstance(whole, Lozenge):
                shown = True
            elif link >= 0 and _is_blank(node, self.nested):
                continue
            elif shown:
                return list(line[link:at])
            else:
                link = at if isinstance(whole, TicketLink) else -1
        return list(line[link:]) if shown else []

    def cell(self, document: Document, tail: list[Element | TextNode]) -> OwnCell:
        """What a tail holds, and where."""
        return read_pieces(pieces(tail), self.span(document, tail))

    def amid(self, document: Document, run: Sequence[Element | TextNode]) -> OwnCell:
        """What a link with its lozenges holds that people wrote on after: it reaches to the last of them."""
        last = max(at for at, node in enumerate(run) if isinstance(_whole(node), Lozenge))
        own = run[: last + 1]
        span = Span(own[0].start, own[-1].end)
        return replace(read_pieces(pieces(own), None if _commented(document, own, span) else span), followed=True)

    def span(self, document: Document, tail: list[Element | TextNode]) -> Span | None:
        """Where the tail is, or where one would go."""
        if self.block.self_closed:
            return None
        before = self.nodes[: len(self.nodes) - len(tail)]
        if not self.nodes:
            start = end = self.block.inner_start
        elif not before:
            start, end = tail[0].start, _text_end(document, tail[-1])
        else:
            start = _text_end(document, before[-1])
            end = _text_end(document, tail[-1]) if tail else start
        span = Span(start, end)
        return None if _commented(document, tail, span) else span

    def _own(self, block: Element) -> list[Element | TextNode]:
        """Children before the first nested list, up to the last that says something."""
        own: list[Element | TextNode] = []
        for child in block.children:
            if isinstance(child, Element) and child.start <= self.first_nested < child.end:
                if _is_block(child):
                    own.append(child)
                break
            own.append(child)
        while own and _is_blank(own[-1], self.nested):
            own.pop()
        return own

    def _back(self, nodes: list[Element | TextNode], stop: int, kind: type[Lozenge | TicketLink]) -> int:
        """Index of the first node of an unbroken run of that kind which ends before ``stop``; blanks do not count."""
        found = index = stop
        while index:
            node = nodes[index - 1]
            whole = _whole(node)
            if isinstance(whole, kind):
                found = index - 1
            elif not _is_blank(node, self.nested):
                break
            index -= 1
        return found


def _commented(document: Document, nodes: Sequence[Element | TextNode], span: Span) -> bool:
    """Whether a comment would be lost if these nodes were written anew."""
    lost = any(isinstance(node, Element) and (node.tag == _MARKER or commented(node)) for node in nodes)
    return lost or "<!--" in document.text_of(span)


def _is_block(element: Element) -> bool:
    """A wrapper that the editors put around a task's text."""
    return element.tag in {"p", "div"} or "placeholder-inline-tasks" in element.attrs.get("class", "").split()


def _is_blank(node: Element | TextNode, nested: frozenset[Element]) -> bool:
    return all(
        isinstance(piece, Break) or (isinstance(piece, Words) and not piece.text.strip())
        for piece in pieces((node,), nested)
    )


def _whole(node: Element | TextNode) -> TicketLink | Lozenge | Opaque | None:
    """What a node is as a whole, seen through the anchor of an inline comment."""
    if isinstance(node, TextNode):
        return None
    inside = [child for child in node.children if isinstance(child, Element) or child.text.strip()]
    if node.tag == _MARKER and len(inside) == 1:
        return _whole(inside[0])
    return recognise(node)


def _is_note(node: Element | TextNode) -> bool:
    whole = _whole(node)
    return isinstance(whole, Lozenge) and note_kind(whole) is not None


def _text_end(document: Document, node: Element | TextNode) -> int:
    """Where a node ends, white space at the end of text not counted."""
    end = node.end
    while isinstance(node, TextNode) and (blank := _blank_before(document.source, node.start, end)):
        end -= blank
    return end


def _blank_before(source: bytes, start: int, end: int) -> int:
    """Length of the white space character or reference that ends there, or 0."""
    return next((len(blank) for blank in _BLANK_ENDS if source.endswith(blank, start, end)), 0)


def _outside(body: Element, nested: frozenset[Element]) -> Iterator[Element]:
    """Elements of the body's own text, in order."""
    waiting = list(reversed(list(body.elements())))
    while waiting:
        element = waiting.pop()
        if element not in nested:
            yield element
            waiting.extend(reversed(list(element.elements())))
