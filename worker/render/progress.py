"""Shows how far a pass is: a bar on a terminal, and one canonical log line a page."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from threading import get_ident
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from worker.logs import log
from worker.model.report import Exit, PageReport, Report
from worker.remote.gateway import Exchange, Pause
from worker.render.words import KINDS, Kind, count, row
from worker.telemetry.tally import Errand, Tally

_LONG = 5.0
"""Seconds."""
_BECAME: Mapping[Kind, str] = {"create": "created", "update": "updated", "hold": "held", "failed": "failed"}


@dataclass(frozen=True, slots=True)
class _Work:
    """One page in work."""

    began: float
    errand: Errand


class PassProgress:
    """What a pass tells about itself, made visible; used as a context manager around the pass."""

    def __init__(self, console: Console, tally: Tally, *, bar: bool) -> None:
        """``console`` is stderr's; ``tally`` hears of the same requests.

        With ``bar`` canonical lines go to level debug, for the result says the same again.
        """
        self._bar_shown = bar
        self._tally = tally
        self._told: set[str] = set()
        self._in_work: dict[int, _Work] = {}
        self._became: Counter[str] = Counter()
        self._reading = True
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[became]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[left]}"),
            console=console,
            transient=True,
            disable=not bar,
        )
        self._task = self._bar.add_task("Reading pages", total=None, became="", left="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def read(self, pages: int) -> None:
        """So many pages have been read so far."""
        self._bar.update(self._task, completed=pages)

    def begin(self, pages: int) -> None:
        """So many pages are about to be worked on."""
        self._reading = False
        self._bar.reset(self._task, description="Working on pages", total=pages, became="", left="left")

    def start(self, page: str) -> None:  # noqa: ARG002 — the port names the page; the thread is enough here
        """Work on a page begins, on the thread that will call ``done``."""
        self._in_work[get_ident()] = _Work(time.monotonic(), self._tally.begin())

    def done(self, page: PageReport) -> None:
        """A page is finished: the bar moves, and its canonical line is logged."""
        self._became.update(_BECAME[kind] for kind in _kinds(page).elements() if kind in _BECAME)
        became = ", ".join(f"{self._became[word]} {word}" for word in _BECAME.values() if self._became[word])
        self._bar.update(self._task, advance=1, became=became)
        self._page(page, self._in_work.pop(get_ident(), None))

    def under_way(self) -> str:
        """What a pass that is asked to stop does first."""
        if self._reading:
            return "the requests under way are answered"
        number = len(self._in_work)
        return f"{count(number, 'page')} in work {'is' if number == 1 else 'are'} finished"

    def exchange(self, exchange: Exchange) -> None:
        """A request was sent: method, path and status, and nothing of what it said, for whoever looks closely."""
        status = "no answer" if exchange.status is None else exchange.status
        log("remote").debug(f"{exchange.method} {exchange.path}", product=exchange.product, status=status)

    def pause(self, pause: Pause) -> None:
        """A request waits before it is sent; the longer waits are warnings, since a pass seems to stand still."""
        logger = log("remote")
        (logger.warning if pause.seconds > _LONG else logger.info)(
            "request waits", **{**asdict(pause), "seconds": round(pause.seconds, 1)}
        )

    def ended(self, report: Report) -> None:
        """The pass is finished: the lines of pages that had no work are logged, and the one of the pass."""
        for page in report.pages:
            if page.plan.page not in self._told:
                self._page(page, None)
        match report.exit:
            case Exit.SETTLED:
                level = "info"
            case Exit.FAILED | Exit.HELD:
                level = "warning"
            case _:
                level = "error"
        self._tell(
            level,
            "plan done" if report.command == "plan" else "pass done",
            command=report.command,
            **asdict(report.totals),
            **{
                f"{each.product.lower()}_{name}": value
                for each in report.traffic
                for name, value in (("requests", each.requests), ("waits", each.waits))
            },
            waited_seconds=round(sum(each.waited.total_seconds() for each in report.traffic), 1),
            seconds=round((report.finished_at - report.started_at).total_seconds(), 3),
            findings=[finding.code for finding in report.findings],
            stopped=report.stopped,
            resumes_at=report.resumes_at.isoformat() if report.resumes_at else None,
            exit_code=int(report.exit),
        )

    def _page(self, page: PageReport, work: _Work | None) -> None:
        """The canonical line of one page, which holds no text of it; a page without work was only read by search."""
        plan, kinds = page.plan, _kinds(page)
        errand = work.errand if work is not None else Errand()
        self._told.add(plan.page)
        self._tell(
            "warning" if plan.failed or kinds["failed"] else "info",
            "page done",
            team=plan.team,
            page=plan.page,
            version=plan.version,
            **{kind: kinds[kind] for kind in KINDS},
            findings=[finding.code for finding in plan.findings],
            page_failed=plan.failed,
            saved=page.saved,
            requests=errand.requests,
            waits=errand.waits,
            waited_seconds=round(errand.waited, 1),
            seconds=round(time.monotonic() - work.began, 3) if work is not None else 0.0,
        )

    def _tell(self, level: str, event: str, **fields: Any) -> None:
        getattr(log("pass"), "debug" if self._bar_shown else level)(event, **fields)


def _kinds(page: PageReport) -> Counter[Kind]:
    return Counter(row(change).kind for change in page.plan.changes)
