"""Task lists, and what a task says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.document.storage_pages import MadePage, storage_pages
from worker.document.document import Document
from worker.document.edits import Edit, splice
from worker.document.markup import lozenge, note, smart_link
from worker.document.parse import parse
from worker.document.task_text import TaskReading, read_task
from worker.document.tasks import task_lists
from worker.model.item import Lozenge, Mention, Note, NoteKind, PickedDate

ANN = "<ac:link><ri:user ri:account-id='557058:ann'/></ac:link>"
LINK = smart_link("https://x.atlassian.net/browse/PAY-7")
DONE = lozenge(Lozenge("Done", "green"))
OTHER = "<a href='https://x.atlassian.net/browse/OPS-1'>OPS-1</a>"


def reading(body: str) -> tuple[Document, TaskReading]:
    document = parse(f"<ac:task-list><ac:task><ac:task-id>1</ac:task-id>{body}</ac:task></ac:task-list>")
    return document, read_task(task_lists(document)[0].tasks[0], document)


@given(storage_pages())
def test_every_task_is_found(page: MadePage) -> None:
    """Tasks come in order with id, status, its place, and text."""
    document = parse(page.body)
    found = [task for tasks in task_lists(document) for task in tasks.tasks]
    assert [(made.id, made.status, made.text) for made in page.tasks] == [
        (task.id, task.status, read_task(task, document).text) for task in found
    ]
    assert [made.status for made in page.tasks] == [
        document.text_of(task.status_span) if task.status_span else "" for task in found
    ]


def test_a_list_in_a_task_is_a_list_of_its_own() -> None:
    """The outer task knows its nested list and does not speak its text; ids are its own."""
    inner = (
        "<ac:task-list><ac:task><ac:task-id>2</ac:task-id><ac:task-body>inner</ac:task-body></ac:task></ac:task-list>"
    )
    document = parse(f"<ac:task-list><ac:task><ac:task-body>outer {inner}</ac:task-body></ac:task></ac:task-list>")
    outer, nested = task_lists(document)
    assert None is outer.tasks[0].id
    assert (nested.element,) == outer.tasks[0].nested
    assert "2" == nested.tasks[0].id
    assert ["outer", "inner"] == [read_task(each.tasks[0], document).text for each in (outer, nested)]
    assert ["ac:task-list", "ac:task", "ac:task-body"] == [each.tag for each in nested.ancestors]


def test_only_the_nearest_lists_are_nested_in_a_task() -> None:
    """A list inside a nested list belongs to the task in that list."""
    opening, closing = "<ac:task-list><ac:task><ac:task-body>", "</ac:task-body></ac:task></ac:task-list>"
    lists = task_lists(parse(opening * 3 + closing * 3))
    assert [(lists[1].element,), (lists[2].element,), ()] == [each.tasks[0].nested for each in lists]


def test_a_task_may_lack_everything() -> None:
    """Text between tasks, no id, no status, no body: the task is there all the same, and has no place to write."""
    document = parse("<ac:task-list>x<ac:task/> y <ac:task><ac:task-id/><ac:task-status/></ac:task></ac:task-list>")
    first, second = task_lists(document)[0].tasks
    for task in (first, second):
        assert (None, "", None, None) == (task.id, task.status, task.status_span, task.body)
        assert None is read_task(task, document).tail.span


def test_people_and_dates_are_taken_out_of_the_text() -> None:
    """Mentions are owners in order, picked dates are dates, names in prose are prose."""
    _, said = reading(f"<ac:task-body>{ANN}: ask Bob and Cy <time datetime='2026-12-01'/> soon {ANN}</ac:task-body>")
    assert "ask Bob and Cy soon" == said.text
    assert (Mention("557058:ann"),) == said.owners
    assert (PickedDate("2026-12-01"),) == said.dates


@pytest.mark.parametrize(
    ("body", "keys", "titles", "kind", "text"),
    [
        (f"Do it {LINK}", ("PAY-7",), (), None, "Do it"),
        (f"Do it {LINK} {DONE}&nbsp;", ("PAY-7",), ("Done",), None, "Do it"),
        (f"<p>Do it {LINK}</p>", ("PAY-7",), (), None, "Do it"),
        (f"Do it {LINK} {DONE} {note(Note(NoteKind.DIFFERS, 'Due date.'))}", ("PAY-7",), ("Done",), NoteKind.DIFFERS, "Do it"),
        (f"Do it {note(Note(NoteKind.NO_TICKET, 'Name an owner.'))}", (), (), NoteKind.NO_TICKET, "Do it"),
        (f"Do it {DONE} {note(Note(NoteKind.NO_TICKET, 'Name an owner.'))}", (), (), NoteKind.NO_TICKET, "Do it Done"),
        (f"As in {LINK} but better", (), (), None, "As in https://x.atlassian.net/browse/PAY-7 but better"),
        ("Do PAY-8", (), (), None, "Do PAY-8"),
        (f"Do it {DONE}", (), (), None, "Do it Done"),
        (f"Do it {LINK}<ac:task-list><ac:task/></ac:task-list>", ("PAY-7",), (), None, "Do it"),
        (f"<p>See {LINK}</p><p>Then do it</p>", (), (), None, "See https://x.atlassian.net/browse/PAY-7\nThen do it"),
        (f"<p>Do it {LINK} {DONE}</p><p>Ask Bob first</p>", ("PAY-7",), ("Done",), None, "Do it\nAsk Bob first"),
        (LINK, ("PAY-7",), (), None, ""),
    ],
)  # fmt: skip
def test_the_tail_is_read_from_the_end(body, keys, titles, kind, text) -> None:
    """Links, then lozenges, then a note, with nothing behind them, are the tail; all else is text."""
    _, said = reading(f"<ac:task-body>{body}</ac:task-body>")
    assert keys == said.tail.keys
    assert titles == tuple(each.title for each in said.tail.lozenges)
    assert kind == (said.tail.note.kind if said.tail.note else None)
    assert ("", text) == (said.tail.rest, said.text)


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("Do it", "Do it|"),
        ("Do it&nbsp; ", "Do it|&nbsp; "),
        ("<span class='placeholder-inline-tasks'>Do <b>it</b> </span>", "<span class='placeholder-inline-tasks'>Do <b>it</b>| </span>"),
        ("<p>a</p><p>b</p><p />", "<p>a</p><p>b|</p><p />"),
        (f"<p>Do it {LINK} {DONE} </p>", "<p>Do it| </p>"),
        (f"Do <b>it</b> &nbsp;{LINK}", "Do <b>it</b>|"),
        (f"Do it<br/>{LINK}", "Do it<br/>|"),
        ("<p>Do it <ac:task-list><ac:task/></ac:task-list></p>", "<p>Do it| <ac:task-list><ac:task/></ac:task-list></p>"),
        ("a<ac:task-list><ac:task/></ac:task-list>", "a|<ac:task-list><ac:task/></ac:task-list>"),
        ("<span class='placeholder-inline-tasks'><ac:placeholder>hint</ac:placeholder></span>", "<span class='placeholder-inline-tasks'>|<ac:placeholder>hint</ac:placeholder></span>"),
        ("<ul><li>a</li></ul>", "<ul><li>a</li></ul>|"),
        (LINK, "|"),
        ("", "|"),
    ],
)  # fmt: skip
def test_a_write_goes_behind_the_text(body: str, after: str) -> None:
    """The tail's span is behind the last word, inside the paragraph that ends the task, before nested lists."""
    document, said = reading(f"<ac:task-body>{body}</ac:task-body>")
    assert said.tail.span
    edited = splice(document, [Edit(said.tail.span, "|")])
    assert f"<ac:task-body>{after}</ac:task-body>" in edited


