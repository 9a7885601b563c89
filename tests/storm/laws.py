"""What must hold once the world has calmed down: every violation is a sentence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from tests.storm.scene import OWN_COLUMNS, Scene, lines
from worker.mishap import OWN_FAULT
from worker.model.plan import Failed
from worker.model.report import Exit, Report
from worker.sandbox import storage_format
from worker.sandbox.issues import Issue
from worker.sandbox.pages import StoredPage
from worker.sandbox.storage_format import Element

KEY = re.compile(r"/browse/([A-Z]+-\d+)")
COLOURS = {"new": "Grey", "indeterminate": "Blue", "done": "Green"}
TAGS = re.compile("<[^>]*>")
COMMENT = re.compile("</?ac:inline-comment-marker[^>]*>")
NOTES = ("no ticket", "differs")
"""How a lozenge reads that begins a note of the worker: the words behind it are the worker's, too."""
FORGOTTEN = frozenset({"claims-deleted", "claims-corrupted", "claims-newer", "claims-older", "claims-copied"})
"""Disturbances after which a page does not know its tickets."""
PROPERTY = "postmortem-sync"
SHARED = "row-shared-cell"
"""What is found where not all that stands in the worker's own cells is its own."""


def broken(scene: Scene, last: Report, excuses: Collection[str]) -> list[str]:
    """Every law that does not hold. ``last`` is the report of the last pass; ``excuses`` are codes of findings with
    which a row may be without its ticket.
    """
    return [
        *_one_ticket_an_origin(scene),
        *_one_ticket_a_row(scene, last, excuses),
        *_no_orphan(scene, last),
        *_words_kept(scene),
        *_only_own_cells(scene),
        *_people_win_in_jira(scene),
        *_statuses_shown(scene, last, excuses),
        *_tickets_follow(scene),
        *_settled(last, excuses),
        *(f.message for page in last.pages for f in page.plan.findings if f.message.startswith(OWN_FAULT)),
    ]


def _origin(ticket: Issue) -> dict[str, str]:
    value = ticket.properties.get(PROPERTY)
    return value if isinstance(value, dict) else {}


def _row_of(scene: Scene, text: str) -> str | None:
    return next((row for row in scene.rows if row in text), None)


def _one_ticket_an_origin(scene: Scene) -> Iterator[str]:
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for ticket in scene.tickets():
        origin = _origin(ticket)
        if not origin:
            yield f"{ticket.key} was made without an origin"
            continue
        groups[origin["page"], origin["item"]].append(ticket.key)
    for (page, item), keys in groups.items():
        if len(keys) > 1:
            yield f"item {item} of page {page} has several tickets: {', '.join(keys)}"


def _one_ticket_a_row(scene: Scene, last: Report, excuses: Collection[str]) -> Iterator[str]:
    made: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for ticket in scene.tickets():
        made[_origin(ticket).get("page", ""), _row_of(scene, ticket.summary)].append(ticket.key)
    for page in scene.pages:
        if "post-mortem" not in page.labels:
            continue  # a copy of a page that was without its label: no team's page
        for row in scene.rows:
            shown = [KEY.findall(line) for line in lines(page.body) if row in line and not _done_without(line)]
            own = made[page.id, row]
            several = len(shown) if "row-copied" in scene.struck else 1  # a copy that says something new is an item
            if len(own) > max(several, 1):
                yield f"row “{row}” of page {page.id} has several tickets: {', '.join(own)}"
            there = {key for keys in shown for key in keys}
            if shown and not (own and there.issuperset(own)) and not _excused(page, row, last, excuses):
                yield f"row “{row}” of page {page.id} shows {shown} and has {own or 'no ticket'}; {_said(page, last)}"


def _done_without(line: str) -> bool:
    """Whether it is a task that was ticked before it had a ticket: it gets none."""
    return "<ac:task-status>complete<" in line and not KEY.search(line)


def _excused(page: StoredPage, row: str, last: Report, excuses: Collection[str]) -> bool:
    findings = [f for each in last.pages if each.plan.page == page.id for f in each.plan.findings]
    if any(f.code in ("page-state-corrupt", "page-state-newer") for f in findings):
        return True  # a page whose memory cannot be read waits for a person, whole
    return any(f.code in excuses and (f.item is None or row in f.item) for f in findings)


