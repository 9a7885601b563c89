"""What people wrote in a cell."""

from __future__ import annotations

import pytest

from worker.document.cells import dates, own_cell, people
from worker.document.document import Document
from worker.document.edits import fill, splice
from worker.document.markup import lozenge, note, paragraph, plain_link, smart_link
from worker.document.parse import parse
from worker.document.tree import Element
from worker.model.item import Lozenge, Mention, Note, NoteKind, OwnCell, PickedDate, WrittenDate, WrittenName

ANN = "<ac:link><ri:user ri:account-id='557058:ann' ri:local-id='x'/></ac:link>"
BOB = "<ac:link><ri:user ri:userkey='8a7f'></ri:user><ac:link-body>Bob B.</ac:link-body></ac:link>"


def cell(inner: str) -> tuple[Element, Document]:
    document = parse(f"<td>{inner}</td>")
    (element,) = document.root.elements()
    return element, document


def read(inner: str) -> OwnCell:
    return own_cell(*cell(inner))


def macro(name: str, **parameters: str) -> str:
    inside = "".join(f'<ac:parameter ac:name="{key}">{value}</ac:parameter>' for key, value in parameters.items())
    return f'<ac:structured-macro ac:name="{name}">{inside}</ac:structured-macro>'


@pytest.mark.parametrize(
    "inner",
    ["", "<p/>", "<p></p>", "<p><br /></p>", "<p>&nbsp;</p>", " \u200b\ufeff", "<ac:placeholder>hint</ac:placeholder>",
     "<div class='content-wrapper'><p> </p></div>", "<p><ac:placeholder ac:type='jira'/></p>"],
)  # fmt: skip
def test_an_empty_cell_is_blank(inner: str) -> None:
    """Every way to write nothing, a template's hint included, is blank and can be written."""
    said = read(inner)
    assert said.blank
    assert said.span == cell(inner)[0].inner


@pytest.mark.parametrize("dash", ["-", "<p>–</p>", "<p> — </p>", "&hellip;", "...", "<strong>--</strong>"])
def test_a_dash_is_no_word(dash: str) -> None:
    """A cell that says no more than that is blank, and what is written there replaces the dash."""
    said = read(dash)
    assert said.blank
    assert said.span == cell(dash)[0].inner


@pytest.mark.parametrize("words", ["n/a", "TBD", "none", "- later", "?"])
def test_a_word_stays_a_persons_however_little_it_says(words: str) -> None:
    """Whoever wrote it may have meant that there is to be no ticket."""
    assert read(words).rest == words


@pytest.mark.parametrize(
    ("inner", "keys"),
    [
        ("PAY-12", ("PAY-12",)),
        ("<p>PAY-12, OPS_2-7 </p><p>PAY-12</p>", ("PAY-12", "OPS_2-7")),
        ("<a href='/browse/PAY-12'>a</a>, <a href='/browse/OPS-7'>b</a>", ("PAY-12", "OPS-7")),
        ("(<strong>PAY</strong>-12)", ("PAY-12",)),
        ("https://x/browse/PAY-12?focused=1", ("PAY-12",)),
        (smart_link("https://x.atlassian.net/browse/PAY-12"), ("PAY-12",)),
        (plain_link("https://jira.x/si/jira/browse/pay-12#c", "the ticket"), ("PAY-12",)),
        ("<a href='https://x/board?a=1&amp;selectedIssue=PAY-12&amp;b'>board</a>", ("PAY-12",)),
        ("<a href='https://x/jira/projects/PAY/issues/PAY-12'>x</a>", ("PAY-12",)),
        (macro("jira", server="System Jira", columns="key,summary", serverId="u", key="PAY-12"), ("PAY-12",)),
        (macro("jira", key="pay-12") + macro("jira", key="PAY-13", server="x"), ("PAY-12", "PAY-13")),
        (
            "<ac:adf-extension><ac:adf-node type='inlineCard'><ac:adf-attribute key='url'>https://x/browse/PAY-12"
            "</ac:adf-attribute></ac:adf-node><ac:adf-fallback>PAY-99</ac:adf-fallback></ac:adf-extension>",
            ("PAY-12",),
        ),
    ],
)
def test_a_ticket_is_named_in_many_ways(inner: str, keys: tuple[str, ...]) -> None:
    """Macros, cards, links, addresses and plain keys name tickets, in order, each once, and nothing else remains."""
    said = read(inner)
    assert keys == said.keys
    assert "" == said.rest


