"""What people do to a page and to its tickets, as values that a story can be made of."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum

from tests.fakes.world import ALICE, BOB, NOOR
from tests.machine.scene import LOZENGE, WORDS, Scene
from tests.machine.sheet import DUE, OWNER, STATUS, TICKET, Row, Sheet, row

TOKEN = re.compile(r"\bitem\d+\b")
_PHRASES = ("Fix {} at once", "Please fix {}", "Look after {} and fix it", "{} must never happen again; fix")
_PEOPLE = (ALICE, BOB, NOOR, "")
_STATUSES = ("To Do", "In Progress", "In Review", "Done")


class Page(Enum):
    """What a person does to the page; a row is chosen by number."""

    ADD = "adds a row"
    REWORD = "rewords a row"
    DELETE = "deletes a row"
    SORT = "sorts the rows"
    OWN = "changes an owner"
    DATE = "changes a due date"
    CLEAR = "clears a ticket cell"
    WORDS = "writes words into an own cell"
    LOZENGE = "puts a lozenge of their own into an own cell"
    COPY_KEYED = "copies a row with its key"
    COPY = "copies a row and clears the copy's own cells"
    RENUMBER = "saves with an editor that gives all rows new ids"
    DROP = "removes the table"
    RESTORE = "restores an old version"
    TOUCH = "saves without a change"


class Tickets(Enum):
    """What a person does in Jira; a ticket is chosen by number."""

    MOVE = "changes the status"
    DATE = "changes the due date"
    ASSIGN = "assigns somebody"
    RENAME = "changes the summary"
    CLONE = "clones it"
    CLONE_ALL = "clones it with its properties"
    DELETE = "deletes it"
    HIDE = "hides it from the worker"
    SHOW = "shows it again"
    PROJECT = "moves it to another project"


@dataclass
class People:
    """Does things.

    ``copied`` are the tokens of rows that may be two things, or may be taken for another one: nothing but the key, the
    editor's id and the text says which row is which. ``disturbed`` are those of rows that people made unwritable.
    """

    scene: Scene
    page: str
    copied: set[str] = field(default_factory=set)
    disturbed: set[str] = field(default_factory=set)
    _renumbered: bool = False
    """Since then the editor's ids say nothing."""
    _next: int = 0

    def new_row(self, owner: int = 0) -> Row:
        """A row that says what no other says."""
        self._next += 1
        return row(_PHRASES[0].format(f"item{self._next}"), _PEOPLE[owner % len(_PEOPLE)])

    def tokens(self) -> set[str]:
        """What the rows of the page are about."""
        return set(TOKEN.findall(self.scene.world.confluence.body(self.page)))

    def edit(self, what: Page, which: int, how: int) -> None:
        """Does one thing to the page as it is now, and saves it."""
        confluence = self.scene.world.confluence
        if what is Page.RESTORE:
            versions = confluence.pages[self.page].versions
            self.disturbed |= self.tokens()
            confluence.person_restores(self.page, which % len(versions) + 1)
            self.disturbed |= self.tokens()
            return
        sheet = self.scene.read(self.page)
        after = self._edited(sheet, what, which, how)
        if after is not None:
            self.scene.save(self.page, after)

    def _edited(self, sheet: Sheet, what: Page, which: int, how: int) -> Sheet | None:
        rows = list(sheet.rows)
        if what is Page.ADD:
            place = which % (len(rows) + 1)
            return replace(sheet, rows=(*rows[:place], self.new_row(how), *rows[place:]))
        if not rows:
            return None
        at = which % len(rows)
        old = rows[at]
        self._renumbered |= what is Page.RENUMBER
        if self._renumbered and what in (Page.CLEAR, Page.REWORD, Page.RENUMBER):
            self.copied |= {token(each) for each in rows if not each.keys or what is Page.CLEAR}
        match what:
            case Page.REWORD:
                rows[at] = self._reworded(sheet, old, how)
            case Page.DELETE:
                del rows[at]
            case Page.SORT:
                rows = sorted(rows, key=lambda each: each.action, reverse=bool(how % 2))
            case Page.OWN:
                who = _PEOPLE[how % len(_PEOPLE)]
                rows[at] = old.with_cell(OWNER, f'<ac:link><ri:user ri:account-id="{who}" /></ac:link>' if who else "")
            case Page.DATE:
                rows[at] = old.with_cell(DUE, f'<time datetime="2027-03-{how % 28 + 1:02}" />')
            case Page.CLEAR:
                rows[at] = old.with_cell(TICKET, "")
            case Page.WORDS | Page.LOZENGE:
                self.disturbed.add(token(old))
                rows[at] = old.with_cell((TICKET, STATUS)[how % 2], WORDS if what is Page.WORDS else LOZENGE)
            case Page.COPY_KEYED:
                self.copied.add(token(old))
                rows.insert(at + 1, old)
            case Page.COPY:
                self.copied.add(token(old))
                copy = old.with_cell(TICKET, "").with_cell(STATUS, "")
                rows.insert(at + 1, copy if how % 2 else replace(copy, attributes=""))
            case Page.RENUMBER:
                rows = [replace(each, attributes="") for each in rows]
            case Page.DROP:
                rows = []
            case _:
                pass
        return replace(sheet, rows=tuple(rows))

    def _reworded(self, sheet: Sheet, old: Row, how: int) -> Row:
        """Other words for the same thing; where two rows mean it, one becomes a thing of its own."""
        name = token(old)
        if sum(token(each) == name for each in sheet.rows) > 1:
            self._next += 1
            name = f"item{self._next}"
            self.copied.add(name)
        return old.with_cell(0, _PHRASES[how % len(_PHRASES)].format(name))

    def act(self, what: Tickets, which: int, how: int) -> None:
        """Does one thing to a ticket."""
        jira = self.scene.world.jira
        keys = [each.ticket.key for each in jira.tickets.values()]
        if not keys:
            return
        key = keys[which % len(keys)]
        acts: dict[Tickets, Callable[[], object]] = {
            Tickets.MOVE: lambda: jira.person_edits(key, status=_STATUSES[how % len(_STATUSES)]),
            Tickets.DATE: lambda: jira.person_edits(key, due=date(2027, 5, 1) + timedelta(days=how)),
            Tickets.ASSIGN: lambda: jira.person_edits(key, assignee=_PEOPLE[how % 2]),
            Tickets.RENAME: lambda: jira.person_edits(key, summary=f"{jira.ticket(key).summary}, soon"),
            Tickets.CLONE: lambda: jira.clone(key, with_properties=False),
            Tickets.CLONE_ALL: lambda: jira.clone(key, with_properties=True),
            Tickets.DELETE: lambda: jira.delete(key),
            Tickets.HIDE: lambda: jira.hide(key),
            Tickets.SHOW: lambda: jira.hide(key, hidden=False),
            Tickets.PROJECT: lambda: jira.move_project(key, ("OPS", "PAY")[how % 2]),
        }
        acts[what]()


def token(of: Row) -> str:
    """The one word of a row that names what it is about, whatever else it says."""
    found = TOKEN.search(of.action)
    return found[0] if found else ""
