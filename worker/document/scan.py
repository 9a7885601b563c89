"""Finds the elements of a well-formed body and their places."""

from __future__ import annotations

import re

from worker.document.bounds import MAX_LANDMARKS, TooLarge
from worker.document.landmarks import TAGS, Landmark, is_content
from worker.document.tree import Element

_MARKUP = re.compile(
    rb"""<(?:
        /[^>]*>
      | ([^\s/>!]+) [^"'>]* (?: "[^"]*" [^"'>]* | '[^']*' [^"'>]* )* >
        (?: (?<=/>) () | () [^<]*+ () </[^>]*> )?
      | ! (?: --.*?(?:-->|\Z) | \[CDATA\[.*?(?:\]\]>|\Z) ) ()
    )""",
    re.VERBOSE | re.DOTALL,
)
"""One piece of markup. A start tag is taken with its end tag where only text stands between them: most elements are
like that, and each is one step then. The number of the last group that took part says which piece it is."""

_END = None
_OPEN = 1
_WITH_TEXT = 4
_NO_TAG = 5


class TooDeep(Exception):
    """More elements stand inside each other than was asked for; ``offset`` is where the first one too many begins."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class EndTagAlone(Exception):
    """An end tag closes nothing; ``offset`` is where it stands."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class _Names(dict[bytes, str]):
    """Tag by its bytes; a page uses some thirty, thousands of times."""

    def __missing__(self, written: bytes) -> str:
        self[written] = name = written.decode()
        return name


def scan(source: bytes, max_depth: int) -> tuple[Element, tuple[Landmark, ...]]:
    """A made-up element around everything, and the landmarks in document order.

    Judges nothing: a parser must have found the source well-formed. Raises ``TooDeep``, and ``TooLarge`` where there
    are more landmarks than ``MAX_LANDMARKS``.
    """
    names = _Names()
    landmarks: list[Landmark] = []
    below: list[Element] = []
    root = Element(source, "", 0, 0, len(source), len(source), below)
    open_elements: list[Element] = []
    around: list[list[Element]] = []
    for markup in _MARKUP.finditer(source):
        kind = markup.lastindex
        if kind is _END:
            element = open_elements.pop()
            element.inner_end, element.end = markup.span()
            below = around.pop()
        elif kind != _NO_TAG:
            start, end = markup.span()
            tag = names[markup[1]]
            if len(open_elements) >= max_depth:
                raise TooDeep(start)
            inside: list[Element] = []
            if kind == _WITH_TEXT:
                element = Element(source, tag, start, markup.end(3), markup.end(4), end, ())
            else:
                element = Element(source, tag, start, end, end, end, inside if kind == _OPEN else ())
            below.append(element)
            if tag in TAGS and is_content(open_elements):
                if len(landmarks) == MAX_LANDMARKS:
                    raise TooLarge(f"The page has more than {MAX_LANDMARKS:,} tables, lists and headings. Split it.")
                landmarks.append(Landmark(element, tuple(open_elements)))
            if kind == _OPEN:
                open_elements.append(element)
                around.append(below)
                below = inside
    return root, tuple(landmarks)


def open_tags(source: bytes, offset: int) -> list[tuple[str, int]]:
    """Name and place of the elements that are open at an offset, outermost first; for complaints.

    Before the offset all must be well-formed, except that an end tag may close nothing: raises ``EndTagAlone``.
    """
    found: list[tuple[str, int]] = []
    for markup in _MARKUP.finditer(source, 0, offset):
        if markup.lastindex == _OPEN:
            found.append((markup[1].decode(), markup.start()))
        elif markup.lastindex is _END:
            if not found:
                raise EndTagAlone(markup.start())
            found.pop()
    return found
