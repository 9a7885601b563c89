"""Writes the result to a file whose suffix says how; whether that can work is found out before the pass."""

from __future__ import annotations

from pathlib import Path

from worker.errors import ConfigurationError
from worker.model.report import Report

SUFFIXES = (".html", ".md", ".json")


def check_report_file(path: Path) -> None:
    """Raises ConfigurationError unless a report can be written there; an existing file keeps its content."""
    if path.suffix.lower() not in SUFFIXES:
        raise ConfigurationError(f"--report {path} ends in no suffix that is known; end it in .html, .md or .json.")
    existed = path.exists()
    try:
        with path.open("ab"):
            pass
        if not existed:
            path.unlink()
    except OSError as error:
        raise ConfigurationError(f"--report {path} cannot be written: {error.strerror}. Name another file.") from error


def write_report(report: Report, path: Path) -> None:
    """Writes the report in UTF-8, replacing what the file held; OSError when that fails after all."""
    path.write_text(_rendered(report, path.suffix.lower()), encoding="utf-8", newline="\n")


def _rendered(report: Report, suffix: str) -> str:
    from worker.render import html, json, markdown

    if suffix == ".html":
        return html.render(report)
    return markdown.render(report) if suffix == ".md" else json.render(report)
