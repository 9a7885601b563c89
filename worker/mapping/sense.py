"""Finds what each key allows and the whole mapping does not: contradictions, and values that can never work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from worker.mapping.model import Pages
from worker.mapping.places import Path, Problem, Tree, closest

_QUOTED = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'""")
_OURS = {
    "summary": "the action", "description": "what the page says", "project": "`ticket.project`",
    "issuetype": "`ticket.type`", "labels": "`ticket.labels`", "priority": "`ticket.priority`",
    "duedate": "the due column", "assignee": "the owner column", "parent": "`ticket.parent`",
}  # fmt: skip
"""Jira fields that the worker fills itself, and from what."""


def contradictions(tree: Tree) -> Iterator[Problem]:
    """Problems of a mapping that may have others too, so every value is looked at before it is trusted."""
    for path, sentence in _all(tree):
        place = tree.place(path)
        yield Problem(place.key_line if isinstance(path[-1], str) else place.line, sentence)


def _all(tree: Tree) -> Iterator[tuple[Path, str]]:
    yield from _pages(tree)
    yield from _ticket(tree)
    yield from _owners(tree)
    yield from _twice(tree, "columns", "column")
    yield from _twice(tree, "words", "word")


def _pages(tree: Tree) -> Iterator[tuple[Path, str]]:
    pages = tree.at("pages")
    if not isinstance(pages, dict):
        return
    instead = [key for key in ("space", "labels", "under") if pages.get(key)]
    cql = pages.get("cql")
    if isinstance(cql, str) and cql.strip():
        if instead:
            named = " and ".join(f"`{key}`" for key in instead)
            advice = "put everything into the query, or remove it"
            yield ("pages", "cql"), f"`cql` stands beside {named}, which it replaces; {advice}"
        if re.search(r"\border\s+by\b", _QUOTED.sub("", cql), re.IGNORECASE):
            yield (
                ("pages", "cql"),
                "`cql` holds ORDER BY, and the worker orders and narrows the query itself; remove it",
            )
    elif not instead and not _meant(pages):
        yield ("pages",), "`pages` names no pages; add `space: PAY` and `labels: [post-mortem]`, or a `cql` query"
    under = pages.get("under")
    if isinstance(under, str) and under.strip() and not re.fullmatch(r"[0-9]+", under.strip()):
        yield ("pages", "under"), f"`under` cannot be `{under}`; write the number in the page's address, like 123456"
    for path, space in _strings(tree, "pages", "space"):
        if space.strip() and not re.fullmatch(r"~?[A-Za-z0-9:._-]+", space.strip()):
            yield (
                path,
                f"`space` cannot be `{space}`; write the key that its addresses show, like PAY, not its name",
            )


def _meant(pages: dict[str, Any]) -> bool:
    """Whether a mistyped key names pages; it is told as unknown, with the key that was meant."""
    known = list(Pages.model_fields)
    return any(closest(key, known) in {"space", "labels", "under", "cql"} for key in pages if key not in known)


def _ticket(tree: Tree) -> Iterator[tuple[Path, str]]:
    fields = tree.at("ticket", "fields")
    if isinstance(fields, dict):
        for key in fields:
            if key.lower() in _OURS:
                yield ("ticket", "fields", key), f"`{key}` is filled from {_OURS[key.lower()]}; remove it from `fields`"


def _owners(tree: Tree) -> Iterator[tuple[Path, str]]:
    owners = tree.at("owners")
    if not isinstance(owners, dict):
        return
    aliases = owners.get("aliases")
    named: list[tuple[Path, Any]] = [(("owners", "default"), owners.get("default"))]
    if isinstance(aliases, dict):
        named += [(("owners", "aliases", name), account) for name, account in aliases.items()]
    for path, account in named:
        if isinstance(account, str) and re.search(r"\s", account.strip()):
            wanted = "write the account id (Cloud, like 557058:1234) or the user name (Data Center)"
            yield path, f"`{account}` looks like a person's name, and Jira needs the account; {wanted}"


def _twice(tree: Tree, group: str, what: str) -> Iterator[tuple[Path, str]]:
    """A word under two roles would make a row mean two things."""
    roles = tree.at("items", group)
    if not isinstance(roles, dict):
        return
    first: dict[str, str] = {}
    for role in roles:
        for path, name in _strings(tree, "items", group, role):
            before = first.setdefault(" ".join(name.casefold().split()), role)
            if before != role:
                yield path, f"the {what} `{name}` is under `{before}` and under `{role}`; keep it under one of them"


def _strings(tree: Tree, *path: str) -> Iterator[tuple[Path, str]]:
    """The text at a path, or each text of the list there."""
    value: Any = tree.at(*path)
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for index, text in enumerate(value):
            if isinstance(text, str):
                yield (*path, index), text
