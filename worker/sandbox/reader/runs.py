"""Reads a cell, paragraph or task as a sequence of short runs: what text-only views and comparisons are made of."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from worker.document.tree import Element, TextNode
from worker.sandbox.reader import links, macros
from worker.sandbox.reader.resolve import Resolver, key_in, tone


class Look(Enum):
    """What a run is, hence how it looks."""

    TEXT = "text"
    STRONG = "strong"
    CODE = "code"
    MENTION = "mention"
    DATE = "date"
    LINK = "link"
    TICKET = "ticket"
    LOZENGE = "lozenge"
    LIVE = "live status"
    """The status that a smart link shows by itself; it is not on the page."""
    PLACEHOLDER = "placeholder"


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look; ``detail`` is a lozenge's colour, a link's address or a date in ISO form."""

    text: str
    look: Look = Look.TEXT
    detail: str = ""


BREAK = Run("\n")

_BLOCKS = frozenset((
    "p", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "div", "tr", "ac:task",
))  # fmt: skip
_SKIPPED = frozenset((
    "ac:parameter", "ac:adf-attribute", "ac:adf-fallback", "ac:task-id", "ac:task-uuid", "ac:task-status", "colgroup",
))  # fmt: skip


def runs_of(element: Element, resolve: Resolver, skip: Container[Element | TextNode] = ()) -> tuple[Run, ...]:
    """The runs of an element in order, without breaks at either end and without two breaks in a row.

    Of its children those in ``skip`` are left out.
    """
    found: list[Run] = []
    for run in _walk((child for child in element.children if child not in skip), resolve, Look.TEXT):
        if run == BREAK and (not found or found[-1] == BREAK):
            continue
        found.append(run)
    while found and (found[-1] == BREAK or not found[-1].text.strip()):
        found.pop()
    return tuple(found)


def _walk(nodes: Iterable[Element | TextNode], resolve: Resolver, look: Look) -> Iterator[Run]:
    for child in nodes:
        if isinstance(child, TextNode):
            text = " ".join(child.text.split())
            lead = " " if child.text[:1].isspace() and text else ""
            tail = " " if child.text[-1:].isspace() and child.text else ""
            if text or tail:
                yield Run(f"{lead}{text}{tail}", look)
        else:
            yield from _element(child, resolve, look)


def _element(element: Element, resolve: Resolver, look: Look) -> Iterator[Run]:
    match element.tag:
        case tag if tag in _SKIPPED:
            return
        case "br":
            yield BREAK
        case "time":
            value = element.attrs.get("datetime", "")
            yield Run(links.written_date(value), Look.DATE, value)
        case "ri:user":
            yield _person(element, resolve)
        case "ac:link":
            user = element.find("ri:user")
            yield _person(user, resolve) if user else Run(links.text_of(element), Look.LINK)
        case "a":
            yield from _anchor(element, resolve)
        case "ac:emoticon":
            yield Run(links.emoticon_text(element), look)
        case "ac:placeholder":
            yield Run(links.text_of(element), Look.PLACEHOLDER)
        case "ac:structured-macro" | "ac:macro":
            yield from _macro(element, resolve, look)
        case "strong" | "b" | "th":
            yield from _walk(element.children, resolve, Look.STRONG)
        case "code" | "pre":
            yield from _walk(element.children, resolve, Look.CODE)
        case tag if tag in _BLOCKS:
            yield BREAK
            yield from _walk(element.children, resolve, look)
            yield BREAK
        case _:
            yield from _walk(element.children, resolve, look)


def _person(user: Element, resolve: Resolver) -> Run:
    account = links.account_of(user)
    return Run(f"@{resolve.person(account) or 'unknown person'}", Look.MENTION, account)


def _anchor(element: Element, resolve: Resolver) -> Iterator[Run]:
    href = element.attrs.get("href", "")
    key = key_in(href)
    if key and "data-card-appearance" in element.attrs:
        yield from _ticket(key, href, resolve)
    else:
        yield Run(links.text_of(element), Look.LINK, href)


def _ticket(key: str, url: str, resolve: Resolver) -> Iterator[Run]:
    yield Run(key, Look.TICKET, url)
    if card := resolve.card(key):
        yield Run(card.status, Look.LIVE, tone(card.category))


def _macro(macro: Element, resolve: Resolver, look: Look) -> Iterator[Run]:
    match macros.name_of(macro):
        case "status":
            colour = macros.parameter(macro, "colour").lower() or "grey"
            yield Run(macros.parameter(macro, "title"), Look.LOZENGE, colour)
        case "jira":
            yield from _ticket(macros.parameter(macro, "key"), "", resolve)
        case _:
            for name in ("ac:rich-text-body", "ac:plain-text-body"):
                if body := macro.find(name):
                    yield BREAK
                    yield from _walk(body.children, resolve, look)
                    yield BREAK


def as_text(runs: tuple[Run, ...]) -> str:
    """The runs as one plain text: what is written on the page, without the live status of smart links."""
    return "".join(run.text for run in runs if run.look is not Look.LIVE).strip()
