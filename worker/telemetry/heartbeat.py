"""Pings a watch that raises the alarm when a pass does not begin or does not end."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from worker.remote.outside import Outside


def begun(url: str, outside: Outside) -> None:
    """Says that a pass began: ``/start`` behind the address, as Healthchecks and its like understand it."""
    outside.send("GET", _with(url, "start"))


def ended(url: str, exit_code: int | None, outside: Outside) -> None:
    """Says that a pass ended: with its exit code behind the address, of which any but 0 counts as a failure there
    (Healthchecks); None sends the bare address, which is a sign of life.
    """
    outside.send("GET", url if exit_code is None else _with(url, str(exit_code)))


def _with(url: str, last: str) -> str:
    """The address with one more step of its path; a query stays behind it."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{last}"))
