"""The tree is the one that a parser would build which hands over every tag."""

from __future__ import annotations

import pyexpat
from collections.abc import Iterator
from html.entities import name2codepoint

from hypothesis import example, given
from hypothesis import strategies as st

from tests.document.storage_pages import MadePage, storage_pages
from worker.document.parse import parse
from worker.document.tree import Element, TextNode

Event = tuple[str, int, str | dict[str, str]]

_MARKUP = st.sampled_from([
    "<br/>", "<x y=\"a>b\" z='&quot;\n\r\n\t&#10;&#13;'/>", "<é é='1' />", "<!-- x <p> -->", "<!---->", "a", "&amp;",
    "<![CDATA[<i>]]]]><![CDATA[>]]>", "<![CDATA[]]>", "<![CDATA[a\r\nb]]>", "&nbsp;", "&#x1F600;", "&apos;", "\r\n",
    "\r", " ", "\n", ">", "'", '"', "/", "é", "]] ", "=",
])  # fmt: skip
_AROUND = st.sampled_from([
    ("<p>", "</p>"), ("<td a='1'>", "</td >"), ("<table\n>", "</table\n>"), ('<ac:a ac:name="é&lt;">', "</ac:a>"),
])  # fmt: skip
_BODIES = st.recursive(
    st.lists(_MARKUP, max_size=3).map("".join),
    lambda inner: st.lists(st.tuples(_AROUND, inner).map(lambda made: f"{made[0][0]}{made[1]}{made[0][1]}")).map(
        "".join
    ),
    max_leaves=12,
)


@given(_BODIES)
@example("<a><b/>x<c>y</c></a>")
def test_a_body_is_read_as_the_parser_reads_it(body: str) -> None:
    """Names, attributes, texts and their places are those of expat's own events, in the same order."""
    assert list(_told(body.encode())) == list(_read(parse(body).root))


@given(storage_pages())
def test_a_page_is_read_as_the_parser_reads_it(page: MadePage) -> None:
    """So it is with what stands on pages."""
    assert list(_told(page.body.encode())) == list(_read(parse(page.body).root))


def _read(element: Element) -> Iterator[Event]:
    for child in element.children:
        if isinstance(child, TextNode):
            yield "text", -1, child.text
        else:
            yield f"<{child.tag}", child.start, dict(child.attrs)
            yield from _read(child)
            yield f"</{child.tag}", child.end if child.self_closed else child.inner_end, ""


def _told(source: bytes) -> Iterator[Event]:
    """What expat calls for the source, texts joined."""
    named = "".join(f'<!ENTITY {name} "&#{code};">' for name, code in name2codepoint.items() if code > 127)
    before = f"<!DOCTYPE all [{named}]><all>".encode()
    parser = pyexpat.ParserCreate("UTF-8")
    events: list[Event] = []

    def place() -> int:
        return parser.CurrentByteIndex - len(before)

    parser.StartElementHandler = lambda tag, attrs: events.append((f"<{tag}", place(), attrs))
    parser.EndElementHandler = lambda tag: events.append((f"</{tag}", place(), ""))
    parser.CharacterDataHandler = lambda text: events.append(("text", -1, text))
    parser.Parse(before + source + b"</all>", True)
    texts: list[str] = []
    for kind, at, what in events[1:]:
        if kind == "text":
            texts.append(str(what))
            continue
        if texts:
            yield "text", -1, "".join(texts)
            texts.clear()
        if (kind, at) != ("</all", len(source)):
            yield kind, at, what
