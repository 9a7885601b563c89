"""Shows how far a pass is: a bar on a terminal, and one canonical log line a page."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from worker.logs import log
from worker.model.report import PageReport, Report
from worker.remote.gateway import Pause
from worker.render.words import KINDS, row

_LONG = 5.0
"""Seconds."""


class PassProgress:
    """What a pass tells about itself, made visible; used as a context manager around the pass."""

    def __init__(self, console: Console, *, bar: bool) -> None:
        """``console`` is stderr's. With ``bar`` the lines go to level debug, for the result says the same again."""
        logger = log("pass")
        self._tell = logger.debug if bar else logger.info
        self._told: set[str] = set()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not bar,
        )
        self._task = self._bar.add_task("Reading pages", total=None)

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
        self._bar.reset(self._task, description="Working on pages", total=pages)

    def done(self, page: PageReport) -> None:
        """A page is finished: the bar moves, and its canonical line is logged."""
        self._bar.advance(self._task)
        self._page(page)

    def pause(self, pause: Pause) -> None:
        """A request is sent again after a wait; the longer ones are warnings, since a pass seems to stand still."""
        logger = log("remote")
        (logger.warning if pause.seconds > _LONG else logger.info)(
            "request repeated after a wait", **{**asdict(pause), "seconds": round(pause.seconds, 1)}
        )

    def ended(self, report: Report) -> None:
        """The pass is finished: the lines of pages that had no work are logged, and the one of the pass."""
        for page in report.pages:
            if page.plan.page not in self._told:
                self._page(page)
        self._tell(
            "pass done",
            command=report.command,
            **asdict(report.totals),
            seconds=round((report.finished_at - report.started_at).total_seconds(), 3),
            stopped=report.stopped,
            exit_code=int(report.exit),
        )

    def _page(self, page: PageReport) -> None:
        """The canonical line of one page, which holds no text of it."""
        plan = page.plan
        self._told.add(plan.page)
        kinds = Counter(row(change).kind for change in plan.changes)
        self._tell(
            "page done",
            team=plan.team,
            page=plan.page,
            version=plan.version,
            **{kind: kinds[kind] for kind in KINDS},
            findings=[finding.code for finding in plan.findings],
            page_failed=plan.failed,
            saved=page.saved,
        )
