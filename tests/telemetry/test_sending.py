"""The ways out: each sends what it should, and none can fail or delay a pass."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.telemetry.services import service
from tests.telemetry.test_figures import ALONE, FULL
from worker import logs
from worker.outlets import Outlets
from worker.reconcile.shards import Shard
from worker.remote.outside import Outside
from worker.remote.session import Transport
from worker.telemetry.figures import Sender
from worker.telemetry.sending import Sending

_OUTSIDE = Outside(Transport(no_proxy="127.0.0.1"))


@pytest.fixture(autouse=True)
def _log() -> Iterator[None]:
    root, worker = logging.getLogger(), logging.getLogger("worker")
    before = (root.handlers, root.level, worker.level)
    logs.configure(run="ab12")
    yield
    root.handlers = before[0]
    root.setLevel(before[1])
    worker.setLevel(before[2])
    logging.captureWarnings(False)


def warnings(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str]]:
    """Setting and cause of every line that was logged; all are warnings."""
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert {line["level"] for line in lines} <= {"warning"}
    return [(line["setting"], line["cause"]) for line in lines]


def send(outlets: Outlets, exit_code: int = 0, sender: Sender = ALONE, longest: float = 10.0) -> None:
    sending = Sending(outlets, _OUTSIDE, sender, longest=longest)
    sending.begun()
    sending.ended(FULL, exit_code)


def test_the_watch_hears_start_and_end(capsys: pytest.CaptureFixture[str]) -> None:
    """The address gets /start and then the exit code, before its query."""
    with service() as watch:
        send(Outlets(heartbeat=f"{watch.url}/some-id/?rid=1"), 5)

        assert [heard[:2] for heard in watch.heard] == [("GET", "/some-id/start?rid=1"), ("GET", "/some-id/5?rid=1")]
    assert warnings(capsys) == []


def test_the_watch_is_not_failed_for_a_single_page() -> None:
    """A pass that ends with 3 for pages of its own gives the watch a sign of life, and keeps its code in the figures."""
    with service() as watch, service() as gateway:
        send(Outlets(heartbeat=f"{watch.url}/some-id", pushgateway=gateway.url), FULL.exit)
        told = [path for _, path, _ in watch.heard]
        [(_, _, body)] = gateway.heard

    assert told == ["/some-id/start", "/some-id"]
    assert b'\npostmortem_sync_pass_exit_code{shard="0",worker="postmortem-sync"} 3.0\n' in body
    assert b'\npostmortem_sync_pass_failed{shard="0",worker="postmortem-sync"} 0.0\n' in body


def test_each_shard_of_each_worker_pushes_to_a_group_of_its_own() -> None:
    """The Pushgateway gets the figures by PUT under job, worker and shard, so that no worker wipes another's out."""
    with service() as gateway:
        for sender in (Sender("payments", Shard(1, 2)), Sender("search", Shard(1, 2))):
            send(Outlets(pushgateway=f"{gateway.url}/"), sender=sender)
        [(method, path, body), (_, other, _)] = gateway.heard

    assert (method, path) == ("PUT", "/metrics/job/postmortem-sync/shard/1/worker/payments")
    assert other == "/metrics/job/postmortem-sync/shard/1/worker/search"
    assert b'\npostmortem_sync_pages{shard="1",team="Payments",worker="payments"} 2.0\n' in body


def test_the_textfile_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    """The file holds the figures of the newest pass, and no piece of work is left beside it."""
    path = tmp_path / "postmortem_sync.prom"
    path.write_text("old", "utf-8")
    send(Outlets(textfile=path), 3)

    assert '\npostmortem_sync_pass_exit_code{shard="0",worker="postmortem-sync"} 3.0\n' in path.read_text("utf-8")
    assert [each.name for each in tmp_path.iterdir()] == ["postmortem_sync.prom"]


@pytest.mark.parametrize("mask", [0o077, 0o022])
def test_everybody_may_read_the_textfile(tmp_path: Path, mask: int) -> None:
    """The collector is another account, so the file's rights do not depend on the mask of the worker's process."""
    before = os.umask(mask)
    try:
        send(Outlets(textfile=tmp_path / "sync.prom"), 0)
    finally:
        os.umask(before)

    assert (tmp_path / "sync.prom").stat().st_mode & 0o777 == 0o644


def test_a_collector_gets_gauges_by_otlp() -> None:
    """Every sample arrives behind /v1/metrics as a data point with its labels, from an instance named by its sender."""
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

    with service() as collector:
        send(Outlets(otlp=collector.url), sender=Sender("payments", Shard(2, 4)))
        [(method, path, body)] = collector.heard
    sent = ExportMetricsServiceRequest.FromString(body).resource_metrics[0]
    metrics = {each.name: each for each in sent.scope_metrics[0].metrics}
    states = {
        tuple(sorted((pair.key, pair.value.string_value) for pair in point.attributes)): point.as_double
        for point in metrics["postmortem_sync_tickets"].gauge.data_points
    }

    assert (method, path) == ("POST", "/v1/metrics")
    assert states[("shard", "2"), ("state", "overdue"), ("team", "Payments"), ("worker", "payments")] == 2
    resource = {pair.key: pair.value.string_value for pair in sent.resource.attributes}
    assert (resource["service.name"], resource["service.instance.id"]) == ("postmortem-sync", "payments/2")


def test_trouble_is_one_warning_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A refused answer, a folder that left and a closed port are told by their settings, without an address."""
    with service(status=500) as broken:
        send(Outlets(tmp_path / "gone" / "a.prom", broken.url, None, "http://127.0.0.1:9/some-id"))
        told = warnings(capsys)

    assert sorted(told) == [
        ("HEARTBEAT_URL", "connection refused"), ("HEARTBEAT_URL", "connection refused"),
        ("METRICS_FILE", "no such file or directory"), ("PUSHGATEWAY_URL", "answered 500"),
    ]  # fmt: skip


def test_a_collector_that_is_not_there_is_one_warning(capsys: pytest.CaptureFixture[str]) -> None:
    """What the exporter itself would log of a failure is not written beside it."""
    send(Outlets(otlp="http://127.0.0.1:9"))

    assert warnings(capsys) == [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "the collector was not reached, or did not take the figures")
    ]


def test_a_redirect_leads_nowhere(capsys: pytest.CaptureFixture[str]) -> None:
    """An address that redirects is told and not followed, since a watch that moved should be looked at."""
    with service(status=302) as moved:
        Sending(Outlets(heartbeat=moved.url), _OUTSIDE, ALONE).ended(FULL, 0)

        assert len(moved.heard) == 1
    assert warnings(capsys) == [("HEARTBEAT_URL", "answered 302")]


def test_silence_delays_by_no_more_than_was_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Services that accept everything and answer nothing are given up when time is up, all together."""
    with service(silent=True) as silent:
        began = time.monotonic()
        send(Outlets(pushgateway=silent.url, otlp=silent.url, heartbeat=silent.url), longest=0.1)
        took = time.monotonic() - began
        told = warnings(capsys)

    assert took < 3
    assert sorted({setting for setting, _ in told}) == [
        "HEARTBEAT_URL",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "PUSHGATEWAY_URL",
    ]
    assert {cause for _, cause in told} == {"it took longer than 0.1 seconds"}


def test_nothing_is_sent_where_nothing_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """Without outlets a pass ends without a word."""
    send(Outlets())

    assert warnings(capsys) == []
