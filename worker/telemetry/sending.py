"""Sends what is to be known of a pass on every way that was asked for; none can fail, delay or change the pass."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from threading import Event, Thread

from worker.logs import log
from worker.model.report import Report
from worker.outlets import Outlets
from worker.remote.outside import Outside, Unheard
from worker.telemetry import heartbeat
from worker.telemetry.concern import code_for_a_watch
from worker.telemetry.figures import Sender, figures

LONGEST = 10.0
"""Seconds after which the end of a process waits for no way out any more."""


class Sending:
    """One pass' ways out. Each works on a thread of its own; what goes wrong there is one warning."""

    def __init__(self, outlets: Outlets, outside: Outside, sender: Sender, *, longest: float = LONGEST) -> None:
        """``longest``: how many seconds ``ended`` takes at most."""
        self._outlets = outlets
        self._outside = outside
        self._sender = sender
        self._longest = longest
        self._over = Event()
        self._start: Thread | None = None

    def begun(self) -> None:
        """Says that the pass begins, without waiting for an answer."""
        url = self._outlets.heartbeat
        if url is not None:
            self._start = self._on_its_own("HEARTBEAT_URL", lambda: heartbeat.begun(url, self._outside))

    def ended(self, report: Report, exit_code: int) -> None:
        """Says how the pass ended, and returns when all is said or time is up; Ctrl-C ends the waiting only."""
        until = time.monotonic() + self._longest
        try:
            running = {name: self._on_its_own(name, way) for name, way in self._ways(report, exit_code)}
            for name, thread in running.items():
                thread.join(max(0.0, until - time.monotonic()))
                if thread.is_alive():
                    _warn(name, f"it took longer than {self._longest:g} seconds")
        except KeyboardInterrupt:
            return
        except Exception as error:  # noqa: BLE001 — a mistake in the figures is none of the pass
            _warn("any", _cause(error))
        finally:
            self._over.set()

    def _beat(self, url: str, exit_code: int | None) -> None:
        """Says to the watch how the pass ended, after it was told that it began."""
        if self._start is not None:
            self._start.join(self._longest)
        heartbeat.ended(url, exit_code, self._outside)

    def _on_its_own(self, name: str, way: Callable[[], None]) -> Thread:
        """A thread that goes one way and says what went wrong, unless nobody waits for it any more."""

        def run() -> None:
            try:
                way()
            except Exception as error:  # noqa: BLE001 — whatever a way out runs into, the pass is not to notice
                if not self._over.is_set():
                    _warn(name, _cause(error))

        thread = Thread(target=run, name=name, daemon=True)
        thread.start()
        return thread

    def _ways(self, report: Report, exit_code: int) -> list[tuple[str, Callable[[], None]]]:
        """What is to be done, by the setting that asks for it; what only one way needs is imported for it alone."""
        to, measures = self._outlets, figures(report, exit_code, self._sender)
        ways: list[tuple[str, Callable[[], None]]] = []
        if to.heartbeat is not None:
            ways.append(("HEARTBEAT_URL", partial(self._beat, to.heartbeat, code_for_a_watch(report, exit_code))))
        if to.textfile is not None:
            from worker.telemetry.textfile import write

            ways.append(("METRICS_FILE", partial(write, to.textfile, measures)))
        if to.pushgateway is not None:
            from worker.telemetry.pushgateway import push

            ways.append(("PUSHGATEWAY_URL", partial(push, to.pushgateway, measures, self._sender, self._outside)))
        if to.otlp is not None:
            from worker.telemetry.otlp import export

            way = partial(export, to.otlp, measures, self._sender, self._outside)
            ways.append(("OTEL_EXPORTER_OTLP_ENDPOINT", way))
        return ways


def _cause(error: Exception) -> str:
    """In a few words; an address of a service is in none of them."""
    match error:
        case OSError() if error.strerror:
            return error.strerror.lower()
        case Unheard():
            return str(error)
        case _:
            return type(error).__name__


def _warn(name: str, cause: str) -> None:
    log("telemetry").warning("a pass could not be told", setting=name, cause=cause)
