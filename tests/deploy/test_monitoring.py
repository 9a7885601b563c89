"""Alert rules and dashboard name measures and labels that there are, and every alert has its paragraph."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser as promql
import pytest
from ruamel.yaml import YAML

from tests.telemetry.test_figures import ALONE, FULL
from worker.model.plan import Wait
from worker.model.report import TicketState
from worker.telemetry.figures import NAMES, figures

ROOT = Path(__file__).resolve().parents[2]
MONITORING = ROOT / "deploy/monitoring"
RULES = YAML(typ="safe").load((MONITORING / "alerts.yaml").read_text("utf-8"))["groups"][0]["rules"]
DASHBOARD = json.loads((MONITORING / "dashboard.json").read_text("utf-8"))
LABELS = {
    measure.name: {name for labels, _ in measure.samples for name, _ in labels} for measure in figures(FULL, 0, ALONE)
}
VALUES = {"state": {state.value for state in TicketState}, "waits_for": {wait.value for wait in Wait}}
EXPRESSIONS = [
    *((rule["alert"], rule["expr"]) for rule in RULES),
    *((panel["title"], target["expr"]) for panel in DASHBOARD["panels"] for target in panel["targets"]),
]


def selectors(node: Any) -> Iterator[promql.VectorSelector]:
    """Every choice of series within an expression."""
    match node:
        case promql.VectorSelector():
            yield node
        case promql.MatrixSelector():
            yield node.vector_selector
        case promql.BinaryExpr():
            yield from selectors(node.lhs)
            yield from selectors(node.rhs)
        case promql.AggregateExpr() | promql.ParenExpr() | promql.SubqueryExpr() | promql.UnaryExpr():
            yield from selectors(node.expr)
        case promql.Call():
            for argument in node.args:
                yield from selectors(argument)


def grouped(node: Any) -> Iterator[str]:
    """Every label that an expression groups by."""
    match node:
        case promql.AggregateExpr():
            yield from node.modifier.labels if node.modifier is not None else ()
            yield from grouped(node.expr)
        case promql.BinaryExpr():
            yield from grouped(node.lhs)
            yield from grouped(node.rhs)
        case promql.ParenExpr():
            yield from grouped(node.expr)
        case promql.Call():
            for argument in node.args:
                yield from grouped(argument)


@pytest.mark.parametrize(("where", "expression"), EXPRESSIONS, ids=lambda value: value if " " not in value else "")
def test_an_expression_names_only_what_there_is(where: str, expression: str) -> None:
    """Each is valid PromQL, and each measure, label and value of a fixed set in it is one that a pass has."""
    tree = promql.parse(expression)
    chosen = list(selectors(tree))

    assert chosen, where
    for each in chosen:
        assert each.name in NAMES
        for matcher in each.matchers.matchers:
            assert matcher.name in LABELS[each.name]
            if matcher.name in VALUES:
                assert set(matcher.value.split("|")) <= VALUES[matcher.name]
    assert set(grouped(tree)) - {"instance"} <= set.intersection(*(LABELS[each.name] for each in chosen))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_no_worker_hides_behind_another(rule: dict[str, Any]) -> None:
    """Every rule judges each worker by itself: its shards one by one and machine by machine, or its teams."""
    by = set(grouped(promql.parse(rule["expr"])))

    assert by in ({"instance", "worker", "shard"}, {"worker", "team"}) or rule["alert"] == "PostmortemSyncSilent"


def test_every_alert_has_its_paragraph_and_no_paragraph_is_left_over() -> None:
    """runbook_url leads to a heading of docs/runbook.md that is named like the alert."""
    text = (ROOT / "docs/runbook.md").read_text("utf-8")
    headings = re.findall(r"^## (PostmortemSync\w+)$", text, re.MULTILINE)
    sections = re.split(r"^## .*$", text, flags=re.MULTILINE)[1:]

    assert [rule["alert"] for rule in RULES] == headings
    assert [rule["annotations"]["runbook_url"].rpartition("docs/runbook.md#")[2] for rule in RULES] == [
        heading.lower() for heading in headings
    ]
    assert all(len(section.split()) > 30 for section in sections)


def test_a_rule_is_complete() -> None:
    """Every alert says how urgent it is and what is the matter, and nothing that Prometheus does not know."""
    for rule in RULES:
        assert set(rule) - {"for"} == {"alert", "expr", "labels", "annotations"}
        assert rule["labels"]["severity"] in {"info", "warning", "critical"}
        assert set(rule["annotations"]) == {"summary", "runbook_url"}
        assert re.fullmatch(r"\d+[mh]", rule.get("for", "0m"))


def test_nobody_is_woken_for_an_overdue_ticket() -> None:
    """Overdue tickets are on the dashboard and in no alert."""
    assert not [rule["alert"] for rule in RULES if "postmortem_sync_tickets" in rule["expr"]]
    assert [where for where, expression in EXPRESSIONS if 'state="overdue"' in expression] == [
        "Overdue tickets", "Tickets by team",
    ]  # fmt: skip


def test_the_panel_of_the_last_pass_shows_every_worker_and_shard_the_longest_silent_first() -> None:
    """Nobody's fresh pass hides another's old one: the age is taken before anything is put together."""
    [panel] = [panel for panel in DASHBOARD["panels"] if panel["title"] == "Since the last pass"]
    [target] = panel["targets"]

    assert target["expr"] == (
        "sort_desc(max by (worker, shard) (time() - last_over_time(postmortem_sync_pass_end_timestamp_seconds[1d])))"
    )
    assert target["legendFormat"] == "{{worker}} {{shard}}"


def test_panels_lie_side_by_side() -> None:
    """No panel covers another, none is wider than the grid of 24 columns, and each explains itself."""
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not taken & cells
        assert max(x for x, _ in cells) < 24
        assert panel["description"].endswith(".")
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


@pytest.mark.skipif(  # — only Prometheus' own tool can run its rules
    shutil.which("promtool") is None, reason="promtool is not installed (Debian: prometheus)"
)
@pytest.mark.parametrize(
    "words", [["check", "rules", "deploy/monitoring/alerts.yaml"], ["test", "rules", "tests/deploy/alerts.test.yaml"]]
)
def test_prometheus_own_tool_agrees(words: list[str]) -> None:
    """The rules are valid to Prometheus, and each fires when it should and not before."""
    done = subprocess.run(["promtool", *words], cwd=ROOT, capture_output=True, timeout=60, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
