"""What Confluence makes of a storage body on save: the same meaning, strictly parsed and written in other bytes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.entities import name2codepoint
from xml.parsers import expat

_PREDEFINED = frozenset({"amp", "lt", "gt", "quot", "apos"})
_PREFIXES = frozenset({"ac", "ri", "at", "acxhtml"})
_FRAME = (
    "<!DOCTYPE storage ["
    + "".join(f'<!ENTITY {name} "&#{code};">' for name, code in name2codepoint.items() if name not in _PREDEFINED)
    + "]><storage>"
)
_INLINE = frozenset(
    {"a", "abbr", "b", "big", "br", "cite", "code", "del", "em", "i", "ins", "kbd", "q", "s", "small", "span"}
    | {"strike", "strong", "sub", "sup", "time", "tt", "u"}
    | {"ac:emoticon", "ac:inline-comment-marker", "ac:link", "ac:placeholder"}
)
_INLINE_MACROS = frozenset({"anchor", "jira", "status"})
_LOCAL_ID = {"p": "local-id", "table": "ac:local-id", "tr": "ac:local-id", "th": "ac:local-id", "td": "ac:local-id"}


class MalformedStorage(Exception):
    """The body is no well-formed storage format; the text is worded as Confluence words it."""


@dataclass(slots=True)
class Element:
    """An element with its attributes in the order they were written."""

    name: str
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)

    def elements(self, name: str) -> Iterator[Element]:
        """All descendants of that name, in document order."""
        for child in self.children:
            if isinstance(child, Element):
                if child.name == name:
                    yield child
                yield from child.elements(name)

    def child(self, name: str) -> Element | None:
        """The first child of that name."""
        return next((c for c in self.children if isinstance(c, Element) and c.name == name), None)

    def text(self) -> str:
        """The characters inside, markup left out."""
        return "".join(child.text() if isinstance(child, Element) else child.characters() for child in self.children)


@dataclass(slots=True)
class Text:
    """Characters."""

    value: str

    def characters(self) -> str:
        """The characters as read."""
        return self.value


@dataclass(slots=True)
class Raw:
    """Something kept as written: a named entity, a CDATA section or a comment, and what it reads as."""

    markup: str
    reads: str = ""

    def characters(self) -> str:
        """The characters a reader sees."""
        return self.reads


Node = Element | Text | Raw


def parse(body: str) -> Element:
    """The body as a tree under one root without attributes. Raises MalformedStorage.

    Named XHTML entities stay named; numeric ones become characters. External entities are never fetched.
    """
    root = Element("storage", {})
    open_elements: list[Element] = []
    cdata: list[str] | None = None
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True

    def add(node: Node) -> None:
        open_elements[-1].children.append(node)

    def start(name: str, attributes: list[str]) -> None:
        pairs = dict(zip(attributes[::2], attributes[1::2], strict=True))
        for each in (name, *pairs):
            prefix, colon, _ = each.partition(":")
            if colon and prefix not in _PREFIXES and prefix not in {"xml", "xmlns"}:
                raise MalformedStorage(f'Error parsing xhtml: Undeclared namespace prefix "{prefix}"{where()}')
        if not open_elements:
            open_elements.append(root)
            return
        element = Element(name, pairs)
        add(element)
        open_elements.append(element)

    def end(_name: str) -> None:
        open_elements.pop()

    def characters(data: str) -> None:
        if cdata is not None:
            cdata.append(data)
        elif open_elements[-1].children and isinstance(last := open_elements[-1].children[-1], Text):
            last.value += data
        else:
            add(Text(data))

    def start_cdata() -> None:
        nonlocal cdata
        cdata = []

    def end_cdata() -> None:
        nonlocal cdata
        content = "".join(cdata or ())
        cdata = None
        add(Raw(f"<![CDATA[{content}]]>", content))

    def comment(data: str) -> None:
        if open_elements:
            add(Raw(f"<!--{data}-->"))

    def other(data: str) -> None:
        # expat hands an entity that was declared inside the document here instead of expanding it
        if open_elements and data.startswith("&") and data.endswith(";"):
            add(Raw(data, chr(name2codepoint[data[1:-1]])))

    def where() -> str:
        row, column = parser.CurrentLineNumber, parser.CurrentColumnNumber
        return f" at [row,col {{unknown-source}}]: [{row},{max(column - (len(_FRAME) if row == 1 else 0), 0) + 1}]"

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartCdataSectionHandler = start_cdata
    parser.EndCdataSectionHandler = end_cdata
    parser.CommentHandler = comment
    parser.DefaultHandler = other
    try:
        parser.Parse(_FRAME + body + "</storage>", True)
    except expat.ExpatError as error:
        raise MalformedStorage(f"Error parsing xhtml: {expat.errors.messages[error.code]}{where()}") from error
    except IndexError as error:
        raise MalformedStorage(f"Error parsing xhtml: Unexpected close tag{where()}") from error
    return root


def render(root: Element) -> str:
    """The tree as Confluence writes it: empty elements closed at once, only the necessary characters escaped."""
    return "".join(_render(child) for child in root.children)


def as_saved(body: str) -> str:
    """What Cloud stores when ``body`` is saved: the same meaning in other bytes. Raises MalformedStorage.

    Macros get ``ac:macro-id`` and ``ac:schema-version``, new tasks an id and uuid. Bare text in cells and list items
    is put into a paragraph, and tables, rows, cells and paragraphs get a local id.
    """
    root = parse(body)
    _complete_macros(root)
    _complete_tasks(root)
    for name in ("td", "th", "li"):
        for cell in root.elements(name):
            _wrap_bare_text(cell)
    for name, attribute in _LOCAL_ID.items():
        for element in root.elements(name):
            if "local-id" not in element.attributes and "ac:local-id" not in element.attributes:
                element.attributes[attribute] = str(uuid.uuid4()) if name == "table" else uuid.uuid4().hex[:12]
    return render(root)


def as_saved_on_datacenter(body: str, userkeys: Mapping[str, str], *, cards: bool) -> str:
    """What Data Center stores when ``body`` is saved: the same meaning in other bytes. Raises MalformedStorage.

    Macros and tasks are completed as on Cloud, nothing else is added. People named by user name are stored under
    their key (``userkeys``); without ``cards`` the attribute that makes a link a smart link is dropped.
    """
    root = parse(body)
    _complete_macros(root)
    _complete_tasks(root)
    for user in root.elements("ri:user"):
        key = userkeys.get(user.attributes.get("ri:username", "").lower())
        if key is not None:
            user.attributes = {"ri:userkey": key}
    if not cards:
        for link in root.elements("a"):
            link.attributes.pop("data-card-appearance", None)
    return render(root)


def with_comment(body: str, text: str, ref: str) -> str:
    """The body with an inline-comment marker around the first place of ``text``; ValueError when it is not there."""
    root = parse(body)
    holders = [root]
    while holders:
        holder = holders.pop(0)
        for place, child in enumerate(holder.children):
            if isinstance(child, Text) and text in child.value:
                before, _, after = child.value.partition(text)
                marker = Element("ac:inline-comment-marker", {"ac:ref": ref}, [Text(text)])
                holder.children[place : place + 1] = [Text(before), marker, Text(after)]
                return render(root)
        holders.extend(child for child in holder.children if isinstance(child, Element))
    raise ValueError(f"{text!r} is not in one piece in the body")


def _complete_macros(root: Element) -> None:
    for macro in root.elements("ac:structured-macro"):
        macro.attributes.setdefault("ac:schema-version", "1")
        macro.attributes.setdefault("ac:macro-id", str(uuid.uuid4()))


def _complete_tasks(root: Element) -> None:
    for task_list in root.elements("ac:task-list"):
        task_list.attributes.setdefault("ac:task-list-id", str(uuid.uuid4()))
    tasks = list(root.elements("ac:task"))
    written = (task.child("ac:task-id") for task in tasks)
    taken = {int(text) for number in written if number is not None and (text := number.text().strip()).isdigit()}
    for task in tasks:
        number = task.child("ac:task-id")
        if number is None:
            number = Element("ac:task-id", {})
            task.children.insert(0, number)
        if not number.text().strip():
            taken.add(max(taken, default=0) + 1)
            number.children = [Text(str(max(taken)))]
        if task.child("ac:task-uuid") is None:
            after = task.children.index(number) + 1
            task.children.insert(after, Element("ac:task-uuid", {}, [Text(str(uuid.uuid4()))]))


def _wrap_bare_text(cell: Element) -> None:
    children: list[Node] = []
    run: list[Node] = []

    def close_run() -> None:
        if any(isinstance(node, Element) or node.characters().strip(" \t\r\n") for node in run):
            children.append(Element("p", {}, list(run)))
        else:
            children.extend(run)
        run.clear()

    for child in cell.children:
        if _is_inline(child):
            run.append(child)
        else:
            close_run()
            children.append(child)
    close_run()
    cell.children = children


def _is_inline(node: Node) -> bool:
    if isinstance(node, Element):
        inline_macro = node.name == "ac:structured-macro" and node.attributes.get("ac:name") in _INLINE_MACROS
        return node.name in _INLINE or inline_macro
    return True


def _render(node: Node) -> str:
    match node:
        case Text():
            return _escaped(node.value)
        case Raw():
            return node.markup
        case Element():
            attributes = "".join(
                f' {name}="{_escaped(value).replace(chr(34), "&quot;")}"' for name, value in node.attributes.items()
            )
            if not node.children:
                return f"<{node.name}{attributes} />"
            inside = "".join(_render(child) for child in node.children)
            return f"<{node.name}{attributes}>{inside}</{node.name}>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
