"""Makes storage-format pages of every shape that people and editors leave behind, and says what is on them."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st


@dataclass(frozen=True)
class MadeText:
    """Markup and what a reader sees of it."""

    markup: str
    seen: str


@dataclass(frozen=True)
class MadeTable:
    """Texts of the cells as written, row by row; ragged and spanned tables have rows of different length."""

    rows: tuple[tuple[str, ...], ...]
    plain: bool
    """Neither spans nor ragged rows."""


@dataclass(frozen=True)
class MadeTask:
    id: str | None
    status: str
    text: str


@dataclass(frozen=True)
class MadePage:
    body: str
    headings: tuple[str, ...] = ()
    tables: tuple[MadeTable, ...] = ()
    tasks: tuple[MadeTask, ...] = ()
    others: tuple[str, ...] = field(default=())


WORDS = st.text(alphabet="abcXYZ019éß漢字😀🚨&<>\"']- ", min_size=1, max_size=12).map(lambda text: f"w{text}w")
NEW_LINES = st.sampled_from(["", "", "\n", "\r\n", "\n\t "])
BLANKS = st.sampled_from(["", " ", "&nbsp;", "\u00a0", "\u200b", "<br/>", "<br />", "<!-- > </td> -->"])


def _escaped(character: str, how: str) -> str:
    named = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;", "é": "&eacute;", "ß": "&szlig;"}
    if how == "named" and character in named:
        return named[character]
    if how == "number" and character != " ":
        return f"&#x{ord(character):x};"
    return named[character] if character in "&<" else character


@st.composite
def texts(draw: st.DrawFn) -> MadeText:
    words = draw(WORDS)
    how = draw(st.sampled_from(["plain", "named", "number", "cdata", "marked", "strong"]))
    if how == "cdata":
        kept = words.replace("]]>", "]]]]><![CDATA[>")
        markup = f"<ac:link><ac:plain-text-link-body><![CDATA[{kept}]]></ac:plain-text-link-body></ac:link>"
    else:
        markup = "".join(_escaped(character, how).replace(">", "&gt;") for character in words)
    if how == "marked":
        markup = f'<ac:inline-comment-marker ac:ref="0f-{len(words)}">{markup}</ac:inline-comment-marker>'
    if how == "strong":
        markup = f"<strong>{markup}</strong>"
    return MadeText(markup, " ".join(words.split()))


def _in_cell(markup: str, wrapper: str, blank: str) -> str:
    match wrapper:
        case "p":
            return f'<p local-id="a>b">{markup}{blank}</p>'
        case "div":
            return f"<div class='content-wrapper'><p>{blank}{markup}</p></div>"
        case _:
            return markup + blank


@st.composite
def made_tables(draw: st.DrawFn, plain: bool | None = None) -> tuple[str, MadeTable]:
    plain = draw(st.booleans()) if plain is None else plain
    width = draw(st.integers(1, 4))
    heights = draw(st.integers(1, 5))
    new_line = draw(NEW_LINES)
    rows, lines = [], []
    for index in range(heights):
        count = width if plain else draw(st.integers(0, width))
        cells, seen = [], []
        for _ in range(count):
            text = draw(texts())
            span = (
                ""
                if plain
                else draw(
                    st.sampled_from(
                        ["", "", ' rowspan="2"', ' colspan="2"', ' rowspan="0"', " colspan='x'", ' rowspan="99999"']
                    )
                )
            )
            tag = "th" if index == 0 else "td"
            inner = _in_cell(text.markup, draw(st.sampled_from(["p", "div", "bare"])), draw(BLANKS))
            cells.append(f'<{tag}{span} title="&nbsp;>">{inner}</{tag}>')
            seen.append(text.seen)
        rows.append(tuple(seen))
        lines.append(f"<tr>{new_line.join(cells)}</tr>" if cells else draw(st.sampled_from(["<tr/>", "<tr></tr>"])))
    columns = draw(
        st.sampled_from(["", "<colgroup><col/></colgroup>", '<colgroup><col style="width: 1.0px;" /></colgroup>'])
    )
    split = draw(st.integers(0, len(lines)))
    inside = draw(
        st.sampled_from(
            [
                new_line.join(lines),
                f"<tbody>{new_line.join(lines)}</tbody>",
                f"<thead>{''.join(lines[:split])}</thead><tbody>{new_line.join(lines[split:])}</tbody>",
            ]
        )
    )
    return f'<table data-layout="default">{columns}{inside}</table>', MadeTable(tuple(rows), plain)


@st.composite
def made_tasks(draw: st.DrawFn) -> tuple[str, tuple[MadeTask, ...]]:
    new_line = draw(NEW_LINES)
    markup, tasks = [], []
    for _ in range(draw(st.integers(1, 4))):
        number = draw(st.sampled_from([None, "1", "2", "77"]))
        status = draw(st.sampled_from(["", "complete", "incomplete"]))
        text = draw(texts())
        body = draw(
            st.sampled_from(
                [
                    text.markup,
                    f'<span class="placeholder-inline-tasks">{text.markup} </span>',
                    f"<p>{text.markup}</p>",
                ]
            )
        )
        parts = [
            f"<ac:task-id>{number}</ac:task-id>" if number else "",
            "<ac:task-uuid>u</ac:task-uuid>" if draw(st.booleans()) else "",
            f"<ac:task-status>{status}</ac:task-status>" if status else "",
            f"<ac:task-body>{body}</ac:task-body>",
        ]
        markup.append(f"<ac:task>{new_line.join(parts)}</ac:task>")
        tasks.append(MadeTask(number, status, text.seen))
    return f"<ac:task-list>{new_line}{new_line.join(markup)}</ac:task-list>", tuple(tasks)


OTHERS = st.sampled_from(
    [
        '<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[<table><tr>]]]]><![CDATA[>&x;]]></ac:plain-text-body></ac:structured-macro>',
        '<ac:structured-macro ac:macro-id="1" ac:name="status"><ac:parameter ac:name="colour">Green</ac:parameter><ac:parameter ac:name="title">Done &amp; <!-- x -->ok</ac:parameter></ac:structured-macro>',
        '<ac:structured-macro ac:name="toc" />',
        "<p><ac:link><ri:user ri:account-id='557058:1'/></ac:link> <time datetime='2026-12-01' /></p>",
        '<ac:emoticon ac:name="tick" ac:emoji-fallback="✅" ac:emoji-shortname=":check:"/>',
        "<ac:adf-extension><ac:adf-node type='panel'><ac:adf-content><p>x</p></ac:adf-content></ac:adf-node><ac:adf-fallback><table><tr><td>no</td></tr></table></ac:adf-fallback></ac:adf-extension>",
        '<ac:image><ri:attachment ri:filename="a&gt;b.png"/></ac:image>',
        "<!-- a comment with <p> and & -->",
        "bare text &rsquo; 😀",
        "<hr/>",
    ]
)
_WRAPPERS = st.sampled_from(
    [
        "{}",
        "{}",
        "<ac:layout><ac:layout-section ac:type='single'><ac:layout-cell>{}</ac:layout-cell></ac:layout-section></ac:layout>",
        '<ac:structured-macro ac:name="expand"><ac:parameter ac:name="">t</ac:parameter><ac:rich-text-body>{}</ac:rich-text-body></ac:structured-macro>',
        "<div>{}</div>",
    ]
)


@st.composite
def storage_pages(draw: st.DrawFn) -> MadePage:
    """Pages with headings, tables, task lists and macros in any order, inside layouts and panels or not."""
    body, headings, tables, tasks, others = [], [], [], [], []
    new_line = draw(NEW_LINES)
    for kind in draw(st.lists(st.sampled_from(["heading", "table", "tasks", "other"]), max_size=6)):
        match kind:
            case "heading":
                text = draw(texts())
                markup = f"<h{draw(st.integers(1, 6))}>{text.markup}</h"
                markup += f"{markup[2]}>"
                headings.append(text.seen)
            case "table":
                markup, table = draw(made_tables())
                tables.append(table)
            case "tasks":
                markup, some = draw(made_tasks())
                tasks.extend(some)
            case _:
                markup = draw(OTHERS)
                others.append(markup)
        body.append(draw(_WRAPPERS).replace("{}", markup))
    start = draw(st.sampled_from(["", "", "\ufeff", "\n\n"]))
    return MadePage(start + new_line.join(body) + new_line, tuple(headings), tuple(tables), tuple(tasks), tuple(others))
