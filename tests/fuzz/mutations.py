"""Damages pages and mappings: the ways in which sound bytes become others that are nearly sound."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from worker.document.parse import Malformed, parse
from worker.model.item import Span

_TAG = re.compile(r"</?[^<>]*>")
_ATTRIBUTE = re.compile(r'\s[\w:-]+="[^"]*"')
_SCALAR = re.compile(r"[\w.:-]+")

MARKUP = (
    "<", ">", "&", "]]>", "<![CDATA[", "<![CDATA[]]>", "<!--", "-->", "<!-- -->", "<?x ?>", "<!DOCTYPE page>", "&lt;", "&nbsp;",
    "&bogus;", "&#0;", "&#x1F600;", "&#xD800;", "\x00", "\x0b", "\ud800", "\ufeff", "\u200b", "\u202e", "\r", "\n", "é", "😀",
    "PAY-1", "PAY-1 PAY-2", "https://x/browse/PAY-7", "done", "no ticket", "-", "…", "3/4", "2026-12-31", "@Bob, Alice",
    "<p/>", "<p>", "</p>", "<br/>", "<td/>", "<td>", "</td>", "<tr/>", "<tr>", "</tr>", "</table>", "<table>",
    '<td colspan="3">x</td>', '<td rowspan="4"/>', '<td colspan="1000000000" rowspan="1000000000"/>', "<th>Ticket</th>", "<th>Action</th>",
    "<thead>", "<tbody/>", "<h2>Action items</h2>", "<h6/>", "<ul><li>x</li></ul>", "<table><tr><th>Action</th><th>Owner</th></tr><tr><td>a</td><td>b</td></tr></table>",
    "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>incomplete</ac:task-status><ac:task-body>x</ac:task-body></ac:task></ac:task-list>",
    "<ac:task/>", "<ac:task-body/>", "<ac:task-status/>", "<ac:task-status>complete</ac:task-status>", '<time datetime="2026-02-30"/>', '<time datetime="2027-01-15"/>',
    '<ac:link><ri:user ri:account-id="712020:ann"/></ac:link>', '<a href="https://acme.atlassian.net/browse/PAY-9">PAY-9</a>',
    '<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">differs</ac:parameter></ac:structured-macro>',
    '<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">no ticket</ac:parameter></ac:structured-macro> because.',
    '<ac:structured-macro ac:name="jira"><ac:parameter ac:name="key">PAY-3</ac:parameter></ac:structured-macro>',
    '<ac:inline-comment-marker ac:ref="a">', "</ac:inline-comment-marker>", '<ac:inline-comment-marker ac:ref="b">x</ac:inline-comment-marker>',
)  # fmt: skip
"""What is put into pages: every kind of token and of piece that some part of the reader cares about."""

YAML = (
    ":", ": ", "- ", "? ", "\t", "\n", "\n  ", "  ", "#", "&a ", "*a", "*b", "<<: *a", "!!python/object:x ", "!!binary ", "!!set ", "! ",
    "|", ">", "|2-\n", "'", '"', "[", "]", "{", "}", "[]", "{}", ",", "---\n", "...\n", "%YAML 1.1\n---\n", "%TAG ! x:\n", "@", "`", "\x00",
    "\x85", "\u2028", "\ufeff", "\\ud800", "\\UFFFFFFFF", '"\\ud800"', '"\\ud83d\\ude00"', "😀", "null", "~", "true", "yes", "off", "0x1F", "1e999", ".inf", "-.nan", "1_000",
    "0b2", "0o9", "1:20:30", "2026-11-01", "2026-13-45", "9" * 5000, "x" * 5000, "team: A", "pages:", "since: 1", "fields: {a: 1e999}", "default: [x]",
)  # fmt: skip
"""What is put into mappings."""

Chance = random.Random
Mutation = Callable[[str, Chance], str]


def _cut(text: str, chance: Chance) -> tuple[int, int]:
    start = chance.randint(0, len(text))
    return start, min(len(text), start + chance.choice((1, 1, 2, 5, 20, 200)))


def delete(text: str, chance: Chance) -> str:
    start, end = _cut(text, chance)
    return text[:start] + text[end:]


def duplicate(text: str, chance: Chance) -> str:
    start, end = _cut(text, chance)
    return text[:end] + text[start:end] * chance.choice((1, 1, 3)) + text[end:]


def move(text: str, chance: Chance) -> str:
    start, end = _cut(text, chance)
    rest = text[:start] + text[end:]
    at = chance.randint(0, len(rest))
    return rest[:at] + text[start:end] + rest[at:]


def character(text: str, chance: Chance) -> str:
    if not text:
        return text
    at = chance.randrange(len(text))
    return (
        text[:at] + chr(chance.choice((ord(text[at]) ^ 1, ord(text[at]) ^ 32, chance.randrange(256)))) + text[at + 1 :]
    )


def tag(text: str, chance: Chance) -> str:
    """One tag goes, comes twice, or takes another's place."""
    found = list(_TAG.finditer(text))
    if not found:
        return text
    one, other = chance.choice(found), chance.choice(found)
    new = chance.choice(("", one[0] * 2, other[0]))
    return text[: one.start()] + new + text[one.end() :]