def test_a_link_that_people_wrote_on_after_is_a_place_of_its_own() -> None:
    """Key and status are written where they stand, and what follows stays behind them."""
    document, said = reading(f"<ac:task-body><p>Do it {LINK} {DONE} now</p><p>Ask Bob first</p></ac:task-body>")
    assert said.tail.followed
    assert said.tail.span
    edited = splice(document, [Edit(said.tail.span, "|")])
    assert "<ac:task-body><p>Do it | now</p><p>Ask Bob first</p></ac:task-body>" in edited


_TOLD = note(Note(NoteKind.DIFFERS, "The ticket is due 2027-03-31."))


@pytest.mark.parametrize(
    ("body", "text", "after"),
    [
        (f"Do it {LINK} {DONE} {OTHER}", "Do it OPS-1", f"Do it | {OTHER}"),
        (f"Do it {LINK} {DONE} see {OTHER}", "Do it see OPS-1", f"Do it | see {OTHER}"),
        (f"Do it {LINK} {DONE} <b>{OTHER}</b>", "Do it OPS-1", f"Do it | <b>{OTHER}</b>"),
        (f"Do it {LINK} {DONE} <b>see {OTHER}</b>", "Do it see OPS-1", f"Do it | <b>see {OTHER}</b>"),
        (f"<p>Do it {LINK} {DONE}</p><p>See {OTHER}</p>", "Do it\nSee OPS-1", f"<p>Do it |</p><p>See {OTHER}</p>"),
        (f"Do it {LINK} {DONE} {OTHER} {_TOLD}", "Do it OPS-1", f"Do it | {OTHER} {_TOLD}"),
    ],
)
def test_a_link_behind_key_and_status_is_a_persons(body: str, text: str, after: str) -> None:
    """The task stays with the ticket whose status it shows, formatted or not, and the further link is its text."""
    document, said = reading(f"<ac:task-body>{body}</ac:task-body>")
    assert (text, ("PAY-7",), ("OPS-1",)) == (said.text, said.tail.keys, said.amid.keys)
    assert ("Done",) == tuple(each.title for each in said.tail.lozenges)
    assert said.tail.span
    assert f"<ac:task-body>{after}</ac:task-body>" in splice(document, [Edit(said.tail.span, "|")])


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        (f"Do it {LINK} {OTHER}", ("PAY-7", "OPS-1")),
        (f"As in {LINK} {DONE}: do it {OTHER} {DONE}", ("OPS-1",)),
        (f"As in {LINK} {DONE}: do it <b>{OTHER} {DONE}</b>", ("OPS-1",)),
        (f"As in {LINK}, do it {OTHER}", ("OPS-1",)),
        (f"As in {LINK}, do it {OTHER} {_TOLD}", ("OPS-1",)),
    ],
)
def test_a_link_at_the_end_names_the_ticket_where_no_other_shows_its_status(body: str, keys: tuple[str, ...]) -> None:
    """A status of its own makes it the task's ticket, and so does the lack of one elsewhere."""
    _, said = reading(f"<ac:task-body>{body}</ac:task-body>")
    assert keys == said.tail.keys
    assert not said.tail.followed


