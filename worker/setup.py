"""The commands that help to set up, ``check`` and ``init``, from settings to exit code; nothing here can write to a
product.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from worker import configuration
from worker.check import Checked, check_offline
from worker.commandline import complain, emit
from worker.errors import AccessError, ConfigurationError
from worker.init.wanted import Given
from worker.live.rows import Group, counted, exit_code, unanswered
from worker.render import check as rendered
from worker.render.folding import terminal_width
from worker.render.visible import one_line
from worker.settings import Settings, load_settings

if TYPE_CHECKING:  # it brings the client library along, which judging files does without
    from worker.init.made import Made

Format = Literal["text", "json", "markdown"]


def check(*, live: bool, format: Format) -> int:
    """Prints what is wrong with settings and mappings, and with ``live`` also what the site says; the exit code.

    Mappings that are wrong in themselves are not tried on the site; without sound settings it is not asked at all.
    """
    found = check_offline(load_settings, configuration.mappings_folder(), datetime.now(UTC))
    groups = _on_the_site(found) if live and found.settings is not None else ()
    match format:
        case "text":
            emit(rendered.as_text(found.rows, groups, width=terminal_width()))
        case "json":
            emit(rendered.as_data(found.rows, groups))
        case "markdown":
            emit(rendered.as_markdown(found.rows, groups))
    return exit_code(groups) or (0 if found.ok else 2)


def _on_the_site(found: Checked) -> tuple[Group, ...]:
    from worker import bootstrap
    from worker.live.look import look
    from worker.survey import Team

    settings = found.settings
    if settings is None:
        return ()
    _log(settings)
    teams = [Team(each.mapping, each.file) for each in found.mappings]
    try:
        with bootstrap.connected(settings, patience=bootstrap.while_somebody_waits(settings)) as world:
            return look(settings, teams, world.readers, world.surroundings)
    except AccessError as error:
        return (Group("Confluence and Jira", (unanswered("sign-in", error),)),)


def init(given: Given, output: Path | None) -> int:
    """Writes a first mapping to ``output`` or to stdout, and tells on stderr what the site says of it; the exit code.

    Asks on a terminal for what the command line leaves open. A file that is there already is never touched.
    """
    from worker import bootstrap
    from worker.init.answers import answers
    from worker.init.made import make

    if output is not None and output.exists():
        raise ConfigurationError(f"--output {output}: the file is there already, and stays as it is; name another one")
    settings = load_settings()
    _log(settings)
    with bootstrap.connected(settings, patience=bootstrap.while_somebody_waits(settings)) as world:
        readers, around = world.readers, world.surroundings
        readers.pages.whoami()
        readers.tickets.whoami()
        ask = _ask if sys.stdin.isatty() and sys.stderr.isatty() else None
        wanted = answers(given, readers.pages, around, ask)
        made = make(settings, wanted, readers, around, output.as_posix() if output else "the mapping")
    if output is None:
        emit(made.text)
    else:
        _create(output, made.text)
    _tell(made, output)
    return 0


def _ask(question: str, offered: str, default: str | None) -> str:
    """A question on stderr, so that stdout holds the mapping and nothing else."""
    if offered:
        click.echo(f"  {one_line(offered)}", err=True)
    return str(click.prompt(one_line(question), default=default, err=True))


def _create(file: Path, text: str) -> None:
    """Writes a new file; of missing folders only the one of the mappings is made."""
    try:
        if file.parent == configuration.mappings_folder():
            file.parent.mkdir(exist_ok=True)
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise ConfigurationError(f"--output {file} cannot be written: {error.strerror}; name another one") from None


def _tell(made: Made, output: Path | None) -> None:
    """What was looked at, and what still stands in the way, on stderr."""
    looked = f"{counted(made.seen.pages, 'page')} looked at, {counted(made.seen.items, 'action item')} found on them."
    complain([f"{looked} {f'Written to {output}.' if output else ''}".strip()])
    if made.unseen is not None:
        complain([made.unseen])
    unsolved = [row for group in made.groups for row in group.rows if not row.ok]
    complain(f"{row.about}: {row.sentence}" for row in unsolved)
    complain(f"Ask whoever administers {row.ask.product}: {row.ask.sentence}" for row in unsolved if row.ask)
    if not unsolved:
        complain(["“check --live” has nothing to solve with it. Next: “postmortem-sync plan”."])


def _log(settings: Settings) -> None:
    """The log goes to stderr, as in a pass; secrets are blotted out."""
    from worker import bootstrap, logs

    logs.configure(
        run="check", level=settings.log_level, format=settings.log_format, secrets=bootstrap.secrets(settings)
    )
