"""Reads storage format strictly into a tree that knows every byte's place."""

from __future__ import annotations

import pyexpat
import re
from html.entities import name2codepoint

from worker.document.document import Document
from worker.document.landmarks import TAGS, Landmark, is_content
from worker.document.tree import Element, TextNode

MAX_DEPTH = 256
"""Elements inside each other; real pages stay below 40, and no walk over a tree can run out of stack."""

_ROOT = b"page"
_ENTITIES = {
    name.encode(): f'<!ENTITY {name} "&#{code};">'.encode()
    for name, code in name2codepoint.items()
    if name not in {"lt", "gt", "amp", "quot"}  # XML knows these itself
}
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]*);")
_SUFFIX = b"</%b>" % _ROOT
_TAG = re.compile(rb"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")
_REFERENCE = re.compile(rb"&[^;\s<]{0,40};?")
_SLASH = ord("/")


class Malformed(Exception):
    """The body is not well-formed storage format, so none of its places can be trusted.

    ``line`` and ``column`` count from 1, in characters, in the body's own lines.
    """

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(reason, line, column)
        self.reason = reason
        self.line = line
        self.column = column

    @property
    def where(self) -> str:
        """Place and reason, without advice."""
        return f"line {self.line}, column {self.column}: {self.reason}"

    def __str__(self) -> str:
        return (
            f"The page body is not well-formed at {self.where}. "
            "Open the page in the editor, repair that place and publish it."
        )


def parse(body: str) -> Document:
    """The body as a document, of which ``render()`` gives the same body again.

    A stored body is a fragment: several roots, undeclared prefixes, the named entities of XHTML 1.0 and no others
    (Atlassian documentation, "Confluence storage format"). Confluence never stores a DOCTYPE or a processing
    instruction, so both are refused; a body cannot declare entities or reach the element that is wrapped around it.

    Raises ``Malformed`` where the body is not well-formed, holds half of a surrogate pair, or nests deeper than
    ``MAX_DEPTH``.
    """
    try:
        source = body.encode()
    except UnicodeEncodeError as error:
        raise _malformed(body[: error.start].encode(), "half of a surrogate pair is not a character") from error
    return _Reader(source).read()


class _Reader:
    """One run of the event parser over one body."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.root = Element("", {}, 0, 0, len(source), len(source))
        self.open = [self.root]
        self.landmarks: list[Landmark] = []
        self.prologue = _prologue(source)

    def read(self) -> Document:
        parser = pyexpat.ParserCreate("UTF-8")
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        parser.Parse(self.prologue, False)
        self._listen(parser)
        try:
            parser.Parse(self.source, False)
            parser.Parse(_SUFFIX, True)
        except pyexpat.ExpatError as error:
            raise self._explain(error, parser.ErrorByteIndex - len(self.prologue)) from error
        return Document(self.source, self.root, tuple(self.landmarks))

    def _listen(self, parser: pyexpat.XMLParserType) -> None:
        """Hands every event a closure: attribute look-ups on ``self`` would double the time of a large page."""
        source, stack, base = self.source, self.open, len(self.prologue)
        length = len(source)
        find, tag_at = source.find, _TAG.match
        children = self.root.children
        landmarks = self.landmarks
        texts: list[str] = []
        mark = 0

        def start(tag: str, attrs: dict[str, str]) -> None:
            nonlocal children, mark
            at = parser.CurrentByteIndex - base
            if texts:
                children.append(TextNode("".join(texts), mark, at))
                texts.clear()
            if attrs:
                found = tag_at(source, at)
                mark = found.end() if found else length
            else:
                mark = find(b">", at) + 1
            if len(stack) > MAX_DEPTH:
                raise _malformed(source[:at], f"elements are nested more than {MAX_DEPTH} deep")
            element = Element(tag, attrs, at, mark, -1, -1, [])
            children.append(element)
            if tag in TAGS and is_content(around := stack[1:]):
                landmarks.append(Landmark(element, tuple(around)))
            stack.append(element)
            children = element.children

        def end(_tag: str) -> None:
            nonlocal children, mark
            at = parser.CurrentByteIndex - base
            if texts:
                children.append(TextNode("".join(texts), mark, at))
                texts.clear()
            element = stack.pop()
            if not stack:
                if at < length:
                    raise _malformed(source[:at], "this end tag closes nothing")
                return
            children = stack[-1].children
            if source[mark - 2] == _SLASH and mark == element.inner_start:
                element.inner_end = element.end = mark
                return
            element.inner_end = at
            mark = element.end = find(b">", at) + 1

        def instruction(_target: str, _data: str) -> None:
            at = parser.CurrentByteIndex - base
            raise _malformed(source[:at], "a processing instruction is not allowed on a page")

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = texts.append
        parser.ProcessingInstructionHandler = instruction

    def _explain(self, error: pyexpat.ExpatError, offset: int) -> Malformed:
        """The parser's complaint in words that name the element or reference concerned."""
        if error.code == pyexpat.errors.codes[pyexpat.errors.XML_ERROR_TAG_MISMATCH]:
            offset -= len("</")  # the parser points at the name
        offset = max(0, min(offset, len(self.source)))
        before = self.source[:offset]
        innermost = self.open[-1] if self.open else self.root
        match pyexpat.errors.messages.get(error.code):
            case pyexpat.errors.XML_ERROR_TAG_MISMATCH if innermost is self.root:
                reason = "this end tag closes nothing"
            case pyexpat.errors.XML_ERROR_TAG_MISMATCH:
                line, _ = _position(self.source[: innermost.start])
                what = "the page ends" if offset == len(self.source) else "another element is closed"
                reason = f"{what} while <{innermost.tag}> from line {line} is still open"
            case pyexpat.errors.XML_ERROR_UNDEFINED_ENTITY:
                reference = _REFERENCE.search(self.source, offset)
                name = reference.group().decode(errors="replace") if reference else "the reference"
                reason = f"{name} is not an entity that Confluence knows"
            case message:
                reason = f"the parser says “{message}”"
        return _malformed(before, reason)


def _prologue(source: bytes) -> bytes:
    """What stands before the body: a root, and of the entities those that the body names, for speed."""
    named = b"".join(_ENTITIES.get(name, b"") for name in set(_NAMED.findall(source)))
    return b"<!DOCTYPE %b [%b]><%b>" % (_ROOT, named, _ROOT)


def _malformed(before: bytes, reason: str) -> Malformed:
    return Malformed(reason, *_position(before))


def _position(before: bytes) -> tuple[int, int]:
    """Line and column of the place behind these bytes."""
    line_start = before.rfind(b"\n") + 1
    return before.count(b"\n") + 1, len(before[line_start:].decode(errors="ignore")) + 1
