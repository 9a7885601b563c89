"""Dates as CQL and JQL write them: absolute to the minute in the caller's time zone, or relative to now."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from worker.sandbox.query import BadQuery

COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": eq, "!=": ne, ">": gt, ">=": ge, "<": lt, "<=": le,
}  # fmt: skip
_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M")
_SPAN = re.compile(r"([+-]?)(\d+)([yMwdhm])")
_UNIT = {
    "y": timedelta(days=365), "M": timedelta(days=30), "w": timedelta(weeks=1), "d": timedelta(days=1),
    "h": timedelta(hours=1), "m": timedelta(minutes=1),
}  # fmt: skip


def absolute(text: str, zone: tzinfo) -> datetime:
    """``2026-11-01`` or ``2026-11-01 14:30`` in the zone; the finest grain is a minute. Raises BadQuery."""
    for written in _FORMATS:
        try:
            return datetime.strptime(text, written).replace(tzinfo=zone)
        except ValueError:
            continue
    raise BadQuery(f"Date value '{text}' is invalid. Valid formats include: 'yyyy-MM-dd HH:mm', 'yyyy-MM-dd'.")


def span(text: str) -> timedelta:
    """``-3d``, ``+2h``, ``-1w`` and the like. Raises BadQuery."""
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise BadQuery(f"'{text}' is no relative date such as '-3d'.")
    sign, number, unit = match.groups()
    return (-1 if sign == "-" else 1) * int(number) * _UNIT[unit]


def called(name: str, arguments: tuple[str, ...], now: datetime, zone: tzinfo) -> datetime:
    """``now("-3d")`` or ``startOfDay("-1d")``. Raises BadQuery for another function or too many arguments."""
    if len(arguments) > 1:
        raise BadQuery(f"Function '{name}' takes at most one argument.")
    moved = span(arguments[0]) if arguments else timedelta()
    if name.lower() == "now":
        return now + moved
    if name.lower() == "startofday":
        return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0) + moved
    raise BadQuery(f"Unable to find a function called '{name}'.")


def to_minute(moment: datetime) -> datetime:
    """The moment as an index keeps it for comparisons."""
    return moment.replace(second=0, microsecond=0)
