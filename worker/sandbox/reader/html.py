"""Renders storage format as the HTML a reader would see; nothing of the body reaches the browser unescaped.

Only elements and attributes named here are written, so that a page cannot bring markup, styles or scripts of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

from worker.document.bounds import TooLarge
from worker.document.parse import Malformed, parse
from worker.document.tree import Element, TextNode
from worker.sandbox.reader import links, macros
from worker.sandbox.reader.grid import cells_of, is_ticked, rows_of
from worker.sandbox.reader.resolve import Resolver

_SAME = frozenset((
    "h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "tbody", "thead", "tfoot", "strong", "em", "b", "i",
    "u", "s", "del", "ins", "sub", "sup", "code", "pre", "blockquote", "q", "small", "dl", "dt", "dd", "caption",
))  # fmt: skip
"""Elements that are shown as they are, without their attributes."""

_HIDDEN = frozenset((
    "ac:parameter", "ac:adf-attribute", "ac:adf-fallback", "ac:task-id", "ac:task-uuid", "ac:task-status", "colgroup",
    "col", "script", "style",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decoration:
    """What is shown beside a page's own content; places are named by the offset of their element's ``<``."""

    changed: frozenset[int] = frozenset()
    """Cells, tasks and paragraphs to highlight."""
    mark: str = "changed"
    """The CSS class of the highlight."""
    edit: str | None = None
    """Address of the row form, to which the offset is appended; None: no pencils and no boxes to tick."""
    tick: str | None = None
    """Address that ticks or unticks the task whose offset is appended, by POST."""


PLAIN = Decoration()


def render_storage(body: str, resolve: Resolver, decoration: Decoration = PLAIN) -> Markup:
    """The body as safe HTML; a body that is not well-formed comes out as its source with a note."""
    try:
        root = parse(body).root
    except (Malformed, TooLarge) as error:
        note = Markup('<p class="malformed">Confluence could not show this page: {}</p><pre>{}</pre>')
        return note.format(str(error), body)
    return Renderer(resolve, decoration).children(root)


class Renderer:
    """One rendering: walks the tree once and hands macros and links to their own modules."""

    def __init__(self, resolve: Resolver, decoration: Decoration) -> None:
        self.resolve = resolve
        self._decoration = decoration
        self._special: dict[str, Callable[[Element], Markup]] = {
            "a": lambda e: links.anchor(e, self),
            "ac:link": lambda e: links.confluence_link(e, self),
            "ri:user": lambda e: links.mention(e, self),
            "time": links.date_chip,
            "ac:structured-macro": lambda e: macros.render(e, self),
            "ac:macro": lambda e: macros.render(e, self),
            "ac:emoticon": links.emoticon,
            "ac:image": links.image,
            "ac:task-list": self._task_list,
            "table": self._table,
            "br": lambda _: Markup("<br>"),
            "hr": lambda _: Markup("<hr>"),
        }

    def children(self, element: Element) -> Markup:
        """Everything below an element, in document order."""
        return self._join(element.children)

    def _join(self, nodes: Iterable[Element | TextNode]) -> Markup:
        return Markup("").join(escape(n.text) if isinstance(n, TextNode) else self._element(n) for n in nodes)

    def _element(self, element: Element) -> Markup:
        tag = element.tag
        if tag in _HIDDEN:
            return Markup("")
        if special := self._special.get(tag):
            return special(element)
        if tag in _SAME:
            return self._wrap(tag, element)
        if tag.startswith("ri:"):
            return Markup("")
        if tag == "ac:layout-section":
            return self._wrap("div", element, f"section {_columns(element)}")
        if tag == "ac:layout-cell":
            return self._wrap("div", element, "cell")
        if tag == "ac:placeholder":
            return self._wrap("span", element, "placeholder")
        if tag == "ac:inline-comment-marker":
            return self._wrap("span", element, "comment")
        return self.children(element)

    def _wrap(self, tag: str, element: Element, css: str = "") -> Markup:
        if element.start in self._decoration.changed:
            css = f"{css} {self._decoration.mark}".strip()
        opening = Markup('<{} class="{}">').format(tag, css) if css else Markup("<{}>").format(tag)
        return opening + self.children(element) + Markup("</{}>").format(tag)

    def _table(self, table: Element) -> Markup:
        rows = Markup("").join(self._row(row) for row in rows_of(table))
        return Markup('<div class="table"><table>{}</table></div>').format(rows)

    def _row(self, row: Element) -> Markup:
        cells = Markup("").join(self._cell(cell) for cell in cells_of(row))
        return Markup("<tr>{}{}</tr>").format(cells, self._pencil(row))

    def _pencil(self, row: Element) -> Markup:
        if self._decoration.edit is None:
            return Markup("")
        if not row.find("td"):
            return Markup('<th class="tool"></th>')
        link = Markup('<td class="tool"><a href="{}{}" title="Edit this row" aria-label="Edit this row">✎</a></td>')
        return link.format(self._decoration.edit, row.start)

    def _cell(self, cell: Element) -> Markup:
        css = [self._decoration.mark] if cell.start in self._decoration.changed else []
        if "numberingColumn" in cell.attrs.get("class", ""):
            css.append("number")
        spans = Markup("").join(
            Markup(' {}="{}"').format(name, cell.attrs[name])
            for name in ("colspan", "rowspan")
            if cell.attrs.get(name, "").isdecimal()
        )
        classes = Markup(' class="{}"').format(" ".join(css)) if css else Markup("")
        return Markup("<{tag}{spans}{css}>{inner}</{tag}>").format(
            tag=cell.tag, spans=spans, css=classes, inner=self.children(cell)
        )

    def _task_list(self, element: Element) -> Markup:
        tasks = Markup("").join(self._task(task) for task in element.elements() if task.tag == "ac:task")
        return Markup('<ul class="tasks">{}</ul>').format(tasks)

    def _task(self, task: Element) -> Markup:
        body = task.find("ac:task-body")
        inside = body.children if body else []
        nested = [node for node in inside if isinstance(node, Element) and node.tag == "ac:task-list"]
        done = is_ticked(task)
        mark = self._decoration.mark if task.start in self._decoration.changed else ""
        return Markup('<li class="{}">{}<div><span class="text">{}</span>{}{}</div></li>').format(
            f"{'done' if done else ''} {mark}".strip(),
            self._box(task, done),
            self._join(node for node in inside if node not in nested),
            self._task_pencil(task),
            self._join(nested),
        )

    def _box(self, task: Element, done: bool) -> Markup:
        sign = "☑" if done else "☐"
        if self._decoration.tick is None:
            return Markup('<span class="box">{}</span>').format(sign)
        form = Markup('<form method="post" action="{}{}"><button class="box" aria-label="{}">{}</button></form>')
        return form.format(self._decoration.tick, task.start, "Untick" if done else "Tick", sign)

    def _task_pencil(self, task: Element) -> Markup:
        if self._decoration.edit is None:
            return Markup("")
        link = Markup(' <a class="tool" href="{}{}" title="Edit this task" aria-label="Edit this task">✎</a>')
        return link.format(self._decoration.edit, task.start)


def _columns(section: Element) -> str:
    kind = section.attrs.get("ac:type", "single")
    known = {
        "two_equal": "two", "two_left_sidebar": "left", "two_right_sidebar": "right",
        "three_equal": "three", "three_with_sidebars": "sides",
    }  # fmt: skip
    return known.get(kind, "one")
