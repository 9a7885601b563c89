"""Tells whether a place of the page stands under a heading that announces action items."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from worker.document.headings import Sections
from worker.document.text import normalise, parameters
from worker.document.tree import Element

_WORDS_BESIDE = frozenset({
    "and", "or", "the", "our", "any", "all", "new", "open", "for", "of", "from", "to", "this", "incident", "outage",
    "items", "list", "table", "owners", "required", "planned", "recommended", "proposed", "suggested", "short", "long",
    "medium", "mid", "term", "immediate", "further", "future", "additional", "improvement", "improvements",
    "post", "mortem", "postmortem", "retrospective", "corrective", "preventive", "preventative", "capa",
})  # fmt: skip
"""What may stand beside a one-word name without changing what the heading announces."""
_BESIDE = frozenset(word.removesuffix("s") for word in _WORDS_BESIDE)
_LOOKING_BACK = frozenset({"taken", "performed", "timeline", "log", "history", "previous", "executed", "did", "done"})
"""Words of headings over what was done already: “Actions taken”, “Previous action items”."""
_PLURAL = re.compile(r"\(s\)", re.IGNORECASE)


def announcing(texts: Iterable[str], names: tuple[str, ...]) -> str | None:
    """The nearest of these texts that announces action items, as written; they come nearest first.

    A heading does when it is one of the names, when a name of several words stands somewhere in it (“Corrective &
    preventative action items”), or when a name of one word is all it says beside filling words (“Open actions”). One
    that speaks of what was done already takes back what the headings around it announce.
    """
    for text in texts:
        verdict = _announces(text, names)
        if verdict is not None:
            return text if verdict else None
    return None


@dataclass(frozen=True, slots=True)
class Title:
    """What is written over a place of the page."""

    start: int
    text: str
    heading: bool
    """False: the title of an expand, panel or other macro around it."""


def titles_over(element: Element, ancestors: Sequence[Element], sections: Sections) -> tuple[Title, ...]:
    """What is written over a table or list, nearest first.

    The headings that enclose it, up to the page's first level, and the titles of the macros that it stands in.
    """
    headings = (Title(each.start, each.text, heading=True) for each in sections.over(element.start))
    macros = (
        Title(around.start, title, heading=False)
        for around in ancestors
        if around.tag in {"ac:structured-macro", "ac:macro"} and (title := parameters(around).get("title"))
    )
    return tuple(sorted((*headings, *macros), key=lambda title: title.start, reverse=True))


def section(over: Iterable[Title], names: tuple[str, ...]) -> str:
    """Where people say that something stands: the nearest heading, or a nearer macro title that announces action items.

    ``""`` when neither is there.
    """
    return next((each.text for each in over if each.heading or _announces(each.text, names)), "")


@lru_cache(maxsize=4096)
def _announces(text: str, names: tuple[str, ...]) -> bool | None:
    """Whether a heading announces action items or takes that back; None when it does neither."""
    plain = _PLURAL.sub("s", text)
    heading = _singular(plain)
    words = heading.split()
    known = [name for name in map(_singular, names) if name]
    if heading in known:
        return True
    if not _LOOKING_BACK.isdisjoint(normalise(plain).split()):
        return False
    if any(" " in name and f" {name} " in f" {heading} " for name in known):
        return True
    beside = _BESIDE.union(*(name.split() for name in known))
    return True if not set(known).isdisjoint(words) and beside.issuperset(words) else None


def _singular(text: str) -> str:
    """Normalised, each word without the s that makes plurals: “Action item” and “Action items” are the same."""
    return " ".join(word.removesuffix("s") for word in normalise(text).split())
