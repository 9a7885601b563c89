"""An action table and a task list as people edit them, written and read with no help from the worker's own parser."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

COLUMNS = ("Action", "Owner", "Due", "Ticket", "Status")
ACTION, OWNER, DUE, TICKET, STATUS = range(len(COLUMNS))
OWN = (TICKET, STATUS)
"""Where the worker may write."""
_IDS = re.compile(r' ac:(?:local-id|macro-id)="[^"]*"')
_TABLE = re.compile(r"<table[^>]*><tbody>(.*)</tbody></table>", re.DOTALL)
_PARAGRAPH = re.compile(r"<p[^>]*>(?:(?!<p\b).)*</p>", re.DOTALL)
_ROW = re.compile(r"<tr([^>]*)>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<td[^>]*?(?:/>|>(.*?)</td>)", re.DOTALL)
_KEY = re.compile(r'/browse/([A-Z]+-\d+)"')
_TASKS = re.compile(r"<ac:task-list>(.*?)</ac:task-list>", re.DOTALL)
_TASK = re.compile(
    r"<ac:task>\s*<ac:task-id>(\d+)</ac:task-id>\s*<ac:task-status>(\w+)</ac:task-status>\s*"
    r"<ac:task-body>(.*?)</ac:task-body>\s*</ac:task>",
    re.DOTALL,
)
_OWN_END = re.compile(r'\s*(?:<a [^>]*href="[^"]*/browse/|<ac:structured-macro[^>]*ac:name="status")')
"""Where in a task the worker's part begins, which is at its end."""


@dataclass(frozen=True)
class Row:
    """One row: the attributes of its element, among them the editor's id, and its cells' markup."""

    attributes: str
    cells: tuple[str, ...]

    @property
    def action(self) -> str:
        """What is to be done, as text."""
        return re.sub(r"<[^>]+>", "", self.cells[ACTION])

    @property
    def keys(self) -> tuple[str, ...]:
        """Ticket keys in the ticket cell."""
        return tuple(_KEY.findall(self.cells[TICKET]))

    def with_cell(self, column: int, markup: str) -> Row:
        """The row with other words in one cell."""
        cells = [*self.cells[:column], f"<p>{markup}</p>", *self.cells[column + 1 :]]
        return replace(self, cells=tuple(cells))


@dataclass(frozen=True)
class Task:
    """One task with its number, which Confluence gives, and its markup."""

    number: int
    ticked: bool
    body: str

    @property
    def action(self) -> str:
        """What is to be done, as text, without what the worker added."""
        return re.sub(r"<[^>]+>", "", _OWN_END.split(self.body)[0]).strip()

    @property
    def keys(self) -> tuple[str, ...]:
        """Ticket keys in it."""
        return tuple(_KEY.findall(self.body))

    def markup(self) -> str:
        """As it is stored."""
        status = "complete" if self.ticked else "incomplete"
        return (
            f"<ac:task><ac:task-id>{self.number}</ac:task-id><ac:task-status>{status}</ac:task-status>"
            f"<ac:task-body>{self.body}</ac:task-body></ac:task>"
        )


@dataclass(frozen=True)
class Sheet:
    """A page body that is one action table and one task list with something before and behind them."""

    before: str
    rows: tuple[Row, ...]
    behind: str
    tasks: tuple[Task, ...] = ()

    def markup(self) -> str:
        """The body to be saved; without rows the table is gone, and without tasks the list."""
        return self.before + self._table() + self._list() + self.behind

    def _list(self) -> str:
        tasks = "".join(each.markup() for each in self.tasks)
        return f"<ac:task-list>{tasks}</ac:task-list>" if tasks else ""

    def _table(self) -> str:
        if not self.rows:
            return ""
        head = "".join(f"<th><p><strong>{name}</strong></p></th>" for name in COLUMNS)
        rows = "".join(
            f"<tr{row.attributes}>" + "".join(f"<td>{cell}</td>" for cell in row.cells) + "</tr>" for row in self.rows
        )
        return f"<table><tbody><tr>{head}</tr>{rows}</tbody></table>"


def row(action: str, owner: str = "", due: str = "2027-01-15") -> Row:
    """A new row."""
    who = f'<ac:link><ri:user ri:account-id="{owner}" /></ac:link>' if owner else ""
    return Row("", (f"<p>{action}</p>", f"<p>{who}</p>", f'<p><time datetime="{due}" /></p>', "<p />", "<p />"))


def sheet(*rows: Row, tasks: tuple[Task, ...] = ()) -> Sheet:
    """A post-mortem with these rows and tasks."""
    return Sheet("<p>At 9 all payments failed.</p><h2>Action items</h2>", rows, "<p>See you next week.</p>", tasks)


def read(body: str) -> Sheet:
    """The page as it stands; a table that is gone is one without rows."""
    listed = _TASKS.search(body)
    if listed is not None:
        tasks = tuple(Task(int(each[1]), each[2] == "complete", each[3]) for each in _TASK.finditer(listed[1]))
        return replace(read(body[: listed.start()] + body[listed.end() :]), tasks=tasks)
    found = _TABLE.search(body)
    if found is None:
        start = sheet()
        behind = start.behind if body.endswith(start.behind) else _PARAGRAPH.findall(body)[-1]
        return replace(start, before=body.removesuffix(behind), behind=behind)
    rows = [
        Row(row_[1], tuple(cell[1] or "" for cell in _CELL.finditer(row_[2])))
        for row_ in _ROW.finditer(found[1])
        if "<th" not in row_[2]
    ]
    return Sheet(body[: found.start()], tuple(rows), body[found.end() :])


def peoples(body: str) -> str:
    """All of a body that is people's: the worker's own cells emptied, ids that Confluence gives left out."""
    read_ = read(body)
    rows = tuple(
        replace(each, cells=tuple("" if column in OWN else cell for column, cell in enumerate(each.cells)))
        for each in read_.rows
    )
    tasks = tuple(replace(each, ticked=False, body=each.action) for each in read_.tasks)
    return _IDS.sub("", replace(read_, rows=rows, tasks=tasks).markup()).replace("<p></p>", "<p />")
