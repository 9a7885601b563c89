"""What people do at their desks, drawn from a seed: on their pages, and in Jira."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from tests.month.judge import Judge
from tests.month.ledger import Cause
from tests.month.sheet import DUE, OWNER, STATUS, TICKET, Line, Sheet, fill, replace_text
from tests.month.teams import ON_CALL, TEAMS, TeamPlace
from tests.passes.stage import mention, table
from tests.storm.scene import Scene
from worker.sandbox import storage_format
from worker.sandbox.issues import Issue
from worker.sandbox.pages import StoredPage

STAFF = ("Alice Moreau", "Bob Lindqvist", "Carla Nunes", "Dai Nguyen", "Ella Okafor")
VERBS = ("Add", "Check", "Document", "Rehearse", "Automate", "Retire", "Measure", "Limit")
THINGS = ("the alert", "the runbook", "the failover", "the retries", "the dashboard", "the key rotation", "the backups")
REWORDED = ("and tell the lead", "before the next release", "for all regions", "with the vendor")
WORDS = "ask Bob first"
"""How people's words begin that they write into the worker's own cells."""
HEADERS = (
    ("Action", "Owner", "Due", "Ticket", "Status"),
    ("Action item", "Owner", "Due date"),
    ("Action", "Driver", "Due", "Ticket", "Status"),
)
WAYS = {"new": ("In Progress",), "indeterminate": ("In Review", "Done", "In Progress"), "done": ("To Do",)}
"""By category, where people take a ticket next."""


class People:
    """Everybody on the three teams. ``words`` is by page what they wrote that is nothing else's to change."""

    def __init__(self, scene: Scene, judge: Judge, drawn: random.Random) -> None:
        self.scene = scene
        self.judge = judge
        self.drawn = drawn
        self.did: Counter[str] = Counter()
        self.words: dict[str, list[str]] = {}
        self._items = 0
        self._serial = 0

    # -- whole acts --------------------------------------------------------------------------------------------------

    def act(self, began: int) -> None:
        """Somebody does something that can be done; what it is is drawn."""
        deeds: tuple[tuple[int, Callable[[], str | None]], ...] = (
            (6, self.adds_an_item), (5, self.rewords), (3, self.sorts), (2, self.deletes), (6, self.ticks),
            (4, self.changes_owner), (4, self.changes_due), (2, self.writes_a_paragraph), (2, self.comments),
            (1, self.clears_a_key), (1, self.writes_in_own_cell), (1, self.restores), (1, self.copies), (1, self.renames),
            (1, self.renames_a_header), (1, self.archives), (1, self.brings_back), (16, self.moves_on),
            (4, self.dates_in_jira), (3, self.assigns_in_jira), (1, self.moves_to_another_project),
        )  # fmt: skip
        (deed,) = self.drawn.choices([deed for _, deed in deeds], [weight for weight, _ in deeds])
        self._do(deed, began)

    def write_page(self, team: TeamPlace, began: int) -> None:
        """A new post-mortem of that team."""
        self._do(lambda: self._writes(team), began)

    def _do(self, deed: Callable[[], str | None], began: int) -> None:
        def do() -> None:
            did = deed()
            if did is not None:
                self.did[did] += 1

        self.judge.person(do, began=began)

    # -- on pages ----------------------------------------------------------------------------------------------------

    def _writes(self, team: TeamPlace) -> str:
        self._serial += 1
        items = [self._new_item() for _ in range(self.drawn.randint(2, 7))]
        said = f"At {self.drawn.randint(0, 23)} o’clock all {team.name.lower()} failed &mdash; case {self._serial}"
        if self.drawn.random() < 0.3:
            tasks = "".join(self._task(action) for _, action in items)
            body = f"<p>{said}.</p><h2>Action items</h2><ac:task-list>{tasks}</ac:task-list><p>Thanks &amp; bye.</p>"
        else:
            header = self.drawn.choice(HEADERS)
            rows = [self._cells(action, header) for _, action in items]
            body = f"<p>{said}.</p>{table(*rows, header=header)}<p>Thanks &amp; bye.</p>"
        page = self.scene.stage.page(body, f"{team.name} outage {self._serial}", team.space)
        self.scene.pages.append(page)
        self.words[page.id] = [f"case {self._serial}"]
        self._note(page, [token for token, _ in items], Cause.ROW)
        return "a page written"

    def adds_an_item(self) -> str | None:
        page = self._page()
        sheet = Sheet(page.body)
        lines = sheet.lines()
        if not lines:
            return None
        token, action = self._new_item()
        last = self.drawn.choice(lines)
        if last.header is None:
            new = storage_format.parse(self._task(action))
        else:
            heads = tuple(each.text().strip() for each in last.header.children)
            cells = "".join(f"<td><p>{cell}</p></td>" for cell in self._cells(action, heads))
            new = storage_format.parse(self.scene.stage.markup(f"<tr>{cells}</tr>"))
        last.holder.children.insert(last.holder.children.index(last.element) + 1, new.children[0])
        self._save(page, sheet)
        self._note(page, [token], Cause.ROW)
        return "an item added"

    def rewords(self) -> str | None:
        """Only rows that show their key: one that does not may be taken for another, as users are told."""
        page, sheet, line = self._line(keyed=True)
        more = self.drawn.choice(REWORDED)
        if line is None or not replace_text(line.element, line.token, f"{line.token} {more}"):
            return None
        self._save(page, sheet)
        self._note(page, [line.token], Cause.WORDS)
        return "an item reworded"

    def sorts(self) -> str | None:
        page, sheet, line = self._line()
        if line is None:
            return None
        lines = [each for each in sheet.lines() if each.holder is line.holder]
        places = [line.holder.children.index(each.element) for each in lines]
        self.drawn.shuffle(lines)
        for place, each in zip(places, lines, strict=True):
            line.holder.children[place] = each.element
        self._save(page, sheet)
        return "items sorted"

    def deletes(self) -> str | None:
        page, sheet, line = self._line()
        if line is None or len(sheet.lines()) < 3:
            return None
        line.holder.children.remove(line.element)
        self._save(page, sheet)
        return "an item deleted"

    def ticks(self) -> str | None:
        tasks = [
            (page, line) for page in self._pages() for line in Sheet(page.body).lines() if line.task_id and line.keys
        ]
        if not tasks:
            return None
        page, line = self.drawn.choice(tasks)
        self.scene.confluence.person_ticks(page.id, line.task_id, self._somebody(), done=not line.ticked)
        self._note(page, [line.token], Cause.TICK)
        return "a task unticked" if line.ticked else "a task ticked"

    def changes_owner(self) -> str | None:
        owner = ON_CALL if self.drawn.random() < 0.2 else mention(self._somebody())
        return self._fills(OWNER, self.scene.stage.markup(owner), Cause.OWNER, "an owner changed on the page")

    def changes_due(self) -> str | None:
        return self._fills(DUE, self._date(), Cause.DUE, "a date changed on the page")

    def clears_a_key(self) -> str | None:
        """On a copied page that makes a new item of the row."""
        page, sheet, line = self._line(keyed=True)
        cell = line and line.cell(TICKET)
        if line is None or cell is None:
            return None
        fill(cell, "")
        self._save(page, sheet)
        self._note(page, [line.token], Cause.OWN_CELL)
        self._note(page, [line.token], Cause.ROW)
        return "a key cleared"

    def writes_in_own_cell(self) -> str | None:
        """Beside the key, or in the place of the status."""
        page, sheet, line = self._line(keyed=True)
        cell = line and line.cell(self.drawn.choice((TICKET, STATUS)))
        if line is None or cell is None:
            return None
        self._serial += 1
        words = f"{WORDS} about {self._serial}"
        cell.children.extend(storage_format.parse(f"<p>{words}</p>").children)
        self.words[page.id].append(words)
        self._save(page, sheet)
        self._note(page, [line.token], Cause.OWN_CELL)
        return "words written in an own cell"

    def writes_a_paragraph(self) -> str | None:
        page = self._page()
        self._serial += 1
        self.words[page.id].append(f"log {self._serial}")
        self.scene.confluence.person_saves(page.id, f"{page.body}<p>See log {self._serial}</p>", self._somebody())
        return "a paragraph written"

    def comments(self) -> str | None:
        page, _, line = self._line()
        if line is None:
            return None
        self.words[page.id].append(self.scene.confluence.comment_inline(page.id, line.token))
        return "a comment made"

    def restores(self) -> str | None:
        page = self._page()
        if len(page.versions) < 3:
            return None
        number = page.version.number - self.drawn.choice((1, 2))
        tokens = Sheet(page.body).tokens()
        self.scene.confluence.restore_version(page.id, number, self._somebody())
        self._note(page, {*tokens, *Sheet(page.body).tokens()}, Cause.RESTORED)
        return "an older version restored"

    def copies(self) -> str | None:
        page = self._page()
        self._serial += 1
        copy = self.scene.confluence.copy_page(page.id, f"Copy {self._serial}", self._somebody())
        self.scene.pages.append(copy)
        self.words[copy.id] = [words for words in self.words[page.id] if words in copy.body]
        self._note(copy, [line.token for line in Sheet(copy.body).lines() if not line.keys], Cause.ROW)
        return "a page copied"

    def renames(self) -> str | None:
        page = self._page()
        self._serial += 1
        title = f"{page.title.partition(' (')[0]} (reviewed {self._serial})"
        self.scene.confluence.person_saves(page.id, page.body, self._somebody(), title=title)
        return "a page renamed"

    def renames_a_header(self) -> str | None:
        page, sheet, line = self._line(keyed=True)
        if line is None or line.header is None or not replace_text(line.header, "Owner", "Driver"):
            return None
        self._save(page, sheet)
        self._note(page, sheet.tokens(), Cause.HEADER)
        return "a header renamed"

    def archives(self) -> str | None:
        if len(self._pages()) < 6:
            return None
        page = self._page()
        self.scene.confluence.archive(page.id)
        return "a page archived"

    def brings_back(self) -> str | None:
        away = [page for page in self.scene.pages if page.status == "archived"]
        if not away:
            return None
        page = self.drawn.choice(away)
        self.scene.confluence.unarchive(page.id)
        self._note(page, Sheet(page.body).tokens(), Cause.RETURNED)
        return "a page brought back"

    # -- in Jira -----------------------------------------------------------------------------------------------------

    def moves_on(self) -> str | None:
        ticket = self._ticket()
        if ticket is None:
            return None
        category = self.scene.jira.projects[ticket.project].status(ticket.status).category
        self.scene.jira.transition(ticket.key, self.drawn.choice(WAYS[category]), self._somebody())
        self._note_ticket(ticket, Cause.REOPENED if category == "done" else Cause.STATUS)
        return "a ticket reopened" if category == "done" else "a ticket moved on"

    def dates_in_jira(self) -> str | None:
        ticket = self._ticket()
        if ticket is None:
            return None
        self.scene.jira.person_edits(ticket.key, self._somebody(), due=self._day().isoformat())
        self._note_ticket(ticket, Cause.FIELD)
        return "a date changed in Jira"

    def assigns_in_jira(self) -> str | None:
        ticket = self._ticket()
        if ticket is None:
            return None
        self.scene.jira.assign(ticket.key, self._somebody(), self._somebody())
        self._note_ticket(ticket, Cause.FIELD)
        return "an owner changed in Jira"

    def moves_to_another_project(self) -> str | None:
        ticket = self._ticket()
        if ticket is None:
            return None
        elsewhere = [team.project for team in TEAMS if team.project != ticket.project]
        self.scene.jira.move_issue(ticket.key, self.drawn.choice(elsewhere))
        self._note_ticket(ticket, Cause.MOVED)
        return "a ticket moved to another project"

    # -- small things ------------------------------------------------------------------------------------------------

    def _pages(self) -> list[StoredPage]:
        return [page for page in self.scene.pages if page.status == "current"]

    def _page(self) -> StoredPage:
        """Newer ones are worked on more."""
        pages = self._pages()
        return pages[min(int(len(pages) * self.drawn.random() ** 0.5), len(pages) - 1)]

    def _line(self, *, keyed: bool = False) -> tuple[StoredPage, Sheet, Line | None]:
        page = self._page()
        sheet = Sheet(page.body)
        lines = [line for line in sheet.lines() if line.keys or not keyed]
        return page, sheet, self.drawn.choice(lines) if lines else None

    def _fills(self, names: tuple[str, ...], markup: str, cause: Cause, did: str) -> str | None:
        page, sheet, line = self._line()
        cell = line and line.cell(names)
        if line is None or cell is None:
            return None
        fill(cell, markup)
        self._save(page, sheet)
        self._note(page, [line.token], cause)
        return did

    def _save(self, page: StoredPage, sheet: Sheet) -> None:
        self.scene.confluence.person_saves(page.id, sheet.body, self._somebody())

    def _note(self, page: StoredPage, tokens: object, cause: Cause) -> None:
        self.judge.ledger.note(page.id, tokens, cause, self.scene.confluence.clock.now())

    def _note_ticket(self, ticket: Issue, cause: Cause) -> None:
        """It concerns the page the ticket is from, and every page that shows its key."""
        home, token = self.judge.home(ticket)
        for page in self.scene.pages:
            shown = ticket.key in page.body and [
                line.token for line in Sheet(page.body).lines() if ticket.key in line.keys
            ]
            self._note(page, {*(shown or ()), *([token] if page.id == home else ())}, cause)

    def _ticket(self) -> Issue | None:
        tickets = self.scene.tickets()
        return self.drawn.choice(tickets) if tickets else None

    def _somebody(self) -> str:
        return self.scene.stage.sandbox.world.people.named(self.drawn.choice(STAFF)).account_id

    def _new_item(self) -> tuple[str, str]:
        self._items += 1
        token = f"item{self._items:04}"
        return token, f"{self.drawn.choice(VERBS)} {self.drawn.choice(THINGS)} of {token}"

    def _cells(self, action: str, header: tuple[str, ...]) -> tuple[str, ...]:
        owner = ON_CALL if self.drawn.random() < 0.2 else mention(self._somebody())
        known = dict.fromkeys(OWNER, owner) | dict.fromkeys(DUE, self._date())
        return (action, *(known.get(name, "") for name in header[1:]))

    def _task(self, action: str) -> str:
        return (
            "<ac:task><ac:task-status>incomplete</ac:task-status>"
            f"<ac:task-body><span>{action}</span></ac:task-body></ac:task>"
        )

    def _date(self) -> str:
        return f'<time datetime="{self._day().isoformat()}" />'

    def _day(self) -> date:
        return self.scene.confluence.clock.now().date() + timedelta(days=self.drawn.randint(20, 90))
