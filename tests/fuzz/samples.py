"""Sound pages and mappings to begin with: those of the sandbox, of the golden cases, and of the tests of the loader."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]


@cache
def pages() -> tuple[str, ...]:
    """Bodies, the shorter ones first."""
    theirs = [
        file.read_text("utf-8")
        for file in (files("worker.sandbox") / "samples").iterdir()
        if file.name.endswith(".xml")
    ]
    ours = [path.read_bytes().decode() for path in TESTS.glob("golden/cases/*/page.xml")]
    return tuple(sorted((*theirs, *ours), key=lambda body: (len(body), body)))


@cache
def mappings() -> tuple[str, ...]:
    """Texts, the shorter ones first."""
    found = [
        *TESTS.glob("mapping/good/*.yaml"),
        *TESTS.glob("golden/cases/*/mapping.yaml"),
        TESTS.parent / "mappings/payments.yaml",
    ]
    return tuple(sorted({path.read_text("utf-8") for path in found}, key=lambda text: (len(text), text)))
