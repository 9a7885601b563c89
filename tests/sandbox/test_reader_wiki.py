"""A description in wiki markup as a person sees it in the sandbox's Jira Data Center."""

from __future__ import annotations

import pytest

from worker.jira.wiki_markup import document, plain
from worker.model.ticket import Bullets, Link, Paragraph, Text
from worker.sandbox.reader.wiki import render_wiki

NAMES = {"alice": "Alice Moreau"}


def shown(markup: str) -> str:
    return str(render_wiki(markup, NAMES.get))


@pytest.mark.parametrize(
    ("markup", "html"),
    [
        ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
        ("one \\\\ two", "<p>one <br> two</p>"),
        ("Why:\n* first\n* second\n# third", "<p>Why:</p><ul><li>first</li><li>second</li></ul><ol><li>third</li></ol>"),
        ("h2. Why\nbq. so", "<h3>Why</h3><blockquote>so</blockquote>"),
        ("*strong* and _em_ and a_b_c", "<p><strong>strong</strong> and <em>em</em> and a_b_c</p>"),
        (r"\*not strong\* \[no link\] \{no macro\}", "<p>*not strong* [no link] {no macro}</p>"),
        ("&#123;x&#125; &amp; <b>", "<p>{x} &amp; &lt;b&gt;</p>"),
        ("[the *page*|https://x/y?a=b&c]", '<p><a href="https://x/y?a=b&amp;c">the <strong>page</strong></a></p>'),
        ("see https://x/y.", '<p>see <a href="https://x/y">https://x/y</a>.</p>'),
        ("[no|javascript:alert(1)]", "<p>no</p>"),
        ("[~alice] and [~bob]", '<p><span class="mention">@Alice Moreau</span> and '
         '<span class="mention">@unknown person</span></p>'),
        ("{panel} {{code}}", '<p><span class="macro">panel macro</span> <code>code</code></p>'),
        ("a\n{noformat}\n*b*\n{noformat}\nc", "<p>a</p><pre>*b*</pre><p>c</p>"),
        ("----", "<hr>"),
    ],
)  # fmt: skip
def test_markup_is_shown_as_jira_shows_it(markup: str, html: str) -> None:
    """And nothing of it can reach the browser as HTML."""
    assert shown(markup) == html


@pytest.mark.parametrize("text", ["{code} *b* [x|y] h1. ~a~ -b- !c! \\ &amp; {{m}} a|b", "# one", "http://x/(y) :)"])
def test_what_the_worker_escapes_is_shown_as_it_was_meant(text: str) -> None:
    """The worker's description of any text reads as that text."""
    inside = shown(plain(text)).removeprefix("<p>").removesuffix("</p>")

    assert "<" not in inside.replace('<a href="http://x/(y)">', "").replace("</a>", "")
    assert inside.replace("&amp;", "&") == text


def test_a_whole_description_has_its_link_and_its_bullets() -> None:
    """Paragraphs, a link to the page, and a list."""
    made = document((Paragraph((Text("From "), Link("Outage", "https://x/1"))), Bullets(((Text("Team: Pay"),),))))

    assert shown(made) == '<p>From <a href="https://x/1">Outage</a></p><ul><li>Team: Pay</li></ul>'
