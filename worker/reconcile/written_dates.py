"""Reads a date that a person wrote in plain text, and never guesses: every reading it allows, or why there is none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from dateutil.parser import ParserError, parse, parserinfo

YEARS = range(2000, 2101)
"""A due date outside of these is a slip of the pen."""
NEAR = timedelta(days=183)
"""A date without a year is the next such day when that is no further away than this."""

_LONGEST = 200
"""Characters of the longest text that is looked at: a date with a remark is shorter, a story is no date."""
_DEFAULTS = (datetime(2004, 1, 1), datetime(2008, 2, 2))  # noqa: DTZ001 — only day, month and year of it are used
"""Two days that differ in every part: what differs in the results was not written. Both years have a 29 February."""
_NOTE = re.compile(r"\s*\([^()]*\)\s*$|\s*\[[^][]*\]\s*$")
_LEADING = re.compile(
    r"^(?:(?:due|by|before|until|till|til|on|eta|deadline|target|no later than|not later than|end of day|"
    r"eod|eob|cob|close of business)\b\s*:?\s*)+",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"(?:[\s.,;]|\b(?:eod|eob|cob|end of day))+$", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)")
_YEAR_FIRST = re.compile(r"(\d{4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})")
_TIME_OF_DAY = re.compile(r"(?:[T ]\d{1,2}:\d{2}\S*(?: ?[A-Za-z]{2,4})?)?")
_NUMBERS = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})|(\d{1,2})/(\d{1,2})|(\d{1,2})\.(\d{2})")
_TOKEN = re.compile(r"\s*(?:'?(\d{1,4})(st|nd|rd|th)?(?![^\W_])|([^\W\d_]+)|([,./-]))", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,./'-]+")
_FILLER = "of"


class _Names(parserinfo):
    """English names of months and weekdays; a year of two digits is of this century, whatever the clock says."""

    def convertyear(self, year: int, century_specified: bool = False) -> int:
        return year if century_specified or year >= 100 else year + 2000


_NAMES = _Names()


@dataclass(frozen=True, slots=True)
class Day:
    """The text means this day."""

    day: date


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The text is a date that only its author can tell."""

    days: tuple[date, ...]
    """The days it can mean, as far as they can be told."""
    why: str
    order: bool = False
    """Knowing whether the day or the month comes first would help."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The text is no date."""

    why: str


Meaning = Day | Ambiguous | Unreadable

_NO_DAY = Unreadable("it does not name one day")
_NO_SUCH_DAY = Unreadable("there is no such day")
_NO_YEAR = "it names no year, and the next such day is far away"


def read_picked(attribute: str) -> Meaning:
    """A date from the editor: the first ten characters of ``datetime``, a calendar day without a zone.

    Confluence stores ``YYYY-MM-DD`` there; imported pages hold longer forms, and now and then anything at all.
    """
    found = _ISO.match(attribute.strip())
    return _calendar_day(*found.groups()) if found else Unreadable("it is no date")


def read_written(text: str, day_first: bool | None, created: date) -> Meaning:
    """A written date; ``day_first`` decides about 3/4, and ``created`` (of the page) about a year that is left out.

    Words that merely introduce a date ("by", "due", "EOD") and a note in parentheses behind it do not count. Prose such
    as "next Friday", "Q1" or "2 weeks" is never turned into a day.
    """
    bare = " ".join(unicodedata.normalize("NFKC", text).split())
    if len(bare) > _LONGEST:
        return _NO_DAY
    while (shorter := _TRAILING.sub("", _NOTE.sub("", bare))) != bare:
        bare = shorter
    bare = _LEADING.sub("", bare)
    if (found := _ISO.match(bare)) and _TIME_OF_DAY.fullmatch(bare, found.end()):
        return _calendar_day(*found.groups())
    if found := _YEAR_FIRST.fullmatch(bare):
        return _calendar_day(found[1], found[3], found[4])
    if found := _NUMBERS.fullmatch(bare):
        parts = [part for part in found.groups() if part and part.isdigit()]
        return _numbers(parts, day_first, created)
    return _words(bare, created)


def _calendar_day(year: str, month: str, day: str) -> Meaning:
    try:
        return _in_range(date(int(year), int(month), int(day)))
    except ValueError:
        return _NO_SUCH_DAY


