"""How much two texts have in common; it may hold a row and explain why, and never decides whose a ticket is."""

from __future__ import annotations

import re
from functools import lru_cache

REWORDED = 0.35
"""At least so much of the shorter text is found again in a row that was reworded. An article in common reaches 0.2, a
sentence in which half the words are new 0.5, in scripts with and without spaces."""


def reworded(before: str, after: str) -> bool:
    """Whether ``after`` may be ``before`` in other words, rather than something else altogether."""
    return likeness(before, after) >= REWORDED


def likeness(one: str, other: str) -> float:
    """From 0 to 1: how many of the shorter text's runs of characters the other one has, in any case and order."""
    length = 3 if _is_spaced(one) and _is_spaced(other) else 2
    mine, theirs = _runs(one, length), _runs(other, length)
    if not mine or not theirs:
        return 1.0 if one.split() == other.split() else 0.0
    return len(mine & theirs) / min(len(mine), len(theirs))


def _is_spaced(text: str) -> bool:
    """Written with alphabets of which a run of three characters says something, unlike Chinese or Japanese."""
    letters = [character for character in text if character.isalpha()]
    return sum(character < "\u2e80" for character in letters) * 2 >= len(letters)


def same_item(before: str, after: str) -> float:
    """From 0 to 1: how likely ``after`` is ``before`` with a few words changed, rather than its neighbour in a list.

    Measured against the longer text; 1 where words were only added or only taken away; and 0 where the numbers differ:
    “db-03” and “db-11” are two items.
    """
    if _numbers(before) != _numbers(after):
        return 0.0
    length = 3 if _is_spaced(before) and _is_spaced(after) else 2
    mine, theirs = _runs(before, length), _runs(after, length)
    if mine and theirs and (mine <= theirs or theirs <= mine):
        return 1.0
    return len(mine & theirs) / max(len(mine), len(theirs), 1)


def perhaps_same_item(before: str, after: str) -> float:
    """From 0 to 1: how likely ``after`` is ``before`` reworded freely, where nothing else tells what became of it.

    Measured against the shorter text, and 0 where the numbers differ.
    """
    return likeness(before, after) if _numbers(before) == _numbers(after) else 0.0


def _numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", text))


@lru_cache(maxsize=4096)
def _runs(text: str, length: int) -> frozenset[str]:
    words = "".join(character if character.isalnum() else " " for character in text.casefold()).split()
    return frozenset(word[at : at + length] for word in words for at in range(max(len(word) - length + 1, 1)))
