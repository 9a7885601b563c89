"""Moves the days that a sample page names with their year: picked ones, and due dates in plain text."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

_PICKED = r'(?<=<time datetime=")\d{4}-\d{2}-\d{2}(?=")'
_WRITTEN = r"(?<=>)(?:\d{4}-\d{2}-\d{2}|\d{1,2} [A-Z][a-z]+ \d{4})(?=<)"
_DAY = re.compile(f"{_PICKED}|{_WRITTEN}")
_MONTHS = ("%b", "%B")
"""Short and long names, in English wherever the program runs: it sets no locale."""


def moved(body: str, by: timedelta) -> str:
    """The body with all its days so much later, each in the way it is written; ``3/4`` stays, since it has no year."""
    return _DAY.sub(lambda found: _later(found[0], by), body)


def _later(text: str, by: timedelta) -> str:
    if "-" in text:
        return str(date.fromisoformat(text) + by)
    for month in _MONTHS:
        try:
            day = datetime.strptime(text, f"%d {month} %Y").date() + by  # noqa: DTZ007 — a day has no zone
        except ValueError:
            continue
        return f"{day.day} {day.strftime(month)} {day.year}"
    return text