@pytest.mark.parametrize(
    ("inner", "rest"),
    [
        ("pay-12", "pay-12"),
        ("XPAY-012", "XPAY-012"),
        ("A-PAY-12-3", "A-PAY-12-3"),
        ("ask Ann<br/>first", "ask Ann\nfirst"),
        (macro("jira", jqlQuery="key = PAY-1", key="PAY-1"), "[macro jira]"),
        (macro("jira", key="not a key"), "[macro jira]"),
        (macro("anchor", x="y"), "[macro anchor]"),
        ("<ac:image><ri:attachment ri:filename='a.png'/></ac:image>", "[image]"),
        ("<img src='x'/>", "[image]"),
        (ANN, "[mention]"),
        ("<hr/>", "[hr]"),
        ("<table><tr><td/></tr></table>", "[table]"),
        ("<ac:task-list><ac:task><ac:task-body/></ac:task></ac:task-list>", "[task-list]"),
        ("<at:var at:name='x'/>", "[at:var]"),
        ("<ac:link><ri:page ri:content-title='Plan'/></ac:link>", "Plan"),
        ("<ac:link ac:anchor='x'/>", "[link]"),
        ("<time datetime='2026-12-01'/>", "2026-12-01"),
        ("<ac:emoticon ac:name='tick'/>", ":tick:"),
        ("<a href='https://x/pages/1'>doc</a>", "doc"),
    ],
)
def test_whatever_else_stands_there_is_reported(inner: str, rest: str) -> None:
    """A person's words and everything that text does not show keep a cell from looking blank."""
    said = read(inner)
    assert ((), (), None, rest) == (said.keys, said.lozenges, said.note, said.rest)


def test_words_beside_a_key_remain() -> None:
    """Only separators between keys are dropped."""
    said = read("<p>PAY-1: see <em>wiki</em>, PAY-2</p>")
    assert (("PAY-1", "PAY-2"), True) == (said.keys, "see wiki" in said.rest)


def test_macros_tell_their_application_links() -> None:
    """Each id once, in lower case; a macro without one tells nothing."""
    said = read(
        macro("jira", serverId="AB-1", key="PAY-1")
        + macro("jira", key="PAY-2")
        + macro("jira", serverId="ab-1", key="PAY-3")
    )
    assert (("PAY-1", "PAY-2", "PAY-3"), ("ab-1",)) == (said.keys, said.servers)


@pytest.mark.parametrize(
    ("inner", "shown"),
    [
        (macro("status", title="In Progress", colour="Blue"), Lozenge("In Progress", "blue")),
        (macro("status", colour="Green", subtle="true", title="Done"), Lozenge("Done", "green")),
        (macro("status", title="Open"), Lozenge("Open", "grey")),
        (macro("status", title="Open", color="Red"), Lozenge("Open", "red")),
        (macro("status", colour="Yellow"), Lozenge("", "yellow")),
        (macro("status", title="No ticket", colour="Red"), Lozenge("No ticket", "red")),
    ],
)
def test_lozenges_are_read_in_any_form(inner: str, shown: Lozenge) -> None:
    """Parameters come in any order, a missing colour is grey."""
    said = read(inner)
    assert ((shown,), None, "") == (said.lozenges, said.note, said.rest)


def test_the_worker_reads_what_it_writes() -> None:
    """Key, lozenge and note in one paragraph come back as they were."""
    status, told = Lozenge('To & "Do" <', "grey"), Note(NoteKind.DIFFERS, "The due date is 2026-12-01 in PAY-9 & here.")
    said = read(paragraph(smart_link("https://x/browse/PAY-12"), lozenge(status), note(told)))
    assert (("PAY-12",), (status,), told, "") == (said.keys, said.lozenges, said.note, said.rest)


@pytest.mark.parametrize("title", ["No ticket", "Differs"])
def test_a_status_may_be_called_like_a_note(title: str) -> None:
    """Of lozenges with a note's title the one with a sentence is the note; with none, each is a status."""
    status, told = Lozenge(title, "grey"), Note(NoteKind.DIFFERS, "The ticket is due 2027-03-31.")
    link = smart_link("https://x/browse/PAY-12")
    said = read(paragraph(link, lozenge(status), note(told)))
    assert (("PAY-12",), (status,), told, "") == (said.keys, said.lozenges, said.note, said.rest)
    alone = read(paragraph(link, lozenge(status)))
    assert ((status,), None, "") == (alone.lozenges, alone.note, alone.rest)
    twice = read(paragraph(link, lozenge(status), lozenge(Lozenge("differs", "grey"))))
    assert ((status, Lozenge("differs", "grey")), None, "") == (twice.lozenges, twice.note, twice.rest)


