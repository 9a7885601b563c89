"""Tells what a person wrote from what a template left: dashes, “TBD”, hints in brackets, instructions."""

from __future__ import annotations

import re

from worker.document.text import normalise

_NOTHING = frozenset({
    "", "tbd", "tba", "tbc", "tbc tbd", "n a", "na", "none", "nil", "not applicable", "to be decided", "to be defined",
    "to be determined", "to be confirmed", "to be announced", "unassigned", "nobody", "no one", "unknown",
    "x", "xx", "xxx",
})  # fmt: skip
_LONGEST = 24
_BRACKETED = re.compile(r"<[^<>]*>|\[[^][]*\]|\{\{?[^{}]*\}?\}|\$\{[^{}]*\}|«[^«»]*»|‹[^‹›]*›")
_HINT = re.compile(r"e\.?\s?g\b\.?|for example\b|example:|ex:|z\.\s?b\.", re.IGNORECASE)
_DAY_FORM = re.compile(r"(?:d{1,2}|m{1,4}|y{2,4})(?:[-/. ](?:d{1,2}|m{1,4}|y{2,4})){1,2}", re.IGNORECASE)
_INSTRUCTION = re.compile(
    r"(?:add|enter|insert|list|type|write|describe|put|fill in|document|capture)\s"
    r"(?:(?:your|the|an?|any|all|each|new|more|further|specific|first|next|follow[\s-]?up|corrective|preventi(?:ve|tive))\s)*"
    r"(?:actions?(?:\s(?:items?|here|to be taken|to take))*|action items?|tasks?|to-?dos?|follow[\s-]?ups?)"
    r"(?:\s(?:here|below|description|for .{1,60}|to (?:close|assign|prevent|follow)\b.{0,120}))?\s*[.…:!]*"
    r"|type your task here\b.{0,200}"
    r"|type /? ?(?:action|task)\b.{0,120}"
    r"|(?:action|task|action item|owner|assignee|name|due date|date|description) ?(?:here|\d{1,2})?",
    re.IGNORECASE | re.DOTALL,
)


def says_nothing(text: str) -> bool:
    """Whether a cell is as good as empty: blank, a dash, dots, a question mark, ``TBD``, ``n/a`` and their kin."""
    return len(text) <= _LONGEST and normalise(text) in _NOTHING


def is_placeholder(text: str) -> bool:
    """Whether a text says nothing, or is what a template asks people to replace.

    Such are a hint in brackets of any kind (``[Action]``, ``<describe action>``, ``{{owner}}``), an example (``e.g.
    …``), the form of a date (``YYYY-MM-DD``), and an instruction (``Add action items here``, or the hint of
    Confluence's own task lists, "Type your task here, using "@" to assign to a user").
    """
    bare = text.strip()
    if says_nothing(bare) or _BRACKETED.fullmatch(bare) or _DAY_FORM.fullmatch(bare) or _HINT.match(bare):
        return True
    return len(bare) <= 260 and _INSTRUCTION.fullmatch(bare) is not None
