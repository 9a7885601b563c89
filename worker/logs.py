"""Decides how the log looks: lines for eyes on a terminal, JSON elsewhere; always on stderr, never with a secret."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

Level = Literal["debug", "info", "warning", "error"]
Format = Literal["auto", "console", "json"]

_SHORTEST_SECRET = 4
"""Shorter ones would blot out ordinary words, and no product issues them."""


def log(name: str) -> Any:
    """A logger of the worker; what it is given as keywords becomes fields of the line."""
    return structlog.get_logger(f"worker.{name}")


def as_console(chosen: Format) -> bool:
    """Whether lines are for eyes: as chosen, or because stderr is a terminal."""
    return chosen == "console" or (chosen == "auto" and sys.stderr.isatty())


def configure(
    *, run: str, worker: str | None = None, level: Level = "info", format: Format = "auto", secrets: Iterable[str] = ()
) -> None:
    """Sets up the log of this process; a second call replaces the first.

    Every line bears ``run``, and one that is JSON also ``worker``, the worker's name, where it is known. The loggers of
    other libraries go the same way, from warnings up. ``secrets`` are blotted out wherever they turn up, a traceback
    included: nothing logs them, and this stands behind that.
    """
    console = as_console(format)

    named = {"run": run} if console or worker is None else {"run": run, "worker": worker}

    def name_run(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {**named, **event}

    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if console else "iso", utc=not console),
        name_run,
    ]
    rendering: list[Processor] = (
        [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)]
        if console
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    handler = _Stderr(named if format == "json" else None)
    handler.setFormatter(
        _Discreet(
            secrets,
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("worker").setLevel(level.upper())
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def said(sentence: str, level: Level) -> str | None:
    """A sentence for a person as a line of a log that was asked to be JSON; None where no such log has begun.

    It takes no lock, so that a signal handler may ask for it; ``auto`` off a terminal leaves sentences as they are.
    """
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _Stderr) and handler.named is not None:
            now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
            fields = {**handler.named, "event": "said", "sentence": sentence, "level": level, "timestamp": now}
            return json.dumps(fields, ensure_ascii=False)
    return None


def is_configured() -> bool:
    """Whether ``configure`` was called in this process."""
    return any(isinstance(handler, _Stderr) for handler in logging.getLogger().handlers)


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to what stderr is now, so that a progress bar can let the lines pass above itself."""

    def __init__(self, named: Mapping[str, str] | None) -> None:
        """``named`` is what every line bears, where sentences are to be lines too."""
        super().__init__(sys.stderr)
        self.named = named

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


class _Discreet(structlog.stdlib.ProcessorFormatter):
    """Blots secrets out of the finished line, whichever way they came into it."""

    def __init__(self, secrets: Iterable[str], **arguments: Any) -> None:
        super().__init__(**arguments)
        known = {secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}
        escaped = {json.dumps(secret, ensure_ascii=False)[1:-1] for secret in known}
        self._hidden = sorted(known | escaped, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for secret in self._hidden:
            line = line.replace(secret, "[secret]")
        return line
