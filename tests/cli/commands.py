"""Runs the command as people do: its own process, in a folder of its own, with exactly the settings given."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.planted import heard

ROOT = Path(__file__).resolve().parents[2]

SETTINGS = {
    "CONFLUENCE_URL": "https://example.atlassian.net/wiki",
    "JIRA_URL": "https://example.atlassian.net",
    "CONFLUENCE_USERNAME": "worker@example.com",
    "CONFLUENCE_TOKEN": "a-made-up-token",
}

MAPPING = """\
team: Payments
pages:
  space: PAY
  labels: [post-mortem]
  since: 2026-11-01
  quiet: 0
ticket:
  project: PAY
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


def arguments(*words: str) -> list[str]:
    return [sys.executable, "-m", "worker", *words]


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The settings and nothing else of this process but what Python needs."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "SYSTEMROOT") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "SECRETS_DIR": "", **settings}


def run(folder: Path, *words: str, settings: Mapping[str, str] = SETTINGS) -> Ended:
    """Runs a command in ``folder``."""
    done = heard.run(
        arguments(*words), cwd=folder, env=environment(settings), capture_output=True, timeout=60, check=False
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def write_mapping(folder: Path, name: str = "payments.yaml", text: str = MAPPING) -> Path:
    """A mapping in the folder's ``mappings``."""
    path = folder / "mappings" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