_PUT_AROUND = st.lists(
    st.sampled_from(
        [
            ("<strong>", "</strong>"),
            ("<del>", "</del>"),
            ("<span style='color: red;'>", "</span>"),
            ("<ac:inline-comment-marker ac:ref='1'>", "</ac:inline-comment-marker>"),
        ]
    ),
    max_size=6,
)


@given(
    _PUT_AROUND,
    st.sampled_from(
        [
            "",
            LINK,
            f"{LINK} {DONE}",
            f"{LINK} {DONE} {_TOLD}",
            f"{LINK} {DONE} now",
            f"{LINK} {DONE} {OTHER}",
            f"is {DONE}",
        ]
    ),
    st.sampled_from(["", "&nbsp;", "<ac:task-list><ac:task/></ac:task-list>"]),
)
def test_what_people_put_around_a_line_changes_nothing_it_says(around, tail: str, behind: str) -> None:
    """Formatted and commented on, a task reads as without, and is written in the same place of the same bytes."""
    line = f"Do it {ANN} {tail}"
    opening = "".join(begin for begin, _ in around)
    closing = "".join(end for _, end in reversed(around))
    plain, bare = reading(f"<ac:task-body>{line}{behind}</ac:task-body>")
    document, said = reading(f"<ac:task-body>{opening}{line}{closing}{behind}</ac:task-body>")
    assert replace(bare, tail=replace(bare.tail, span=None), loose=None) == replace(
        said, tail=replace(said.tail, span=None), loose=None
    )
    assert bare.tail.span
    assert said.tail.span
    if bare.tail.keys:
        written = splice(plain, [Edit(bare.tail.span, "|")])
        there = splice(document, [Edit(said.tail.span, "|")])
        assert written == there.replace(opening, "", 1).replace(closing, "", 1)


@pytest.mark.parametrize(
    ("body", "text", "keys", "titles"),
    [
        (f"Do it <strong>{LINK}</strong> {DONE}", "Do it", (), ()),
        (f"Do it <del>{LINK} {DONE}</del>", "Do it", (), ()),
        (f"Do it <em>{LINK} {DONE}</em> now", "Do it now", (), ()),
        (f"<strong>Do it {LINK}</strong> {DONE}", "Do it https://x.atlassian.net/browse/PAY-7 Done", ("PAY-7",), ("Done",)),
        (f"Do it {LINK} is {DONE}", "Do it https://x.atlassian.net/browse/PAY-7 is Done", ("PAY-7",), ("Done",)),
        (f"Do it <b>{DONE} {LINK}</b> {DONE}", "Do it Done https://x.atlassian.net/browse/PAY-7 Done", ("PAY-7",), ("Done", "Done")),
    ],
)  # fmt: skip
def test_key_and_status_are_the_tail_or_told_to_be_amid_the_text(body, text, keys, titles) -> None:
    """Formatting of their own leaves them the tail; what cannot be replaced as a whole is part of the text."""
    _, said = reading(f"<ac:task-body>{body}</ac:task-body>")
    assert (text, keys) == (said.text, said.amid.keys)
    assert titles == tuple(each.title for each in said.amid.lozenges)
    assert (() if keys else ("PAY-7",)) == said.tail.keys


def test_a_self_closed_body_has_no_place() -> None:
    """A task that says nothing in a body without inside is never written."""
    _, said = reading("<ac:task-body />")
    assert said.tail.blank
    assert None is said.tail.span


def test_a_comment_on_the_tail_protects_it() -> None:
    """Where an inline comment is anchored at the tail, or a comment stands in it, nothing is written."""
    marked = "<ac:inline-comment-marker ac:ref='1'>{}</ac:inline-comment-marker>"
    for tail in (marked.format(LINK), marked.format(f"<b>{LINK} {DONE}</b>"), f"{LINK}<!-- x -->{DONE}"):
        _, said = reading(f"<ac:task-body>Do it {tail}</ac:task-body>")
        assert ("PAY-7",) == said.tail.keys
        assert None is said.tail.span
