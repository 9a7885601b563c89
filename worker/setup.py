"""The commands that help to set up, ``check`` and ``init``, from settings to exit code; nothing here can write to a
product.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from worker import configuration
from worker.check import Checked, check_offline
from worker.commandline import emit
from worker.errors import AccessError
from worker.live.rows import Group, exit_code, unanswered
from worker.render import check as rendered
from worker.settings import Settings, load_settings

Format = Literal["text", "json", "markdown"]


def check(*, live: bool, format: Format) -> int:
    """Prints what is wrong with settings and mappings, and with ``live`` also what the site says; the exit code.

    Mappings that are wrong in themselves are not tried on the site; without sound settings it is not asked at all.
    """
    found = check_offline(load_settings, configuration.mappings_folder(), datetime.now(UTC))
    groups = _on_the_site(found) if live and found.settings is not None else ()
    match format:
        case "text":
            emit(rendered.as_text(found.rows, groups))
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
        with bootstrap.connected(settings) as world:
            return look(settings, teams, world.readers, world.surroundings)
    except AccessError as error:
        return (Group("Confluence and Jira", (unanswered("sign-in", error),)),)


def _log(settings: Settings) -> None:
    """The log goes to stderr, as in a pass; secrets are blotted out."""
    from worker import bootstrap, logs

    logs.configure(
        run="check", level=settings.log_level, format=settings.log_format, secrets=bootstrap.secrets(settings)
    )
