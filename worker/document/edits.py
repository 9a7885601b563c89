"""Puts edits into a document and proves that nothing else changed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worker.document.document import Document
from worker.document.parse import Malformed, parse
from worker.document.tree import Element
from worker.model.item import Span

_SELF_CLOSED = re.compile(rb"""<(?:td|th)(?=[\s/])(?:[^"'>]|"[^"]*"|'[^']*')*/>""")
_MARKER = re.compile(rb"""<ac:inline-comment-marker\b[^>]*?\bac:ref\s*=\s*["']([^"']*)""")

Outline = list[tuple[int, bytes]]
"""Depth and start tag, as written, of elements in document order: equal outlines are equal trees."""


class EditRefused(Exception):
    """Edits that do not fit the document or would change more than their own places; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Markup that replaces what stands at a span of the document that was read; an empty span inserts."""

    span: Span
    replacement: str


def fill(document: Document, place: Element | Span, inner: str) -> Edit:
    """The edit that makes ``inner`` the content of an element, or of the own cell whose span is given.

    ``<td/>`` becomes ``<td>inner</td>`` and keeps its attributes. A span is taken for such an element when it covers
    exactly one self-closed cell, which no cell's own content can be.
    """
    if isinstance(place, Element):
        if not place.self_closed:
            return Edit(place.inner, inner)
        name, span = place.tag, place.span
    elif found := _SELF_CLOSED.fullmatch(document.source, place.start, place.end):
        name, span = re.split(r"[\s/]", found.group()[1:].decode(), maxsplit=1)[0], place
    else:
        return Edit(place, inner)
    opened = document.text_of(span).removesuffix("/>").rstrip()
    return Edit(span, f"{opened}>{inner}</{name}>")


def splice(document: Document, edits: Iterable[Edit]) -> str:
    """The body with the edits in it, every other byte as it was; without edits the very same body.

    Raises ``EditRefused`` when two edits meet, when one covers half an element or an inline comment that it does not
    keep, when a replacement is not well-formed by itself, or when the result, read again, differs outside the edits in
    any element, attribute or depth. (Confluence takes a body that lost a comment's marker, and orphans the comment.)
    """
    ordered = sorted(edits, key=lambda edit: (edit.span.start, edit.span.end))
    if not ordered:
        return document.render()
    _refuse_misfits(document, ordered)
    before = _outline(document, [edit.span for edit in ordered])
    parts: list[bytes] = []
    moved: list[Span] = []
    done = length = 0
    for edit in ordered:
        kept, new = document.source[done : edit.span.start], edit.replacement.encode()
        start = length + len(kept)
        length = start + len(new)
        parts += (kept, new)
        moved.append(Span(start, length))
        done = edit.span.end
    parts.append(document.source[done:])
    try:
        body = b"".join(parts).decode()
        result = parse(body)
    except UnicodeDecodeError as error:
        raise EditRefused("An edit would cut through a character.") from error
    except Malformed as error:
        raise EditRefused(f"The edited page would not be well-formed: {error.where}.") from error
    if before != _outline(result, moved):
        raise EditRefused("The edited page would differ outside the worker's own places, so nothing was written.")
    return body


def _refuse_misfits(document: Document, edits: Sequence[Edit]) -> None:
    end = 0
    previous: Span | None = None
    sound: set[str] = set()  # a new column writes the same cell thousands of times
    for edit in edits:
        span = edit.span
        if not 0 <= span.start <= span.end <= len(document.source):
            raise EditRefused(f"The edit at bytes {span.start} to {span.end} lies outside the page.")
        if previous and (span.start < end or span == previous):
            raise EditRefused(f"Two edits meet at byte {span.start}; each place can be written once.")
        previous, end = span, span.end
        try:
            if edit.replacement not in sound:
                parse(edit.replacement)
                sound.add(edit.replacement)
        except Malformed as error:
            raise EditRefused(f"The text for byte {span.start} is not well-formed by itself: {error.where}.") from error
        kept = Counter(_MARKER.findall(edit.replacement.encode()))
        if Counter(_MARKER.findall(document.source, span.start, span.end)) - kept:
            raise EditRefused(f"The edit at byte {span.start} would remove the anchor of an inline comment.")


def _outline(document: Document, spans: Sequence[Span]) -> Outline:
    """The elements outside the spans; raises ``EditRefused`` where a span covers only one end of an element."""
    starts = [span.start for span in spans]

    def inside(offset: int) -> int | None:
        index = bisect_right(starts, offset) - 1
        return index if index >= 0 and offset < spans[index].end else None

    found: Outline = []
    waiting = [(0, element, False) for element in reversed(list(document.root.elements()))]
    while waiting:
        depth, element, apart = waiting.pop()
        apart = apart or _apart(element, spans, starts)
        if not apart:
            opens, closes = inside(element.start), inside(element.end - 1)
            if opens != closes or (opens is None and not _whole_tags(element, spans, starts)):
                raise EditRefused(f"An edit would cut through <{element.tag}> at byte {element.start}.")
            if opens is not None:
                continue
        found.append((depth, document.source[element.start : element.inner_start]))
        waiting.extend([(depth + 1, child, apart) for child in reversed(list(element.elements()))])
    return found


def _apart(element: Element, spans: Sequence[Span], starts: Sequence[int]) -> bool:
    """No span touches the element or anything in it, so its tags and theirs are whole."""
    behind = bisect_right(starts, element.start)
    return (behind == len(spans) or starts[behind] >= element.end) and (
        behind == 0 or spans[behind - 1].end <= element.start
    )


def _whole_tags(element: Element, spans: Sequence[Span], starts: Sequence[int]) -> bool:
    """No span begins or ends within one of the element's two tags."""
    for tag in (Span(element.start, element.inner_start), Span(element.inner_end, element.end)):
        first = bisect_right(starts, tag.start)
        if first < len(spans) and starts[first] < tag.end:
            return False
        if first and spans[first - 1].end > tag.start and starts[first - 1] != tag.start:
            return False
    return True
