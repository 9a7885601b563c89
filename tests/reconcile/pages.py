"""Small storage-format pages for extraction, and a short way to read them."""

from __future__ import annotations

from collections.abc import Sequence

from worker.document.parse import parse
from worker.mapping.model import Items
from worker.model.item import ActionItem
from worker.reconcile.extract import Extraction, extract

HEADING = '<h2><ac:emoticon ac:name="blue-star" ac:emoji-fallback="🚨" />&nbsp;Action items</h2>'
ANN = '<p><ac:link><ri:user ri:account-id="712020:ann" ri:local-id="u1" /></ac:link> </p>'
BEN = '<p><ac:link><ri:user ri:userkey="8a69b33" /></ac:link></p>'
DAY = '<p><time datetime="2026-12-01" /> </p>'


def row(cells: Sequence[str], tag: str = "td", attributes: str = "") -> str:
    """One row of cells."""
    return f"<tr{attributes}>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>"


def table(header: Sequence[str], *rows: Sequence[str] | str) -> str:
    """A table as Confluence Cloud stores it: the header row stands in ``tbody``."""
    body = "".join(each if isinstance(each, str) else row(each) for each in rows)
    head = row([f"<p><strong>{text}</strong></p>" for text in header], "th")
    return f'<table data-layout="default"><tbody>{head}{body}</tbody></table>'


def task(text: str, *, number: int | None = None, uuid: str = "", done: bool = False) -> str:
    """One task."""
    ids = (f"<ac:task-id>{number}</ac:task-id>" if number else "") + (
        f"<ac:task-uuid>{uuid}</ac:task-uuid>" if uuid else ""
    )
    status = "complete" if done else "incomplete"
    return f"<ac:task>{ids}<ac:task-status>{status}</ac:task-status><ac:task-body>{text}</ac:task-body></ac:task>"


def tasks(*markup: str) -> str:
    """A task list."""
    return f"<ac:task-list>\n{''.join(markup)}</ac:task-list>"


def macro(name: str, body: str, **parameters: str) -> str:
    """A macro with a body of markup."""
    given = "".join(f'<ac:parameter ac:name="{key}">{value}</ac:parameter>' for key, value in parameters.items())
    return f'<ac:structured-macro ac:name="{name}">{given}<ac:rich-text-body>{body}</ac:rich-text-body></ac:structured-macro>'


def read(body: str, **rules: object) -> Extraction:
    """What is found on a page, by the default rules with some replaced."""
    return extract(parse(body), Items(**rules))


def items(body: str, **rules: object) -> tuple[ActionItem, ...]:
    """The action items of a page."""
    return read(body, **rules).items


def actions(body: str, **rules: object) -> list[str]:
    """The texts of the action items of a page."""
    return [item.action for item in items(body, **rules)]


def item(body: str, **rules: object) -> ActionItem:
    """The only action item of a page."""
    (found,) = items(body, **rules)
    return found
