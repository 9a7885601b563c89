"""Tells whether a place of the page stands under a heading that announces action items."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
_LOOKING_BACK = frozenset({"taken", "performed", "timeline", "log", "history", "previous", "executed", "did", "done"})
"""Words of headings over what was done already: “Actions taken”, “Previous action items”."""


def announcing(texts: Iterable[str], names: tuple[str, ...]) -> str | None:
    """The first of these heading texts that announces action items, as written.

    A heading does when it is one of the names, when a name of several words stands somewhere in it (“Corrective &
    preventative action items”), or when a name of one word is all it says beside filling words (“Open actions”).
    """
    return next((text for text in texts if text and _announces(text, names)), None)


def headings_over(element: Element, ancestors: Sequence[Element], sections: Sections) -> Iterator[str]:
    """What is written over a table or task list, nearest first.

    The headings that enclose it, up to the page's first level, then the titles of the expands, panels and other macros
    that it stands in.
    """
    yield from reversed(sections.path(element.start))
    for around in reversed(ancestors):
        if around.tag in {"ac:structured-macro", "ac:macro"}:
            yield parameters(around).get("title", "")


@lru_cache(maxsize=4096)
def _announces(text: str, names: tuple[str, ...]) -> bool:
    heading = normalise(text)
    words = heading.split()
    if not words or not _LOOKING_BACK.isdisjoint(words):
        return False
    for name in map(normalise, names):
        if heading == name:
            return True
        if " " in name and f" {name} " in f" {heading} ":
            return True
        if name in words and _WORDS_BESIDE.union(_single(names)).issuperset(words):
            return True
    return False


@lru_cache(maxsize=64)
def _single(names: tuple[str, ...]) -> frozenset[str]:
    """The words of all names: “Remediation and follow-up” says two of them."""
    return frozenset(word for name in names for word in normalise(name).split())
