"""Finds the label that pages bear and a mapping probably means."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from worker.mapping.model import Pages
from worker.model.page import readable
from worker.ports import PageReader
from worker.reconcile.selection import every_age

_LOOKED_AT = 100
"""Pages whose labels are read: two searches."""


def likely_label(pages: Pages, readers: PageReader) -> str | None:
    """A label on pages of the same spaces that reads like one the mapping names; None when there is none."""
    if not pages.labels or pages.cql is not None or not (pages.space or pages.under):
        return None
    wide = replace_labels(pages)
    counts = Counter(
        label for page in islice(readable(readers.search(every_age(wide))), _LOOKED_AT) for label in sorted(page.labels)
    )
    wanted = {_folded(label) for label in pages.labels}
    exact = {label.casefold() for label in pages.labels}
    return next(
        (label for label, _ in counts.most_common() if label not in exact and _alike(_folded(label), wanted)), None
    )


def replace_labels(pages: Pages, *labels: str) -> Pages:
    """The same selection with these labels instead of its own."""
    return pages.model_copy(update={"labels": labels, "skip_labels": ()})


def _folded(label: str) -> str:
    """A label without what people write differently: ``Post-Mortems`` and ``postmortem`` are one word."""
    return "".join(c for c in label.casefold() if c.isalnum()).removesuffix("s")


def _alike(label: str, wanted: set[str]) -> bool:
    return any(label == other or _one_slip(label, other) for other in wanted)


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter more, less or different makes one word of the other."""
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 4:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return (
        one[start + 1 :] == other[start + 1 :] or one[start:] == other[start + 1 :] or one[start + 1 :] == other[start:]
    )
