"""Whether a value is a document as Jira Cloud takes it: the nodes and marks a description may hold, nothing else."""

from __future__ import annotations

from typing import Any

_INLINE = frozenset({"text", "hardBreak", "mention", "emoji", "inlineCard", "date", "status"})
_BLOCKS = frozenset(
    {"paragraph", "heading", "bulletList", "orderedList", "codeBlock", "blockquote", "rule", "panel", "table"}
    | {"taskList", "expand", "blockCard"}
)
_CONTENT: dict[str, frozenset[str]] = {
    "doc": _BLOCKS,
    "paragraph": _INLINE,
    "heading": _INLINE,
    "bulletList": frozenset({"listItem"}),
    "orderedList": frozenset({"listItem"}),
    "listItem": frozenset({"paragraph", "bulletList", "orderedList", "codeBlock", "taskList"}),
    "codeBlock": frozenset({"text"}),
    "blockquote": frozenset({"paragraph", "bulletList", "orderedList", "codeBlock"}),
    "panel": _BLOCKS - {"panel", "table", "expand"},
    "expand": _BLOCKS - {"expand"},
    "table": frozenset({"tableRow"}),
    "tableRow": frozenset({"tableCell", "tableHeader"}),
    "tableCell": _BLOCKS - {"table"},
    "tableHeader": _BLOCKS - {"table"},
    "taskList": frozenset({"taskItem", "taskList"}),
    "taskItem": _INLINE,
}
_FILLED = frozenset(
    {"bulletList", "orderedList", "listItem", "blockquote", "panel", "table", "tableRow", "taskList", "expand"}
)
_NEEDS: dict[str, tuple[str, ...]] = {
    "heading": ("level",),
    "mention": ("id",),
    "emoji": ("shortName",),
    "date": ("timestamp",),
    "status": ("text", "color"),
    "panel": ("panelType",),
    "taskList": ("localId",),
    "taskItem": ("localId", "state"),
}
_KEYS = frozenset({"type", "version", "content", "attrs", "text", "marks"})
_MARKS: dict[str, tuple[str, ...]] = {
    "link": ("href",), "textColor": ("color",), "subsup": ("type",), "backgroundColor": ("color",),
    "strong": (), "em": (), "code": (), "strike": (), "underline": (),
}  # fmt: skip


def problem(value: Any) -> str | None:
    """What is wrong with the document, or None when Jira would take it."""
    if not isinstance(value, dict) or value.get("type") != "doc":
        return "not a document"
    if value.get("version") != 1 or isinstance(value.get("version"), bool):
        return "the version of a document is the number 1"
    if not isinstance(value.get("content"), list):
        return "a document has a list of content"
    return _node_problem(value)


def text_length(value: Any) -> int:
    """UTF-16 units of all text in a document, as Jira counts."""
    if isinstance(value, dict):
        own = len(str(value.get("text", "")).encode("utf-16-le")) // 2 if value.get("type") == "text" else 0
        return own + sum(text_length(child) for child in value.get("content", ()))
    return 0


def _node_problem(node: Any) -> str | None:
    if not isinstance(node, dict) or not isinstance(node.get("type"), str):
        return "a node has a type"
    kind = node["type"]
    if kind not in _CONTENT and kind not in _INLINE and kind not in _BLOCKS:
        return f"unknown node {kind}"
    if node.keys() - _KEYS:
        return f"unknown keys in {kind}"
    attributes = node.get("attrs", {})
    if not isinstance(attributes, dict) or any(name not in attributes for name in _NEEDS.get(kind, ())):
        return f"{kind} lacks an attribute"
    if kind in {"inlineCard", "blockCard"} and not ({"url", "data"} & attributes.keys()):
        return f"{kind} lacks its url"
    if kind == "text":
        return _text_problem(node)
    content = node.get("content", [])
    if not isinstance(content, list) or (content and kind not in _CONTENT):
        return f"{kind} has no content"
    if kind in _FILLED and not content:
        return f"{kind} is empty"
    for child in content:
        if isinstance(child, dict) and child.get("type") not in _CONTENT[kind]:
            return f"{child.get('type')} cannot be inside {kind}"
        found = _node_problem(child)
        if found is not None:
            return found
    return None


def _text_problem(node: dict[str, Any]) -> str | None:
    text = node.get("text")
    if not isinstance(text, str) or not text:
        return "a text node is not empty"
    if "content" in node:
        return "a text node has no content"
    for mark in node.get("marks", ()):
        if not isinstance(mark, dict) or mark.get("type") not in _MARKS:
            return "unknown mark"
        needed = _MARKS[str(mark["type"])]
        if any(not isinstance(mark.get("attrs", {}).get(name), str) for name in needed):
            return f"the mark {mark['type']} lacks an attribute"
    return None