def _said(page: StoredPage, last: Report) -> str:
    plans = [each.plan for each in last.pages if each.plan.page == page.id]
    said = [
        f"{f.code}: {f.message}"
        for plan in plans
        for f in plan.findings
        if "date" not in f.code and "owner" not in f.code
    ]
    return f"the last report says {said}"


def _no_orphan(scene: Scene, last: Report) -> Iterator[str]:
    said = " ".join(f.message for page in last.pages for f in page.plan.findings)
    for ticket in scene.tickets():
        page = next((page for page in scene.pages if page.id == _origin(ticket).get("page")), None)
        shown = page is not None and ticket.key in KEY.findall(page.body)
        if scene.jira.projects[ticket.project].status(ticket.status).category == "done":
            continue  # there is nothing left to do about it
        if page is not None and _excused(page, "", last, ()):
            continue  # the page waits, whole, for a person to mend its memory
        forgotten = FORGOTTEN.intersection(scene.struck)
        held = {"own-cell-words", "row-removed", "table-removed"}.intersection(scene.struck)
        if page is not None and forgotten and (held or not any(row in page.body for row in scene.rows)):
            continue  # the memory is gone, and no row asks for a ticket: it is looked for once one does
        if not shown and not re.search(rf"\b{ticket.key}\b", said):
            yield f"{ticket.key} (“{ticket.summary}”) stands on no page, and no finding names it"


def _words_kept(scene: Scene) -> Iterator[str]:
    late = scene.late_comments()
    for page in scene.pages:
        theirs = [version for version in page.versions if version.by != scene.writer][-1]
        had, has = (_said_in(each.title, each.body) for each in (theirs, page))
        for words in scene.words:
            if words in had and words not in has and words not in late:
                yield f"“{words}” is not on page {page.id} any more"


def _said_in(title: str, body: str) -> str:
    """All that a page says; the marks of comments by themselves, because they may stand within what is said."""
    return "\n".join([title, COMMENT.sub("", body), *COMMENT.findall(body)])


def _only_own_cells(scene: Scene) -> Iterator[str]:
    for page in scene.pages:
        for before, after in zip(page.versions, page.versions[1:], strict=False):
            if after.by != scene.writer:
                continue
            if before.title != after.title:
                yield f"version {after.number} of page {page.id} changed the title"
            was, became = (others_part(each.body) for each in (before, after))
            if was != became:
                yield f"version {after.number} of page {page.id} changed people's part: {was!r} became {became!r}"


def others_part(body: str) -> str:
    """The body without what belongs to the worker: two columns of each table, the end of each task, and its tick.

    A column that links tickets is the worker's under any header.

    Marks of inline comments are left out too, because they come into a version after it was saved; see ``words``.
    """
    root = storage_format.parse(body)
    _without_comments(root)
    for table in root.elements("table"):
        rows = list(table.elements("tr"))
        own = {
            place
            for place, cell in enumerate(rows[0].children)
            if isinstance(cell, Element) and (cell.text().strip() in OWN_COLUMNS or _links_tickets(rows, place))
        }
        for row in rows:
            row.children = [cell for place, cell in enumerate(row.children) if place not in own]
    for task in root.elements("ac:task"):
        for each in task.elements("ac:task-status"):
            each.children = []
        for each in task.elements("ac:task-body"):
            _without_own(each)
    return re.sub(r"\s+(?=</)", "", storage_format.render(root))


def _links_tickets(rows: Sequence[Element], place: int) -> bool:
    cells = [row.children[place] for row in rows if place < len(row.children)]
    links = [link for cell in cells if isinstance(cell, Element) for link in cell.elements("a")]
    return any(KEY.search(link.attributes.get("href", "")) for link in links)


def _without_own(element: Element) -> None:
    kept = []
    in_note = False
    for child in element.children:
        if not isinstance(child, Element) and in_note:
            continue
        in_note = (
            isinstance(child, Element)
            and child.attributes.get("ac:name") == "status"
            and child.text().startswith(NOTES)
        )
        if isinstance(child, Element):
            if KEY.search(child.attributes.get("href", "")) or child.attributes.get("ac:name") == "status":
                continue
            _without_own(child)
        kept.append(child)
    element.children = kept


