"""What the sandbox makes of a body on save: other bytes, the same meaning."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.sandbox.storage_format import MalformedStorage, as_saved, as_saved_on_datacenter, parse, render


def without_ids(body: str) -> str:
    return re.sub(r' (ac:local-id|local-id|ac:macro-id|ac:schema-version|ac:task-list-id)="[^"]*"', "", body)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("<p></p>", "<p />"),
        ("<p>a<br/>b</p>", "<p>a<br />b</p>"),
        ("<p>&#8364;&#x41;&#160;</p>", "<p>€A\u00a0</p>"),
        ("<p>&nbsp;&rsquo;&lt;&amp;&gt;</p>", "<p>&nbsp;&rsquo;&lt;&amp;&gt;</p>"),
        ("<p title='a\"b'>x</p>", '<p title="a&quot;b">x</p>'),
        ("<table><tr><td>bare</td></tr></table>", "<table><tr><td><p>bare</p></td></tr></table>"),
        (
            "<table><tr><td>a <b>b</b><ul><li>c</li></ul>d</td></tr></table>",
            "<table><tr><td><p>a <b>b</b></p><ul><li><p>c</p></li></ul><p>d</p></td></tr></table>",
        ),
        ("<table><tr><td> </td><td></td></tr></table>", "<table><tr><td> </td><td /></tr></table>"),
        ("<table><tr><td><p>x</p></td></tr></table>", "<table><tr><td><p>x</p></td></tr></table>"),
        ("<!-- note --><p>x</p>", "<!-- note --><p>x</p>"),
        (
            "<ac:plain-text-body><![CDATA[<b> & ]]]]><![CDATA[>]]></ac:plain-text-body>",
            "<ac:plain-text-body><![CDATA[<b> & ]]]]><![CDATA[>]]></ac:plain-text-body>",
        ),
        ("text at the top", "text at the top"),
        ("", ""),
    ],
)
def test_each_part_is_written_in_one_way(sent, kept):
    """Empty elements close at once, numeric entities become characters, named ones and CDATA stay, cells get paragraphs."""
    assert kept == without_ids(as_saved(sent))


def test_a_status_in_a_bare_cell_gets_a_paragraph_and_its_ids():
    """A macro without an id gets one, and a cell that holds an inline macro alone gets a paragraph around it."""
    saved = as_saved(
        '<table><tr><td><ac:structured-macro ac:name="status"><ac:parameter ac:name="title">Done</ac:parameter></ac:structured-macro></td></tr></table>'
    )
    assert re.search(
        r'<p local-id="[^"]+"><ac:structured-macro ac:name="status" ac:schema-version="1" ac:macro-id="[^"]+">', saved
    )


def test_ids_that_are_there_stay():
    """A second save changes nothing that the first one has written."""
    body = "<table><tbody><tr><th>A</th><td>b</td></tr></tbody></table><ac:task-list><ac:task><ac:task-status>incomplete</ac:task-status><ac:task-body>x</ac:task-body></ac:task></ac:task-list>"
    once = as_saved(body)
    assert once == as_saved(once)


def test_tables_rows_cells_and_paragraphs_get_local_ids_on_cloud_only():
    """The Cloud editor's ids are added to what lacks them, and not at all for a Data Center."""
    body = '<table><tbody><tr ac:local-id="row"><td><p local-id="text">x</p></td></tr></tbody></table>'
    root = parse(as_saved(body))
    names = ("table", "tr", "td", "p")
    ids = {name: next(root.elements(name)).attributes for name in names}
    assert ("row", "text") == (ids["tr"]["ac:local-id"], ids["p"]["local-id"])
    assert all("ac:local-id" in ids[name] for name in ("table", "td"))
    assert body == as_saved_on_datacenter(body, {}, cards=True)


def test_new_tasks_get_the_next_number_and_a_uuid():
    """A task without an id gets one more than the highest on the page; others keep theirs."""
    new = "<ac:task><ac:task-status>incomplete</ac:task-status><ac:task-body>x</ac:task-body></ac:task>"
    old = "<ac:task><ac:task-id>7</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>y</ac:task-body></ac:task>"
    root = parse(as_saved(f"<ac:task-list>{new}{old}{new}</ac:task-list>"))
    assert ["8", "7", "9"] == [each.text() for each in root.elements("ac:task-id")]
    assert 3 == len({each.text() for each in root.elements("ac:task-uuid")})


@pytest.mark.parametrize(
    "body",
    [
        "<p>",
        "</p>",
        "<p a=b/>",
        "<p><b></p></b>",
        "&nope;",
        "<p a='1' a='2'/>",
        "<q:x/>",
        "</storage><storage>",
        "a\x00b",
    ],
)
def test_what_is_not_well_formed_is_refused(body):
    """A body that a strict parser refuses is not stored."""
    with pytest.raises(MalformedStorage, match="Error parsing xhtml"):
        as_saved(body)


TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=8)


def element(children):
    return st.builds(
        lambda name, inside: f"<{name}>{''.join(inside)}</{name}>",
        st.sampled_from(["p", "td", "tr", "ul", "ac:link"]),
        st.lists(children, max_size=3),
    )


BODIES = st.recursive(
    TEXT.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")), element, max_leaves=10
)


def texts(body):
    xml = f'<r xmlns:ac="a" xmlns:ri="r">{body}</r>'
    return "".join(ET.fromstring(xml).itertext())


@given(BODIES)
def test_no_text_is_lost_or_moved(body):
    """Whatever is saved, all its text is there again in the same order, and saving again changes nothing."""
    saved = as_saved(body)
    assert texts(body) == texts(saved)
    assert saved == as_saved(saved)
    assert saved == render(parse(saved))
