"""A stored page as a person sees it in the editor: items with their cells, found by what the headers say."""

from __future__ import annotations

from dataclasses import dataclass

from tests.month.ledger import TOKEN
from tests.storm.laws import KEY
from worker.sandbox import storage_format
from worker.sandbox.storage_format import Element, Text

OWNER, DUE, TICKET, STATUS = ("Owner", "Driver"), ("Due", "Due date"), ("Ticket",), ("Status",)


@dataclass
class Line:
    """One row or task; ``holder`` is what it stands in, ``header`` the row of headers above it."""

    element: Element
    holder: Element
    header: Element | None

    @property
    def token(self) -> str:
        """What it is about."""
        found = TOKEN.search(self.element.text())
        return found[0] if found else ""

    @property
    def keys(self) -> list[str]:
        """Tickets it shows."""
        return KEY.findall(storage_format.render(Element("", {}, [self.element])))

    @property
    def task_id(self) -> str:
        """The number of a task; empty for a row."""
        number = self.element.child("ac:task-id")
        return "" if number is None else number.text().strip()

    @property
    def ticked(self) -> bool:
        """Whether it is a ticked task."""
        status = self.element.child("ac:task-status")
        return status is not None and status.text().strip() == "complete"

    def cell(self, names: tuple[str, ...]) -> Element | None:
        """The cell below a header of one of these names."""
        if self.header is None:
            return None
        heads = [each for each in self.header.children if isinstance(each, Element)]
        cells = [each for each in self.element.children if isinstance(each, Element)]
        pairs = zip(heads, cells, strict=False)
        return next((cell for head, cell in pairs if head.text().strip() in names), None)


class Sheet:
    """One body that is being edited."""

    def __init__(self, body: str) -> None:
        self.root = storage_format.parse(body)

    @property
    def body(self) -> str:
        """As the editor sends it."""
        return storage_format.render(self.root)

    def lines(self) -> list[Line]:
        """Rows and tasks about something, in document order."""
        found = []
        for tbody in self.root.elements("tbody"):
            head, *rows = tbody.elements("tr")
            found += [Line(row, tbody, head) for row in rows]
        for tasks in self.root.elements("ac:task-list"):
            found += [Line(task, tasks, None) for task in tasks.elements("ac:task")]
        return [line for line in found if line.token]

    def line(self, token: str) -> Line | None:
        """The first about that."""
        return next((line for line in self.lines() if line.token == token), None)

    def tokens(self) -> list[str]:
        """What it is about, in document order."""
        return [line.token for line in self.lines()]


def fill(cell: Element, markup: str) -> None:
    """A person writes something else into a cell."""
    cell.children = storage_format.parse(f"<p>{markup}</p>").children


def replace_text(element: Element, old: str, new: str) -> bool:
    """A person changes words; whether they were there in one piece."""
    for child in element.children:
        if isinstance(child, Text) and old in child.value:
            child.value = child.value.replace(old, new, 1)
            return True
        if isinstance(child, Element) and replace_text(child, old, new):
            return True
    return False
