"""The commands ``plan`` and ``sync`` from settings to exit code: check, connect, pass, render."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from threading import Event
from typing import Literal

from rich.console import Console

from worker import bootstrap, configuration, logs
from worker.bootstrap import World
from worker.commandline import code_of, complain, emit
from worker.errors import AccessError, ConfigurationError, Exhausted, LimitTooLow
from worker.interrupts import stop_on_signals
from worker.model.report import Exit, Report
from worker.outlets import NOWHERE
from worker.remote.gateway import Counter, Exchange, Pause
from worker.render import json, markdown, text
from worker.render.progress import PassProgress
from worker.render.report import check_report_file, write_report
from worker.run import plan_pass, sync_pass
from worker.settings import Settings
from worker.survey import Team
from worker.telemetry.sending import Sending
from worker.telemetry.tally import Tally
from worker.terms import Scope


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says; empty selections mean everything."""

    teams: tuple[str, ...]
    pages: tuple[str, ...]
    since: date | None
    format: Literal["text", "json", "markdown", "none"]
    report: Path | None
    approve: tuple[str, ...] = ()
    adopt: tuple[str, ...] = ()

    @property
    def narrowed(self) -> bool:
        """Whether it is a person's pass over some of the pages, which stands for no scheduled one."""
        return bool(self.teams or self.pages or self.since)

    @property
    def by_hand(self) -> bool:
        """Whether it is a person's pass: over some of the pages, or letting something through."""
        return bool(self.narrowed or self.approve or self.adopt)

    @property
    def by_program(self) -> bool:
        """Whether somebody reads the result by program, so that there has to be one whatever happens."""
        return self.format in ("json", "markdown") or self.report is not None


def plan(asked: Asked) -> int:
    """Prints what ``sync`` would do; the exit code. The pass is handed readers and nothing else."""

    def passing(teams: tuple[Team, ...], world: World, scope: Scope, progress: PassProgress, _stop: Event) -> Report:
        return plan_pass(teams, world.readers, scope, progress=progress, requests=world.requests)

    return _run("plan", asked, passing)


def sync(asked: Asked) -> int:
    """Makes one pass and prints what became of it; the exit code. The first Ctrl-C or SIGTERM ends it in good order."""

    def passing(teams: tuple[Team, ...], world: World, scope: Scope, progress: PassProgress, stop: Event) -> Report:
        with stop_on_signals(stop, progress.under_way):
            return sync_pass(
                teams,
                world.readers,
                world.writers(),
                scope,
                progress=progress,
                requests=world.requests,
                stop=stop,
                allowance=world.allowance,
            )

    return _run("sync", asked, passing)


_Pass = Callable[[tuple[Team, ...], World, Scope, PassProgress, Event], Report]


def _run(command: Literal["plan", "sync"], asked: Asked, passing: _Pass) -> int:
    given = configuration.load(asked.teams)
    settings, problems = given.settings, (*_report_problems(asked.report), *given.problems)
    if settings is None:
        raise ConfigurationError(*problems)
    logs.configure(
        run=token_hex(4),
        worker=settings.name,
        level=settings.log_level,
        format=settings.log_format,
        secrets=bootstrap.secrets(settings),
    )
    told = settings.outlets if command == "sync" and not asked.narrowed else NOWHERE
    with _told(bootstrap.sending(settings, told), command) as tell:
        if problems:
            raise ConfigurationError(*problems)
        teams = tuple(Team(bootstrap.spelled(each.mapping, settings.deployment), each.file) for each in given.mappings)
        report = _passed(command, asked, settings, teams, passing)
        if report.refused is not None and not report.pages and not asked.by_program:
            return tell(report, int(report.exit))  # the complaint is all there is to print
        return tell(report, _hand_out(report, asked))