def _without_comments(element: Element) -> None:
    children = []
    for child in element.children:
        if isinstance(child, Element):
            _without_comments(child)
        marker = isinstance(child, Element) and child.name == "ac:inline-comment-marker"
        children.extend(child.children if marker else [child])
    element.children = children


def _people_win_in_jira(scene: Scene) -> Iterator[str]:
    for ticket in scene.tickets():
        theirs: set[str] = set()
        for entry in ticket.history:
            if entry.by != scene.writer:
                theirs.add(entry.field)
            elif entry.field in theirs - scene.contested:
                yield f"{ticket.key}: a person's {entry.field} was overwritten"


def _statuses_shown(scene: Scene, last: Report, excuses: Collection[str]) -> Iterator[str]:
    """A row may show an old status where people wrote, or where the claims that knew the worker's own were lost; then
    a finding says which row it is, and what its ticket is by now.
    """
    forgotten = {"claims-deleted", "claims-copied"}.intersection(scene.struck)
    others = set(excuses) - {SHARED}
    for page, row, ticket, line in _pairs(scene):
        status = scene.jira.projects[ticket.project].status(ticket.status)
        colours = re.findall(r'ac:name="colour">(\w+)<', line)
        if COLOURS[status.category] in colours or _excused(page, row, last, others):
            continue
        theirs = forgotten or (SHARED in excuses and any(words in line for words in scene.words))
        if not theirs or not _told(page, row, f"{ticket.key} is {status.name}", last):
            yield f"row “{row}” of page {page.id} does not show {status.name} of {ticket.key}; {_said(page, last)}"


def _told(page: StoredPage, row: str, fact: str, last: Report) -> bool:
    """Whether a finding of that very row says what its cells do not."""
    findings = [f for each in last.pages if each.plan.page == page.id for f in each.plan.findings]
    return any(f.code == SHARED and row in (f.item or "") and fact in f.message for f in findings)


def _tickets_follow(scene: Scene) -> Iterator[str]:
    """Text and date of a row are those of its ticket, unless a person changed the ticket or it is done."""
    for _, row, ticket, line in _pairs(scene):
        theirs = {entry.field for entry in ticket.history if entry.by != scene.writer}
        if scene.jira.projects[ticket.project].status(ticket.status).category == "done":
            continue
        dates = set(re.findall(r'datetime="([^"]*)"', line))
        if "due" not in theirs and dates and str(ticket.due) not in dates:
            yield f"{ticket.key} is due {ticket.due}, and row “{row}” says {dates}"
        if "summary" not in theirs and not all(part in TAGS.sub("", line) for part in ticket.summary.split("; ")):
            yield f"{ticket.key} says “{ticket.summary}”, and row “{row}” does not: {TAGS.sub('', line)!r}"


def _pairs(scene: Scene) -> Iterator[tuple[StoredPage, str, Issue, str]]:
    """Page, action, ticket and markup of every row that shows a ticket of its own, where just one row does."""
    for ticket in scene.tickets():
        for page in scene.pages:
            if page.id == _origin(ticket).get("page"):
                holders = [
                    (row, line)
                    for row in scene.rows
                    for line in lines(page.body)
                    if row in line and ticket.key in KEY.findall(line)
                ]
                if len(holders) == 1:
                    yield page, holders[0][0], ticket, holders[0][1]


def _settled(last: Report, excuses: Collection[str]) -> Iterator[str]:
    if last.stopped or last.errors or last.exit not in (Exit.SETTLED, Exit.HELD):
        failed = [change.reason for page in last.pages for change in page.plan.changes if isinstance(change, Failed)]
        said = [f"{f.code}: {f.message}" for page in last.pages for f in page.plan.findings]
        yield f"the last pass ends with {last.exit!r}: {last.stopped} {last.errors} {failed} {said}"
    if last.exit is Exit.HELD and not {"table-shrunk"} & set(excuses):
        yield f"the last pass holds a page: {[f.message for page in last.pages for f in page.plan.findings]}"
