"""Fails every test in which the product lets a planted token out, wherever it comes out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.planted.heard import HEARD, hear
from tests.planted.tokens import leaks

_HANDED_IN = (".env", ".netrc")
"""Files in which a person hands secrets to the worker; so are those with the name of a variable."""


def pytest_configure(config: pytest.Config) -> None:
    """Registers the mark for commands whose purpose is to show made-up tokens."""
    config.addinivalue_line("markers", "shows_tokens(reason): what comes out holds planted tokens, for that reason")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Each test answers for itself."""
    HEARD.clear()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Looks at what pytest captured, what processes and wires said, and what files the test left."""
    report: pytest.TestReport = (yield).get_result()
    folder = item.funcargs.get("tmp_path") if report.when == "call" and isinstance(item, pytest.Function) else None
    texts = [*report.sections, *HEARD, *(_files(folder) if isinstance(folder, Path) else ())]
    found = [leak for where, text in texts for leak in leaks(where, text)]
    if found and not any(mark.args for mark in item.iter_markers("shows_tokens")):
        told = "\n".join(f"  {leak.where}: …{leak.line}…" for leak in dict.fromkeys(found))
        before = f"{report.longreprtext}\n\n" if report.failed else ""
        report.outcome = "failed"
        report.longrepr = f"{before}A planted token came out:\n{told}"


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        handed_in = path.name in _HANDED_IN or path.name.isupper()
        if path.is_file() and not handed_in:
            yield f"the file {path.relative_to(folder)}", path.read_text(encoding="utf-8", errors="replace")


class Listening:
    """What ``capsys`` and ``capfd`` are, with each reading kept: what a test reads, pytest does not report."""

    def __init__(self, captured: pytest.CaptureFixture[str]) -> None:
        self._captured = captured
        self.disabled = captured.disabled

    def readouterr(self) -> tuple[str, str]:
        """What was written since the last reading, as a named pair of ``out`` and ``err``."""
        said = self._captured.readouterr()
        hear("stdout", said.out)
        hear("stderr", said.err)
        return said


@pytest.fixture
def capsys(capsys: pytest.CaptureFixture[str]) -> Listening:
    """Pytest's own, overheard."""
    return Listening(capsys)


@pytest.fixture
def capfd(capfd: pytest.CaptureFixture[str]) -> Listening:
    """Pytest's own, overheard."""
    return Listening(capfd)
