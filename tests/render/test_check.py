"""What check found, in its three formats."""

from __future__ import annotations

import json

import pytest
from rich.cells import cell_len

from worker.check import CheckRow
from worker.live.rows import Group, fine
from worker.render.check import as_data, as_markdown, as_text

ROWS = (
    CheckRow(True, "settings", "Cloud: Confluence and Jira"),
    CheckRow(False, "mappings/pay.yaml:7", "there is no key `tema`; did you mean `team`?"),
)


def test_text_is_a_line_a_row() -> None:
    """A word says whether a row is fine, and the verdict comes last."""
    assert as_text(ROWS) == (
        "ok     settings: Cloud: Confluence and Jira\n"
        "wrong  mappings/pay.yaml:7: there is no key `tema`; did you mean `team`?\n"
        "\n"
        "1 problem to solve.\n"
    )


def test_nothing_wrong_is_said() -> None:
    """Without a problem the verdict says so."""
    assert as_text(ROWS[:1]).endswith("\n\nNothing is wrong.\n")


ADDRESS = "https://example.atlassian.net/wiki/spaces/PAY/pages/1310770/Card+authorisations+timed+out"


@pytest.mark.parametrize("width", [40, 80, 120])
def test_text_is_folded_to_the_terminal(width: int) -> None:
    """Lines keep within the width, go on below their beginning, and lose no word; an address stays in one piece."""
    rows = [CheckRow(False, "settings", f"the page {ADDRESS} is one that this account may not edit; ask its owner")]
    groups = [Group("A (a.yaml)", (fine("pages", f"one page, {ADDRESS}, 日本語 for everybody to read and to edit."),))]

    text = as_text(rows, groups, width=width)

    assert text.split() == as_text(rows, groups).split()
    assert text.count(ADDRESS) == 2
    assert [] == [line for line in text.splitlines() if cell_len(line) > width and len(line.split()) > 1]
    assert text.startswith(f"wrong  settings: the page\n       {ADDRESS}\n       is one") == (width < 120)


def test_json_has_the_verdict_and_every_row() -> None:
    """Programs read whether all is well, how many problems there are, and each row."""
    assert json.loads(as_data(ROWS)) == {
        "command": "check",
        "ok": False,
        "problems": 1,
        "rows": [
            {"ok": True, "where": "settings", "message": "Cloud: Confluence and Jira"},
            {"ok": False, "where": "mappings/pay.yaml:7", "message": "there is no key `tema`; did you mean `team`?"},
        ],
    }


def test_markdown_is_a_table() -> None:
    """The rows are a table in which nothing is read as Markdown."""
    assert as_markdown(ROWS).splitlines()[-1] == (
        r"| wrong | mappings/pay.yaml:7 | there is no key \`tema\`; did you mean \`team\`? |"
    )
