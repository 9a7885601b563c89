"""Reads settings and mappings together, so that the problems of both are told in one go."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from worker.errors import ConfigurationError
from worker.mapping.loader import LoadedMapping, load_mappings
from worker.settings import Settings, load_settings
from worker.sources import read

ENV_FILE = Path(".env")


def mappings_folder() -> Path:
    """Where the mappings are, even when other settings are wrong."""
    return read(os.environ, ENV_FILE).variables.mappings_dir


@dataclass(frozen=True, slots=True)
class Configuration:
    """What was found, sound or not; a pass needs settings and no problem."""

    settings: Settings | None
    """None where something is wrong with them."""
    mappings: tuple[LoadedMapping, ...]
    problems: tuple[str, ...]
    """Every problem of both, one complete sentence each."""


def load(teams: Collection[str] = ()) -> Configuration:
    """Settings and all mappings; ``teams`` must be among them."""
    problems: list[str] = []
    settings: Settings | None = None
    mappings: tuple[LoadedMapping, ...] = ()
    try:
        settings = load_settings(env_file=ENV_FILE)
    except ConfigurationError as error:
        problems.extend(error.problems)
    try:
        mappings = load_mappings(mappings_folder(), teams)
    except ConfigurationError as error:
        problems.extend(error.problems)
    return Configuration(settings, mappings, tuple(problems))
