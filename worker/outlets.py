"""Judges where figures and heartbeats are to go, before a pass begins."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from worker import addresses
from worker.problems import Problems
from worker.reconcile.shards import Shard
from worker.variables import Variables

_SHARD = "{shard}"
"""Stands for the shard's number in the heartbeat's address."""


@dataclass(frozen=True, slots=True)
class Outlets:
    """Every way out that an operator asked for; None for the others."""

    textfile: Path | None = None
    pushgateway: str | None = field(default=None, repr=False)
    """May hold a password, so it is not shown."""
    otlp: str | None = field(default=None, repr=False)
    """As above."""
    heartbeat: str | None = field(default=None, repr=False)
    """Whoever knows it can feign a pass, so it is not shown. It may hold ``{shard}``."""

    def of(self, shard: Shard) -> Outlets:
        """The ways out of one shard, with its number in the heartbeat's address where that asks for it."""
        return replace(self, heartbeat=self.heartbeat and self.heartbeat.replace(_SHARD, str(shard.index)))

    def hides_a_silent(self, shard: Shard) -> bool:
        """Whether the shard's heartbeat cannot be told from another's, so that nobody notices when one stays away."""
        return self.heartbeat is not None and shard.count > 1 and _SHARD not in self.heartbeat

    @property
    def secrets(self) -> frozenset[str]:
        """What of these addresses no log may show: the heartbeat's path, and passwords."""
        urls = [urlsplit(url) for url in (self.pushgateway, self.otlp, self.heartbeat) if url]
        secrets = {url.password for url in urls if url.password}
        if self.heartbeat:
            secrets |= {self.heartbeat, urlsplit(self.heartbeat).path.strip("/")}
        return frozenset(secrets - {""})


NOWHERE = Outlets()


def outlets(given: Variables, problems: Problems) -> Outlets:
    """The ways out; what is wrong with one is told to ``problems``."""
    textfile = given.metrics_file
    if textfile is not None and (wrong := _file_problem(textfile)):
        problems.wrong("METRICS_FILE", wrong)
    endpoint = _url("OTEL_EXPORTER_OTLP_ENDPOINT", given.otel_exporter_otlp_endpoint, problems)
    if endpoint is not None and not _has_exporter():
        problems.wrong(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "asks for OTLP, and its exporter is not installed; from the checkout, pip install --require-hashes "
            "--requirement requirements-otlp.lock, or leave the variable out of this job",
        )
    return Outlets(
        textfile,
        _url("PUSHGATEWAY_URL", given.pushgateway_url, problems),
        endpoint,
        _watch(given.heartbeat_url, problems),
    )


def _watch(given: SecretStr | None, problems: Problems) -> str | None:
    url = _url("HEARTBEAT_URL", given, problems)
    if url is not None and any(brace in url.replace(_SHARD, "") for brace in "{}"):
        problems.wrong("HEARTBEAT_URL", f"has braces round something else than {_SHARD}; write that, or no braces")
    return url


def _url(name: str, given: SecretStr | None, problems: Problems) -> str | None:
    """An address as written; plain http is accepted, for no token of Atlassian's and no text of a page goes there."""
    if given is None:
        return None
    url = given.get_secret_value()
    if not addresses.is_address(url):
        problems.wrong(name, "is not an address; write it like https://watch.example.com/…")
        return None
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.password and not addresses.is_loopback(parts.hostname or ""):
        problems.wrong(name, "would send its password in the clear; write https://")
    if name != "HEARTBEAT_URL" and (parts.query or parts.fragment):
        problems.wrong(name, "is the address of one page; write only where the service begins")
    return url


def _file_problem(path: Path) -> str | None:
    if path.suffix != ".prom":
        return "does not end in .prom, and the textfile collector reads no other files; rename it"
    if path.is_dir() or not path.parent.is_dir():
        return "lies in no folder that is there; make it, or name another file"
    if not os.access(path.parent, os.W_OK):
        return "lies in a folder that this account may not write into; give it the right, or name another file"
    return None


def _has_exporter() -> bool:
    try:
        return find_spec("opentelemetry.exporter.otlp.proto.http") is not None
    except ModuleNotFoundError:
        return False
