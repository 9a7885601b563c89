"""How every command ends: errors become sentences on stderr and exit codes, and a reader who leaves is no error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Any

import click

from worker.errors import AccessError, ConfigurationError, LimitTooLow, WorkerError
from worker.model.report import Exit

NAME = "postmortem-sync"


class Commands(click.Group):
    """The group of all commands, and the one place where exceptions turn into exit codes 1, 2, 3 and 5."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Runs a command under one name, however the process was started."""
        return super().main(*args, **{**extra, "prog_name": NAME})

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the chosen command; what click raises to steer itself passes through."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException):
            raise
        except KeyboardInterrupt as error:
            ctx.exit(code_of(error))
        except ConfigurationError as error:
            complain(error.problems)
            ctx.exit(code_of(error))
        except WorkerError as error:
            complain([str(error)])
            ctx.exit(code_of(error))
        except Exception as error:  # noqa: BLE001 — whatever it is, the person gets a traceback, a sentence and a code
            _report_crash()
            ctx.exit(code_of(error))


def code_of(error: BaseException) -> int:
    """With which exit code a command ends that was ended by this error."""
    match error:
        case KeyboardInterrupt():
            return 130
        case ConfigurationError():
            return Exit.MISUSED
        case LimitTooLow():
            return Exit.FAILED
        case AccessError():
            return Exit.UNREACHABLE
        case WorkerError():
            return Exit.FAILED
        case _:
            return Exit.CRASHED


def complain(sentences: Iterable[str]) -> None:
    """Each sentence on a line of its own, on stderr, as the log there is written."""
    from worker import logs
    from worker.render.visible import one_line

    for sentence in map(one_line, sentences):
        click.echo(logs.said(sentence, "error") or f"{NAME}: {sentence}", err=True)


def emit(text: str) -> None:
    """Writes the result to stdout in UTF-8. When its reader has left, the exit code still tells how the pass went."""
    try:
        click.echo(text.encode("utf-8", "backslashreplace"), nl=False)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _report_crash() -> None:
    from worker import logs

    if not logs.is_configured():
        logs.configure(run="-")
    logs.log("cli").exception("crashed")
    complain(["This is a bug, and the command ended here. Please send the lines above to the maintainers."])
