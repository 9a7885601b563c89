"""Recognises what can stand in a cell or task: ticket links, lozenges, words, and what text does not show."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from worker.document.text import BLOCKS, SPACES, SPEAKING, UNSEEN, parameters, spoken
from worker.document.tree import Element, TextNode
from worker.model.item import Lozenge, NoteKind

KEY = r"[A-Z][A-Z0-9_]+-[1-9][0-9]*"
"""A ticket key. Data Center lets an administrator change the pattern; this is the one both products come with."""

_WHOLE_KEY = re.compile(KEY)
_ADDRESS = re.compile(
    rf"/(?:browse|issues)/(?P<path>{KEY})(?=[/?#]|$)|[?&]selectedIssue=(?P<query>{KEY})(?=[&#]|$)", re.IGNORECASE
)
_WAY = re.compile(r"https?://(?:[^/?#@]*@)?([^/?#].*)", re.IGNORECASE)
_SEEN_THROUGH = (BLOCKS - {"table", "hr", "ac:task-list"}) | {
    "abbr", "acronym", "b", "big", "cite", "code", "dfn", "del", "em", "font", "i", "ins", "kbd", "label", "mark",
    "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "col", "colgroup", "time",
    "ac:inline-comment-marker", "ac:link-body", "ac:plain-text-link-body", "ac:adf-extension", "ac:adf-mark",
    "ac:adf-fragment-mark", "ac:layout", "ri:page", "ri:blog-post", "ri:attachment", "ri:space", "ri:url",
    "ri:content-entity", "ri:shortcut",
}  # fmt: skip
_MACROS = frozenset({"ac:structured-macro", "ac:macro"})
_LINK_BODIES = frozenset({"ac:link-body", "ac:plain-text-link-body"})


@dataclass(frozen=True, slots=True)
class TicketLink:
    """A Jira macro, smart link or browse link that names one ticket."""

    key: str
    way: str = ""
    """Whose Jira the link leads to: host, port and all that stands before the key, in lower case; ``""`` for macros and
    links without a host."""
    server: str = ""
    """Whose Jira the macro names: the id of Confluence's application link, in lower case; ``""`` for links, and for
    macros without an id, which show the primary Jira."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """Something that text does not show, by a name for people such as ``[image]``."""

    label: str


@dataclass(frozen=True, slots=True)
class Words:
    """Text as it stands; white space is spaces, not collapsed."""

    text: str


class Break(Enum):
    """Where one block ends or another begins."""

    BLOCK = "block"


Piece = TicketLink | Lozenge | Opaque | Words | Break


def pieces(nodes: Sequence[Element | TextNode], skip: Container[Element | TextNode] = ()) -> Iterator[Piece]:
    """What the nodes hold, in order; what ``skip`` contains is passed over."""
    waiting: list[Element | TextNode | Break] = list(reversed(nodes))
    while waiting:
        here = waiting.pop()
        if isinstance(here, Break):
            yield here
        elif here in skip:
            continue
        elif isinstance(here, TextNode):
            yield Words(here.text.translate(SPACES))
        elif here.tag in UNSEEN and here.tag != "ac:image":
            continue
        else:
            whole = recognise(here)
            if whole is not None:
                yield whole
            if isinstance(whole, TicketLink | Lozenge) or here.tag in _MACROS or here.tag == "ac:image":
                continue
            said = spoken(here) if here.tag in SPEAKING else None
            if said is not None:
                yield Words(said)
                continue
            if here.tag in BLOCKS:
                yield Break.BLOCK
                waiting.append(Break.BLOCK)
            waiting.extend(reversed(here.children))


def recognise(element: Element) -> TicketLink | Lozenge | Opaque | None:
    """What an element is as a whole; None for one that is no more than what stands in it."""
    if element.tag in _SEEN_THROUGH:
        return None
    match element.tag:
        case "a":
            return _addressed(element.attrs.get("href", ""))
        case "ac:structured-macro" | "ac:macro":
            return _macro(element)
        case "ac:adf-node":
            return _node(element)
        case "ac:link":
            return _link(element)
        case "ac:image" | "img":
            return Opaque("[image]")
        case "ri:user":
            return Opaque("[mention]")
        case "ac:emoticon":
            return None if spoken(element) else Opaque("[emoticon]")
        case tag:
            return Opaque(f"[{tag.removeprefix('ac:')}]")


def note_kind(lozenge: Lozenge) -> NoteKind | None:
    """Which note a lozenge opens: a grey one titled with the note's name, in any case."""
    title = " ".join(lozenge.title.split()).casefold()
    return next((kind for kind in NoteKind if lozenge.colour == "grey" and title == kind.value), None)


def commented(element: Element) -> bool:
    """An inline comment is anchored in the element, and would be lost if that were rewritten."""
    return element.holds(b"<ac:inline-comment-marker") and any(
        below.tag == "ac:inline-comment-marker" for below in element.descendants()
    )


def _addressed(address: str) -> TicketLink | None:
    """Jira shows a ticket at ``/browse/KEY``, and on boards and lists at ``selectedIssue=KEY`` or ``/issues/KEY``."""
    found = _ADDRESS.search(address.strip())
    if found is None:
        return None
    shown_as = "path" if found["path"] else "query"
    way = _WAY.match(address.strip()[: found.start(shown_as)])
    return TicketLink(found[shown_as].upper(), way[1].lower() if way else "")


def _macro(macro: Element) -> TicketLink | Lozenge | Opaque:
    """A status or a key; with anything but plain parameters inside, which a write would lose, it is a person's."""
    name = macro.attrs.get("ac:name", "")
    if any(child.tag != "ac:parameter" or any(child.elements()) for child in macro.elements()):
        return Opaque(f"[macro {name}]")
    given = parameters(macro)
    match name:
        case "status":
            # `color` is what hand-written pages say by mistake; Confluence itself writes `colour` or nothing (grey).
            colour = given.get("colour") or given.get("color") or "grey"
            return Lozenge(given.get("title", ""), colour.casefold())
        case "jira" if "jqlQuery" not in given and _WHOLE_KEY.fullmatch(given.get("key", "").upper()):
            return TicketLink(given["key"].upper(), server=given.get("serverId", "").lower())
        case _:
            return Opaque(f"[macro {name}]")


def _node(node: Element) -> TicketLink | Opaque:
    """A node of the new editor; inline, block and embedded cards carry their address as attribute ``url``."""
    kind = node.attrs.get("type", "")
    if kind.casefold().endswith("card"):
        for attribute in node.elements():
            if attribute.tag == "ac:adf-attribute" and attribute.attrs.get("key") == "url":
                address = "".join(part.text for part in attribute.children if isinstance(part, TextNode))
                return _addressed(address) or Opaque("[card]")
    return Opaque(f"[{kind or 'node'}]")


def _link(link: Element) -> Opaque | None:
    if any(child.tag == "ri:user" for child in link.elements()):
        return Opaque("[mention]")
    if spoken(link) or any(child.tag in _LINK_BODIES for child in link.elements()):
        return None
    return Opaque("[link]")
