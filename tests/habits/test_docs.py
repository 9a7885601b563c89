"""Statements of the documentation that the code can contradict: commands, keys, defaults, names of tests, the tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from ruamel.yaml import YAML

from worker.cli import main
from worker.live.tickets import needed
from worker.mapping.loader import judge
from worker.mapping.model import TeamMapping
from worker.model.report import Exit
from worker.model.surroundings import Permission
from worker.variables import NAMES, Variables

ROOT = Path(__file__).resolve().parents[2]
PROSE = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md")])
SMALLEST: dict[str, Any] = {
    "team": "Payments",
    "pages": {"space": "PAY", "since": "2026-11-01"},
    "ticket": {"project": "PAY"},
}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def rows(path: str) -> list[tuple[str, str]]:
    """First and second column of every table row that begins with code."""
    return re.findall(r"^\| `([^`|]+)` \| (.+?) \|", text(path), re.MULTILINE)


def parts(annotation: Any) -> Iterator[type[BaseModel]]:
    """The model that a key's value is, or may be."""
    for kind in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield kind


def keys(model: type[BaseModel], above: str = "") -> Iterator[tuple[str, Any]]:
    """Every key that can be written, with its default; a group counts where it can be something else than a group."""
    for key, info in model.model_fields.items():
        groups = list(parts(info.annotation))
        if not groups or info.annotation not in groups:
            yield above + key, info.get_default(call_default_factory=True)
        for group in groups:
            yield from keys(group, f"{above}{key}.")


def from_yaml(written: str) -> Any:
    return YAML(typ="safe").load(StringIO(written))


def with_key(path: str, value: Any) -> TeamMapping:
    """The smallest mapping with one key set to a value."""
    tree = {key: dict(part) if isinstance(part, dict) else part for key, part in SMALLEST.items()}
    group: Any = tree
    *groups, last = path.split(".")
    for step in groups:
        group = group.setdefault(step, {})
    group[last] = value
    return TeamMapping.model_validate(tree)


def test_readme_names_every_command_and_no_other() -> None:
    """The table of commands is that of the command line."""
    named = [command for command, _ in rows("README.md") if command.startswith("postmortem-sync ")]

    assert sorted(main.commands) == sorted(command.removeprefix("postmortem-sync ") for command in named)


@pytest.mark.parametrize("path", PROSE, ids=name)
def test_commands_and_options_that_prose_names_exist(path: Path) -> None:
    """Whoever copies a command from the documentation gets no usage error."""
    wrong = []
    for command, rest in re.findall(r"postmortem-sync ([a-z]+)\b([^`\n]*)`", path.read_text(encoding="utf-8")):
        known = main.commands.get(command)
        options = {option for parameter in known.params for option in parameter.opts} if known else set()
        wrong += [] if known else [command]
        wrong += [f"{command} {option}" for option in re.findall(r"--[a-z]+", rest) if option not in options]

    assert [] == wrong


def test_operations_explain_every_exit_code() -> None:
    """One row for each code, in their order."""
    assert [str(int(code)) for code in Exit] == re.findall(r"^\| (\d) \|", text("docs/operations.md"), re.MULTILINE)


def test_mapping_page_has_exactly_the_keys() -> None:
    """docs/mapping.md has a row for every key of the model, in the model's order, and none besides."""
    assert [key for key, _ in keys(TeamMapping)] == [key for key, _ in rows("docs/mapping.md")]


@pytest.mark.parametrize(("key", "written"), rows("docs/mapping.md"), ids=lambda value: value[:40])
def test_mapping_page_states_the_defaults(key: str, written: str) -> None:
    """A default in docs/mapping.md, written into a mapping, reads as the model's default; what is required has none."""
    if written == "required":
        assert dict(keys(TeamMapping))[key] is PydanticUndefined
        return

    stated: Any = with_key(key, from_yaml(written.strip("`")))
    for step in key.split("."):
        stated = getattr(stated, step)

    assert dict(keys(TeamMapping))[key] == stated


def test_settings_page_has_exactly_the_variables() -> None:
    """docs/settings.md has a row for every variable and none besides, with its default."""
    documented = dict(rows("docs/settings.md"))
    defaults = {
        field.upper(): "none" if info.default is None else f"`{info.default}`"
        for field, info in Variables.model_fields.items()
    }

    assert defaults | dict.fromkeys(("CONFLUENCE_URL", "JIRA_URL"), "required") == documented
    assert list(NAMES) == list(documented)


