"""Writes the files that are made from the code; with ``--check`` it only says which are out of date."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from tests.supply.bill import BILL, bill_of_materials
from worker.mapping.schema import mapping_schema_text
from worker.variables import Variables

ROOT = Path(__file__).resolve().parents[1]

_PREFACE = """\
# Copy this file to .env, or set the same names in the environment, which wins over .env.
# Every variable can also be given as NAME_FILE, the path of a file that holds the value, and as a file called NAME
# in the secrets folder: /run/secrets, or what SECRETS_DIR names. An empty value counts as not given.
"""
_FIRST = ("confluence_url", "jira_url", "confluence_username", "confluence_token")
"""What a Cloud site needs; everything else is commented out at its default."""


def env_example() -> str:
    """The settings with their descriptions and defaults, ready to be filled in."""
    return "\n".join([_PREFACE, *(_variable(name, info) for name, info in Variables.model_fields.items())])


def _variable(name: str, info: FieldInfo) -> str:
    lines = ["#" if not line else f"# {line}" for line in inspect.cleandoc(info.description or "").splitlines()]
    value = (info.examples or [""])[0] if info.default is None or isinstance(info.default, SecretStr) else info.default
    assignment = f"{name.upper()}={value}"
    return "\n".join([*lines, assignment if name in _FIRST else f"# {assignment}", ""])


GENERATED = {".env.example": env_example, "docs/mapping.schema.json": mapping_schema_text, BILL: bill_of_materials}
"""Every generated file, and what makes its text."""


def outdated(root: Path = ROOT) -> list[str]:
    """The generated files that differ from what the code says now."""
    return [
        name
        for name, make in GENERATED.items()
        if not (root / name).is_file() or (root / name).read_text(encoding="utf-8") != make()
    ]


def main(arguments: list[str]) -> int:
    """Writes or checks; 1 when a check finds something."""
    names = outdated()
    if "--check" in arguments:
        for name in names:
            sys.stderr.write(f"{name} is out of date; run `make golden` and commit what it wrote\n")
        return 1 if names else 0
    for name in names:
        (ROOT / name).write_text(GENERATED[name](), encoding="utf-8")
        sys.stdout.write(f"wrote {name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
