"""Judges settings and mappings without asking anybody, and reports each file by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from worker.addresses import two_sites
from worker.errors import ConfigurationError
from worker.mapping.doubts import doubts
from worker.mapping.loader import LoadedMapping, judge_folder
from worker.mapping.model import TeamMapping
from worker.mapping.overlaps import claimed_before
from worker.mapping.places import Problem
from worker.settings import Deployment, Settings

_PLACE = re.compile(r"([^\s:]+:[0-9]+): ")
"""A file and a line, with which a problem may begin."""


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One thing that was looked at: fine, or a problem with the sentence that says what to do."""

    ok: bool
    where: str
    """``settings``, or a mapping's file, with ``:line`` for a problem."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Checked:
    """All rows, settings first, then the mappings by file name and line; and what of it can be worked with."""

    rows: tuple[CheckRow, ...]
    settings: Settings | None = None
    """None when they cannot be used."""
    mappings: tuple[LoadedMapping, ...] = ()
    """Those in which nothing is wrong, by file name."""

    @property
    def ok(self) -> bool:
        """Whether nothing stands in the way of a pass."""
        return all(row.ok for row in self.rows)


def check_offline(settings_source: Callable[[], Settings], mappings_dir: Path, now: datetime) -> Checked:
    """Looks at the settings and every mapping; never raises for what is wrong with them.

    ``settings_source`` gives the settings or raises ConfigurationError, as ``load_settings`` does. The folder is given
    beside it so that mappings are judged even when the settings cannot be read; they are then judged as for Cloud.
    ``now`` (aware) tells which days are yet to come.
    """
    settings: Settings | None = None
    try:
        settings = settings_source()
        rows = [_settings(settings), *_sites(settings), *_heartbeat(settings)]
    except ConfigurationError as error:
        rows = [_problem("settings", problem) for problem in error.problems]
    cloud = settings is None or settings.deployment is Deployment.CLOUD
    about, sound = _mappings(mappings_dir, now, cloud=cloud)
    return Checked((*rows, *about), settings, sound)


def _problem(where: str, problem: str) -> CheckRow:
    """The row of a problem, which may begin with a place of its own (``.env:7: …``)."""
    own = _PLACE.match(problem)
    return CheckRow(False, own[1] if own else where, problem[own.end() :] if own else problem)


def _settings(settings: Settings) -> CheckRow:
    kind = "Cloud" if settings.deployment.value == "cloud" else "Data Center"
    confluence, jira = settings.confluence, settings.jira
    if confluence.credentials == jira.credentials:
        sentence = f"{kind}: {confluence.base} and {jira.base} as {jira.credentials}"
    else:
        sentence = f"{kind}: {confluence.base} as {confluence.credentials}, {jira.base} as {jira.credentials}"
    return CheckRow(True, "settings", sentence)


def _sites(settings: Settings) -> tuple[CheckRow, ...]:
    """Two addresses of Cloud have to be one site's; where one is the API gateway's, only the products can tell."""
    confluence, jira = settings.confluence, settings.jira
    comparable = (confluence.site is None) == (jira.site is None)
    if settings.deployment is not Deployment.CLOUD or not comparable:
        return ()
    problem = two_sites(confluence.site or confluence.base, jira.site or jira.base)
    return (CheckRow(False, "settings", problem),) if problem else ()


def _heartbeat(settings: Settings) -> tuple[CheckRow, ...]:
    """Shards that ping one address hide each other: the watch hears those that live."""
    if not settings.outlets.hides_a_silent(settings.shard):
        return ()
    problem = (
        f"HEARTBEAT_URL is one address for the {settings.shard.count} workers that share a pass, so that the watch "
        "notices none that stays away; write {shard} into it where the number of each is to stand"
    )
    return (CheckRow(False, "settings", problem),)


def _mappings(directory: Path, now: datetime, *, cloud: bool) -> tuple[tuple[CheckRow, ...], tuple[LoadedMapping, ...]]:
    """The rows of every mapping, and the mappings in which nothing is wrong."""
    try:
        judged = judge_folder(directory)
    except ConfigurationError as error:
        where = directory.as_posix()
        return tuple(CheckRow(False, where, problem.removeprefix(f"{where}: ")) for problem in error.problems), ()
    rows: list[CheckRow] = []
    sound: list[LoadedMapping] = []
    earlier: list[tuple[str, TeamMapping]] = []
    for one in judged:
        problems = list(one.problems)
        part = one.sound_part
        if part is not None:
            problems += doubts(part, one.tree, now, cloud=cloud)
            claimed = claimed_before(part.pages, earlier)
            if claimed is not None:
                problems.append(Problem(one.tree.place(("pages",)).key_line, claimed))
            earlier.append((one.file, part))
        if one.mapping is not None and not problems:
            rows.append(CheckRow(True, one.file, _summary(one.mapping)))
            sound.append(LoadedMapping(one.file, one.mapping))
        problems.sort(key=lambda problem: problem.line)
        rows += [CheckRow(False, f"{one.file}:{problem.line}", problem.sentence) for problem in problems]
    return tuple(rows), tuple(sound)


def _summary(mapping: TeamMapping) -> str:
    pages = mapping.pages
    if pages.cql:
        which = f"pages found by {pages.cql}"
    else:
        which = "pages" + (f" in {', '.join(pages.space)}" if pages.space else "")
        which += f" labelled {', '.join(pages.labels)}" if pages.labels else ""
        which += f" below {pages.under}" if pages.under else ""
    return (
        f"{mapping.team}: {which}, created since {pages.since.isoformat()}, "
        f"become {mapping.ticket.type} tickets in {mapping.ticket.project}"
    )