@pytest.mark.parametrize(
    "example",
    [block for path in PROSE for block in re.findall(r"```yaml\n(team:.*?)```", path.read_text("utf-8"), re.DOTALL)],
)
def test_mapping_examples_are_valid(example: str) -> None:
    """A mapping that the documentation shows can be used as it stands."""
    mapping, problems = judge(example.encode())

    assert () == problems
    assert mapping is not None


@pytest.mark.parametrize("path", PROSE, ids=name)
def test_anchors_exist(path: Path) -> None:
    """A link into a page leads to a heading of that page."""
    broken = []
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)", path.read_text(encoding="utf-8")):
        page = path.parent / target if target else path
        headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        if anchor not in {re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-")) for heading in headings}:
            broken.append(f"{target}#{anchor}")

    assert [] == broken


@pytest.mark.parametrize("path", PROSE, ids=name)
def test_named_tests_exist(path: Path) -> None:
    """A test that is named as evidence is there."""
    named = re.findall(r"\b(tests/[\w/]+\.py)::(\w+)", path.read_text(encoding="utf-8"))
    missing = [f"{file}::{test}" for file, test in named if not (ROOT / file).is_file() or test not in _functions(file)]

    assert [] == missing


def test_every_promise_and_every_failure_names_its_tests() -> None:
    """docs/promises.md says by which test each promise, and each row of what a person sees, was shown."""
    promises = re.split(r"^## ", text("docs/promises.md"), flags=re.MULTILINE)
    of_failures = next(part for part in promises if part.startswith("What a person sees in each failure"))
    failures = [line for line in of_failures.splitlines() if line.startswith("| ")][2:]

    assert 6 == sum(bool(re.match(r"\d\.", part)) for part in promises)
    assert [] == [part.splitlines()[0] for part in promises if re.match(r"\d\.", part) and "`tests/" not in part]
    assert len(failures) > 10
    assert [] == [row for row in failures if not re.search(r"`tests/[\w/]+\.py::test_\w+` \|$", row)]


def test_every_threat_names_its_test() -> None:
    """docs/security.md says of each threat what bounds it, what remains, and by which test the bound was shown."""
    of_threats = text("docs/security.md").partition("\n## Threats\n")[2].partition("\n## ")[0]
    threats = [line for line in of_threats.splitlines() if line.startswith("| ")][2:]

    assert len(threats) > 15
    assert [] == [row for row in threats if not re.search(r"\| `tests/[\w/]+\.py::test_\w+` \|$", row)]
    assert [] == [row for row in threats if row.count(" | ") != 3]


def test_permissions_to_ask_for_are_those_that_check_live_looks_for() -> None:
    """docs/setup.md lists them in their order, and names the setting with which each is not needed."""
    listed = re.findall(r"^\| ([A-Z][a-z]+ issues|Browse projects) \| (.+) \|$", text("docs/setup.md"), re.MULTILINE)
    spared = {
        permission.title: setting
        for setting in ("ticket.follow: off", "items.task_lists: false")
        for permission in set(Permission) - set(needed(with_key(*from_yaml(setting).popitem())))
    }

    assert [title for title, _ in listed] == [each.title for each in Permission]
    assert {title: found[1] for title, why in listed if (found := re.search(r"\(not with `(.+)`\)", why))} == spared


def _functions(file: str) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(text(file))) if isinstance(node, ast.FunctionDef)}


def test_tree_is_the_tree() -> None:
    """docs/design.md lists every module outside the sandbox, the sandbox's packages, and nothing that is not there."""
    listed: list[str] = []
    package = ""
    for indent, entry in re.findall(r"^( {2,4})(\w+(?:\.py|/)) +\S", text("docs/design.md"), re.MULTILINE):
        if len(indent) == 2:
            package = entry if entry.endswith("/") else ""
        listed.append(entry if len(indent) == 2 else package + entry)
    worker = ROOT / "worker"
    modules = [path.relative_to(worker) for path in worker.rglob("*.py") if path.name != "__init__.py"]
    packages = [path.parent.relative_to(worker) for path in worker.rglob("__init__.py") if path.parent != worker]
    there = {path.as_posix() for path in modules if path.parts[0] != "sandbox"}

    assert sorted(there | {f"{path.as_posix()}/" for path in packages}) == sorted(listed)