def test_a_note_ends_with_its_paragraph() -> None:
    """Text in the next paragraph, or behind another macro, is a person's."""
    told = note(Note(NoteKind.NO_TICKET, "Name an owner."))
    said = read(f"<p>{told}</p><p>will do</p>")
    assert (Note(NoteKind.NO_TICKET, "Name an owner."), "will do") == (said.note, said.rest)
    said = read(f"<p>{told}{macro('status', title='x')} later</p>")
    assert (Note(NoteKind.NO_TICKET, "Name an owner."), "later") == (said.note, said.rest)


def test_what_a_write_would_lose_is_never_written() -> None:
    """Anchors of inline comments and comments in the markup close a cell; so does the caller."""
    assert None is read("<p><ac:inline-comment-marker ac:ref='1'>PAY-1</ac:inline-comment-marker></p>").span
    assert None is read("<!-- keep -->").span
    assert None is own_cell(*cell("<p/>"), writable=False).span


@pytest.mark.parametrize("opening", ["<td/>", "<td />", '<td class="a>b" />', "<th\n/>"])
def test_a_self_closed_cell_can_be_filled(opening: str) -> None:
    """A write opens the element and keeps its attributes, by element or by span."""
    document = parse(f"<tr>{opening}</tr>")
    (row,) = document.root.elements()
    (element,) = row.elements()
    span = own_cell(element, document).span
    assert span
    filled = splice(document, [fill(document, span, "<p>x</p>")])
    ((again,),) = (row.elements() for row in parse(filled).root.elements())
    assert (element.tag, element.attrs, "<p>x</p>") == (again.tag, again.attrs, parse(filled).text_of(again.inner))
    assert filled == splice(document, [fill(document, element, "<p>x</p>")])


@pytest.mark.parametrize(
    ("inner", "owners"),
    [
        (f"<p>{ANN} </p>", [Mention("557058:ann")]),
        (f"<p>{ANN}, Jasmina</p><p>{BOB}</p>", [Mention("557058:ann"), WrittenName("Jasmina"), Mention("8a7f")]),
        (f"{ANN}{ANN}", [Mention("557058:ann")]),
        ("Ann Lee and Bob; @Cy / Dee &amp; Eve + Flo<br/>Gus", "Ann Lee|Bob|Cy|Dee|Eve|Flo|Gus"),
        ("Ann, ann,\n Ann", "Ann"),
        ("Anderson Sand", "Anderson Sand"),
        ("a.b+c@x.org", "a.b+c@x.org"),
        ("<ul><li>Ann</li><li>Bob</li></ul>", "Ann|Bob"),
        ("An<ac:inline-comment-marker ac:ref='1'>n L</ac:inline-comment-marker>ee", "Ann Lee"),
        ("<ac:placeholder>@ approver</ac:placeholder>", []),
        ("<p>&nbsp;</p>", []),
        ("n/a", []),
        ("—", []),
        (macro("profile", user="<ri:user ri:account-id='1'/>"), []),
        ("<ri:user ri:username='jdoe'/>", [Mention("jdoe")]),
        ("<a href='mailto:x'>Ann</a> <time datetime='2026-01-01'/>", "Ann"),
    ],
)
def test_owners_are_read_as_written(inner: str, owners: object) -> None:
    """Mentions and names come in the order written, each once."""
    expected = [WrittenName(name) for name in owners.split("|")] if isinstance(owners, str) else owners
    assert expected == list(people(cell(inner)[0]))


@pytest.mark.parametrize(
    ("inner", "found"),
    [
        ("<p><time datetime='2026-12-01' />&nbsp;</p>", (PickedDate("2026-12-01"),)),
        (
            "<time datetime='junk'>2023</time> or <time datetime='2026-12-01'/>",
            (PickedDate("junk"), PickedDate("2026-12-01")),
        ),
        ("<p>12 Sep <b>2024</b></p>", (WrittenDate("12 Sep 2024"),)),
        ("<time>1 May</time>", (WrittenDate("1 May"),)),
        ("<p/>", ()),
        ("<ac:placeholder>due</ac:placeholder>", ()),
    ],
)
def test_dates_are_read_as_written(inner: str, found: object) -> None:
    """Picked dates keep their attribute unread; without any the text is one date."""
    assert found == dates(cell(inner)[0])
