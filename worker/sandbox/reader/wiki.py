"""Renders a ticket's description in Jira's wiki markup as safe HTML, by the rules of its text formatting help."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from itertools import groupby

from markupsafe import Markup, escape

_RAW = re.compile(r"\{(noformat|code)(?::[^}]*)?\}(.*?)\{\1\}", re.DOTALL)
_HEADING = re.compile(r"h([1-6])\.\s+(.*)", re.DOTALL)
_BULLET = re.compile(r"[ \t]*([*#-])[*#]*\s+(.*)")
_RULE = re.compile(r"-{4,}")
_PIECES = re.compile(
    r"\\\\(?=\s|$)(?P<break>)"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<entity>&#?\w+;)"
    r"|\{\{(?P<mono>[^{}]+)\}\}"
    r"|\{(?P<macro>[a-zA-Z]+)[^{}\n]*\}"
    r"|\[~(?P<person>[^\]\n]+)\]"
    r"|\[(?:(?P<words>[^\[\]|\n]+)\|)?(?P<target>[^\[\]|\n]+)\]"
    r"|(?P<address>(?:https?://|mailto:)[^\s\[\]|{}\\]*[^\s\[\]|{}\\.,;:)])"
    r"|(?<![^\W_])(?P<mark>[*_+^~-])(?=\S)(?P<marked>[^\n]*?\S)(?P=mark)(?![^\W_])"
)
_MARKS = {"*": "strong", "_": "em", "+": "ins", "^": "sup", "~": "sub", "-": "del"}
_ADDRESS = re.compile(r"(?:https?://|mailto:|/|#)")

Person = Callable[[str], str | None]


def render_wiki(text: str, person: Person) -> Markup:
    """The markup as HTML; ``person`` gives the display name of a user name. An unknown macro leaves a box behind."""
    shown: list[Markup] = []
    at = 0
    for raw in _RAW.finditer(text):
        shown += _blocks(text[at : raw.start()], person)
        shown.append(Markup("<pre>{}</pre>").format(raw[2].strip("\n")))
        at = raw.end()
    return Markup("").join([*shown, *_blocks(text[at:], person)])


def _blocks(text: str, person: Person) -> Iterator[Markup]:
    for block in re.split(r"\n[ \t]*\n", text.strip("\n")):
        for kind, lines in groupby(block.split("\n"), _kind):
            yield from _run(kind, "\n".join(lines), person)


def _kind(line: str) -> str:
    if _RULE.fullmatch(line.strip()):
        return "rule"
    if bullet := _BULLET.match(line):
        return "ol" if bullet[1] == "#" else "ul"
    return "heading" if _HEADING.match(line) else "quote" if line.startswith("bq. ") else "text"


def _run(kind: str, text: str, person: Person) -> Iterator[Markup]:
    lines = text.split("\n")
    match kind:
        case "rule":
            yield Markup("<hr>")
        case "ol" | "ul":
            found = (_BULLET.match(line) for line in lines)
            items = Markup("").join(Markup("<li>{}</li>").format(_inline(each[2], person)) for each in found if each)
            yield (Markup("<ol>{}</ol>") if kind == "ol" else Markup("<ul>{}</ul>")).format(items)
        case "heading":
            for line in lines:
                yield Markup("<h3>{}</h3>").format(_inline(_HEADING.sub(r"\2", line), person))
        case "quote":
            for line in lines:
                yield Markup("<blockquote>{}</blockquote>").format(_inline(line.removeprefix("bq. "), person))
        case _:
            if text.strip():
                yield Markup("<p>{}</p>").format(Markup("<br>").join(_inline(line, person) for line in lines))


def _inline(text: str, person: Person) -> Markup:
    shown: list[Markup] = []
    at = 0
    for found in _PIECES.finditer(text):
        shown += [escape(text[at : found.start()]), _piece(found, person)]
        at = found.end()
    return Markup("").join([*shown, escape(text[at:])])


def _piece(found: re.Match[str], person: Person) -> Markup:
    match found.lastgroup:
        case "break":
            return Markup("<br>")
        case "escaped":
            return escape(found["escaped"])
        case "entity":
            return escape(html.unescape(found["entity"]))
        case "mono":
            return Markup("<code>{}</code>").format(found["mono"])
        case "macro":
            return Markup('<span class="macro">{} macro</span>').format(found["macro"])
        case "person":
            return Markup('<span class="mention">@{}</span>').format(person(found["person"]) or "unknown person")
        case "target":
            words = _inline(found["words"], person) if found["words"] else escape(found["target"])
            return _link(found["target"], words)
        case "address":
            return _link(found["address"], escape(found["address"]))
        case _:
            tag = Markup(_MARKS[found["mark"]])  # noqa: S704 — one of the table above
            return Markup("<{0}>{1}</{0}>").format(tag, _inline(found["marked"], person))


def _link(target: str, words: Markup) -> Markup:
    if _ADDRESS.match(target) is None:
        return words
    return Markup('<a href="{}">{}</a>').format(html.unescape(target), words)
