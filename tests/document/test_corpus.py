"""Real documents, read and edited everywhere."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from worker.document.cells import dates, own_cell, people
from worker.document.columns import add_column
from worker.document.document import Document
from worker.document.edits import fill, splice
from worker.document.headings import sections
from worker.document.parse import Malformed, parse
from worker.document.tables import tables
from worker.document.task_text import read_task
from worker.document.tasks import task_lists
from worker.document.text import visible_text


@pytest.fixture(scope="module")
def bodies(corpus: Path) -> list[tuple[str, str]]:
    index = [json.loads(line) for line in (corpus / "INDEX.jsonl").read_text("utf-8").splitlines()]
    found = [(entry["file"], (corpus / entry["file"]).read_bytes().decode()) for entry in index if entry["wellformed"]]
    assert found
    return found


def extract(body: str) -> Document:
    document = parse(body)
    over = sections(document).over
    for table in tables(document):
        over(table.element.start)
        for row in table.rows:
            for cell in row.own:
                visible_text(cell.element)
    for tasks in task_lists(document):
        over(tasks.element.start)
        for task in tasks.tasks:
            read_task(task, document)
    return document


def test_real_documents_come_back_or_are_refused(corpus: Path, bodies: list[tuple[str, str]]) -> None:
    """Every well-formed document comes back unchanged; every other is Malformed."""
    for name, body in bodies:
        assert body == parse(body).render(), name
    entries = map(json.loads, (corpus / "INDEX.jsonl").read_text("utf-8").splitlines())
    for entry in entries:
        if not entry["wellformed"]:
            with pytest.raises(Malformed):
                parse((corpus / entry["file"]).read_bytes().decode())


def test_every_table_can_get_a_column(bodies: list[tuple[str, str]]) -> None:
    """In each real table the new cells stand in one new column, and every other byte is kept."""
    for name, body in bodies:
        document = parse(body)
        for index, table in enumerate(tables(document)):
            if table.rows:
                edits = add_column(document, table, "Ticket", {}, {0})
                wider = tables(parse(splice(document, edits)))[index]
                width = len(table.rows[0].cells)
                assert {width + 1} == {len(row.cells) for row in wider.rows}, name
                assert {width} == {row.own[-1].column for row in wider.rows}, name


def test_every_cell_and_task_is_read_and_written(bodies: list[tuple[str, str]]) -> None:
    """No real cell or task is beyond reading, and what may be written can be."""
    for name, body in bodies:
        document = parse(body)
        for element in document.root.descendants():
            if element.tag in {"td", "th"}:
                people(element)
                dates(element)
                span = own_cell(element, document).span
                if span:
                    edited = splice(document, [fill(document, span, "<p>x</p>")])
                    assert len(edited) <= len(body) + len("<p>x</p></td>"), name
        for tasks in task_lists(document):
            for task in tasks.tasks:
                span = read_task(task, document).tail.span
                if span:
                    assert "<b>x</b>" in splice(document, [fill(document, span, "<b>x</b>")]), name


def test_reading_keeps_pace(bodies: list[tuple[str, str]]) -> None:
    """Real documents are read and extracted at a megabyte a second at the very least, even on a busy machine."""
    size = sum(len(body.encode()) for _, body in bodies)
    began = time.process_time()
    for _, body in bodies:
        extract(body)
    assert size / (time.process_time() - began) > 1_000_000
