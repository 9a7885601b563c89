"""The JSON Schema agrees with the loader on what is a mapping."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from worker.mapping.loader import judge
from worker.mapping.model import TeamMapping
from worker.mapping.schema import mapping_schema

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
VALID = [ROOT / "mappings/payments.yaml", *sorted((HERE / "good").iterdir())]
BEYOND_A_SCHEMA = {
    "alias-bomb", "empty-list", "merge-key", "column-twice", "cql-beside-space", "cql-ordered", "day-is-not-in-the-calendar", "duplicate-key",
    "field-of-the-worker", "key-is-a-list", "no-pages", "not-a-number", "not-utf-8", "space-is-a-name", "syntax-colon",
    "syntax-open-bracket", "syntax-tab", "tag", "time-zone", "two-documents", "under-is-a-title", "word-twice",
    "alias-is-a-name", "nested",
}  # fmt: skip
"""What takes more than the shape of values to see."""


def plain(path: Path) -> Any:
    """The file as an editor sees it: with days as text."""
    loader = YAML(typ="safe", pure=True)
    loader.constructor.yaml_constructors = loader.constructor.yaml_constructors | {
        "tag:yaml.org,2002:timestamp": lambda _, node: node.value
    }
    return loader.load(path.read_text(encoding="utf-8"))


def test_schema_is_a_schema() -> None:
    """What `schema` prints is itself valid."""
    Draft202012Validator.check_schema(mapping_schema())


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_valid_mappings_pass(path: Path) -> None:
    """A mapping that the loader takes has no error by the schema."""
    assert [] == list(Draft202012Validator(mapping_schema()).iter_errors(plain(path)))


@pytest.mark.parametrize(
    "path",
    [path for path in sorted((HERE / "bad").glob("*.yaml")) if path.stem not in BEYOND_A_SCHEMA],
    ids=lambda path: path.stem,
)
def test_bad_mappings_fail(path: Path) -> None:
    """A mapping of the wrong shape has an error by the schema too, so an editor shows it while it is written."""
    assert [] != list(Draft202012Validator(mapping_schema()).iter_errors(plain(path)))


def test_defaults_read_back() -> None:
    """Every default that the schema shows is written as a file would write it, and means the default."""
    mapping, _ = judge(b"team: A\npages: {space: PAY, since: 2026-11-01}\nticket: {project: PAY}\n")
    assert mapping is not None

    assert mapping == TeamMapping.model_validate(mapping.model_dump(mode="json"))
    assert "10m" == mapping_schema()["$defs"]["Pages"]["properties"]["quiet"]["default"]


def test_every_key_is_described() -> None:
    """Every key has a description, apart from word and column lists, whose group has one."""
    lacking = [
        f"{group}.{key}"
        for group, definition in mapping_schema()["$defs"].items()
        for key, value in definition["properties"].items()
        if "description" not in value and "$ref" not in value and group not in {"Columns", "Words"}
    ]

    assert [] == lacking
