"""How a person's edit of one row or task changes the body."""

from __future__ import annotations

import pytest

from worker.document.parse import parse
from worker.sandbox.reader import editing
from worker.sandbox.reader.changes import changes
from worker.sandbox.reader.resolve import Card

PEOPLE = {"Ada Byron": "557058:a", "Ada": "557058:b"}
MENTIONS = {name: f'<ac:link><ri:user ri:account-id="{account}" /></ac:link>' for name, account in PEOPLE.items()}

ROW = (
    "<table><tbody><tr><th>Action</th><th>Owner</th><th>Due</th></tr>"
    '<tr><td><p>Fix &eacute;</p></td><td><p><ac:link><ri:user ri:account-id="557058:a" /></ac:link> </p></td>'
    '<td><p><time datetime="2026-12-01" /> </p></td></tr></tbody></table>'
)


class Names:
    """A resolver that knows people only."""

    def person(self, account: str) -> str | None:
        """The display name."""
        return next((name for name, known in PEOPLE.items() if known == account), None)

    def card(self, key: str) -> Card | None:
        """Nothing."""
        return None


def rewritten(body: str, mark: str, *texts: str) -> str:
    """The body after these texts were written into the row or task that begins at the mark."""
    document = parse(body)
    element = editing.element_at(document, body.encode().rindex(mark.encode()))
    assert element is not None
    return editing.rewritten(document, element, texts, Names(), MENTIONS)


def test_the_form_shows_each_cell_under_its_header() -> None:
    """People are names, dates are ISO dates, and the label of a field is the header of its column."""
    document = parse(ROW)
    row = editing.element_at(document, ROW.rindex("<tr>"))
    assert row is not None

    found = editing.fields(document, row, Names())

    assert found == (
        editing.Field("Action", "Fix é"), editing.Field("Owner", "@Ada Byron"), editing.Field("Due", "2026-12-01"),
    )  # fmt: skip


def test_a_row_below_a_merged_cell_keeps_its_labels() -> None:
    """A cell that spans rows shifts the cells of the next row, not their labels."""
    body = (
        "<table><tr><th>Owner</th><th>Action</th></tr>"
        '<tr><td rowspan="2">A</td><td>one</td></tr><tr><td>two</td></tr></table>'
    )
    document = parse(body)
    row = editing.element_at(document, body.rindex("<tr>"))
    assert row is not None

    assert editing.fields(document, row, Names()) == (editing.Field("Action", "two"),)


def test_unchanged_texts_leave_every_byte_alone() -> None:
    """Saving the form as it came gives the same body."""
    assert rewritten(ROW, "<tr>", "Fix é", "@Ada Byron", "2026-12-01") == ROW


def test_only_the_edited_cell_changes() -> None:
    """The other cells keep their markup, entities and trailing spaces included."""
    after = rewritten(ROW, "<tr>", "Fix é", "@Ada Byron", "2027-01-15")

    assert after == ROW.replace('<time datetime="2026-12-01" /> ', '<time datetime="2027-01-15" />')


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("", "<p />"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("one\ntwo", "<p>one</p><p>two</p>"),
        ("@Ada Byron, soon", '<p><ac:link><ri:user ri:account-id="557058:a" /></ac:link>, soon</p>'),
        ("@Nobody", "<p>@Nobody</p>"),
        ("by 2026-12-01!", '<p>by <time datetime="2026-12-01" />!</p>'),
        (
            "https://x.example/a?b=1&c=2",
            '<p><a href="https://x.example/a?b=1&amp;c=2">https://x.example/a?b=1&amp;c=2</a></p>',
        ),
        (
            "https://x.example/browse/PAY-1",
            '<p><a href="https://x.example/browse/PAY-1" data-card-appearance="inline">https://x.example/browse/PAY-1</a></p>',
        ),
    ],
)
def test_plain_text_is_stored_as_the_editor_would(text: str, stored: str) -> None:
    """Mentions, dates and pasted ticket addresses become what the editor makes of them; the rest is text."""
    assert editing.storage_of(text, MENTIONS, inline=False) == stored


def test_a_self_closed_cell_can_be_written() -> None:
    """A cell without content is opened to take the text."""
    assert rewritten("<table><tr><td /></tr></table>", "<tr>", "x") == "<table><tr><td><p>x</p></td></tr></table>"


TASK = (
    "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>incomplete</ac:task-status>"
    '<ac:task-body><span class="placeholder-inline-tasks">Fix it</span></ac:task-body></ac:task></ac:task-list>'
)


def test_a_task_is_written_without_a_paragraph() -> None:
    """The text of a task stays inside the span that the editor puts around it."""
    assert rewritten(TASK, "<ac:task>", "Fix this") == TASK.replace("Fix it", "Fix this")


def test_ticking_twice_gives_the_first_body_again() -> None:
    """A tick changes the status text and nothing else."""
    document = parse(TASK)
    task = editing.element_at(document, TASK.index("<ac:task>"))
    assert task is not None
    once = editing.ticked(document, task)
    again = parse(once)
    ticked = editing.element_at(again, once.index("<ac:task>"))
    assert ticked is not None

    assert once == TASK.replace("incomplete", "complete")
    assert editing.ticked(again, ticked) == TASK


def test_rows_can_be_added_and_removed() -> None:
    """A new row is as wide as the one above it, and removing it restores the body."""
    document = parse(ROW)
    row = editing.element_at(document, ROW.rindex("<tr>"))
    assert row is not None
    more = editing.with_row_below(document, row)
    added = editing.element_at(parse(more), more.rindex("<tr>"))
    assert added is not None

    assert more.count("<td><p /></td>") == 3
    assert editing.without(parse(more), added) == ROW


def test_changes_name_the_cells_that_read_differently() -> None:
    """New markup of the same meaning is no change; a new word, date or person is one."""
    before = parse(ROW)
    after = parse(ROW.replace("&eacute;", "é").replace("2026-12-01", "2026-12-02").replace("<p>", '<p local-id="1">'))

    found = changes(before.root, after.root)

    assert found.before == {ROW.encode().rindex(b"<td>")}
    assert found.after == {after.source.rindex(b"<td>")}
