"""Says how much of a page is read at all, so that time and memory stay bounded whatever stands on it."""

from __future__ import annotations

MAX_BYTES = 20_000_000
MAX_ELEMENTS = 1_200_000
"""A table of 10,000 rows and 50 columns with a paragraph in each cell, and room for more; about 500 MB of memory."""
MAX_LANDMARKS = 100_000
"""Tables, lists, task lists and headings: each is remembered with its place and judged."""
MAX_POSITIONS = 500_000
"""Grid positions of all tables of one document: 10,000 rows of 50 columns."""


class TooLarge(Exception):
    """A page holds more than the worker is willing to read; the text says what, and what to do."""


def refuse_huge(source: bytes) -> None:
    """Raises ``TooLarge`` where a body has more bytes or elements than any page needs; it looks at no place of it.

    Elements are counted by their tags, so that one behind ``<`` in a comment or in CDATA counts too.
    """
    if len(source) > MAX_BYTES:
        raise TooLarge(f"The page is larger than {MAX_BYTES // 1_000_000} MB. Split it.")
    if source.count(b"<") - source.count(b"</") > MAX_ELEMENTS:
        raise TooLarge(f"The page has more than {MAX_ELEMENTS:,} elements. Split it.")
