"""The grammar that CQL and JQL share: clauses joined by and, or, not and parentheses, then an order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<sign>!=|!~|>=|<=|[=~<>(),])|(?P<word>[^\s=!~<>(),"']+))""",
    re.VERBOSE,
)
_KEYWORDS = frozenset({"and", "or", "not", "in", "is", "order", "by", "asc", "desc", "empty", "null"})


class BadQuery(Exception):
    """The query cannot be read, or names something that is not there."""


@dataclass(frozen=True, slots=True)
class Word:
    """A value as written; ``quoted`` tells ``"now"`` from ``now``."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments, such as ``now("-3d")``."""

    name: str
    arguments: tuple[str, ...]


Value = Word | Call


@dataclass(frozen=True, slots=True)
class Clause:
    """Field in lower case, operator (``= != ~ !~ > >= < <= in not-in is is-not``) and the values it names."""

    field: str
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Query


Query = Clause | All | Some | Not


@dataclass(frozen=True, slots=True)
class Order:
    """One key to sort by."""

    field: str
    descending: bool


def parse(text: str) -> tuple[Query | None, tuple[Order, ...]]:
    """The condition (None when there is only an order) and the order. Raises BadQuery."""
    if any(ord(character) < 32 and character not in "\t\r\n" for character in text):
        raise BadQuery("The query contains a control character.")
    return _Parser(_tokens(text)).query()


def holds(query: Query | None, test: Callable[[Clause], bool]) -> bool:
    """Whether the condition holds when each clause is decided by ``test``."""
    match query:
        case None:
            return True
        case Clause():
            return test(query)
        case All(parts):
            return all(holds(part, test) for part in parts)
        case Some(parts):
            return any(holds(part, test) for part in parts)
        case Not(part):
            return not holds(part, test)


def clauses(query: Query | None) -> tuple[Clause, ...]:
    """Every clause of the condition, in the order written."""
    match query:
        case None:
            return ()
        case Clause():
            return (query,)
        case All(parts) | Some(parts):
            return tuple(clause for part in parts for clause in clauses(part))
        case Not(part):
            return clauses(part)


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise BadQuery(f"Error in the query near character {at + 1}: {text[at : at + 20].strip()!r}")
        found.append((match.lastgroup, match.group(match.lastgroup)))
        at = match.end()
    return found


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0

    def query(self) -> tuple[Query | None, tuple[Order, ...]]:
        condition = None if self._is("order") or not self._tokens else self._some()
        order = self._order() if self._is("order") else ()
        if self._at < len(self._tokens):
            raise self._unexpected()
        return condition, order

    def _some(self) -> Query:
        parts = [self._all()]
        while self._takes("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _all(self) -> Query:
        parts = [self._not()]
        while self._takes("and"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _not(self) -> Query:
        if self._takes("not"):
            return Not(self._not())
        if self._takes("("):
            inside = self._some()
            self._require(")")
            return inside
        return self._clause()

    def _clause(self) -> Clause:
        field = self._name()
        if self._takes("not"):
            self._require("in")
            return Clause(field, "not-in", self._list())
        if self._takes("in"):
            return Clause(field, "in", self._list())
        if self._takes("is"):
            operator = "is-not" if self._takes("not") else "is"
            if not (self._takes("empty") or self._takes("null")):
                raise self._unexpected()
            return Clause(field, operator, ())
        kind, sign = self._next()
        if kind != "sign" or sign in "(),":
            raise BadQuery(f"Expecting an operator after '{field}' but got '{sign}'.")
        if self._takes("empty") or self._takes("null"):
            return Clause(field, {"=": "is", "!=": "is-not"}.get(sign, sign), ())
        return Clause(field, sign, (self._value(),))

    def _list(self) -> tuple[Value, ...]:
        self._require("(")
        values = [self._value()]
        while self._takes(","):
            values.append(self._value())
        self._require(")")
        return tuple(values)

    def _value(self) -> Value:
        kind, text = self._next()
        if kind == "quoted":
            return Word(re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL), quoted=True)
        if kind != "word" or text.lower() in _KEYWORDS:
            raise BadQuery(f"Expecting a value but got '{text}'. You must surround it with quotation marks.")
        if not self._takes("("):
            return Word(text)
        arguments: list[str] = []
        while not self._takes(")"):
            if arguments:
                self._require(",")
            argument = self._value()
            if not isinstance(argument, Word):
                raise BadQuery(f"Function '{text}' takes plain values only.")
            arguments.append(argument.text)
        return Call(text, tuple(arguments))

    def _order(self) -> tuple[Order, ...]:
        self._require("order")
        self._require("by")
        orders = []
        while True:
            field = self._name()
            descending = self._takes("desc")
            if not descending:
                self._takes("asc")
            orders.append(Order(field, descending))
            if not self._takes(","):
                return tuple(orders)

    def _name(self) -> str:
        kind, text = self._next()
        if kind == "sign" or (kind == "word" and text.lower() in _KEYWORDS):
            raise BadQuery(f"Expecting a field name but got '{text}'.")
        return (text[1:-1] if kind == "quoted" else text).lower()

    def _is(self, text: str) -> bool:
        if self._at >= len(self._tokens):
            return False
        kind, token = self._tokens[self._at]
        return kind != "quoted" and token.lower() == text

    def _takes(self, text: str) -> bool:
        taken = self._is(text)
        self._at += taken
        return taken

    def _require(self, text: str) -> None:
        if not self._takes(text):
            raise self._unexpected(text)

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise BadQuery("The query ends too early.")
        self._at += 1
        return self._tokens[self._at - 1]

    def _unexpected(self, wanted: str | None = None) -> BadQuery:
        got = f"'{self._tokens[self._at][1]}'" if self._at < len(self._tokens) else "the end of the query"
        return BadQuery(f"Expecting '{wanted}' but got {got}." if wanted else f"Unexpected {got}.")
