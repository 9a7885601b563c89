"""Renders Confluence macros: the common ones as readers know them, any other as a box with its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from worker.document.tree import Element
from worker.sandbox.reader import links

if TYPE_CHECKING:
    from worker.sandbox.reader.html import Renderer

_BOXES = {"info": "ℹ", "note": "✎", "warning": "⚠", "tip": "✓"}
_TRANSPARENT = frozenset({"details", "excerpt", "section", "column", "div"})
_SILENT = frozenset({"toc", "anchor", "children", "livesearch"})


def parameter(macro: Element, name: str) -> str:
    """Text of a macro's parameter of that name, or an empty string."""
    for child in macro.elements():
        if child.tag == "ac:parameter" and child.attrs.get("ac:name") == name:
            return links.text_of(child).strip()
    return ""


def name_of(macro: Element) -> str:
    """The macro's name, in lower case."""
    return macro.attrs.get("ac:name", "").casefold()


def render(macro: Element, renderer: Renderer) -> Markup:
    """One macro with its body."""
    name = name_of(macro)
    body = macro.find("ac:rich-text-body")
    inside = renderer.children(body) if body else Markup("")
    title = parameter(macro, "title")
    if name == "status":
        return links.lozenge(title, parameter(macro, "colour"))
    if name == "jira":
        return _jira(macro, renderer)
    if name in ("code", "noformat"):
        return _code(macro, title)
    if name == "expand":
        return Markup('<details class="expand" open><summary>{}</summary>{}</details>').format(
            title or "Click here to expand…", inside
        )
    if name in _BOXES:
        return Markup('<div class="box-{}"><span class="sign">{}</span><div>{}{}</div></div>').format(
            name, _BOXES[name], _heading(title), inside
        )
    if name == "panel":
        return Markup('<div class="panel">{}{}</div>').format(_heading(title), inside)
    if name in _TRANSPARENT:
        return inside
    if name in _SILENT:
        return Markup("")
    return Markup('<div class="macro"><span>{} macro</span>{}</div>').format(name or "unnamed", inside)


def _heading(title: str) -> Markup:
    return Markup("<strong>{}</strong>").format(title) if title else Markup("")


def _code(macro: Element, title: str) -> Markup:
    body = macro.find("ac:plain-text-body")
    return Markup('<figure class="code">{}<pre>{}</pre></figure>').format(
        Markup("<figcaption>{}</figcaption>").format(title) if title else "", links.text_of(body) if body else ""
    )


def _jira(macro: Element, renderer: Renderer) -> Markup:
    key = parameter(macro, "key")
    if not key:
        return Markup('<div class="macro"><span>jira macro</span>{}</div>').format(parameter(macro, "jqlQuery"))
    card = renderer.resolve.card(key)
    return links.smart_link(card) if card else Markup('<span class="macro">{} (not visible)</span>').format(key)
