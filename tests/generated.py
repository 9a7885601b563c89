"""Writes the files that are made from the code; with ``--check`` it only says which are out of date."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

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
_CLOUD = {"CONFLUENCE_URL": "https://SITE.atlassian.net/wiki", "JIRA_URL": "https://SITE.atlassian.net"}
_DATACENTER = {
    "ATLASSIAN_DEPLOYMENT": "datacenter",
    "CONFLUENCE_URL": "https://CONFLUENCE-HOST/confluence",
    "JIRA_URL": "https://JIRA-HOST/jira",
}
SIGN_IN: dict[str, dict[str, str]] = {
    "Cloud, with an API token": {**_CLOUD, "CONFLUENCE_USERNAME": "ACCOUNT@example.com", "CONFLUENCE_TOKEN": ""},
    "Cloud, with API tokens with scopes": {
        **_CLOUD, "CONFLUENCE_USERNAME": "ACCOUNT@example.com", "CONFLUENCE_TOKEN": "", "JIRA_TOKEN": "",
    },
    "Cloud, with a service account": {**_CLOUD, "ATLASSIAN_CLIENT_ID": "", "ATLASSIAN_CLIENT_SECRET": ""},
    "Data Center, with personal access tokens": {**_DATACENTER, "CONFLUENCE_TOKEN": "", "JIRA_TOKEN": ""},
    "Data Center, with user names and passwords": {
        **_DATACENTER, "CONFLUENCE_USERNAME": "ACCOUNT", "CONFLUENCE_TOKEN": "", "JIRA_USERNAME": "ACCOUNT",
        "JIRA_TOKEN": "",
    },
}  # fmt: skip
"""Every way to sign in, and all that it needs. Words in capitals are placeholders, which the worker refuses."""
_CHOICE = """\
# Where Confluence and Jira are, and as whom the worker signs in: choose one of these blocks, take away the "# " before
# its lines, and write your own into them. Set nothing of another block beside it.
"""
_MEANINGS = """\
# What these mean:
"""
_SIGN_IN_NAMES = {name for block in SIGN_IN.values() for name in block}


def env_example() -> str:
    """The ways to sign in, then the other settings at their defaults; all of it is commented out."""
    fields = {name.upper(): info for name, info in Variables.model_fields.items()}
    blocks = [_block(title, values) for title, values in SIGN_IN.items()]
    meanings = [_meaning(name, info) for name, info in fields.items() if name in _SIGN_IN_NAMES]
    others = [_other(name, info) for name, info in fields.items() if name not in _SIGN_IN_NAMES]
    return "\n".join([_PREFACE, _CHOICE, *blocks, _MEANINGS, *meanings, *others])


def _block(title: str, values: dict[str, str]) -> str:
    return "\n".join([f"# {title}:", "#", *(f"# {name}={value}" for name, value in values.items()), ""])


def _meaning(name: str, info: FieldInfo) -> str:
    first, *rest = inspect.cleandoc(info.description or "").splitlines()
    return "\n".join([f"# {name}: {first}", *_commented(rest), ""])


def _other(name: str, info: FieldInfo) -> str:
    value = "" if info.default is None else info.default
    return "\n".join([*_commented(inspect.cleandoc(info.description or "").splitlines()), f"# {name}={value}", ""])


def _commented(lines: list[str]) -> list[str]:
    return ["#" if not line else f"# {line}" for line in lines]


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
