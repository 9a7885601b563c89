"""Reads storage format strictly into a tree that knows every byte's place."""

from __future__ import annotations

import pyexpat
import re

from worker.document.bounds import refuse_huge
from worker.document.characters import NAMED
from worker.document.document import Document
from worker.document.malformed import Malformed, complaint, malformed
from worker.document.scan import TooDeep, scan

__all__ = ["MAX_DEPTH", "Malformed", "parse"]

MAX_DEPTH = 256
"""Elements inside each other; real pages stay below 40, and no walk over a tree can run out of stack."""

_ROOT = b"page"
_ENTITIES = {
    name.encode(): f'<!ENTITY {name} "&#{code};">'.encode()
    for name, code in NAMED.items()
    if name not in {"lt", "gt", "amp", "quot"}  # XML knows these itself
}
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]*);")
_SUFFIX = b"</%b>" % _ROOT


def parse(body: str) -> Document:
    """The body as a document, of which ``render()`` gives the same body again.

    A stored body is a fragment: several roots, undeclared prefixes, the named entities of XHTML 1.0 and no others
    (Atlassian documentation, "Confluence storage format"). Confluence never stores a DOCTYPE or a processing
    instruction, so both are refused; a body cannot declare entities or reach the element that is wrapped around it.

    Expat judges, and a scan that may trust its judgement finds the places. Handing each tag from expat to Python would
    take four times as long as both.

    Raises ``Malformed`` where the body is not well-formed, holds half of a surrogate pair, or nests deeper than
    ``MAX_DEPTH``; ``TooLarge`` where it is larger than any page needs to be.
    """
    try:
        source = body.encode()
    except UnicodeEncodeError as error:
        before = body[: error.start].encode()
        raise malformed(before, len(before), "half of a surrogate pair is not a character") from error
    refuse_huge(source)
    _judge(source)
    try:
        root, landmarks = scan(source, MAX_DEPTH)
    except TooDeep as error:
        raise malformed(source, error.offset, f"elements are nested more than {MAX_DEPTH} deep") from error
    return Document(source, root, landmarks)


def _judge(source: bytes) -> None:
    """Raises ``Malformed`` unless the source is well-formed content of one element."""
    prologue = _prologue(source)
    parser = pyexpat.ParserCreate("UTF-8")

    def refuse(_target: str, _data: str) -> None:
        offset = parser.CurrentByteIndex - len(prologue)
        raise malformed(source, offset, "a processing instruction is not allowed on a page")

    parser.ProcessingInstructionHandler = refuse
    try:
        parser.Parse(prologue, False)
        parser.Parse(source, False)
        parser.Parse(_SUFFIX, True)
    except pyexpat.ExpatError as error:
        raise complaint(source, error, parser.ErrorByteIndex - len(prologue)) from error
    finally:
        parser.ProcessingInstructionHandler = None  # or parser and handler would keep each other in memory


def _prologue(source: bytes) -> bytes:
    """What stands before the body: a root, and of the entities those that the body names, for speed."""
    named = b"".join(_ENTITIES.get(name, b"") for name in set(_NAMED.findall(source)))
    return b"<!DOCTYPE %b [%b]><%b>" % (_ROOT, named, _ROOT)
