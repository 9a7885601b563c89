"""What a look at the site brought to light, as text, JSON or Markdown, with what to ask of administrators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worker.live.rows import Group, LiveRow, State
from worker.render.folding import folded
from worker.render.visible import one_line

_SIGN = {State.FINE: "✓", State.TOLD: "·", State.WRONG: "✗", State.FAILED: "!", State.REFUSED: "!"}


def as_text(groups: Sequence[Group], *, width: int | None = None) -> str:
    """A block a group, a line a row with its sign; then the requests to administrators.

    Lines are folded to ``width`` columns, where given.
    """
    lines: list[str] = []
    for group in groups:
        longest = max((len(row.about) for row in group.rows), default=0)
        lines += ["", one_line(group.title)]
        for row in group.rows:
            lines += folded(f"  {_SIGN[row.state]} {row.about:<{longest}}  ", one_line(row.sentence), width)
    asks = _asks(groups)
    if asks:
        lines += ["", *folded("", "To ask an administrator (--format markdown writes it ready to send):", width)]
        for product, sentence in asks:
            lines += folded(f"  {product}: ", one_line(sentence), width)
    return "\n".join(lines) + "\n"


def as_markdown(groups: Sequence[Group]) -> str:
    """A table a group; then the requests to administrators, each as a list item to copy."""
    from worker.render import markdown

    lines: list[str] = []
    for group in groups:
        lines += ["", f"## {markdown.words(group.title)}", "", "| | what | how it is |", "| --- | --- | --- |"]
        lines += [
            f"| {_SIGN[row.state]} | {markdown.words(row.about)} | {markdown.words(row.sentence)} |"
            for row in group.rows
        ]
    asks = _asks(groups)
    for wanted in dict.fromkeys(product for product, _ in asks):
        lines += ["", f"## For the administrators of {wanted}", ""]
        lines += [f"- {markdown.words(sentence)}" for product, sentence in asks if product == wanted]
    return "\n".join(lines) + "\n"


def as_rows(groups: Sequence[Group]) -> list[dict[str, Any]]:
    """The rows for programs: ``ok``, ``where`` (the group), ``message``, ``about``, ``state``, ``ask`` (or null)."""
    return [_row(group, row) for group in groups for row in group.rows]


def _row(group: Group, row: LiveRow) -> dict[str, Any]:
    ask = {"product": row.ask.product, "message": row.ask.sentence} if row.ask else None
    return {
        "ok": row.ok, "where": group.title, "message": row.sentence, "about": row.about, "state": row.state.value,
        "ask": ask,
    }  # fmt: skip


def _asks(groups: Sequence[Group]) -> list[tuple[str, str]]:
    """Every request once, Confluence's before Jira's."""
    asked = {(row.ask.product, row.ask.sentence): None for group in groups for row in group.rows if row.ask}
    return sorted(asked, key=lambda ask: str(ask[0]))
