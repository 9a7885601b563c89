"""How every command ends: errors become sentences on stderr and exit codes, and a reader who leaves is no error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Any

import click

from worker.errors import AccessError, ConfigurationError, WorkerError

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
        except KeyboardInterrupt:
            ctx.exit(130)
        except ConfigurationError as error:
            complain(error.problems)
            ctx.exit(2)
        except WorkerError as error:
            complain([str(error)])
            ctx.exit(5 if isinstance(error, AccessError) else 3)
        except Exception:  # noqa: BLE001 — whatever it is, the person gets a traceback, a sentence and exit code 1
            _report_crash()
            ctx.exit(1)


def complain(sentences: Iterable[str]) -> None:
    """Each sentence on a line of its own, on stderr."""
    from worker.render.visible import one_line

    for sentence in sentences:
        click.echo(f"{NAME}: {one_line(sentence)}", err=True)


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
