"""An action table as people edit it, written and read with no help from the worker's own parser."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

COLUMNS = ("Action", "Owner", "Due", "Ticket", "Status")
ACTION, OWNER, DUE, TICKET, STATUS = range(len(COLUMNS))
OWN = (TICKET, STATUS)
"""Where the worker may write."""
_IDS = re.compile(r' ac:(?:local-id|macro-id)="[^"]*"')
_TABLE = re.compile(r"<table[^>]*><tbody>(.*)</tbody></table>", re.DOTALL)
_ROW = re.compile(r"<tr([^>]*)>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<td[^>]*?(?:/>|>(.*?)</td>)", re.DOTALL)
_KEY = re.compile(r'/browse/([A-Z]+-\d+)"')


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
class Sheet:
    """A page body that is one action table with something before and behind it."""

    before: str
    rows: tuple[Row, ...]
    behind: str

    def markup(self) -> str:
        """The body to be saved; without rows the table is gone."""
        if not self.rows:
            return self.before + self.behind
        head = "".join(f"<th><p><strong>{name}</strong></p></th>" for name in COLUMNS)
        rows = "".join(
            f"<tr{row.attributes}>" + "".join(f"<td>{cell}</td>" for cell in row.cells) + "</tr>" for row in self.rows
        )
        return f"{self.before}<table><tbody><tr>{head}</tr>{rows}</tbody></table>{self.behind}"


def row(action: str, owner: str = "", due: str = "2027-01-15") -> Row:
    """A new row."""
    who = f'<ac:link><ri:user ri:account-id="{owner}" /></ac:link>' if owner else ""
    return Row("", (f"<p>{action}</p>", f"<p>{who}</p>", f'<p><time datetime="{due}" /></p>', "<p />", "<p />"))


def sheet(*rows: Row) -> Sheet:
    """A post-mortem with these rows."""
    return Sheet("<p>At 9 all payments failed.</p><h2>Action items</h2>", rows, "<p>See you next week.</p>")


def read(body: str) -> Sheet:
    """The page as it stands; a table that is gone is one without rows."""
    found = _TABLE.search(body)
    if found is None:
        start = sheet()
        return replace(start, before=body.removesuffix(start.behind), behind=start.behind)
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
    return _IDS.sub("", replace(read_, rows=rows).markup()).replace("<p></p>", "<p />")
