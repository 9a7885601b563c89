"""The result for people at a terminal: page by page what changes and why, then the totals and what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from itertools import zip_longest

from rich.console import Console
from rich.text import Text

from worker.model.finding import Finding
from worker.model.plan import PagePlan
from worker.model.report import PageReport, Report
from worker.render.visible import one_line, shortened
from worker.render.words import (
    ELSEWHERE,
    Kind,
    Row,
    count,
    headline,
    is_quiet,
    next_steps,
    other_findings,
    rows,
    state,
    troubles,
)

_MARKS: dict[Kind, tuple[str, str]] = {
    "create": ("+", "green"),
    "update": ("~", "cyan"),
    "keep": ("=", "dim"),
    "hold": ("!", "yellow"),
    "failed": ("x", "bold red"),
}
_FEW = 3
"""So many items that stay as they are are listed one by one; more are counted."""
_LONGEST = 160
"""Characters of an action that are shown."""
_DEEP = 12
"""Columns before an item: two, the mark, and the longest kind."""


def render(report: Report, *, terminal: bool) -> str:
    """The result as ``show`` prints it to stdout, which is a terminal or is not."""
    paper = StringIO()
    show(report, Console(file=paper, force_terminal=terminal))
    return paper.getvalue()


def show(report: Report, console: Console) -> None:
    """Prints the result; in colours and folded to the width on a terminal, plain and unfolded elsewhere."""
    paper = _Paper(console)
    for notice in report.notices:
        paper.line(0, (one_line(notice), "yellow"))
    if report.notices and report.pages:
        paper.line(0)
    before = True
    for number, page in enumerate(report.pages):
        quiet = is_quiet(page.plan)
        if number and not (quiet and before):
            paper.line(0)
        if quiet:
            paper.line(0, ("= ", "dim"), (_title(page.plan), ""), (f": {_calm(page.plan)}", "dim"))
        else:
            _show_page(page, report, paper)
        before = quiet
    if report.pages:
        paper.line(0)
    if report.findings:
        paper.line(0, (ELSEWHERE, "bold"))
        _show_findings(report.findings, paper)
        paper.line(0)
    for trouble in troubles(report):
        paper.line(0, (one_line(trouble), "yellow"))
    paper.line(0, (headline(report), "bold"))
    for step in next_steps(report):
        paper.line(0, (one_line(step), ""))


class _Paper:
    """Puts lines on a console; no text is ever read as markup."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def line(self, indent: int, *parts: tuple[str, str], head: str = "", style: str = "") -> None:
        """One line of (text, style) parts behind the indent, where a head may stand; folded on a terminal."""
        text = Text.assemble(*parts)
        room = max(20, self._console.width - indent)
        before = Text.assemble((head.ljust(indent), style))
        for folded in text.wrap(self._console, room) if self._console.is_terminal and text else [text]:
            folded.rstrip()
            self.whole(before + folded)
            before = Text(" " * indent)

    def whole(self, text: Text) -> None:
        """One line as it is, such as an address that is to be copied."""
        self._console.print(text, soft_wrap=True, highlight=False)


def _title(plan: PagePlan) -> str:
    return f"{one_line(plan.title)} ({one_line(plan.team)})"


def _kept(calm: int, told: int = 0) -> str:
    """So many items that are in order, and so many that stay as they are though a finding tells of them."""
    parts = [f"{count(calm, 'item')} as {'it' if calm == 1 else 'they'} should be"] if calm else []
    parts += [f"{count(told, 'item')} that a finding below tells of"] if told else []
    return ", ".join(parts)


def _calm(plan: PagePlan) -> str:
    """Why there is nothing to tell; what was passed over is hinted at, since it may have been meant."""
    if plan.changes:
        return _kept(len(plan.changes))
    if not plan.tables:
        return "no action items"
    told = "1 table or list" if len(plan.tables) == 1 else f"{len(plan.tables)} tables and lists"
    return f"no action items; --format markdown tells why {told} held none"


def _show_page(page: PageReport, report: Report, paper: _Paper) -> None:
    plan = page.plan
    became = state(page, report.command)
    paper.line(0, (_title(plan), "bold"), (f", {became}" if became else "", "bold red" if plan.failed else ""))
    paper.whole(Text(one_line(plan.url), "dim"))
    entries = rows(plan)
    kept = [entry for entry in entries if entry.kind == "keep"]
    shown = entries if len(kept) <= _FEW else [entry for entry in entries if entry.kind != "keep"]
    for entry, after in zip_longest(shown, shown[1:]):
        _show_row(entry, paper, with_reason=after is None or _why(entry) != _why(after))
    findings = other_findings(plan)
    if len(kept) > _FEW:
        told = sum(entry.item in {finding.item for finding in findings} for entry in kept)
        paper.line(_DEEP, (_kept(len(kept) - told, told), "dim"), head="  = keep", style="dim")
    _show_findings(findings, paper)


def _show_findings(findings: Iterable[Finding], paper: _Paper) -> None:
    for finding in findings:
        about = f": {shortened(one_line(finding.item), _LONGEST)}" if finding.item else ""
        paper.line(4, (finding.code, "yellow"), (about, ""))
        paper.line(8, (one_line(finding.message), ""))


def _why(entry: Row) -> tuple[str, str]:
    return entry.kind, one_line(entry.why)


def _show_row(entry: Row, paper: _Paper, *, with_reason: bool) -> None:
    """Neighbours that share their reason show it once, below the last of them."""
    mark, style = _MARKS[entry.kind]
    ticket = f"{one_line(entry.ticket)}: " if entry.ticket else ""
    item = shortened(one_line(entry.label), _LONGEST)
    paper.line(_DEEP, (ticket, "bold"), (item, ""), head=f"  {mark} {entry.kind}", style=style)
    if with_reason:
        paper.line(_DEEP, (_why(entry)[1], "dim"))
