"""Runs the worker on a sandbox: the same settings, adapters and passes as in production, on a loopback address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Event

from ruamel.yaml import YAML

from worker.bootstrap import connected, scope
from worker.mapping.model import TeamMapping
from worker.model.report import Report
from worker.run import plan_pass, sync_pass
from worker.sandbox.samples import sample_mapping
from worker.settings import Settings, load_settings
from worker.survey import Team

_LAG_SECONDS = 2
"""The sandbox's search does not lag, so a create without an answer need not wait long."""


@dataclass(frozen=True, slots=True)
class Passes:
    """What the demo lets the worker do, each time with connections of its own."""

    plan: Callable[[], Report]
    sync: Callable[[], Report]


def passes_on(variables: Mapping[str, str]) -> Passes:
    """The passes of the sample team on the sandbox that these variables lead to (``Sandbox.variables``)."""
    settings = _settings(variables)
    teams = (Team(TeamMapping.model_validate(YAML(typ="safe").load(sample_mapping())), "payments.yaml"),)

    def plan() -> Report:
        with connected(settings) as world:
            return plan_pass(teams, world.readers, scope(settings), requests=world.requests)

    def sync() -> Report:
        stop = Event()
        with connected(settings, stop=stop) as world:
            return sync_pass(teams, world.readers, world.writers(), scope(settings), requests=world.requests, stop=stop)

    return Passes(plan, sync)


def _settings(variables: Mapping[str, str]) -> Settings:
    own = {
        "SEARCH_LAG_SECONDS": str(_LAG_SECONDS),
        "CONCURRENCY": "1",  # one page after the other, so that each telling gives the same keys
    }
    return load_settings({**variables, **own}, env_file=None)
