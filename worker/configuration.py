"""Reads settings and mappings together, so that the problems of both are told in one go."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from worker.errors import ConfigurationError
from worker.mapping.loader import LoadedMapping, load_mappings
from worker.settings import Settings, load_settings
from worker.sources import read

ENV_FILE = Path(".env")


def mappings_folder() -> Path:
    """Where the mappings are, even when other settings are wrong."""
    return read(os.environ, ENV_FILE).variables.mappings_dir


def load(teams: Collection[str] = ()) -> tuple[Settings, tuple[LoadedMapping, ...]]:
    """Settings and all mappings; ``teams`` must be among them. ConfigurationError with every problem of both."""
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
    if settings is None or problems:
        raise ConfigurationError(*problems)
    return settings, mappings
