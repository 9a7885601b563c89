"""Reads every team's mapping and reports all problems of all files in one go, each with file and line."""

from __future__ import annotations

import copy
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from worker.errors import ConfigurationError
from worker.mapping import sense, wording
from worker.mapping.model import TeamMapping
from worker.mapping.places import MOST_BYTES, Problem, Tree, closest, read_yaml
from worker.mapping.places import Path as Place

_MOST_ROUNDS = 4
"""Taking out a value can bring up one more complaint, such as a list that is empty then."""
_EXAMPLE = "payments.yaml"
"""The mapping that the program brings along under ``mappings/``."""
_BEGINNING = "begin with what `postmortem-sync init` writes (docs/mapping.md explains every key)"


@dataclass(frozen=True, slots=True)
class LoadedMapping:
    """A mapping and the file it came from, as messages name it."""

    file: str
    mapping: TeamMapping


@dataclass(frozen=True, slots=True)
class Judged:
    """One file: its mapping, or the problems that it has, in the order of its lines."""

    file: str
    mapping: TeamMapping | None
    problems: tuple[Problem, ...]
    tree: Tree = field(default_factory=Tree)
    """Where everything in the file stands."""
    rest: TeamMapping | None = None
    """What is left of a mapping with problems when the values at fault are taken out; None when nothing can be."""

    @property
    def sound_part(self) -> TeamMapping | None:
        """The mapping, or what is left of it: enough to find further problems, and nothing to work with."""
        return self.mapping or self.rest

    @property
    def sentences(self) -> tuple[str, ...]:
        """The problems as ``mappings/payments.yaml:7: what is wrong``."""
        return tuple(f"{self.file}:{problem.line}: {problem.sentence}" for problem in self.problems)


def load_mappings(directory: Path, teams: Collection[str] = ()) -> tuple[LoadedMapping, ...]:
    """Every mapping in a folder, by file name: the first that matches a page owns it.

    ``teams`` are names that must be among them; they select nothing here, since whose page a page is must be decided
    among all mappings. Raises ConfigurationError with one sentence for each problem.
    """
    judged = judge_folder(directory)
    found = [LoadedMapping(one.file, one.mapping) for one in judged if one.mapping is not None]
    problems = [sentence for one in judged for sentence in one.sentences]
    if not problems:
        problems = [_no_such_team(name, found, directory) for name in teams if name not in _names(found)]
    if problems:
        raise ConfigurationError(*problems)
    return tuple(found)


def judge_folder(directory: Path) -> tuple[Judged, ...]:
    """Every file of the folder with its mapping or its problems, by file name.

    Hidden files are passed over, since a mounted ConfigMap brings some. Raises ConfigurationError when there is no
    file to judge.
    """
    try:
        files = sorted(
            path for path in directory.iterdir() if path.suffix in {".yaml", ".yml"} and not path.name.startswith(".")
        )
    except OSError as error:
        raise ConfigurationError(
            f"{directory}: the folder of mappings cannot be read ({error.strerror}); name it in MAPPINGS_DIR, or let "
            "`postmortem-sync init` write a first mapping"
        ) from None
    if not files:
        raise ConfigurationError(
            f"{directory}: there is no mapping in this folder; {_BEGINNING}, or name another folder in MAPPINGS_DIR"
        )
    return _distinct(tuple(judge_file(path) for path in files))


def judge_file(path: Path) -> Judged:
    """One file with its mapping or its problems."""
    file = path.as_posix()
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        return Judged(file, None, (Problem(1, f"the file cannot be read ({error.strerror}); check its rights"),))
    tree = read_yaml(content)
    mapping, problems = _judge(tree)
    return Judged(file, mapping, problems, tree, _rest(tree) if mapping is None else None)


def judge(content: bytes) -> tuple[TeamMapping | None, tuple[Problem, ...]]:
    """The mapping that a file's bytes hold, or None and why not, in the order of the lines."""
    return _judge(read_yaml(content))


def _judge(tree: Tree) -> tuple[TeamMapping | None, tuple[Problem, ...]]:
    if not isinstance(tree.value, dict):
        if not tree.problems:
            what = (
                "the file is empty"
                if tree.value is None
                else "a mapping is a group of keys, and something else stands here"
            )
            tree.problems.append(Problem(1, f"{what}; {_BEGINNING}"))
        return None, tuple(tree.problems)
    mapping = None
    problems = [*tree.problems, *sense.contradictions(tree)]
    try:
        mapping = TeamMapping.model_validate(tree.value)
    except ValidationError as error:
        problems += wording.problems(error, tree)
    problems.sort(key=lambda problem: problem.line)
    return (None, tuple(problems)) if problems else (mapping, ())


def _rest(tree: Tree) -> TeamMapping | None:
    """The mapping without the values that are at fault: what the model then takes, or None."""
    value = copy.deepcopy(tree.value)
    for _ in range(_MOST_ROUNDS):
        try:
            return TeamMapping.model_validate(value)
        except ValidationError as error:
            places = wording.places_of(error, tree)
            if not places:
                return None
            for path in sorted(places, key=_from_the_end):
                _remove(value, path)
    return None


def _from_the_end(path: Place) -> tuple[tuple[int, str], ...]:
    """Sorts later entries of a list before earlier ones, whose places the removal would change."""
    return tuple((-step, "") if isinstance(step, int) else (0, step) for step in path)


def _remove(value: Any, path: Place) -> None:
    *above, last = path
    for step in above:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(value, dict):
        value.pop(last, None)
    elif isinstance(value, list) and isinstance(last, int) and last < len(value):
        del value[last]


def _distinct(judged: tuple[Judged, ...]) -> tuple[Judged, ...]:
    """Refuses a second file for a team: reports and ``--team`` know teams by their names."""
    first: dict[str, str] = {}
    distinct = []
    for one in judged:
        if one.mapping is None:
            distinct.append(one)
            continue
        before = first.setdefault(one.mapping.team.casefold(), one.file)
        if before == one.file:
            distinct.append(one)
        else:
            sentence = f"the team `{one.mapping.team}` has a mapping already, {before}; give one of them another name"
            if _EXAMPLE in (Path(before).name, Path(one.file).name):
                sentence += f", or remove {_EXAMPLE} if it is still the example that came with the program"
            distinct.append(Judged(one.file, None, (Problem(1, sentence),)))
    return tuple(distinct)


def _names(found: list[LoadedMapping]) -> list[str]:
    return [one.mapping.team for one in found]


def _no_such_team(name: str, found: list[LoadedMapping], directory: Path) -> str:
    names = _names(found)
    guess = closest(name, names)
    return f"no mapping in {directory} is for the team `{name}`; " + (
        f"did you mean `{guess}`?" if guess else f"the teams are {', '.join(names)}"
    )
