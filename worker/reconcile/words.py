"""Reads the words by which people say that an item needs no ticket: done, declined, proposed, untracked."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import lru_cache

from worker.document.text import normalise
from worker.mapping.model import Words
from worker.model.item import ActionItem


class Standing(Enum):
    """What a row says about itself."""

    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"
    PROPOSED = "proposed"
    UNTRACKED = "untracked"


def standing(item: ActionItem, words: Words) -> Standing:
    """What the whole status cell says, in any case and punctuation; of a task its tick, then the word at its start.

    A cell that says more than one of the words leaves the row open. A note of the worker's is no word: extraction
    leaves ``status_word`` empty then.
    """
    if item.ticked:
        return Standing.DONE
    return _known(words).get(_key(item.status_word), Standing.OPEN) if item.status_word else Standing.OPEN


def is_word(text: str, words: Words) -> bool:
    """Whether a text is one of the words, as a whole."""
    return _key(text) in _known(words)


@lru_cache(maxsize=64)
def _known(words: Words) -> Mapping[str, Standing]:
    meant = (
        (Standing.UNTRACKED, words.untracked),
        (Standing.PROPOSED, words.proposed),
        (Standing.DECLINED, words.declined),
        (Standing.DONE, words.done),
    )
    return {_key(word): standing for standing, group in meant for word in group}


def _key(text: str) -> str:
    """The words that are compared; a sign such as ✅, which has none, is compared as it is."""
    return normalise(text) or text.strip()
