"""Finds the worker's own place in a task: at the end of its text, or where people wrote on behind key and status."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from worker.document.cells import read_pieces
from worker.document.document import Document
from worker.document.pieces import Break, TicketLink, Words, commented, note_kind, pieces, recognise
from worker.document.text import BLANKS, SPACES
from worker.document.tree import Element, TextNode
from worker.model.item import Lozenge, OwnCell, Span

_MARKER = "ac:inline-comment-marker"
_FORMATTING = frozenset({
    "b", "big", "del", "em", "font", "i", "ins", "mark", "s", "small", "span", "strike", "strong", "sub", "sup", "u",
    _MARKER,
})  # fmt: skip
"""What people put around words without changing them."""
_DEEPEST = 12
"""So many of these around each other are seen through: more than any editor makes, and few enough for any page."""
_BLANK_ENDS = (*(blank.encode() for blank in BLANKS), b"&nbsp;", b"&#160;", b"&#xa0;", b"&#xA0;")


class OwnEnd:
    """The innermost block at the end of a task's own text, and what stands in it before any nested list.

    Where all of its end is formatted or commented on, key included, that formatting is the block: the worker's place is
    inside it.
    """

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
        self._see_through_formatting()

    def tail(self) -> list[Element | TextNode]:
        """The nodes of the tail, in order; empty when the task does not end with one."""
        note_at = self._note_at()
        if note_at is None:
            return []
        links, _ = self._before(note_at)
        return self.nodes[note_at if links is None or self._written_after(links, note_at) else links :]

    def names_ticket(self) -> bool:
        """Whether a link to a ticket stands in the tail."""
        return any(isinstance(each, TicketLink) for node in self.tail() for each in _wholes(node))

    def loose(self) -> list[Element | TextNode]:
        """The nodes from the first lozenge at the end of the text on, where no link stands before them; else none."""
        note_at = self._note_at()
        if note_at is None:
            return []
        links, lozenges = self._before(note_at)
        return self.nodes[lozenges:] if lozenges is not None and links is None else []

    def buried(self) -> list[Element | TextNode]:
        """A link to a ticket with a lozenge right behind it, which people wrote on after: where the cursor lands.

        It names the ticket; the status in it is kept current, and a note finds no place. What stands behind is a
        person's: words in the same line, or lines below it.
        """
        lines = [
            each.children for each in outside(self.body, self.nested) if _is_block(each) or each.tag in _FORMATTING
        ]
        return next(filter(None, map(self._named_in, (self.nodes, *reversed(lines), self.body.children))), [])

    def cell(self, document: Document, tail: list[Element | TextNode]) -> OwnCell:
        """What a tail holds, and where."""
        return read_pieces(pieces(tail), self.span(document, tail))

    def amid(self, document: Document, run: Sequence[Element | TextNode]) -> OwnCell:
        """What a link with its lozenges holds that people wrote on after: it reaches to the last of them."""
        last = max(at for at, node in enumerate(run) if any(isinstance(each, Lozenge) for each in _wholes(node)))
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
        anchored = self.block.tag == _MARKER and not before
        return None if anchored or _commented(document, tail, span) else span

    def _see_through_formatting(self) -> None:
        """Goes on into formatting that reaches from a person's words over the worker's key to the end of the text."""
        outer = self.block, self.nodes
        for _ in range(_DEEPEST):
            last = self.nodes[-1] if self.nodes else None
            if self.names_ticket() or not isinstance(last, Element):
                break
            if not (_is_block(last) or last.tag in _FORMATTING) or _wholes(last):
                break
            self.block, self.nodes = last, self._own(last)
        if not self.names_ticket():
            self.block, self.nodes = outer

    def _written_after(self, links: int, stop: int) -> bool:
        """Whether links without a lozenge end a text in which one with its lozenge stands: they are a person's then."""
        shown = any(isinstance(each, Lozenge) for node in self.nodes[links:stop] for each in _wholes(node))
        named = [] if shown else self.buried()
        return bool(named) and named[0].start < self.nodes[links].start

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

    def _before(self, stop: int) -> tuple[int | None, int | None]:
        """Where the links begin, and behind them the lozenges, that end right before a node; blanks do not count.

        None for what is not there, and for what begins inside a node that begins otherwise.
        """
        run: list[tuple[int, TicketLink | Lozenge]] = []
        for at in range(stop - 1, -1, -1):
            wholes = _wholes(self.nodes[at])
            if not wholes and not _is_blank(self.nodes[at], self.nested):
                break
            run.extend((at, each) for each in reversed(wholes))
        lozenges = next((n for n, (_, each) in enumerate(run) if not isinstance(each, Lozenge)), len(run))
        links = next((n for n in range(lozenges, len(run)) if not isinstance(run[n][1], TicketLink)), len(run))
        return (
            _beginning(run, links) if links > lozenges else None,
            _beginning(run, lozenges) if lozenges else None,
        )

    def _named_in(self, line: Sequence[Element | TextNode]) -> list[Element | TextNode]:
        """The first link to a ticket in the line that has lozenges right behind it, with these; else none."""
        link, shown = -1, False
        for at, node in enumerate(line):
            wholes = _wholes(node)
            lozenges = [each for each in wholes if isinstance(each, Lozenge)]
            if link >= 0 and wholes and len(lozenges) == len(wholes):
                shown = True
            elif link >= 0 and _is_blank(node, self.nested):
                continue
            elif shown:
                return list(line[link:at])
            else:
                led = bool(wholes) and isinstance(wholes[0], TicketLink) and len(lozenges) == len(wholes) - 1
                link, shown = (at if led else -1), led and bool(lozenges)
        return list(line[link:]) if shown else []

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


def outside(body: Element, without: frozenset[Element | TextNode]) -> Iterator[Element]:
    """Elements in the body in order, but for some and what stands in these."""
    waiting = list(reversed(list(body.elements())))
    while waiting:
        element = waiting.pop()
        if element not in without:
            yield element
            waiting.extend(reversed(list(element.elements())))


def _beginning(run: Sequence[tuple[int, TicketLink | Lozenge]], count: int) -> int | None:
    """The node at which the first ``count`` of a run, last first, begin; None inside a node that has more of it."""
    at = run[count - 1][0]
    return None if count < len(run) and run[count][0] == at else at


def _wholes(node: Element | TextNode) -> list[TicketLink | Lozenge]:
    """The links and lozenges a node is, seen through formatting and the anchors of inline comments.

    Empty for one that is or holds anything else.
    """
    found: list[TicketLink | Lozenge] = []
    waiting = [(node, 0)]
    while waiting:
        here, depth = waiting.pop()
        if isinstance(here, TextNode):
            if here.text.translate(SPACES).strip():
                return []
        elif here.tag in _FORMATTING and depth < _DEEPEST:
            waiting.extend((child, depth + 1) for child in reversed(here.children))
        else:
            whole = recognise(here)
            if not isinstance(whole, TicketLink | Lozenge):
                return []
            found.append(whole)
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


def _is_note(node: Element | TextNode) -> bool:
    match _wholes(node):
        case [Lozenge() as lozenge]:
            return note_kind(lozenge) is not None
        case _:
            return False


def _text_end(document: Document, node: Element | TextNode) -> int:
    """Where a node ends, white space at the end of text not counted."""
    end = node.end
    while isinstance(node, TextNode) and (blank := _blank_before(document.source, node.start, end)):
        end -= blank
    return end


def _blank_before(source: bytes, start: int, end: int) -> int:
    """Length of the white space character or reference that ends there, or 0."""
    return next((len(blank) for blank in _BLANK_ENDS if source.endswith(blank, start, end)), 0)
