"""Sends the figures by OTLP over HTTP, with the exporter of OpenTelemetry, which is an extra of the installation."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from worker.remote.outside import PATIENCE, Outside, Unheard
from worker.telemetry.figures import Measure, Sender


def export(endpoint: str, measures: Iterable[Measure], sender: Sender, outside: Outside) -> None:
    """Sends every measure as a gauge; ``Unheard`` when the collector does not take them.

    ``endpoint`` is a base address, behind which metrics have their own path (OpenTelemetry, OTLP exporter
    configuration). What else that document names is read from the environment by the exporter, such as headers. The
    resource's ``service.instance.id`` tells senders apart (OpenTelemetry, semantic conventions, service); it is the
    same in every pass, so that the series of a sender go on.
    """
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader, MetricExportResult
    from opentelemetry.sdk.resources import Resource

    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # what it would say of a failure is said once, here
    reader = InMemoryMetricReader()
    instance = f"{sender.worker}/{sender.shard.index}"
    resource = Resource.create({"service.name": "postmortem-sync", "service.instance.id": instance})
    provider = MeterProvider([reader], resource=resource, shutdown_on_exit=False)
    meter = provider.get_meter("postmortem-sync")
    for measure in measures:
        gauge = meter.create_gauge(measure.name, description=measure.help)
        for labels, value in measure.samples:
            gauge.set(value, dict(labels))
    collected = reader.get_metrics_data()
    with outside.session() as session:
        exporter = OTLPMetricExporter(f"{endpoint.rstrip('/')}/v1/metrics", timeout=PATIENCE, session=session)
        sent = exporter.export(collected, timeout_millis=PATIENCE * 1000) if collected else MetricExportResult.SUCCESS
    provider.shutdown()
    if sent is not MetricExportResult.SUCCESS:
        raise Unheard("the collector was not reached, or did not take the figures")
