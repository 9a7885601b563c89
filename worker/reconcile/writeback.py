"""From what rows should show to the edits of one page, the message its history gets, and whether the save was kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from worker.document import markup
from worker.document.columns import add_column
from worker.document.document import Document
from worker.document.edits import Edit, fill
from worker.document.ticket_links import WriteLink
from worker.model.item import ActionItem, Kind, Span, digest
from worker.model.page import Page
from worker.reconcile.decide import Decision
from worker.reconcile.display import Content
from worker.reconcile.extract import Extraction

MESSAGE_START = "postmortem-sync: "
MESSAGE_LENGTH = 250
"""Shown in the page's history; one client caps messages at 500 characters, and half of that is plenty."""


def edits(
    document: Document,
    extraction: Extraction,
    decisions: Sequence[Decision],
    ticket_heading: str,
    link: WriteLink,
) -> tuple[Edit, ...]:
    """The edits that make every row show what it should; ``decisions`` are those of ``extraction.items``, in order.

    ``link`` says how a key is written on this page.
    """
    made: list[Edit] = []
    columns: dict[int, dict[int, str]] = defaultdict(dict)
    padding: dict[int, dict[tuple[int, int], str]] = defaultdict(dict)
    tables = {table.block: table for table in extraction.tables}
    for decision in decisions:
        item, display = decision.change.item, decision.display
        if display.ticket is not None:
            if not item.has_ticket_column:
                table = tables[item.place.block]
                row = table.grid_row(item.place.line)
                columns[item.place.block][row] = cell_markup(display.ticket, link)
                if display.status is not None and item.status_column is not None:
                    padding[item.place.block][row, item.status_column] = cell_markup(display.status, link)
            elif item.ticket.span is not None:
                made.append(_own_place(document, item, item.ticket.span, display.ticket, link))
        if display.status is not None and item.status is not None and item.status.span is not None:
            made.append(fill(document, item.status.span, cell_markup(display.status, link)))
        if display.tick is not None and item.tick_span is not None:
            made.append(Edit(item.tick_span, "complete" if display.tick else "incomplete"))
    for block, cells in columns.items():
        wider = tables[block]
        made.extend(
            add_column(
                document, wider.table, ticket_heading, cells, wider.header_rows, wider.heading_rows, padding[block]
            )
        )
    return tuple(made)


def _own_place(document: Document, item: ActionItem, span: Span, content: Content, link: WriteLink) -> Edit:
    if item.place.kind is Kind.ROW:
        return fill(document, span, cell_markup(content, link))
    inline = " ".join(_pieces(content, link))
    return Edit(span, f" {inline}" if inline and not item.ticket.followed else inline)


def cell_markup(content: Content, link: WriteLink) -> str:
    """What a ticket or status cell holds: key, lozenge and note in one paragraph."""
    return markup.paragraph(*_pieces(content, link))


def _pieces(content: Content, link: WriteLink) -> tuple[str, ...]:
    pieces = []
    if content.key is not None and content.url is not None:
        pieces.append(link(content.key, content.url))
    if content.lozenge is not None:
        pieces.append(markup.lozenge(content.lozenge))
    if content.note is not None:
        pieces.append(markup.note(content.note))
    return tuple(pieces)


def message(decisions: Sequence[Decision]) -> str:
    """What the page's history says of the save.

    Ends in a digest of everything written, so that a version of ours that lacks what its own message announces can be
    told from a page that nobody saved yet.
    """
    shown = [each for each in decisions if not each.display.empty]
    added = [
        each.display.ticket.key
        for each in shown
        if each.display.ticket is not None and each.display.ticket.key and not each.change.item.ticket.keys
    ]
    said = []
    if added:
        said.append(f"{_count(len(added), 'ticket')} added ({_some(added)})")
    moved = [_moved(each) for each in shown if _moved(each)]
    if moved:
        said.append(f"{_count(len(moved), 'status', 'statuses')} ({_some(moved)})")
    noted = sum(each.display.ticket is not None and each.display.ticket.note is not None for each in shown)
    if noted:
        said.append(_count(noted, "note"))
    mark = digest(repr([(each.change.item.fingerprint, each.display) for each in shown]), length=8)
    return f"{MESSAGE_START}{', '.join(said) or 'own cells'}"[:MESSAGE_LENGTH] + f" [{mark}]"


def _moved(decision: Decision) -> str:
    item, display = decision.change.item, decision.display
    content = display.status or display.ticket
    if content is None or content.lozenge is None or not item.ticket.keys:
        return ""
    return f"{item.ticket.keys[0]} {content.lozenge.title}"


def _some(words: Sequence[str]) -> str:
    return ", ".join(words[:5]) + (", …" if len(words) > 5 else "")


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def does_not_keep(page: Page, worker: str, about_to_say: str) -> bool:
    """Whether the newest version is the worker's and was meant to contain exactly what is about to be written again."""
    return page.version.by == worker and page.version.message == about_to_say
