"""What the demo shows of a page on a terminal."""

from __future__ import annotations

import io

from rich.console import Console

from worker.sandbox.reader.resolve import Card
from worker.sandbox.reader.terminal import render_page_text
from worker.sandbox.samples import sample_body


class Nobody:
    """A resolver that knows nothing."""

    def person(self, account: str) -> str | None:
        """Nobody."""
        return None

    def card(self, key: str) -> Card | None:
        """Nothing."""
        return None


def printed(body: str, *sections: str) -> str:
    """The body as it comes out on a terminal of 100 columns without colours."""
    console = Console(file=io.StringIO(), width=100, color_system=None)
    console.print(render_page_text(body, Nobody(), sections))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_only_the_wanted_sections_are_shown() -> None:
    """A section ends at the next heading of its level; deeper headings belong to it."""
    body = "<h2>A</h2><p>one</p><h2>✅ Action items</h2><h3>x</h3><p>two</p><h2>B</h2><p>three</p>"

    assert printed(body, "Action items").split() == ["✅", "Action", "items", "x", "two"]


def test_tasks_are_boxes() -> None:
    """Done tasks have a ticked box, nested ones are indented."""
    lines = printed(sample_body("payouts-sent-twice"), "Action items").splitlines()

    assert [line.rstrip() for line in lines if "☐" in line or "☑" in line] == [
        "☐ Send an idempotency key with every payout @unknown person by Dec 15, 2026",
        "☐ @unknown person Rewrite the runbook for stuck batches Dec 1, 2026",
        "  ☐ Try the new runbook in a game day @unknown person Jan 20, 2027",
        "☑ Recall the second batch @unknown person",
        "☐ Run reconciliation every ten minutes",
        "☐ Type your action, use @ to assign someone",
    ]


def test_a_merged_cell_is_shown_once() -> None:
    """The text of a cell that spans rows stands in its first row only."""
    body = '<table><tr><td rowspan="2">shared</td><td>a</td></tr><tr><td>b</td></tr></table>'

    assert printed(body).count("shared") == 1


def test_a_lozenge_is_upper_case_as_in_the_browser() -> None:
    """A status macro shows its title in capitals."""
    macro = (
        '<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">To do</ac:parameter></ac:structured-macro>'
    )

    assert "TO DO" in printed(f"<p>{macro}</p>")


def test_a_malformed_page_says_so() -> None:
    """A body that cannot be parsed comes out as one sentence."""
    assert "could not show this page" in printed("<p>")
