"""Puts measures into a registry of the Prometheus client, which writes them in Prometheus' text format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from worker.telemetry.figures import Measure


def registry(measures: Iterable[Measure]) -> CollectorRegistry:
    """A registry of these measures alone, as gauges: they describe one pass and do not add up."""
    held = CollectorRegistry(auto_describe=False)
    held.register(_Measures(tuple(measures)))
    return held


class _Measures(Collector):
    """Hands over measures as they are."""

    def __init__(self, measures: tuple[Measure, ...]) -> None:
        self._measures = measures

    def collect(self) -> Iterator[Metric]:
        """Every measure as the client knows it."""
        for measure in self._measures:
            family = GaugeMetricFamily(measure.name, measure.help, labels=[name for name, _ in measure.samples[0][0]])
            for labels, value in measure.samples:
                family.add_metric([text for _, text in labels], value)
            yield family
