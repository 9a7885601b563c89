"""Reads YAML 1.2 into plain values that remember their lines, within bounds that no mapping reaches."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Path = tuple[str | int, ...]
"""Keys and list positions from the top of a file to a value."""

MOST_BYTES = 256 * 1024
MOST_VALUES = 20_000
"""Counted after aliases are followed, so a small file cannot stand for a huge one."""
MOST_DEPTH = 32

_YAML = "tag:yaml.org,2002:"
_SHOWN = 60
"""So much of a value is shown in a sentence."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a line (counted from 1) of a file."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value and its key stand, and how the value is written."""

    key_line: int
    line: int
    written: str


@dataclass(slots=True)
class Tree:
    """A file's plain value, the places of everything in it, and what was wrong while it was read."""

    value: Any = None
    places: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: Path) -> Place:
        """The place of a value, or of the closest thing above it that is there."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(1, 1, ""))

    def at(self, *path: str | int) -> Any:
        """The value at a path, or None."""
        value = self.value
        for step in path:
            match value:
                case dict() if step in value:
                    value = value[step]
                case list() if isinstance(step, int) and step < len(value):
                    value = value[step]
                case _:
                    return None
        return value


class _TooLarge(Exception):
    """More values or more depth than a mapping can need."""


def read_yaml(content: bytes) -> Tree:
    """Reads one document; whatever is wrong with it becomes a problem, and never an exception."""
    tree = Tree()
    if len(content) > MOST_BYTES:
        tree.problems.append(
            Problem(1, f"the file is larger than {MOST_BYTES // 1024} KB, which no mapping needs; split it")
        )
        return tree
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        tree.problems.append(Problem(line, "the file is not UTF-8 text here; save it as UTF-8"))
        return tree
    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.composer.warn_double_anchors = False  # an anchor may be set again, and whoever reads logs need not know
        node = yaml.compose(text)
        if node is not None:
            tree.value = _Reader(tree).value(node, (), node.start_mark.line + 1)
    except MarkedYAMLError as error:
        tree.problems.append(_syntax(error))
    except YAMLError as error:
        tree.problems.append(Problem(1, f"this is not YAML: {' '.join(str(error).split())}"))
    except (_TooLarge, RecursionError):
        tree.problems.append(
            Problem(1, "the file is nested, or repeated by aliases, far beyond what a mapping needs; simplify it")
        )
    except (ValueError, OverflowError) as error:
        # the YAML reader stumbles over some malformed numbers and escapes instead of naming them
        tree.problems.append(Problem(1, f"this is not YAML that can be read ({error}); check its numbers and quotes"))
    return tree


def closest(word: str, known: Mapping[str, object] | tuple[str, ...] | list[str]) -> str | None:
    """The known word that ``word`` is probably a slip of."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)), None)


@dataclass(slots=True)
class _Reader:
    """Turns nodes into plain values."""

    tree: Tree
    left: int = MOST_VALUES

    def value(self, node: Node, path: Path, key_line: int) -> Any:
        self.left -= 1
        if self.left < 0 or len(path) > MOST_DEPTH:
            raise _TooLarge
        nothing = isinstance(node, ScalarNode) and not node.value  # YAML places what is left out on the next line
        line = key_line if nothing else node.start_mark.line + 1
        written = self.characters(node.value, line) if isinstance(node, ScalarNode) else ""
        self.tree.places[path] = Place(key_line, line, written)
        match node:
            case MappingNode():
                return self.mapping(node, path)
            case SequenceNode():
                return [
                    self.value(item, (*path, index), item.start_mark.line + 1) for index, item in enumerate(node.value)
                ]
            case ScalarNode():
                return self.scalar(str(node.tag).removeprefix(_YAML), written, line)
            case _:
                raise TypeError(type(node))

    def mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        known: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                self.problem(line, "a key must be a word, and a list or mapping stands here; remove it")
                continue
            key = self.characters(key_node.value, line)
            if key in lines:
                self.problem(line, f"`{key}` is here twice (first in line {lines[key]}); keep one of them")
                continue
            lines[key] = line
            if key == "<<":
                self.problem(line, "`<<` merges keys in YAML 1.1 only, and mappings are YAML 1.2; write the keys out")
                continue
            known[key] = self.value(value_node, (*path, key), line)
        return known

    def characters(self, text: str, line: int) -> str:
        """The text with halves of surrogate pairs put together: YAML may spell an emoji as two escapes, like JSON."""
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self.problem(line, "half of a surrogate pair is no character; write the character itself, not its escape")
            return text.encode(errors="replace").decode()

    def scalar(self, tag: str, text: str, line: int) -> Any:
        match tag:
            case "str" | "timestamp":
                return text
            case "null":
                return None
            case "bool" if text.lower() in {"true", "false"}:
                return text.lower() == "true"
            case "bool":
                return text  # a file that declares YAML 1.1; `yes` and `off` are words here all the same
            case "int" | "float":
                return self.number(text, line, _integer if tag == "int" else _float)
            case _:
                self.problem(line, f"the tag `!!{tag.lstrip('!')[:_SHOWN]}` is not understood; remove it")
        return text

    def number(self, text: str, line: int, read: Callable[[str], float]) -> float | str:
        """The number, where JSON can say it: finite, and no more than a double holds."""
        try:
            number = read(text)
            if math.isfinite(number):
                return number
        except (ValueError, OverflowError):
            pass
        sentence = f"`{text[:_SHOWN]}` is not a number that Jira could take; write a number, or put it in quotes"
        self.problem(line, sentence)
        return text

    def problem(self, line: int, sentence: str) -> None:
        self.tree.problems.append(Problem(line, sentence))


def _integer(text: str) -> int:
    digits = text.replace("_", "").lower()
    sign = -1 if digits.startswith("-") else 1
    digits = digits.lstrip("+-")
    for prefix, base in (("0b", 2), ("0o", 8), ("0x", 16)):
        if digits.startswith(prefix):
            return sign * int(digits[2:], base)
    return sign * int(digits)


def _float(text: str) -> float:
    return float(text.lower().replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))


def _syntax(error: MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    said = " ".join(str(error.problem or error.context or "malformed").split())
    if "stream end" in said or "end of stream" in said:
        opened = error.context_mark.line + 1 if error.context_mark else line
        return Problem(opened, "a bracket, brace or quote that begins here is never closed; close it")
    if "'\\t'" in said:
        return Problem(line, "a tab cannot indent YAML; use spaces")
    if "single document" in str(error.context or ""):
        return Problem(line, "a second document begins here (`---`); keep one mapping a file")
    if "mapping values are not allowed" in said:
        return Problem(line, "a colon stands where YAML expects none; check the indentation, or put the text in quotes")
    return Problem(line, f"this is not YAML: {said}; check the indentation, the quotes and the brackets around here")
