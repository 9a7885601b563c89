"""What a browser is shown of a storage body."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from worker.model.ticket import Category
from worker.sandbox.reader.html import Decoration, render_storage
from worker.sandbox.reader.resolve import Card


class Known:
    """A resolver that knows one person and one ticket."""

    def person(self, account: str) -> str | None:
        """Ada, by either id."""
        return {"557058:a": "Ada <Lovelace>", "8a7f": "Ada <Lovelace>"}.get(account)

    def card(self, key: str) -> Card | None:
        """PAY-1, which is in progress."""
        return Card(key, "Fix & test", "In Review", Category.DOING, f"/browse/{key}") if key == "PAY-1" else None


def shown(body: str) -> str:
    """The body as HTML, without the decoration of the reader."""
    return str(render_storage(body, Known()))


def macro(name: str, inside: str) -> str:
    """A structured macro as Confluence stores it."""
    return f'<ac:structured-macro ac:name="{name}">{inside}</ac:structured-macro>'


def status(title: str, colour: str) -> str:
    """A status macro as Confluence stores it."""
    parameters = (("title", title), ("colour", colour))
    return macro(
        "status", "".join(f'<ac:parameter ac:name="{name}">{text}</ac:parameter>' for name, text in parameters)
    )


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes the tag and the names of its attributes."""
        self.tags.append((tag, tuple(name for name, _ in attrs)))


def tags_of(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """Every start tag a browser would see, with the names of its attributes."""
    parser = _Tags()
    parser.feed(html)
    return parser.tags


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("<p>a &amp; b</p>", "<p>a &amp; b</p>"),
        ('<p style="x" onclick="y">a</p>', "<p>a</p>"),
        ("<p><script>alert(1)</script>a</p>", "<p>a</p>"),
        ('<p><a href="javascript:alert(1)">a</a></p>', "<p>a</p>"),
        (
            '<p><a href="https://x.example/?a=1&amp;b=2">a</a></p>',
            '<p><a href="https://x.example/?a=1&amp;b=2">a</a></p>',
        ),
        ('<time datetime="2026-12-01" />', '<span class="date">Dec 1, 2026</span>'),
        ('<time datetime="soon&lt;" />', '<span class="date">soon&lt;</span>'),
        (
            '<ac:link><ri:user ri:account-id="557058:a" /></ac:link>',
            '<span class="mention">@Ada &lt;Lovelace&gt;</span>',
        ),
        ('<ac:link><ri:user ri:userkey="8a7f" /></ac:link>', '<span class="mention">@Ada &lt;Lovelace&gt;</span>'),
        ('<ac:link><ri:user ri:account-id="gone" /></ac:link>', '<span class="mention">@unknown person</span>'),
        (
            '<ac:link><ri:page ri:content-title="Runbook" /></ac:link>',
            '<span class="pagelink">Runbook</span>',
        ),
        ('<ac:emoticon ac:name="tick" ac:emoji-fallback="✅" />', "✅"),
        ('<ac:emoticon ac:name="cross" />', "❌"),
        ("<ac:placeholder>hint</ac:placeholder>", '<span class="placeholder">hint</span>'),
        ('<ac:image><ri:attachment ri:filename="a.png" /></ac:image>', '<span class="image">image a.png</span>'),
        (
            status("To do", "Blue"),
            '<span class="lozenge blue">To do</span>',
        ),
        (
            status("x", '"onclick'),
            '<span class="lozenge grey">x</span>',
        ),
        (
            '<ac:structured-macro ac:name="chart"><ac:rich-text-body><p>x</p></ac:rich-text-body></ac:structured-macro>',
            '<div class="macro"><span>chart macro</span><p>x</p></div>',
        ),
        (
            macro("code", "<ac:plain-text-body><![CDATA[<td>&amp;]]></ac:plain-text-body>"),
            '<figure class="code"><pre>&lt;td&gt;&amp;amp;</pre></figure>',
        ),
        (
            '<table class="x"><colgroup><col /></colgroup><tbody><tr><th colspan="2" onclick="x">a</th></tr></tbody></table>',
            '<div class="table"><table><tr><th colspan="2">a</th></tr></table></div>',
        ),
    ],
)
def test_storage_elements_look_as_readers_know_them(body: str, html: str) -> None:
    """Each element of storage format has one appearance, and attributes of the body are left out."""
    assert shown(body) == html


def test_a_smart_link_shows_key_summary_and_live_status() -> None:
    """The status in a smart link comes from the ticket, not from the page."""
    html = shown('<p><a href="https://x.example/browse/PAY-1" data-card-appearance="inline">x</a></p>')

    assert html == (
        '<p><a class="card" href="/browse/PAY-1"><b>PAY-1</b> <span class="summary">Fix &amp; test</span> '
        '<span class="lozenge blue">In Review</span></a></p>'
    )


def test_a_jira_macro_looks_like_a_smart_link() -> None:
    """Data Center's macro for one ticket shows the same card."""
    written = macro("jira", '<ac:parameter ac:name="key">PAY-1</ac:parameter>')

    assert shown(written).startswith('<a class="card" href="/browse/PAY-1">')


def test_tasks_are_boxes_and_nested_tasks_stand_below() -> None:
    """A complete task has a ticked box; a list inside a task's body becomes a list inside it."""
    body = (
        "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>a"
        "<ac:task-list><ac:task><ac:task-status>incomplete</ac:task-status><ac:task-body>b</ac:task-body></ac:task>"
        "</ac:task-list></ac:task-body></ac:task></ac:task-list>"
    )

    assert re.sub(r"<[^>]+>", "", shown(body)) == "☑a☐b"


def test_a_malformed_body_is_shown_as_its_source() -> None:
    """What cannot be parsed is shown as text, with a note that says where it breaks."""
    html = shown("<p>a<b>")

    assert "<pre>&lt;p&gt;a&lt;b&gt;</pre>" in html
    assert "line 1" in html


def test_rows_and_tasks_get_their_tools_only_when_asked() -> None:
    """The pencil of a row carries the byte offset of the row; header rows have none."""
    body = "<table><tr><th>a</th></tr><tr><td>é</td></tr></table>"

    html = render_storage(body, Known(), Decoration(edit="?edit="))

    assert re.findall(r'href="([^"]+)"', html) == [f"?edit={body.index('<tr><td>')}"]


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))


@given(ANY_TEXT, st.sampled_from(["p", "td", "a", "ac:placeholder", "unknown"]))
def test_no_text_becomes_markup(text: str, tag: str) -> None:
    """Whatever characters a page holds, the browser reads them as characters."""
    html = shown(f'<{tag} title="{escape(text)}">{escape(text)}</{tag}>')

    assert [name for name, _ in tags_of(html)] == {"p": ["p"], "ac:placeholder": ["span"]}.get(tag, [])


def test_real_pages_bring_no_markup_of_their_own(corpus: Path) -> None:
    """No page in the folder makes an element or attribute that the reader does not make itself."""
    made = {
        attribute
        for path in sorted(corpus.glob("*.xml"))
        for _, attributes in tags_of(shown(path.read_bytes().decode()))
        for attribute in attributes
    }

    assert made <= {"class", "href", "colspan", "rowspan", "open"}