def attribute(text: str, chance: Chance) -> str:
    """One attribute goes, comes twice, or takes another's place."""
    found = list(_ATTRIBUTE.finditer(text))
    if not found:
        return text
    one, other = chance.choice(found), chance.choice(found)
    new = chance.choice(("", one[0] * 2, other[0]))
    return text[: one.start()] + new + text[one.end() :]


def element(text: str, chance: Chance) -> str:
    """A whole element goes, comes twice, goes into another, or changes places with another: the page stays well-formed."""
    try:
        document = parse(text)
    except Malformed:
        return tag(text, chance)
    found = [each.span for each in document.root.descendants()]
    if not found:
        return text
    one, other = chance.choice(found), chance.choice(found)
    moved = document.text_of(one)
    match chance.randrange(4):
        case 0:
            return _between(document.source, (one, ""))
        case 1:
            return _between(document.source, (one, moved * 2))
        case 2:
            return _between(document.source, (Span(other.start, other.start), moved))
        case _ if one.end <= other.start:
            return _between(document.source, (one, document.text_of(other)), (other, moved))
        case _:
            return _between(document.source, (other, moved))


def _between(source: bytes, *changes: tuple[Span, str]) -> str:
    done, parts = 0, []
    for span, new in changes:
        parts += [source[done : span.start], new.encode()]
        done = span.end
    return b"".join([*parts, source[done:]]).decode()


def between_tags(text: str, chance: Chance) -> str:
    """Something foreign, at the edge of a tag."""
    found = list(_TAG.finditer(text))
    at = chance.choice(found).end() if found else 0
    return text[:at] + chance.choice(MARKUP) + text[at:]


def markup(text: str, chance: Chance) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(MARKUP) + text[at:]


def yaml(text: str, chance: Chance) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(YAML) + text[at:]


def scalar(text: str, chance: Chance) -> str:
    """One word becomes something else."""
    found = list(_SCALAR.finditer(text))
    if not found:
        return text
    one = chance.choice(found)
    return text[: one.start()] + chance.choice(YAML) + text[one.end() :]


def line(text: str, chance: Chance) -> str:
    """One line goes, comes twice, or is indented otherwise."""
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    at = chance.randrange(len(lines))
    lines[at] = chance.choice(("", lines[at] * 2, "  " + lines[at], lines[at].lstrip(" ")))
    return "".join(lines)


ANY: tuple[Mutation, ...] = (delete, duplicate, move, character)
OF_PAGES: tuple[Mutation, ...] = (*ANY, tag, attribute, *(element, between_tags) * 4, markup)
OF_MAPPINGS: tuple[Mutation, ...] = (*ANY, yaml, yaml, scalar, scalar, line)


def damaged(samples: Sequence[str], ways: Sequence[Mutation], chance: Chance) -> str:
    """A sample, or the halves of two, damaged once or several times."""
    text = chance.choice(samples)
    if chance.random() < 0.1:
        other = chance.choice(samples)
        text = text[: chance.randint(0, len(text))] + other[chance.randint(0, len(other)) :]
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        text = chance.choice(ways)(text, chance)
    return text
