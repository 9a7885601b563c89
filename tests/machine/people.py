"""What people do to a page and to its tickets, as values that a story can be made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum

from tests.fakes.world import ALICE, BOB, NOOR
from tests.machine.laws import LOZENGE, TOKEN, WORDS, about
from tests.machine.scene import Scene
from tests.machine.sheet import DUE, OWNER, STATUS, TICKET, Row, Sheet, Task, row

_PHRASES = ("Fix {} at once", "Please fix {}", "Look after {} and fix it", "{} must never happen again; fix")
_LETTERS = str.maketrans("0123456789", "abcdefghij")
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
    TASK = "adds a task"
    TASK_REWORD = "rewords a task"
    TASK_DELETE = "deletes a task"
    TICK = "ticks or unticks a task"
    RESTORE = "restores an old version"
    REPLACE = "deletes a row and writes another in its place"
    TOUCH = "saves without a change"


_TASK_EDITS = frozenset({Page.TASK, Page.TASK_REWORD, Page.TASK_DELETE, Page.TICK})


class Claims(Enum):
    """What a script of somebody's does to the claims of the page."""

    DELETE = "deletes them"
    CORRUPT = "writes nonsense over them"
    NEWER = "writes claims of a version to come over them"
    MEND = "puts back what was there before it was overwritten"


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

    Items that may be two things, or may be taken for another one, are excused from the laws: nothing but the key, the
    editor's id and the text says which is which. ``disturbed`` are the tokens of rows that people made unwritable.
    """

    scene: Scene
    page: str
    disturbed: set[str] = field(default_factory=set)
    ticks: int = 0
    """How often a task was ticked."""
    _before: dict[str, object] = field(default_factory=dict)
    """Values of the claims' properties that were overwritten."""
    _renumbered: bool = False
    """Since then the editor's ids say nothing."""
    _next: int = 0

    def new_row(self, owner: int = 0) -> Row:
        """A row that says what no other says."""
        return row(_PHRASES[0].format(self._new_token()), _PEOPLE[owner % len(_PEOPLE)])

    def new_task(self) -> Task:
        """A task that says what no other says; Confluence numbers it."""
        token = self._new_token()
        return Task(100 + self._next, ticked=False, body=f"<span>{_PHRASES[1].format(token)}</span>")

    def _new_token(self) -> str:
        """With a number, by which even similar texts are told apart, or with letters, so that a new row may seem an old
        one in other words.
        """
        self._next += 1
        number = str(self._next)
        return f"item{number if self._next % 3 else number.translate(_LETTERS)}"

    def tokens(self) -> set[str]:
        """What the rows and tasks of the page are about."""
        return set(TOKEN.findall(self.scene.world.confluence.body(self.page)))

    @property
    def excused(self) -> set[str]:
        """Tokens that the laws leave out."""
        return self.scene.laws.excused

    def script(self, what: Claims) -> None:
        """Does one thing to the claims. Where they are deleted, a row that does not show its key, or will not once its
        key is cleared, can get a second ticket as long as search does not know the first: users are told.
        """
        confluence = self.scene.world.confluence
        there = {each.id: each.value for each in confluence.pages[self.page].properties}
        match what:
            case Claims.MEND:
                confluence.overwrite_properties(self.page, {**there, **self._before} if self._before else there)
                self._before = {}
                return
            case _ if not there or self._before:
                return
            case Claims.DELETE:
                confluence.overwrite_properties(self.page, {})
                self.excused.update(*(TOKEN.findall(body) for _, body in confluence.pages[self.page].versions))
            case Claims.CORRUPT:
                self._before = there
                confluence.overwrite_properties(self.page, {each: {"v": 1, "items": "?"} for each in there})
            case Claims.NEWER:
                self._before = there
                confluence.overwrite_properties(
                    self.page, {each: {"v": 99, "site": "?", "page": "?"} for each in there}
                )

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
        edited = self._edited_tasks if what in _TASK_EDITS else self._edited
        after = edited(sheet, what, which, how)
        if after is not None:
            self.scene.save(self.page, after)

    def _edited_tasks(self, sheet: Sheet, what: Page, which: int, how: int) -> Sheet | None:
        tasks = list(sheet.tasks)
        if what is Page.TASK:
            tasks.insert(which % (len(tasks) + 1), self.new_task())
        elif not tasks:
            return None
        else:
            at = which % len(tasks)
            old = tasks[at]
            match what:
                case Page.TASK_REWORD:
                    words = _PHRASES[how % len(_PHRASES)].format(about(old.action))
                    tasks[at] = replace(old, body=old.body.replace(old.action, words))
                case Page.TASK_DELETE:
                    del tasks[at]
                case _:
                    self.ticks += not old.ticked
                    tasks[at] = replace(old, ticked=not old.ticked)
        return replace(sheet, tasks=tuple(tasks))

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
            self.excused.update(about(each.action) for each in rows if not each.keys or what is Page.CLEAR)
        match what:
            case Page.REWORD:
                rows[at] = self._reworded(sheet, old, how)
            case Page.DELETE:
                del rows[at]
            case Page.REPLACE:
                rows[at] = self.new_row(how)
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
                self.disturbed.add(about(old.action))
                rows[at] = old.with_cell((TICKET, STATUS)[how % 2], WORDS if what is Page.WORDS else LOZENGE)
            case Page.COPY_KEYED:
                self.excused.add(about(old.action))
                rows.insert(at + 1, old)
            case Page.COPY:
                self.excused.add(about(old.action))
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
        name = about(old.action)
        if sum(about(each.action) == name for each in sheet.rows) > 1:
            name = self._new_token()
            self.excused.add(name)
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
