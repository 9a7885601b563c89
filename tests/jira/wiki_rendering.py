"""What a reader sees of Jira's wiki markup, by the rules of its text formatting help; strict where the help is vague."""

from __future__ import annotations

import html
import re

_PRIVATE = 0xE000
"""Where characters are kept that markup can no longer touch: the private area of Unicode, from here on."""
_MACRO = re.compile(r"\{[a-zA-Z]+[^{}\n]*\}")
_LINK = re.compile(r"\[([^\[\]\n|]+)\|([^\[\]\n|]+)\]|\[([^\[\]\n|]+)\]")
_ADDRESS = re.compile(r"(?:(?:https?|ftp|file)://|mailto:)[^\s\[\]|{}]+")
_IMAGE = re.compile(r"!\S[^!\n]*!")
_CITATION = re.compile(r"\?\?.+?\?\?")
_EMOTICON = re.compile(r":\)|:\(|:P|:D|;\)|:-\)|;-\)|:\||\((?:y|n|i|/|x|!|\+|-|\?|on|off|\*[rgby]?|flag|flagoff)\)")
_PHRASE = re.compile(r"(?<![^\W_])([*_+^~-])(?=\S)(.+?)(?<=\S)\1(?![^\W_])")
_DASHES = re.compile(r"(?<!-)-{2,3}(?!-)")
_RULE = re.compile(r"^\s*-{4,}\s*$")
_LINE_START = re.compile(r"^\s*(?:h[1-6]\.|bq\.|[*#-]+\s|\|)")


def shown(markup: str) -> str:
    """The text that is shown, lines kept, without marks of lists; whatever markup did is done to it."""
    kept: list[str] = []

    def keep(text: str) -> str:
        kept.append(text)
        return chr(_PRIVATE + len(kept) - 1)

    def escaped(found: re.Match[str]) -> str:
        return keep(found[1])

    text = re.sub(r"\\\\(?=\s|$)", "\n", markup)
    text = re.sub(r"\\([!-/:-@\[-`{-~])", escaped, text)
    text = re.sub(r"&#?\w+;", lambda found: keep(html.unescape(found[0])), text)
    text = _MACRO.sub("", text)
    text = _LINK.sub(lambda found: keep(found[1] or found[3]), text)
    text = _ADDRESS.sub(lambda found: keep(found[0]), text)
    lines = [_line(line) for line in text.split("\n")]
    seen = "\n".join(lines)
    for number in range(len(kept) - 1, -1, -1):
        seen = seen.replace(chr(_PRIVATE + number), kept[number])
    return seen


def _line(line: str) -> str:
    line = re.sub(r"^\* ", "", line)
    if _RULE.match(line):
        return "<rule>"
    line = _LINE_START.sub("<block>", line)
    line = _IMAGE.sub("<image>", line)
    line = _CITATION.sub("<citation>", line)
    line = _EMOTICON.sub("<emoticon>", line)
    line = _PHRASE.sub(r"<\2>", line)
    line = _DASHES.sub("<dash>", line)
    return re.sub(r"[|]", "<cell>", line)
