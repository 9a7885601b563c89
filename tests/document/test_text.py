"""What a reader sees."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.document.storage_pages import MadeText, texts
from worker.document.parse import parse
from worker.document.text import normalise, visible_text


def seen(body: str) -> str:
    return visible_text(parse(body).root)


@given(texts())
def test_text_is_seen_whatever_its_markup(text: MadeText) -> None:
    """Entities, CDATA, comment markers and emphasis do not change what is read."""
    assert text.seen == seen(f"<p>{text.markup}</p>")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>a</p><p>b</p>", "a\nb"),
        ("a<br/>b", "a\nb"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a\nb"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "a\nb\nc"),
        ("a\n  <em>b</em>c\u00a0\u200b\u202f\ufeff d", "a bc d"),
        ("<p>&nbsp;</p><p />", ""),
        ("x<ac:placeholder>hint</ac:placeholder>", "x"),
        ("<ac:link><ri:user ri:account-id='1'/><ac:link-body>Ann</ac:link-body></ac:link> x", "x"),
        ("<ac:link><ri:page ri:content-title='Runbook'/></ac:link>", "Runbook"),
        ("<ac:link><ri:page ri:content-title='Runbook'/><ac:link-body>see <b>it</b></ac:link-body></ac:link>", "see it"),
        ("by <time datetime='2026-12-01'>1 Dec</time>", "by 2026-12-01"),
        ("<ac:emoticon ac:name='tick' ac:emoji-fallback='✅' ac:emoji-shortname=':check:'/>", "✅"),
        ("<ac:emoticon ac:name='tick'/>", ":tick:"),
        (
            "<ac:structured-macro ac:name='status'><ac:parameter ac:name='colour'>Red</ac:parameter>"
            "<ac:parameter ac:name='title'>At  risk</ac:parameter></ac:structured-macro>",
            "At risk",
        ),
        ("<ac:structured-macro ac:name='jira'><ac:parameter ac:name='key'>PAY-1</ac:parameter></ac:structured-macro>", "PAY-1"),
        ("<a href='https://x/browse/PAY-1'>https://x/browse/PAY-1</a>", "https://x/browse/PAY-1"),
        (
            "<ac:structured-macro ac:name='code'><ac:parameter ac:name='language'>sh</ac:parameter>"
            "<ac:plain-text-body><![CDATA[a\nb  c]]></ac:plain-text-body></ac:structured-macro>",
            "a\nb c",
        ),
        (
            "<ac:adf-extension><ac:adf-node type='panel'><ac:adf-attribute key='k'>v</ac:adf-attribute><ac:adf-content>"
            "<p>once</p></ac:adf-content></ac:adf-node><ac:adf-fallback><p>once</p></ac:adf-fallback></ac:adf-extension>",
            "once",
        ),
        ("<ac:task><ac:task-id>3</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>a</ac:task-body></ac:task>", "a"),
    ],
)  # fmt: skip
def test_what_a_reader_sees(body: str, text: str) -> None:
    """Blocks stand on lines of their own, white space collapses, and what is not shown is not text."""
    assert text == seen(body)


def test_what_is_skipped_is_not_text() -> None:
    """The caller can leave out elements and text nodes."""
    root = parse("a<b>b</b>c").root
    assert "a" == visible_text(root, skip=frozenset(root.children[1:]))


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("🚨 Action Items:", "action items"),
        ("Follow-up", "follow up"),
        ("  Due\u00a0 Date ", "due date"),
        ("3.1 Action items", "action items"),
        ("2) Next steps", "next steps"),
        ("IV. Remediation", "remediation"),
        ("1️⃣ Actions", "actions"),
        (":warning: Actions", "actions"),
        ("(tick) Actions", "actions"),
        ("Who's on it?", "whos on it"),
        ("Due\u200bdate", "due date"),
        ("Bug #", "bug"),
        ("2026", "2026"),
        ("Дата", "дата"),
        ("담당자", "담당자"),
        ("—", ""),
    ],
)
def test_headings_are_compared_by_their_words(written: str, compared: str) -> None:
    """Case, punctuation, emoji and numbering in front do not count."""
    assert compared == normalise(written)
    assert compared == normalise(compared)
