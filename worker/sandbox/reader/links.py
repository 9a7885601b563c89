"""Renders what stands inside a line of text: links, smart links, mentions, dates, emoticons and images."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from worker.document.tree import Element, TextNode
from worker.sandbox.reader.resolve import Card, key_in, tone

if TYPE_CHECKING:
    from worker.sandbox.reader.html import Renderer

_SAFE = ("http://", "https://", "mailto:", "#", "/")

_SIGNS = {
    "tick": "✅", "cross": "❌", "warning": "⚠️", "information": "ℹ️", "question": "❓", "smile": "🙂", "sad": "🙁",
    "thumbs-up": "👍", "thumbs-down": "👎", "blue-star": "🔷", "yellow-star": "⭐", "heart": "❤️", "light-on": "💡",
}  # fmt: skip


def text_of(element: Element) -> str:
    """All character data below an element, run together."""
    return "".join(c.text if isinstance(c, TextNode) else text_of(c) for c in element.children)


def anchor(element: Element, renderer: Renderer) -> Markup:
    """An ``<a>``: a smart link to a ticket becomes a card, an address with an unknown scheme becomes plain text."""
    href = element.attrs.get("href", "")
    key = key_in(href)
    if key and "data-card-appearance" in element.attrs and (card := renderer.resolve.card(key)):
        return smart_link(card)
    if not href.startswith(_SAFE):
        return renderer.children(element)
    return Markup('<a href="{}">{}</a>').format(href, renderer.children(element))


def smart_link(card: Card) -> Markup:
    """A ticket as Confluence shows it in a line: key, summary and the status it has now."""
    return Markup('<a class="card" href="{}"><b>{}</b> <span class="summary">{}</span> {}</a>').format(
        card.url, card.key, card.summary, lozenge(card.status, tone(card.category))
    )


def lozenge(title: str, colour: str) -> Markup:
    """A status lozenge in one of Confluence's colours; an unknown one is grey."""
    known = colour.casefold() if colour.casefold() in ("red", "yellow", "green", "blue", "purple") else "grey"
    return Markup('<span class="lozenge {}">{}</span>').format(known, title)


def confluence_link(element: Element, renderer: Renderer) -> Markup:
    """An ``ac:link``: to a person, or to a page, which is shown by its title only."""
    if user := element.find("ri:user"):
        return mention(user, renderer)
    body = element.find("ac:link-body") or element.find("ac:plain-text-link-body")
    target = next((e for e in element.elements() if e.tag.startswith("ri:")), None)
    name = target.attrs.get("ri:content-title") or target.attrs.get("ri:filename") or "" if target else ""
    return Markup('<span class="pagelink">{}</span>').format(renderer.children(body) if body else name)


def account_of(user: Element) -> str:
    """The id by which an ``ri:user`` names a person, whichever deployment wrote it."""
    names = ("ri:account-id", "ri:userkey", "ri:username")
    return next((user.attrs[name] for name in names if user.attrs.get(name)), "")


def mention(user: Element, renderer: Renderer) -> Markup:
    """A person as ``@Name``."""
    name = renderer.resolve.person(account_of(user))
    return Markup('<span class="mention">@{}</span>').format(name or "unknown person")


def written_date(value: str) -> str:
    """An ISO date as Confluence Cloud shows it in English; anything else as it is written."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day:%b} {day.day}, {day.year}"


def date_chip(element: Element) -> Markup:
    """A ``<time>``; its attribute counts, whatever text it holds."""
    return Markup('<span class="date">{}</span>').format(written_date(element.attrs.get("datetime", "")))


def emoticon_text(element: Element) -> str:
    """The character of an emoticon, or its short name where none is known."""
    name = element.attrs.get("ac:name", "")
    fallback, short = (element.attrs.get(f"ac:emoji-{kind}") for kind in ("fallback", "shortname"))
    return fallback or _SIGNS.get(name) or short or f"({name})"


def emoticon(element: Element) -> Markup:
    """An ``ac:emoticon`` as its character."""
    return escape(emoticon_text(element))


def image(element: Element) -> Markup:
    """An image is named, not shown: the sandbox keeps no attachments."""
    inside = next(iter(element.elements()), None)
    name = (inside.attrs.get("ri:filename") or inside.attrs.get("ri:value") or "") if inside else ""
    return Markup('<span class="image">image {}</span>').format(name)
