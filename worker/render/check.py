"""What ``check`` found, as text, JSON or Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from worker.live.rows import Group
from worker.render import live
from worker.render.folding import folded
from worker.render.visible import one_line


class Row(Protocol):
    """One thing that was looked at."""

    @property
    def ok(self) -> bool:
        """Whether it is fine."""

    @property
    def where(self) -> str:
        """The settings, or a file with its line."""

    @property
    def sentence(self) -> str:
        """What was found, or what is wrong and what to do."""


def as_text(rows: Sequence[Row], groups: Sequence[Group] = (), *, width: int | None = None) -> str:
    """A line a row, then what was found on the site, then the verdict; folded to ``width`` columns, where given."""
    lines = [
        line
        for row in rows
        for line in folded(f"{_word(row):5}  ", f"{one_line(row.where)}: {one_line(row.sentence)}", width)
    ]
    found = live.as_text(groups, width=width) if groups else ""
    return "\n".join(lines) + f"\n{found}\n{verdict(rows, groups)}\n"


def as_data(rows: Sequence[Row], groups: Sequence[Group] = ()) -> str:
    """One object: ``command``, ``ok``, ``problems`` (how many) and ``rows``, each with ok, where and message.

    Rows about the site have ``about``, ``state`` and ``ask`` besides.
    """
    from worker.render.json import as_json

    problems = _problems(rows, groups)
    offline = [{"ok": row.ok, "where": row.where, "message": row.sentence} for row in rows]
    return as_json(
        {"command": "check", "ok": problems == 0, "problems": problems, "rows": [*offline, *live.as_rows(groups)]}
    )


def as_markdown(rows: Sequence[Row], groups: Sequence[Group] = ()) -> str:
    """A table, under the verdict; then what was found on the site."""
    from worker.render import markdown

    lines = ["# postmortem-sync: check", "", verdict(rows, groups), "", "| | where | what |", "| --- | --- | --- |"]
    lines += [f"| {_word(row)} | {markdown.words(row.where)} | {markdown.words(row.sentence)} |" for row in rows]
    return "\n".join(lines) + "\n" + (live.as_markdown(groups) if groups else "")


def verdict(rows: Sequence[Row], groups: Sequence[Group] = ()) -> str:
    """The sum of it in one sentence."""
    problems = _problems(rows, groups)
    if problems == 0:
        return "Nothing is wrong."
    return "1 problem to solve." if problems == 1 else f"{problems} problems to solve."


def _word(row: Row) -> str:
    return "ok" if row.ok else "wrong"


def _problems(rows: Sequence[Row], groups: Sequence[Group]) -> int:
    return sum(not row.ok for row in rows) + sum(not row.ok for group in groups for row in group.rows)