def _in_range(day: date) -> Meaning:
    return Day(day) if day.year in YEARS else Unreadable(f"the year {day.year} is out of range")


def _numbers(parts: list[str], day_first: bool | None, created: date) -> Meaning:
    """Day and month as numbers: each order that is possible gives a reading, and the mapping may rule one out."""
    possible: dict[bool, date] = {}
    for order in (True, False):
        found = _parsed("/".join(parts), day_first=order)
        if found and [found.day, found.month] == [int(part) for part in (parts[:2] if order else parts[1::-1])]:
            possible[order] = found
    if not possible:
        return _NO_SUCH_DAY
    if any(day.year not in YEARS for day in possible.values()):
        return Unreadable(f"the year {parts[2]} is out of range")
    if day_first is not None and day_first not in possible:
        other = "day" if day_first else "month"
        why = f"the mapping says that the {other} comes first, and then there is no such day"
        return Ambiguous(_near(possible.values(), parts, created), why)
    wanted = set(possible.values()) if day_first is None else {possible[day_first]}
    if len(wanted) > 1:
        return Ambiguous(_near(possible.values(), parts, created), "either number can be the month", order=True)
    day = wanted.pop()
    if len(parts) == 3:
        return _in_range(day)
    following = _next(day, created)
    return Day(following) if following else Ambiguous((), _NO_YEAR)


def _near(days: Iterable[date], parts: list[str], created: date) -> tuple[date, ...]:
    """The days themselves, or those that follow the page's creation when no year is written."""
    return tuple(near for day in days if (near := day if len(parts) == 3 else _next(day, created)))


def _words(text: str, created: date) -> Meaning:
    """A day with the name of its month, and perhaps a year and a weekday."""
    said = list(_tokens(text))
    numbers = [each for each in said if isinstance(each, str)]
    if None in said or sum(isinstance(each, _Month) for each in said) != 1 or len(numbers) not in {1, 2}:
        return _NO_DAY
    plain = _BETWEEN.sub(" ", _ORDINAL.sub("", text))
    found = _parsed(plain, day_first=True)
    if found is None or found.day not in map(int, numbers):
        return _NO_DAY
    day = found if len(numbers) == 2 else _next(found, created)
    if day is None:
        return Ambiguous((), _NO_YEAR)
    weekdays = {each.number for each in said if isinstance(each, _Weekday)}
    if weekdays - {day.weekday()}:
        return Ambiguous((day,), f"{day.isoformat()} is a {day:%A}")
    return _in_range(day)


@dataclass(frozen=True, slots=True)
class _Month:
    number: int


@dataclass(frozen=True, slots=True)
class _Weekday:
    number: int


def _tokens(text: str) -> Iterator[str | _Month | _Weekday | None]:
    """Numbers as written, months and weekdays; None for anything that has no place in a date."""
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            yield None
            return
        at = found.end()
        number, _ordinal, word, _separator = found.groups()
        if number:
            yield number if len(number) != 3 else None
        elif word and word.casefold() != _FILLER:
            month, weekday = _NAMES.month(word), _NAMES.weekday(word)
            if month is not None:
                yield _Month(month)
            else:
                yield None if weekday is None else _Weekday(weekday)


@lru_cache(maxsize=4096)  # a row is decided several times in a pass; no text here is longer than _LONGEST
def _parsed(text: str, *, day_first: bool) -> date | None:
    """The day that dateutil reads whatever it is given to fill gaps with; a missing year is that of the first filling.

    None when it reads none, or when the day or the month was not written.
    """
    try:
        first, second = (parse(text, _NAMES, dayfirst=day_first, default=default).date() for default in _DEFAULTS)
    except (ParserError, OverflowError, ValueError):
        return None
    return first if (first.month, first.day) == (second.month, second.day) else None


def _next(day: date, created: date) -> date | None:
    """The next day of that name on or after the page's creation, when it is near."""
    for year in range(created.year, created.year + 2):
        try:
            candidate = day.replace(year=year)
        except ValueError:  # 29 February
            continue
        if created <= candidate <= created + NEAR:
            return candidate
    return None
