"""The table of docs/lifecycle.md has a test for each row, and no row for which there is none."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.lifecycle.life import TABLE, documented
from tests.lifecycle.story import GOLDEN

STORIES = ("test_fields.py", "test_rows.py", "test_own_cells.py", "test_pages.py", "test_tickets.py")


def test_every_row_of_the_table_is_a_test() -> None:
    """In the table's order, by name."""
    trees = [ast.parse((Path(__file__).parent / name).read_text(encoding="utf-8")) for name in STORIES]
    named = [each.name for tree in trees for each in tree.body if isinstance(each, ast.FunctionDef)]

    assert [row.test for row in documented()] == [name for name in named if name.startswith("test_")]


def test_every_row_of_the_table_has_its_story() -> None:
    """What people did, what page and ticket became and what was said of it can be read for each row, and for no other."""
    assert sorted(row.golden for row in documented()) == sorted(GOLDEN.iterdir())


def test_every_finding_of_the_table_is_explained() -> None:
    """Each code has its paragraph in docs/findings.md."""
    findings = (TABLE.parent / "findings.md").read_text(encoding="utf-8")
    said = {code for row in documented() for code in row.codes}

    assert [] == [code for code in sorted(said) if f"\n## {code}\n" not in findings]


def test_every_cell_of_the_table_says_something() -> None:
    """Also where nothing happens."""
    assert [] == [row.name for row in documented() if not all((row.name, row.page, row.ticket, row.finding))]
