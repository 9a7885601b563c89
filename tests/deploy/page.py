"""The commands of docs/operations.md, section by section."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


def blocks(section: str) -> list[str]:
    """The section's blocks of shell commands, in their order."""
    found = re.findall(r"^( *)```sh\n(.*?)^ *```$", SECTIONS[section], re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for _, block in found]


def lines(section: str) -> list[str]:
    """The commands of the section that take a line each."""
    return [line for block in blocks(section) for line in block.splitlines()]
