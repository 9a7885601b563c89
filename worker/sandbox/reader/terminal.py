"""Renders a page for a terminal: tables as tables, lozenges in colour, tasks as boxes."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from worker.document.bounds import TooLarge
from worker.document.parse import Malformed, parse
from worker.document.tree import Element, TextNode
from worker.sandbox.reader import links, macros
from worker.sandbox.reader.grid import grid_of, is_ticked
from worker.sandbox.reader.resolve import Resolver
from worker.sandbox.reader.runs import Look, Run, runs_of

_STYLES = {
    Look.TEXT: "", Look.STRONG: "bold", Look.CODE: "cyan", Look.MENTION: "blue", Look.DATE: "italic",
    Look.LINK: "underline", Look.TICKET: "bold underline", Look.PLACEHOLDER: "dim italic",
}  # fmt: skip
COLOURS = {"grey": "white on grey37", "blue": "white on blue", "green": "black on green", "yellow": "black on yellow",
            "red": "white on red", "purple": "white on magenta"}  # fmt: skip
"""Terminal colours of the lozenges that Confluence has."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def render_page_text(body: str, resolve: Resolver, sections: Collection[str] = ()) -> RenderableType:
    """The page as rich renderables.

    ``sections`` keeps only what stands under headings of these texts (in any case, with the headings below them);
    empty means the whole page. A malformed body comes out as a note.
    """
    try:
        root = parse(body).root
    except (Malformed, TooLarge) as error:
        return Text(f"Confluence could not show this page: {error}", style="red")
    blocks = list(_Walk(resolve).blocks(root))
    return Group(*(shown for shown in (_within(blocks, sections) if sections else (b for _, _, b in blocks))))


def text_of_runs(runs: tuple[Run, ...]) -> Text:
    """Runs as styled text; the live status of a smart link is left to the browser."""
    text = Text()
    for run in runs:
        match run.look:
            case Look.LIVE:
                continue
            case Look.LOZENGE:
                text.append(f" {run.text.upper()} ", style=COLOURS.get(run.detail, COLOURS["grey"]))
            case look:
                text.append(run.text, style=_STYLES[look])
    return text


Block = tuple[int, str, RenderableType]
"""Level of a heading (0 for anything else), its text, and what is shown."""


def _within(blocks: list[Block], sections: Collection[str]) -> Iterator[RenderableType]:
    wanted = [name.casefold() for name in sections]
    inside = 0
    for level, title, shown in blocks:
        if level and (not inside or level <= inside):
            inside = level if any(title.casefold().endswith(name) for name in wanted) else 0
        if inside:
            yield shown


class _Walk:
    def __init__(self, resolve: Resolver) -> None:
        self._resolve = resolve

    def blocks(self, element: Element) -> Iterator[Block]:
        for child in element.children:
            if isinstance(child, TextNode):
                if child.text.strip():
                    yield 0, "", Text(child.text.strip())
            else:
                yield from self._block(child)

    def _block(self, element: Element) -> Iterator[Block]:
        tag = element.tag
        if tag in _HEADINGS:
            text = text_of_runs(runs_of(element, self._resolve))
            text.stylize("bold")
            yield int(tag[1]), text.plain.strip(), Padding(text, (1, 0, 0, 0))
        elif tag == "table":
            yield 0, "", self._table(element)
        elif tag == "ac:task-list":
            yield 0, "", self._tasks(element)
        elif tag in ("ul", "ol"):
            yield 0, "", self._list(element, numbered=tag == "ol")
        elif tag in ("ac:structured-macro", "ac:macro"):
            yield from self._macro(element)
        elif tag.startswith("ac:layout") or tag in ("div", "ac:rich-text-body"):
            yield from self.blocks(element)
        elif runs := runs_of(element, self._resolve):
            yield 0, "", text_of_runs(runs)

    def _inside(self, element: Element | None) -> Group:
        return Group(*(shown for _, _, shown in self.blocks(element))) if element else Group()

    def _macro(self, macro: Element) -> Iterator[Block]:
        name = macros.name_of(macro)
        title = macros.parameter(macro, "title") or None
        if name in ("code", "noformat"):
            body = macro.find("ac:plain-text-body")
            yield 0, "", Panel(Text(links.text_of(body) if body else "", style="cyan"), title=title, box=box.SQUARE)
        elif name in ("toc", "anchor"):
            return
        elif name == "status":
            yield 0, "", text_of_runs(runs_of(macro, self._resolve))
        else:
            yield 0, "", Panel(self._inside(macro.find("ac:rich-text-body")), title=title or name, border_style="dim")

    def _list(self, element: Element, *, numbered: bool) -> RenderableType:
        items = [item for item in element.elements() if item.tag == "li"]
        signs = [f"{n}. " if numbered else "• " for n in range(1, len(items) + 1)]
        return Group(
            *(Text(sign) + text_of_runs(runs_of(item, self._resolve)) for sign, item in zip(signs, items, strict=True))
        )

    def _tasks(self, element: Element, depth: int = 0) -> RenderableType:
        shown: list[RenderableType] = []
        for task in element.elements():
            if task.tag != "ac:task":
                continue
            body = task.find("ac:task-body")
            nested = [e for e in body.elements() if e.tag == "ac:task-list"] if body else []
            done = is_ticked(task)
            text = Text("☑ " if done else "☐ ", style="green" if done else "")
            if body:
                text += text_of_runs(runs_of(body, self._resolve, skip=nested))
            shown.append(Padding(text, (0, 0, 0, 2 * depth)))
            shown.extend(self._tasks(inner, depth + 1) for inner in nested)
        return Group(*shown)

    def _table(self, table: Element) -> RenderableType:
        grid = grid_of(table)
        shown = Table(box=box.ROUNDED, show_lines=True, show_header=False, border_style="dim")
        for _ in range(max((len(row) for row in grid), default=0)):
            shown.add_column(overflow="fold")
        seen: set[Element] = set()
        for row in grid:
            head = all(cell is None or cell.tag == "th" for cell in row)
            cells = []
            for cell in row:
                cells.append(text_of_runs(runs_of(cell, self._resolve)) if cell and cell not in seen else Text())
                seen.update([cell] if cell else [])
            shown.add_row(*cells, style="bold" if head else "")
        return shown
