"""A small world to try things in: the post-mortems of a payments company that does not exist."""

from __future__ import annotations

from importlib.resources import files

SPACE = PROJECT = "PAY"
"""Where the sample team keeps its pages and its tickets."""


def sample_body(name: str) -> str:
    """The storage format of one sample page, byte for byte (some have CRLF line ends)."""
    return (files(__name__) / f"{name}.xml").read_bytes().decode()


def sample_mapping() -> str:
    """The mapping of the team whose post-mortems these are, as YAML."""
    return (files(__name__) / "payments.yaml").read_text(encoding="utf-8")
