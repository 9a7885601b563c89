"""Changes one row or task of a page the way a person does: reads it as plain text, writes back what was edited."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from worker.document import markup
from worker.document.document import Document
from worker.document.tree import Element
from worker.model.item import Lozenge, Span
from worker.sandbox.reader.grid import cells_of, grid_of, is_ticked, rows_of
from worker.sandbox.reader.resolve import Resolver, key_in
from worker.sandbox.reader.runs import Look, Run, runs_of

_TOKENS = re.compile(r"(https?://\S+)|\b(\d{4}-\d{2}-\d{2})\b|\[([^\[\]\n]{1,40})\]|@(\w[\w.'-]*(?: \w[\w.'-]*){0,3})")


@dataclass(frozen=True, slots=True)
class Field:
    """One editable text: a cell of a row, or the text of a task."""

    label: str
    text: str
    """People as ``@Name``, dates as ``2026-12-01``, lozenges as ``[TITLE]``, tickets by their address."""


def element_at(document: Document, offset: int) -> Element | None:
    """The row or task that begins at this byte."""
    return next((e for e in document.root.descendants() if e.start == offset and e.tag in ("tr", "ac:task")), None)


def fields(document: Document, element: Element, resolve: Resolver) -> tuple[Field, ...]:
    """What can be edited in a row or task, in document order; a cell's label is the header above it."""
    labels = _headers(document, element, resolve)
    return tuple(
        Field(label or f"Column {number}", _editable(runs_of(part, resolve)))
        for number, (label, part) in enumerate(zip(labels, _parts(element), strict=True), 1)
    )


def rewritten(
    document: Document, element: Element, texts: tuple[str, ...], resolve: Resolver, people: Mapping[str, str]
) -> str:
    """The body with these texts in the row's cells or the task; a text that is as before leaves its markup alone.

    ``people`` gives for each display name that may be mentioned how storage format mentions it.
    """
    source = document.source
    for part, text in reversed(list(zip(_parts(element), texts, strict=False))):
        wanted = text.replace("\r\n", "\n").strip()
        if wanted != _editable(runs_of(part, resolve)):
            source = _filled(source, part, storage_of(wanted, people, inline=part.tag not in ("td", "th")))
    return source.decode()


def ticked(document: Document, task: Element) -> str:
    """The body with the task's box turned over."""
    status = task.find("ac:task-status")
    if status is None:
        return document.render()
    return _filled(document.source, status, "incomplete" if is_ticked(task) else "complete").decode()


def with_row_below(document: Document, row: Element) -> str:
    """The body with an empty row after this one, as wide as this one."""
    cells = "".join("<td><p /></td>" for _ in cells_of(row))
    return _replaced(document.source, Span(row.end, row.end), f"<tr>{cells}</tr>").decode()


def without(document: Document, element: Element) -> str:
    """The body without this row or task."""
    return _replaced(document.source, element.span, "").decode()


def storage_of(text: str, people: Mapping[str, str], *, inline: bool) -> str:
    """Plain text as the editor would store it, a paragraph a line; ``inline`` leaves the paragraphs out."""
    lines = [_line(line.strip(), people) for line in text.split("\n") if line.strip()]
    if inline:
        return "<br />".join(lines)
    return "".join(f"<p>{line}</p>" for line in lines) or "<p />"


def _replaced(source: bytes, span: Span, markup_there: str) -> bytes:
    return source[: span.start] + markup_there.encode() + source[span.end :]


def _filled(source: bytes, element: Element, inner: str) -> bytes:
    if not element.self_closed:
        return _replaced(source, element.inner, inner)
    opening = source[element.start : element.end].decode().removesuffix("/>").rstrip()
    return _replaced(source, element.span, f"{opening}>{inner}</{element.tag}>")


def _line(line: str, people: Mapping[str, str]) -> str:
    written: list[str] = []
    done = 0
    for found in _TOKENS.finditer(line):
        url, day, title, name = found.groups()
        made, end = "", found.end()
        if url:
            made = markup.smart_link(url) if key_in(url) else markup.plain_link(url, url)
        elif day:
            made = f'<time datetime="{day}" />'
        elif title:
            made = markup.lozenge(Lozenge(title, "grey"))
        elif known := _known(name, people):
            made = people[known]
            end = found.start(4) + len(known)
        if made:
            written += [markup.text(line[done : found.start()]), made]
            done = end
    return "".join(written) + markup.text(line[done:])


def _known(name: str, people: Mapping[str, str]) -> str | None:
    """The longest display name that the written words begin with."""
    fitting = [known for known in people if name == known or name.startswith(f"{known} ")]
    return max(fitting, key=len, default=None)


def _parts(element: Element) -> tuple[Element, ...]:
    if element.tag == "tr":
        return cells_of(element)
    body = element.find("ac:task-body")
    span = body.find("span") if body else None
    return (span or body,) if body else ()


def _headers(document: Document, element: Element, resolve: Resolver) -> tuple[str, ...]:
    if element.tag != "tr":
        return ("Task",) * len(_parts(element))
    for table in document.root.descendants():
        if table.tag == "table" and element in (rows := rows_of(table)):
            grid = grid_of(table)
            heads = [line for row, line in zip(rows, grid, strict=True) if row.find("td") is None] or [grid[0]]
            line = grid[rows.index(element)]
            return tuple(_label(heads[-1][line.index(cell)], resolve) for cell in cells_of(element))
    return ("",) * len(cells_of(element))


def _label(header: Element | None, resolve: Resolver) -> str:
    return _editable(runs_of(header, resolve)) if header else ""


def _editable(runs: tuple[Run, ...]) -> str:
    written: list[str] = []
    for run in runs:
        match run.look:
            case Look.LIVE | Look.PLACEHOLDER:
                continue
            case Look.DATE | Look.TICKET:
                written.append(run.detail or run.text)
            case Look.LOZENGE:
                written.append(f"[{run.text}]")
            case _:
                written.append(run.text)
    return "".join(written).strip()
