"""Writes values into CQL and JQL so that they stay values."""

from __future__ import annotations

from worker.errors import ConfigurationError


def quoted(value: str) -> str:
    r"""The value in double quotes, with ``\`` and ``"`` escaped by a backslash: the rule of both languages.

    A control character has no spelling that both servers read alike, so it is a ConfigurationError.
    """
    if any(ord(c) < 0x20 or ord(c) == 0x7F for c in value):
        raise ConfigurationError(f"{value!r} cannot be searched for: it contains a control character; remove it")
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
