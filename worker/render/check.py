"""What ``check`` found, as text, JSON or Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

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


def as_text(rows: Sequence[Row]) -> str:
    """A line a row, then the verdict."""
    lines = [f"{_word(row):5}  {one_line(row.where)}: {one_line(row.sentence)}" for row in rows]
    return "\n".join([*lines, "", verdict(rows)]) + "\n"


def as_data(rows: Sequence[Row]) -> str:
    """One object: ``command``, ``ok``, ``problems`` (how many) and ``rows``, each with ok, where and message."""
    from worker.render.json import as_json

    return as_json(
        {
            "command": "check",
            "ok": _problems(rows) == 0,
            "problems": _problems(rows),
            "rows": [{"ok": row.ok, "where": row.where, "message": row.sentence} for row in rows],
        }
    )


def as_markdown(rows: Sequence[Row]) -> str:
    """A table, under the verdict."""
    from worker.render import markdown

    lines = ["# postmortem-sync: check", "", verdict(rows), "", "| | where | what |", "| --- | --- | --- |"]
    lines += [f"| {_word(row)} | {markdown.words(row.where)} | {markdown.words(row.sentence)} |" for row in rows]
    return "\n".join(lines) + "\n"


def verdict(rows: Sequence[Row]) -> str:
    """The sum of it in one sentence."""
    problems = _problems(rows)
    if problems == 0:
        return "Nothing is wrong."
    return "1 problem to solve." if problems == 1 else f"{problems} problems to solve."


def _word(row: Row) -> str:
    return "ok" if row.ok else "wrong"


def _problems(rows: Sequence[Row]) -> int:
    return sum(not row.ok for row in rows)
