"""The promises as laws about both products: each holds after every step of a story."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from tests.fakes.confluence import WORKER
from tests.fakes.world import FakeWorld
from tests.machine.sheet import OWN, Row, Sheet, Task, peoples, read
from worker.mishap import OWN_FAULT
from worker.model.report import Report
from worker.model.ticket import Draft

TOKEN = re.compile(r"\bitem(?:\d+|[a-j]+)\b")
"""The one word of an item that names what it is about, whatever else it says."""

WORDS = "ask Bob first"
LOZENGE = (
    '<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">Blocked by audit</ac:parameter>'
    "</ac:structured-macro>"
)
MARKS = (WORDS, "Blocked by audit")
"""What people write into the worker's own columns."""


def about(text: str) -> str:
    """The token in it, or nothing."""
    found = TOKEN.search(text)
    return found[0] if found else ""


class Laws:
    """What holds in a world whatever happens to it.

    ``excused`` are tokens of items that people made unclear: rows that may be two things, and such whose memory was
    deleted before their key was shown.
    """

    def __init__(self, world: FakeWorld) -> None:
        self.excused: set[str] = set()
        self._world = world
        self._checked: Counter[str] = Counter()
        self.mishaps: list[str] = []

    def notice(self, report: Report) -> None:
        """Keeps what a pass says of mistakes of its own, which no fault and no person excuses."""
        said = [finding.message for page in report.pages for finding in page.plan.findings]
        self.mishaps += [message for message in said if message.startswith(OWN_FAULT)]

    def hold(self) -> None:
        """Raises AssertionError for what does not."""
        self._world.jira.settle()
        assert [] == self.mishaps
        self.one_ticket_an_item()
        self.only_own_cells_are_written()
        self.nothing_is_undone()
        self.only_tickets_of_the_worker_are_shown()

    def one_ticket_an_item(self) -> None:
        """No item of a page was ever given two tickets, deleted ones included: by its name, and by what it is about."""
        by_name = Counter(
            (d.origin.page, d.origin.item) for d in self._drafts() if about(d.summary) not in self.excused
        )
        by_words = Counter((d.origin.page, about(d.summary)) for d in self._drafts())

        assert [] == [item for item, count in by_name.items() if count > 1]
        assert [] == [what for what, count in by_words.items() if count > 1 and what[1] not in {"", *self.excused}]

    def only_own_cells_are_written(self) -> None:
        """Every save of the worker differs from the version before it in its own cells only, never in a person's words,
        and a key that it adds is that of the row's own ticket.
        """
        for page in self._world.confluence.pages.values():
            versions = page.versions
            for index in range(max(1, self._checked[page.id]), len(versions)):
                (_, before), (version, after) = versions[index - 1], versions[index]
                if version.by != WORKER:
                    continue
                assert peoples(before) == peoples(after)
                was, now = read(before), read(after)
                for old, new in zip(was.rows, now.rows, strict=True):
                    for column in OWN:
                        assert _marks(old.cells[column]) == _marks(new.cells[column])
                for old_item, new_item in zip(_items(was), _items(now), strict=True):
                    self._added_keys_are_its_own(old_item, new_item)
            self._checked[page.id] = len(versions)

    def _added_keys_are_its_own(self, old: Row | Task, new: Row | Task) -> None:
        for key in set(new.keys) - set(old.keys):
            ticket = self._world.jira.id_of(key)
            said = {about(draft.summary) for number, draft in self._world.jira.births if number == ticket}
            assert {about(new.action)} == said or said <= self.excused, f"{key} was written into “{new.action}”"

    def nothing_is_undone(self) -> None:
        """A field never gets again the value that the worker gave it last: that would undo what a person did."""
        last = {
            ticket: {"summary": draft.summary, "owner": draft.assignee, "due": draft.due and draft.due.isoformat()}
            for ticket, draft in self._world.jira.births
        }
        for edit, changed in self._world.jira.worker_edits:
            values = last.setdefault(edit.ticket, {})
            assert [] == [name for name, value in edit.values if name in changed and values.get(name) == value]
            values.update(edit.values)

    def only_tickets_of_the_worker_are_shown(self) -> None:
        """Nobody writes keys by hand here, so each that stands on a page is of a ticket that a worker made: no clone's.

        A clone that carries the origin is all there is, where the claims were deleted and the original is hidden.
        """
        made = {ticket for ticket, _ in self._world.jira.births}
        for page in self._world.confluence.pages.values():
            plain = [each for each in _items(read(page.versions[-1][1])) if about(each.action) not in self.excused]
            keys = [key for item in plain for key in item.keys]
            assert [] == [key for key in keys if self._world.jira.id_of(key) not in made]

    def _drafts(self) -> Iterable[Draft]:
        return (draft for _, draft in self._world.jira.births)


def _items(sheet: Sheet) -> tuple[Row | Task, ...]:
    return (*sheet.rows, *sheet.tasks)


def _marks(cell: str) -> list[str]:
    return [mark for mark in MARKS if mark in cell]
