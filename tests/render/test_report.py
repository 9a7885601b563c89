"""The report's file: whether it can be written is known before the pass."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.render.reports import PAGE, SETTLED, report
from worker.errors import ConfigurationError
from worker.render import html, markdown, text
from worker.render.report import check_report_file, write_report


def test_suffix_chooses_the_format(tmp_path: Path) -> None:
    """``.html``, ``.md`` and ``.json``, in any case, each give their own format in UTF-8."""
    told = report(PAGE)
    for name in ("a.HTML", "a.md", "a.json"):
        write_report(told, tmp_path / name)

    assert (tmp_path / "a.HTML").read_text(encoding="utf-8") == html.render(told)
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == markdown.render(told)
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["command"] == "plan"


@pytest.mark.parametrize("failed", [1, 2])
def test_people_are_told_how_many_pages_failed(failed: int) -> None:
    """The totals of every format say it, also where no item could be read."""
    broken = replace(SETTLED, changes=(), failed=True)
    told = report(PAGE, *[broken] * failed)
    words = f"1 page would be saved, {failed} page{'s' if failed > 1 else ''} failed. "

    assert all(
        words in shown for shown in (html.render(told), markdown.render(told), text.render(told, terminal=False))
    )
    assert "page failed" not in text.render(report(PAGE), terminal=False)


def test_other_suffixes_are_refused() -> None:
    """A suffix that names no format is refused with the three that do."""
    with pytest.raises(ConfigurationError) as caught:
        check_report_file(Path("result.pdf"))

    assert str(caught.value) == "--report result.pdf ends in no suffix that is known; end it in .html, .md or .json."


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    """A folder that is not there is found before the pass."""
    path = tmp_path / "none" / "a.md"
    with pytest.raises(ConfigurationError) as caught:
        check_report_file(path)

    assert str(caught.value) == f"--report {path} cannot be written: No such file or directory. Name another file."


def test_looking_leaves_no_trace(tmp_path: Path) -> None:
    """The check creates no file, and an earlier report keeps its content."""
    (tmp_path / "old.md").write_text("before", encoding="utf-8")
    check_report_file(tmp_path / "old.md")
    check_report_file(tmp_path / "new.md")

    assert [path.name for path in tmp_path.iterdir()] == ["old.md"]
    assert (tmp_path / "old.md").read_text(encoding="utf-8") == "before"
