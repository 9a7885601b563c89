"""Reads what people wrote in a cell: tickets and status, owners, dates."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable
from dataclasses import replace

from worker.document.document import Document
from worker.document.pieces import KEY, Break, Opaque, Piece, TicketLink, Words, commented, note_kind, pieces
from worker.document.text import BLOCKS, UNSEEN, collapse, visible_text
from worker.document.tree import Element, TextNode
from worker.model.item import (
    DateAsWritten,
    Lozenge,
    Mention,
    Note,
    OwnCell,
    Owner,
    PickedDate,
    Span,
    WrittenDate,
    WrittenName,
)

_PLAIN_KEY = re.compile(rf"https?://\S{{0,500}}?/browse/({KEY})(?![\w-])\S*|(?<![\w-])({KEY})(?![\w-])")
_SEPARATORS = " \t\n\u00a0,;:/|&+.()[]·•–—-"
_DASHES = frozenset({"-", "--", "–", "—", "…", "..."})
_NAME_ENDS = re.compile(r"[,;/&\n]|\+(?!\S{0,64}@\S{0,64}\.)|\band\b", re.IGNORECASE)
_NOBODY = re.compile(r"(?<!\S)n/a(?!\S)", re.IGNORECASE)
_AROUND_NAMES = " \t@:.–—-|•·"
_NO_NAMES = UNSEEN | {"time", "ac:plain-text-body"}
_MACROS = frozenset({"ac:structured-macro", "ac:macro"})
_LEFT_EMPTY = frozenset({"<p />", "<p/>", "<p></p>", "<p><br /></p>", "<p><br/></p>", "<br />", "<br/>", "&nbsp;"})
"""What the editors leave in a cell in which nothing stands: most own cells, so nobody looks into these."""
_USERS = frozenset({"ac:link", "ri:user"})
_USER_ATTRIBUTES = ("ri:account-id", "ri:userkey", "ri:username")


def own_cell(element: Element, document: Document, writable: bool = True, nested: Collection[Element] = ()) -> OwnCell:
    """A ticket or status cell (or any element that plays one).

    ``span`` is the element's inner span; that of ``<td/>`` is the whole element, which ``edits.fill`` knows how to
    open. It is None when the caller says so, and where a write would remove what the reading does not show: the anchor
    of an inline comment, or a comment in the markup. A cell that says no more than a dash or dots is blank: people put
    them where nothing is to be said, and a write may replace them. What stands in a ``nested`` table is not the
    cell's, and the table is a person's words.
    """
    if document.text_of(element.inner) in _LEFT_EMPTY:
        return OwnCell(span=element.inner if writable else None)
    hidden = commented(element) or element.holds(b"<!--")
    span = None if hidden or not writable else element.span if element.self_closed else element.inner
    tables = [table for table in nested if element.start < table.start < element.end]
    found = read_pieces((*pieces(element.children, tables), *[Opaque("[table]")] * len(tables)), span=span)
    alone = not (found.keys or found.lozenges or found.note)
    return replace(found, rest="") if alone and found.rest in _DASHES else found


def read_pieces(found: Iterable[Piece], span: Span | None) -> OwnCell:
    """Pieces in order as one own cell: a note is recognised first, then links, lozenges and keys in plain text.

    A grey lozenge with a note's title opens a note where a sentence follows; else it is a status like any other, for a
    workflow may call one so.
    """
    keys: list[str] = []
    ways: list[str] = []
    servers: list[str] = []
    lozenges: list[Lozenge] = []
    rest: list[str] = []
    words: list[str] = []
    opened: Lozenge | None = None
    sentence: list[str] = []
    in_note = False
    for piece in [*found, Break.BLOCK]:
        if isinstance(piece, Words):
            (sentence if in_note else words).append(piece.text)
            continue
        in_note = False
        if words:
            plain, other = _plain_keys("".join(words))
            words.clear()
            keys += plain
            rest.append(other)
        match piece:
            case TicketLink(key, way, server):
                keys.append(key)
                ways.append(way)
                servers.append(server)
            case Lozenge() if note_kind(piece) and not "".join(sentence).strip():
                lozenges += [opened] if opened is not None else []
                opened, in_note = piece, True
            case Lozenge():
                lozenges.append(piece)
            case Opaque(label):
                rest.append(label)
            case Break():
                rest.append("\n")
    if keys:
        rest = [part if part == "\n" or part.strip(_SEPARATORS) else " " for part in rest]
    said = collapse("".join(sentence))
    kind = note_kind(opened) if opened is not None else None
    note = Note(kind, said) if kind is not None and said else None
    lozenges += [opened] if opened is not None and note is None else []
    said = collapse(" ".join(rest))
    return OwnCell(_once(keys), tuple(lozenges), note, said, span, ways=_once(ways), servers=_once(servers))


def people(element: Element, skip: Container[Element | TextNode] = ()) -> tuple[Owner, ...]:
    """Owners in the order written, each once: mentions, and names in plain text.

    Names are separated by a comma, semicolon, slash, ampersand, plus, "and" or a new line; a leading ``@`` is dropped.
    The text of a mention's link is no name, and users in the parameters of a macro are not owners.
    """
    found: list[Mention | WrittenName] = []
    words: list[str] = []
    waiting: list[Element | TextNode | str] = list(reversed(element.children))
    while waiting:
        here = waiting.pop()
        if isinstance(here, str):
            words.append(here)
        elif here in skip:
            continue
        elif isinstance(here, TextNode):
            words.append(here.text.replace("\n", " "))
        elif here.tag in _USERS and (mention := _mention(here)):
            found += [*_names(words), mention]
            words.clear()
        elif here.tag in _MACROS:
            waiting.extend(child for child in here.elements() if child.tag == "ac:rich-text-body")
        elif here.tag not in _NO_NAMES:
            if here.tag in BLOCKS:
                words.append("\n")
                waiting.append("\n")
            waiting.extend(reversed(here.children))
    found += _names(words)
    once: dict[str, Mention | WrittenName] = {}
    for owner in found:
        once.setdefault(owner.account if isinstance(owner, Mention) else f"@{owner.text.casefold()}", owner)
    return tuple(once.values())


def dates(element: Element, skip: Collection[Element] = ()) -> tuple[DateAsWritten, ...]:
    """Dates picked in the editor, in order; a cell without any gives its text, if it has one, as a single date.

    What stands in ``skip`` is left out.
    """
    times = [below for below in element.descendants() if below.tag == "time"] if element.holds(b"<time") else []
    own = (each for each in times if not any(other.start < each.start < other.end for other in skip))
    picked = tuple(PickedDate(each.attrs["datetime"]) for each in own if each.attrs.get("datetime"))
    text = "" if picked else visible_text(element, skip)
    return (WrittenDate(text),) if text else picked


def _once(named: Iterable[str]) -> tuple[str, ...]:
    """Each in its order once, without those that say nothing."""
    return tuple(dict.fromkeys(filter(None, named)))


def _plain_keys(text: str) -> tuple[list[str], str]:
    """Keys written as plain text or as a bare address, and what else stands there."""
    keys = [found[1] or found[2] for found in _PLAIN_KEY.finditer(text)]
    return keys, _PLAIN_KEY.sub(" ", text).strip(_SEPARATORS) if keys else text


def _names(words: list[str]) -> list[WrittenName]:
    text = collapse("".join(words))
    if not text:
        return []
    text = _NOBODY.sub("", text)
    return [WrittenName(name) for part in _NAME_ENDS.split(text) if (name := part.strip(_AROUND_NAMES))]


def _mention(element: Element) -> Mention | None:
    """A user link, or a user reference that stands alone; Cloud has account ids, Data Center keys or names."""
    user = element.find("ri:user") if element.tag == "ac:link" else element
    if user is not None and user.tag == "ri:user":
        for name in _USER_ATTRIBUTES:
            if account := user.attrs.get(name):
                return Mention(account)
    return None
