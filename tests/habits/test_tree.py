"""The tree keeps what the architecture promises: one sentence and one reason a module, and prose that agrees."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from worker.model.finding import CODES

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "worker").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
CORE = [
    path
    for path in MODULES
    if path.relative_to(ROOT / "worker").parts[0] in {"document", "model", "reconcile"}
    or path == ROOT / "worker/mapping/model.py"
]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_module_opens_with_one_sentence(path: Path) -> None:
    """A module says in its first line what it decides or does."""
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    first = doc.partition("\n\n")[0]

    assert re.search(r"[.:]$", first), f"{name(path)} opens with {first!r}"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_module_is_short(path: Path) -> None:
    """No module is longer than 400 lines, so each keeps one reason to exist."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", TESTS, ids=name)
def test_every_test_states_a_fact(path: Path) -> None:
    """Every test has a docstring that says what is true when it passes."""
    silent = [
        node.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]

    assert [] == silent


@pytest.mark.parametrize("path", CORE, ids=name)
def test_core_asks_for_no_time(path: Path) -> None:
    """The core is told what time it is; it never asks a clock."""
    asked = [
        node.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "today", "utcnow", "fromtimestamp"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date"}
    ]

    assert [] == asked


def test_every_exception_to_a_rule_has_its_reason() -> None:
    """Whoever silences a tool says why on the same line."""
    silencer = re.compile(r"#\s*(noqa|type:\s*ignore|pragma|mypy:)")
    reason = re.compile(
        r"#\s*(noqa:\s*[A-Z0-9, ]+|type:\s*ignore\[[^\]]+\]|pragma:\s*[a-z ]+?|mypy:\s*\S+)\s*(#\s*)?(—|–|-|:)\s*\w+"
    )
    bare = [
        f"{name(path)}:{number}"
        for path in (*MODULES, *sorted((ROOT / "tests").rglob("*.py")))
        if path != Path(__file__).resolve()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if silencer.search(line) and not reason.search(line)
    ]

    assert [] == bare


def test_every_finding_has_its_paragraph() -> None:
    """Each finding code has a section in docs/findings.md with something below its heading, and there are no others."""
    text = (ROOT / "docs/findings.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## `?([a-z-]+)`?\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))

    assert sorted(CODES) == sorted(sections)
    assert [] == [code for code, paragraph in sections.items() if len(paragraph.split()) < 10]
