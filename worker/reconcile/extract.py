"""Finds the action items of a page, and says of every table and list why it was taken or left alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from worker.document.document import Document
from worker.document.headings import Sections, sections
from worker.document.landmarks import Landmark
from worker.document.lists import plain_lists
from worker.document.tables import Table, tables
from worker.document.tasks import TaskList, task_lists
from worker.document.tree import Element
from worker.mapping.model import Items
from worker.model.item import ActionItem, Kind
from worker.reconcile.action_headings import Title, announcing, section, titles_over
from worker.reconcile.recognise import Left, Taken, recognise
from worker.reconcile.rows import ActionTable, TableReader, row_id
from worker.reconcile.task_items import read_tasks, task_id

__all__ = ["ActionTable", "Extraction", "Verdict", "extract"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was thought of one table, task list or plain list."""

    block: int | None
    """Its ordinal among the tables and task lists of the document, from 0; None for a plain list."""
    kind: Kind
    section: str
    """What people take for its heading, or an empty string."""
    taken: bool
    reason: str
    """Why it was taken or left alone, for the author of the page: a sentence that goes on behind those words."""
    header: tuple[str, ...]
    """Texts of a table's header, a grid column each; empty when it has none, and for lists."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """The action items of a page."""

    items: tuple[ActionItem, ...]
    """In document order."""
    verdicts: tuple[Verdict, ...]
    """Of every table and task list, and of plain lists where action items are announced; in document order."""
    tables: tuple[ActionTable, ...]
    """The tables that were taken, in document order."""


def extract(document: Document, items: Items) -> Extraction:
    """The action items of a page, by the mapping's rules for finding them.

    Tables are told by the meaning of their headers, wherever they stand; task lists by the headings over them. A task
    list in a cell of an action table belongs to its row. Of tables inside each other, an inner one counts when its
    header alone makes it an action table; an outer one then counts only if its own header does so too. Plain lists are
    not read, and those that look like action items are told of.

    Raises ``TooLarge`` when the page's tables cover more cells than the worker spreads out.
    """
    return _Page(document, items).extraction()


class _Page:
    """One look at one page."""

    def __init__(self, document: Document, items: Items) -> None:
        self.document = document
        self.items = items
        self.sections: Sections = sections(document)
        self.titles: dict[Element, tuple[Title, ...]] = {}
        self.blocks: list[Table | TaskList] = sorted(
            (*tables(document), *task_lists(document)), key=lambda block: block.element.start
        )

    def extraction(self) -> Extraction:
        judged = self._nesting([self._recognise(block) for block in self.blocks if isinstance(block, Table)])
        by_table = dict(zip((b.element for b in self.blocks if isinstance(b, Table)), judged, strict=True))
        action_tables = frozenset(element for element, verdict in by_table.items() if isinstance(verdict, Taken))
        tasks = [task for block in self.blocks if isinstance(block, TaskList) for task in block.tasks]
        ids = Counter(filter(None, (*map(task_id, tasks), *self._row_ids())))
        nested = self._nested(action_tables)
        ticked = frozenset(task.element for task in tasks if task.status == "complete")
        found: list[tuple[int, ActionItem]] = []
        verdicts: list[tuple[int, Verdict]] = list(self._plain_lists())
        taken: list[ActionTable] = []
        for number, block in enumerate(self.blocks):
            where, at = section(self._over(block), self.items.headings), block.element.start
            if isinstance(block, TaskList):
                verdict = self._task_list(block, number, where, action_tables)
                verdicts.append((at, verdict))
                if verdict.taken:
                    read = read_tasks(block, self.document, self.items.words, number, where, ids)
                    starts = [block.tasks[item.place.line].element.start for item in read]
                    found.extend(zip(starts, read, strict=True))
                continue
            match by_table[block.element]:
                case Left(reason, texts):
                    verdicts.append((at, Verdict(number, Kind.ROW, where, taken=False, reason=reason, header=texts)))
                case Taken(reason, header, roles):
                    verdict = Verdict(number, Kind.ROW, where, taken=True, reason=reason, header=header.texts)
                    verdicts.append((at, verdict))
                    inside = nested[block.element]
                    reader = TableReader(self.document, block, header, roles, self.items.words, inside, ticked)
                    table, rows = reader.read(number, where, ids)
                    taken.append(table)
                    starts = [block.rows[table.grid_row(item.place.line)].element.start for item in rows]
                    found.extend(zip(starts, rows, strict=True))
        found.sort(key=lambda pair: pair[0])
        verdicts.sort(key=lambda pair: pair[0])
        return Extraction(tuple(item for _, item in found), tuple(verdict for _, verdict in verdicts), tuple(taken))

    def _over(self, block: Table | TaskList | Landmark) -> tuple[Title, ...]:
        if block.element not in self.titles:
            self.titles[block.element] = titles_over(block.element, block.ancestors, self.sections)
        return self.titles[block.element]

    def _recognise(self, table: Table) -> tuple[Table, Taken | Left]:
        return table, recognise(table, (title.text for title in self._over(table)), self.items)

    def _nesting(self, judged: Sequence[tuple[Table, Taken | Left]]) -> list[Taken | Left]:
        """Leaves alone what is inside an action table without being sure, and what is unsure around a sure one."""
        sure = {table.element for table, verdict in judged if isinstance(verdict, Taken) and verdict.sure}
        around_sure = {each for table, _ in judged if table.element in sure for each in table.ancestors}
        result: list[Taken | Left] = []
        open_tables: set[Element] = set()
        for table, verdict in judged:
            settled = verdict
            if isinstance(verdict, Taken) and not verdict.sure:
                if table.element in around_sure:
                    settled = Left("the action items are in a table inside it", verdict.header.texts)
                elif not open_tables.isdisjoint(table.ancestors):
                    settled = Left("it stands in a cell of an action table", verdict.header.texts)
            if isinstance(settled, Taken):
                open_tables.add(table.element)
            result.append(settled)
        return result

    def _task_list(self, tasks: TaskList, number: int, where: str, action_tables: frozenset[Element]) -> Verdict:
        verdict = partial(Verdict, number, Kind.TASK, where, header=())
        if not action_tables.isdisjoint(tasks.ancestors):
            return verdict(taken=False, reason="it belongs to the row of the action table that it stands in")
        if self.items.task_lists is False:
            return verdict(taken=False, reason="the mapping says that task lists are not read (items.task_lists)")
        if self.items.task_lists == "anywhere":
            reason = "the mapping reads task lists anywhere on the page (items.task_lists)"
            return verdict(taken=True, reason=reason)
        heading = announcing((title.text for title in self._over(tasks)), self.items.headings)
        if heading is None:
            return verdict(taken=False, reason="no heading over it announces action items")
        return verdict(taken=True, reason=f"it stands under “{heading}”")

    def _plain_lists(self) -> Iterator[tuple[int, Verdict]]:
        """Lists where action items are announced: whoever typed one is told why it makes no tickets."""
        reason = "a plain list, not a task list; type [] to make tasks"
        if self.items.task_lists is False:
            reason = "a plain list, and the mapping says that only tables are read (items.task_lists)"
        for found in plain_lists(self.document):
            over = self._over(found)
            if announcing((title.text for title in over), self.items.headings) is not None:
                where = section(over, self.items.headings)
                yield found.element.start, Verdict(None, Kind.TASK, where, taken=False, reason=reason, header=())

    def _nested(self, action_tables: frozenset[Element]) -> Mapping[Element, Collection[Element]]:
        """By action table: the action tables that stand in its cells."""
        nested: dict[Element, set[Element]] = {element: set() for element in action_tables}
        for block in self.blocks:
            if block.element in action_tables:
                for around in action_tables.intersection(block.ancestors):
                    nested[around].add(block.element)
        return nested

    def _row_ids(self) -> Iterable[str | None]:
        return (row_id(row.element) for block in self.blocks if isinstance(block, Table) for row in block.rows)
