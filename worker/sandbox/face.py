"""The two faces of the sandbox: under which paths each deployment serves Confluence and Jira."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

ProductName = Literal["confluence", "jira"]


@dataclass(frozen=True, slots=True)
class Face:
    """What addresses look like; paths begin with a slash and end without one."""

    deployment: Literal["cloud", "datacenter"]
    confluence: str
    """Path of Confluence's base address."""
    jira: str
    """Path of Jira's base address; empty for the root."""
    apis: tuple[str, ...]
    """How the paths begin that programs use; everything else is for browsers."""

    def product(self, path: str) -> ProductName:
        """The product that a path belongs to; ``/ex/confluence/`` is the one behind Cloud's API gateway."""
        return "confluence" if unquote(path).startswith((f"{self.confluence}/", "/ex/confluence/")) else "jira"


CLOUD = Face("cloud", "/wiki", "", ("/rest/", "/wiki/rest/", "/wiki/api/", "/ex/", "/oauth/", "/_edge/"))
DATACENTER = Face("datacenter", "/confluence", "/jira", ("/confluence/rest/", "/jira/rest/"))
"""Both products under context paths on one host, as behind a reverse proxy."""

FACES: dict[str, Face] = {face.deployment: face for face in (CLOUD, DATACENTER)}
