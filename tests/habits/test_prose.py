"""Prose that can fail: the documentation names what there is, and nothing that there is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from worker.mapping.schema import mapping_schema
from worker.variables import NAMES, Variables

ROOT = Path(__file__).resolve().parents[2]
PROSE = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md")])


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def mapping_keys() -> list[str]:
    schema = mapping_schema()
    return sorted({*schema["properties"], *(key for part in schema["$defs"].values() for key in part["properties"])})


def test_every_variable_is_documented() -> None:
    """docs/settings.md has every variable."""
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")

    assert [] == [variable for variable in NAMES if not re.search(rf"\b{variable}\b", text)]


def test_documented_defaults_are_the_defaults() -> None:
    """Where docs/settings.md states a number beside a variable that has one, it is the default."""
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    numbers = {
        field.upper(): info.default for field, info in Variables.model_fields.items() if type(info.default) is int
    }

    assert [] == [
        variable
        for variable, default in numbers.items()
        if not any(variable in line and str(default) in line for line in re.split(r"\n(?=\||#|- |\n)", text))
    ]


def test_every_mapping_key_is_documented() -> None:
    """docs/mapping.md has every key of a mapping."""
    text = (ROOT / "docs/mapping.md").read_text(encoding="utf-8")

    assert [] == [key for key in mapping_keys() if not re.search(rf"\b{key}\b", text)]


@pytest.mark.parametrize("path", PROSE, ids=name)
def test_named_make_targets_exist(path: Path) -> None:
    """A `make` target that prose names is in the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(
        re.findall(r"`make ([a-z-]+)|^\s*(?:\$ )?make ([a-z-]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    )

    assert set() == {target for pair in named for target in pair if target} - targets


@pytest.mark.parametrize("path", PROSE, ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    """A link to a file of the repository leads to a file that is there."""
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", path.read_text(encoding="utf-8"))

    assert [] == [link for link in links if not (path.parent / link).exists()]