def _passed(
    command: Literal["plan", "sync"], asked: Asked, settings: Settings, teams: tuple[Team, ...], passing: _Pass
) -> Report:
    """The pass itself; of one that was refused, it is complained on stderr why."""
    scope = bootstrap.scope(
        settings,
        teams=frozenset(asked.teams),
        pages=frozenset(asked.pages),
        approve=frozenset(asked.approve),
        adopt=frozenset(asked.adopt),
        since=asked.since,
        delay=_delay(command, asked, settings),
    )
    stop, tally, requests, started = Event(), Tally(), Counter(), datetime.now(UTC)
    complaints: tuple[str, ...] = ()
    bar = sys.stderr.isatty() and logs.as_console(settings.log_format)
    with PassProgress(Console(stderr=True), tally, bar=bar) as progress:

        def on_exchange(exchange: Exchange) -> None:
            tally.exchange(exchange)
            progress.exchange(exchange)

        def on_pause(pause: Pause) -> None:
            tally.pause(pause)
            progress.pause(pause)

        try:  # connecting may ask a product already
            with bootstrap.connected(
                settings, stop=stop, requests=requests, on_exchange=on_exchange, on_pause=on_pause
            ) as world:
                report = replace(passing(teams, world, scope, progress, stop), jira=world.readers.tickets.site)
        except Exhausted as error:
            report = _ended(command, error, requests(), started)
        except (AccessError, ConfigurationError) as error:
            report = _refused(command, error, requests(), started)
            complaints = report.errors
        report = replace(report, traffic=tally.traffic())
        progress.ended(report)
    complain(complaints)
    unprinted = asked.format == "none"
    if unprinted or asked.pages or asked.since or asked.approve or asked.adopt:
        for notice in report.notices:
            logs.log("pass").warning("notice", notice=notice)
    if unprinted and report.refused is None:  # what refused it was complained of
        for trouble in report.errors:
            logs.log("pass").warning("failed beside any page", error=trouble)
    return report


@contextmanager
def _told(sending: Sending, command: Literal["plan", "sync"]) -> Iterator[Callable[[Report, int], int]]:
    """Tells that a pass begins and, by what it yields, how it ended; that gives the exit code back.

    A pass that an error ends is told too, as one that got nowhere.
    """
    started = datetime.now(UTC)
    sending.begun()

    def tell(report: Report, exit_code: int) -> int:
        sending.ended(report, exit_code)
        return exit_code

    try:
        yield tell
    except (Exception, KeyboardInterrupt) as error:
        sending.ended(Report(command, (), 0, started, datetime.now(UTC)), code_of(error))
        raise


def _refused(
    command: Literal["plan", "sync"], error: AccessError | ConfigurationError, requests: int, started: datetime
) -> Report:
    """The result of a pass that was not let in, or cannot work as it was asked for or set, before it attempted
    anything.
    """
    bare = Report(command, (), requests, started, datetime.now(UTC))
    match error:
        case ConfigurationError(problems=problems):
            why = "it cannot work as it was asked for, so nothing was attempted"
            return replace(bare, stopped=why, refused=Exit.MISUSED, errors=problems)
        case LimitTooLow():
            why = str(error)
            return replace(bare, stopped=why, refused=Exit.FAILED, errors=(why,), mistakes=(why,))
        case _:
            return replace(bare, stopped=str(error), refused=Exit.UNREACHABLE, errors=(str(error),))


def _delay(command: Literal["plan", "sync"], asked: Asked, settings: Settings) -> timedelta:
    """How long the pass waits before it begins, by chance; not at all where a person waits for it."""
    if command == "plan" or asked.by_hand or sys.stderr.isatty():
        return timedelta(0)
    return random.random() * settings.start_jitter  # noqa: S311 — spreads load, guards nothing


def _ended(command: Literal["plan", "sync"], why: Exhausted, requests: int, started: datetime) -> Report:
    """The result of a pass that could not read all: nothing was begun. A plan that says nothing is a failed one."""
    errors = (str(why),) if command == "plan" else ()
    return Report(
        command, (), requests, started, datetime.now(UTC), stopped=str(why), resumes_at=why.until, errors=errors
    )


def _report_problems(file: Path | None) -> tuple[str, ...]:
    """What is wrong with the report's file, where one is asked for."""
    try:
        if file is not None:
            check_report_file(file)
    except ConfigurationError as error:
        return error.problems
    return ()


def _hand_out(report: Report, asked: Asked) -> int:
    """Prints the result and writes the report's file; the exit code."""
    match asked.format:
        case "text":
            emit(text.render(report, terminal=sys.stdout.isatty()))
        case "json":
            emit(json.render(report, one_line=not sys.stdout.isatty()))
        case "markdown":
            emit(markdown.render(report))
        case "none":
            pass  # the log has told what a log may tell
    if asked.report is not None:
        try:
            write_report(report, asked.report)
        except OSError as error:
            complain([f"--report {asked.report} could not be written: {error.strerror}. The pass itself is done."])
            return int(report.exit or Exit.FAILED)
    return int(report.exit)
