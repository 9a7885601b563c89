"""What a reader sees of an element, and how headings are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import lru_cache

from worker.document.tree import Element, TextNode

BLANKS = " \t\r\n\u00a0\u200b\u202f\u2060\ufeff"
"""What counts as white space on a page (seen in stored bodies, as characters or as references)."""

UNSEEN = frozenset({
    "ac:parameter", "ac:adf-attribute", "ac:adf-fallback", "ac:placeholder", "ac:task-id", "ac:task-uuid",
    "ac:task-status", "ac:image", "ac:default-parameter",
})  # fmt: skip
"""Elements whose text no reader sees; ``ac:adf-fallback`` repeats what stands beside it, a placeholder is a hint."""

BLOCKS = frozenset({
    "p", "div", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre",
    "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "ac:task-list", "ac:task", "ac:task-body",
    "ac:rich-text-body", "ac:plain-text-body", "ac:layout-section", "ac:layout-cell", "ac:adf-content",
})  # fmt: skip
"""Elements that stand on lines of their own."""
_VERBATIM = frozenset({"pre", "ac:plain-text-body"})
SPACES = str.maketrans(dict.fromkeys(BLANKS, " "))
_IN_LINE = str.maketrans(dict.fromkeys(BLANKS.replace("\n", ""), " "))
_SHORTNAME = re.compile(r":[\w+-]+:|\((?:tick|cross|warning|info|plus|minus|star)\)")
_OUTLINE_NUMBER = re.compile(r"^\W*(?:[ivx]+|[a-z])[.)]\s+")
_LONGEST_HEADER = 80
_NOT_WORDS = frozenset("\ufe0e\ufe0f\u20e3")


def visible_text(node: Element | TextNode, skip: Collection[Element | TextNode] = ()) -> str:
    """The text a reader sees, blocks and line breaks on lines of their own, other white space collapsed.

    What ``skip`` contains is left out. A mention gives nothing, because the name is not in storage; a date gives its
    ISO form, a status its title, a Jira macro its key, an emoticon its character or ``:name:``, a page link without a
    text of its own the title of that page.
    """
    if not skip:
        while (
            isinstance(node, Element) and node.tag not in _PARTICULAR
        ):  # most cells are one text in a paragraph or two
            inside = node.children
            if len(inside) != 1:
                if not inside:
                    return ""
                break
            node = inside[0]
        if isinstance(node, TextNode):
            text = node.text
            return " ".join((text if text.isascii() else text.translate(SPACES)).split())
    pieces: list[str] = []
    waiting: list[Element | TextNode | str] = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, str):
            pieces.append(here)
        elif here in skip:
            continue
        elif isinstance(here, TextNode):
            pieces.append(here.text.translate(SPACES))
        elif here.tag not in UNSEEN:
            said = spoken(here) if here.tag in SPEAKING else None
            if said is not None:
                pieces.append(said)
                continue
            if here.tag in BLOCKS:
                pieces.append("\n")
                waiting.append("\n")
            if here.tag in _VERBATIM:
                waiting.extend(
                    child.text.translate(_IN_LINE) if isinstance(child, TextNode) else child
                    for child in reversed(here.children)
                )
            else:
                waiting.extend(reversed(here.children))
    return collapse("".join(pieces))


def collapse(text: str) -> str:
    """White space collapsed within each line, empty lines left out."""
    known = text.strip() if text.isascii() else text.translate(_IN_LINE).strip()  # split() knows the blanks of ASCII
    if "\n" not in known:
        return " ".join(known.split())
    lines = (" ".join(line.split()) for line in known.split("\n"))
    return "\n".join(line for line in lines if line)


SPEAKING = frozenset({"time", "ac:emoticon", "ac:structured-macro", "ac:macro", "ac:link"})
"""Elements of which ``spoken`` may have something to say."""
_PARTICULAR = UNSEEN | _VERBATIM | SPEAKING


def spoken(element: Element) -> str | None:
    """What an element shows that does not show its content; None for one that does."""
    match element.tag:
        case "time":
            return element.attrs.get("datetime") or None
        case "ac:emoticon":
            return _emoticon(element.attrs)
        case "ac:structured-macro" | "ac:macro":
            match element.attrs.get("ac:name"):
                case "status":
                    return parameters(element).get("title", "")
                case "jira":
                    return parameters(element).get("key", "")
                case _:
                    return None
        case "ac:link":
            return _link(element)
        case _:
            return None


def parameters(macro: Element) -> dict[str, str]:
    """The parameters of a macro by name, in any order; of a repeated one the first."""
    found: dict[str, str] = {}
    for child in macro.elements():
        if child.tag == "ac:parameter":
            text = "".join(part.text for part in child.children if isinstance(part, TextNode))
            found.setdefault(child.attrs.get("ac:name", ""), " ".join(text.translate(SPACES).split()))
    return found


def normalise(text: str) -> str:
    """A heading or column header reduced to the words that are compared.

    Case, punctuation, emoji, numbering in front and extra white space do not count: ``"🚨 2. Action Items:"`` and
    ``"action items"`` are the same.
    """
    return _recurring(text) if len(text) <= _LONGEST_HEADER else _normalised(text)


def _normalised(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = _OUTLINE_NUMBER.sub("", _SHORTNAME.sub(" ", folded)).translate(_WORD_PARTS).split()
    first = next((place for place, word in enumerate(words) if not word.isdigit()), len(words) - 1)
    return " ".join(words[max(first, 0) :])


_recurring = lru_cache(maxsize=4096)(_normalised)  # headers and headings come back from page to page


class _WordParts(dict[int, str]):
    """By code point: the character in a word, nothing for an invisible one, a space for what separates words."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        if character in _NOT_WORDS or category == "Cf":
            part = " " if character in BLANKS else ""
        else:
            part = character if category[0] in "LNM" else " "
        self[code] = part
        return part


_WORD_PARTS = _WordParts(dict.fromkeys(map(ord, "'’ʼ`"), ""))


def _emoticon(attrs: Mapping[str, str]) -> str:
    fallback = attrs.get("ac:emoji-fallback") or attrs.get("ac:emoji-shortname")
    name = attrs.get("ac:name")
    return fallback or (f":{name}:" if name else "")


def _link(link: Element) -> str | None:
    """A link to a user says nothing; one to a page without a text of its own says the page's title."""
    title = None
    for child in link.elements():
        if child.tag == "ri:user":
            return ""
        if child.tag in {"ac:link-body", "ac:plain-text-link-body"}:
            return None
        if child.tag in {"ri:page", "ri:blog-post"}:
            title = child.attrs.get("ri:content-title")
        elif child.tag == "ri:attachment":
            title = child.attrs.get("ri:filename")
    return title
