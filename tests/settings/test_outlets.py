"""Where figures and heartbeats go: what is refused before a pass begins, and what is never shown."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.commands import SETTINGS
from worker.bootstrap import secrets
from worker.errors import ConfigurationError
from worker.outlets import Outlets
from worker.settings import load_settings

WATCH = "https://watch.example.com/0b1c-2d3e"


def problems_of(folder: Path, **more: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load_settings({**SETTINGS, "SECRETS_DIR": str(folder), **more}, env_file=None)
    return list(caught.value.problems)


def test_every_way_out_may_be_set(tmp_path: Path) -> None:
    """Plain http is accepted for a Pushgateway, a collector and a watch."""
    settings = load_settings(
        {
            **SETTINGS, "SECRETS_DIR": str(tmp_path), "METRICS_FILE": str(tmp_path / "sync.prom"),
            "PUSHGATEWAY_URL": "http://pushgateway.monitoring:9091", "HEARTBEAT_URL": "http://watch.monitoring/0b1c",
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318",
        },
        env_file=None,
    )  # fmt: skip

    assert settings.outlets == Outlets(
        tmp_path / "sync.prom",
        "http://pushgateway.monitoring:9091",
        "http://collector:4318",
        "http://watch.monitoring/0b1c",
    )


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("METRICS_FILE", "{}/sync.txt", "the textfile collector reads no other files; rename it"),
        ("METRICS_FILE", "{}/gone/sync.prom", "lies in no folder that is there; make it, or name another file"),
        ("PUSHGATEWAY_URL", "pushgateway:9091", "is not an address; write it like https://watch.example.com/…"),
        ("PUSHGATEWAY_URL", "http://me:hush-hush@gateway", "would send its password in the clear; write https://"),
        ("PUSHGATEWAY_URL", "https://gateway/?a=b", "is the address of one page; write only where the service begins"),
        ("HEARTBEAT_URL", "0b1c-2d3e", "is not an address; write it like https://watch.example.com/…"),
        ("HEARTBEAT_URL", "https://watch/0b1c-{{index}}", "something else than {shard}; write that, or no braces"),
    ],
)
def test_what_cannot_work_is_told_before_a_pass(tmp_path: Path, name: str, value: str, expected: str) -> None:
    """The sentence names variable, place and remedy, and repeats no address."""
    [problem] = problems_of(tmp_path, **{name: value.format(tmp_path)})

    assert problem.startswith(f"{name} (environment) ")
    assert problem.endswith(expected)
    assert "hush-hush" not in problem
    assert "0b1c" not in problem


def test_otlp_without_its_exporter_is_told_with_the_command(tmp_path: Path) -> None:
    """Where the extra is not installed, the endpoint is a problem of the settings."""
    hidden = {name: sys.modules.pop(name) for name in list(sys.modules) if name.startswith("opentelemetry")}
    path = list(sys.path)
    sys.path[:] = [each for each in path if "site-packages" not in each]
    try:
        [problem] = problems_of(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT="http://collector:4318")
    finally:
        sys.path[:] = path
        sys.modules.update(hidden)

    assert "pip install --require-hashes --requirement requirements-otlp.lock, or leave" in problem


def test_endpoints_of_single_signals_are_no_slip(tmp_path: Path) -> None:
    """OpenTelemetry's other variables belong to other programs."""
    more = {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://collector:4318/v1/traces"}

    assert load_settings({**SETTINGS, "SECRETS_DIR": str(tmp_path), **more}, env_file=None).outlets == Outlets()


def test_a_heartbeat_is_a_secret(tmp_path: Path) -> None:
    """Its address and its path are blotted out of logs, and no settings show it."""
    settings = load_settings({**SETTINGS, "SECRETS_DIR": str(tmp_path), "HEARTBEAT_URL": WATCH}, env_file=None)

    assert {WATCH, "0b1c-2d3e"} <= secrets(settings)
    assert "0b1c" not in repr(settings)


def test_a_shard_has_a_heartbeat_of_its_own(tmp_path: Path) -> None:
    """{shard} becomes the number of the shard, 0 where nothing is divided; what is blotted out is what is sent."""
    given = {**SETTINGS, "SECRETS_DIR": str(tmp_path), "HEARTBEAT_URL": "https://watch.example.com/key/sync-{shard}"}
    alone = load_settings(given, env_file=None)
    third = load_settings({**given, "JOB_COMPLETION_INDEX": "2", "JOB_COMPLETION_COUNT": "4"}, env_file=None)

    assert alone.outlets.of(alone.shard).heartbeat == "https://watch.example.com/key/sync-0"
    assert third.outlets.of(third.shard).heartbeat == "https://watch.example.com/key/sync-2"
    assert {"https://watch.example.com/key/sync-2", "key/sync-2"} <= secrets(third)
