"""Pushes the figures to a Pushgateway, where Prometheus finds them after the pass is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prometheus_client import push_to_gateway

from worker.remote.outside import Outside
from worker.telemetry.exposition import registry
from worker.telemetry.figures import Measure, Sender

JOB = "postmortem-sync"


def push(url: str, measures: Iterable[Measure], sender: Sender, outside: Outside) -> None:
    """Replaces what this sender pushed before; ``outside.Unheard`` when the Pushgateway does not take it.

    A group of the Pushgateway is replaced as a whole by PUT (Pushgateway, API), so each shard of each worker has a
    group of its own.
    """

    def put(
        url: str, method: str, timeout: float | None, headers: list[tuple[str, str]], data: bytes
    ) -> Callable[[], None]:
        del timeout  # the one of all that goes outside
        return lambda: outside.send(method, url, body=data, headers=dict(headers))

    push_to_gateway(url, JOB, registry(measures), grouping_key=dict(sender.labels), handler=put)
