"""The figures of a pass: what is counted, under which labels, and what never becomes a label."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from tests.render.reports import FINISHED, PAGE, SETTLED, STARTED, report
from worker.model.finding import Finding
from worker.model.report import Report, TicketState, TrackedTicket, Traffic
from worker.reconcile.shards import WHOLE, Shard
from worker.telemetry.exposition import registry
from worker.telemetry.figures import NAMES, Sender, figures

ROOT = Path(__file__).resolve().parents[2]

ALONE = Sender("postmortem-sync", WHOLE)

FULL = report(
    PAGE,
    SETTLED,
    replace(SETTLED, page="201", team='Search "infra"', failed=True, findings=(Finding("page-failed", "It failed."),)),
    command="sync",
    saved=True,
    findings=(Finding("ticket-elsewhere", "PAY-3 was made from a page that left."),),
    tickets=(
        TrackedTicket("Payments", "PAY-9", None, TicketState.OPEN),
        TrackedTicket("Payments", "PAY-12", STARTED.date(), TicketState.OVERDUE),
        TrackedTicket("Payments", "PAY-13", STARTED.date(), TicketState.OVERDUE),
    ),
    traffic=(Traffic("Confluence", 7, 0, timedelta()), Traffic("Jira", 2, 1, timedelta(seconds=2.5))),
)


def values(told: Report, exit_code: int = 0, sender: Sender = ALONE) -> dict[tuple[str, tuple[str, ...]], float]:
    """Every value by its measure's name without prefix and its labels' texts without those of its sender."""
    return {
        (measure.name.removeprefix("postmortem_sync_"), tuple(text for _, text in labels[len(sender.labels) :])): value
        for measure in figures(told, exit_code, sender)
        for labels, value in measure.samples
    }


def test_a_pass_in_figures() -> None:
    """Times, exit code, traffic, pages, items, findings and tickets are those of the report."""
    found = values(FULL, 3)

    assert found["pass_end_timestamp_seconds", ()] == FINISHED.timestamp()
    assert found["pass_duration_seconds", ()] == 2.34
    assert found["pass_exit_code", ()] == 3
    assert (found["requests", ("Confluence",)], found["requests", ("Jira",)]) == (7, 2)
    assert (found["waits", ("Jira",)], found["waited_seconds", ("Jira",)]) == (1, 2.5)
    assert (found["pages", ("Payments",)], found["pages_saved", ("Payments",)]) == (2, 1)
    assert (found["pages_failed", ("Payments",)], found["pages_failed", ('Search "infra"',)]) == (0, 1)
    assert [found["items", ("Payments", word)] for word in ("created", "updated", "kept", "held", "failed")] == [
        1, 1, 2, 1, 1,
    ]  # fmt: skip
    assert [found["items_waiting", ("Payments", word)] for word in ("people", "time", "limit", "turn", "guard")] == [
        1,
        0,
        0,
        0,
        0,
    ]
    assert found["findings", ("Payments", "owner-missing")] == 1
    assert found["findings", ("", "ticket-elsewhere")] == 1
    assert [found["tickets", ("Payments", word)] for word in ("open", "overdue", "done")] == [1, 2, 0]


def test_every_measure_is_there_and_documented() -> None:
    """A full report fills every measure, and docs/monitoring.md lists exactly these with their labels."""
    measures = figures(FULL, 0, ALONE)
    documented = re.findall(
        r"^\| `(postmortem_sync_\w+)` \| ([^|]*)\|", (ROOT / "docs/monitoring.md").read_text("utf-8"), re.MULTILINE
    )

    assert [measure.name for measure in measures] == list(NAMES)
    assert [(measure.name, [name for name, _ in measure.samples[0][0][2:]]) for measure in measures] == [
        (name, re.findall(r"`(\w+)`", labels)) for name, labels in documented
    ]


def test_no_text_of_a_page_becomes_a_label() -> None:
    """Labels hold worker, shard, products, teams, codes, outcomes, states and the version, and no title or action."""
    texts = {text for measure in figures(FULL, 0, ALONE) for labels, _ in measure.samples for _, text in labels}

    assert not any(words in text for text in texts for words in ("outage", "Vault", "queue", "runbook", "PAY-"))


def test_samples_bear_their_sender() -> None:
    """Every sample of a divided pass says whose it is and which part it is of; one says how many there are."""
    sender = Sender("payments", Shard(2, 5))
    measures = figures(FULL, 0, sender)

    assert {labels[:2] for measure in measures for labels, _ in measure.samples} == {
        (("worker", "payments"), ("shard", "2"))
    }
    assert values(FULL, sender=sender)["shards", ()] == 5


def test_a_pass_that_got_nowhere_has_its_end() -> None:
    """Of a pass without pages its end, duration and exit code are told, and no team."""
    found = values(Report("sync", (), 0, STARTED, FINISHED), 5)

    assert (found["pass_exit_code", ()], found["pass_end_timestamp_seconds", ()]) == (5, FINISHED.timestamp())
    assert not [name for name, _ in found if name in {"pages", "items", "tickets", "findings", "requests"}]


def test_prometheus_reads_what_is_written() -> None:
    """The text format holds every sample with its labels, a team's quotes among them."""
    measures = figures(FULL, 0, ALONE)
    families = {
        each.name: each for each in text_string_to_metric_families(generate_latest(registry(measures)).decode())
    }

    assert set(families) == set(NAMES)
    assert {each.type for each in families.values()} == {"gauge"}
    for measure in measures:
        assert [(each.labels, each.value) for each in families[measure.name].samples] == [
            (dict(labels), value) for labels, value in measure.samples
        ]
