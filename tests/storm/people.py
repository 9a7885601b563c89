"""What people do to pages, tickets and claims while the worker is at work; each tells whether it could be done."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tests.storm.scene import Scene
from worker.sandbox.index import LaggingIndex
from worker.sandbox.issues import Issue
from worker.sandbox.pages import PageProperty

CLAIMS = "postmortem-sync"


def adds_paragraph(scene: Scene) -> bool:
    return scene.saves(scene.page.body + f"<p>{scene.says('Alice has the logs &mdash; ask her')}</p>")


def adds_row(scene: Scene) -> bool:
    body, action = scene.page.body, "Order a new disk"
    if action in body:
        return False
    row = "<tr>" + f"<td><p>{action}</p></td>" + "<td><p></p></td>" * (body.count("<th") - 1) + "</tr></tbody>"
    task = f"<ac:task><ac:task-status>incomplete</ac:task-status><ac:task-body>{action}</ac:task-body></ac:task></ac:task-list>"
    if not (scene.replaces("</tbody>", row) or scene.replaces("</ac:task-list>", task)):
        return False
    scene.rows.append(action)
    scene.says(action)
    return True


def rewords_row(scene: Scene) -> bool:
    new = f"{scene.row} and page the lead"
    scene.contested.add("summary")
    if new in scene.page.body or not scene.replaces(scene.row, new):
        return False
    scene.says(new)
    return True


def dates_row(scene: Scene) -> bool:
    scene.contested.add("due")
    return scene.replaces("2027-01-15", scene.says("2027-05-05"))


def removes_row(scene: Scene) -> bool:
    return scene.replaces(scene.line(scene.row), "")


def copies_row(scene: Scene) -> bool:
    return scene.replaces(scene.line(scene.row), lambda found: found[0] * 2)


def reorders_rows(scene: Scene) -> bool:
    if len(scene.rows) < 2:
        return False
    first, second = scene.line(scene.rows[0]), scene.line(scene.rows[1])
    return scene.replaces(f"({first})(.*?)({second})", lambda found: found[3] + found[2] + found[1])


def writes_in_ticket_cell(scene: Scene) -> bool:
    """In the last cell but one, which is the ticket cell of a table with a status; behind the text of a task."""
    words = "ask Bob first"

    def with_words(found):
        row = found[0]
        if "<ac:task-body>" in row:
            return row.replace("</ac:task-body>", f"<p>{words}</p></ac:task-body>")
        head, cell, tail = row.rpartition("</td>")
        before, middle, last = head.rpartition("</td>")
        return f"{before}<p>{words}</p>{middle}{last}{cell}{tail}" if middle else row

    if not ("<th" not in scene.page.body or "Ticket" in scene.page.body) or not scene.replaces(
        scene.line(scene.row), with_words
    ):
        return False
    scene.says(words)
    return True


def clears_key(scene: Scene) -> bool:
    """In a task together with the status behind it: a status without a key is part of the task's words."""
    key, status = (
        r'<a href="[^"]*/browse/[^"]*"[^>]*>[^<]*</a>',
        r'( *<ac:structured-macro ac:name="status".*?</ac:structured-macro>)?',
    )
    return scene.replaces(key + (status if "<ac:task>" in scene.page.body else ""), "")


def rewords_header(scene: Scene) -> bool:
    return scene.replaces("<strong>Owner</strong>", f"<strong>{scene.says('Who (owner)')}</strong>")


def rewords_ticket_header(scene: Scene) -> bool:
    return scene.replaces("<strong>Ticket</strong>", f"<strong>{scene.says('Remarks of the team')}</strong>")


def removes_everything(scene: Scene) -> bool:
    return scene.replaces(r"<table.*?</table>|<ac:task-list.*?</ac:task-list>", "")


def renames(scene: Scene) -> bool:
    title = scene.says("Outage, renamed")
    if scene.page.title == title:
        return False
    scene.confluence.person_saves(scene.page.id, scene.page.body, scene.somebody, title=title)
    return True


def moves_page(scene: Scene) -> bool:
    """Below another page, or to the top."""
    page = scene.page
    parent = next((each.id for each in scene.pages[1:] if each.id != page.parent and each.status == "current"), None)
    if parent == page.parent:
        return False
    scene.confluence.move_page(page.id, parent)
    return True


def takes_label_off(scene: Scene) -> bool:
    if "post-mortem" not in scene.page.labels:
        return False
    scene.confluence.remove_label(scene.page.id, "post-mortem", scene.somebody)
    scene.afterwards.append(lambda: scene.confluence.add_labels(scene.page.id, ["post-mortem"], scene.somebody))
    return True


def archives(scene: Scene) -> bool:
    return _away(scene, "archived")


def trashes(scene: Scene) -> bool:
    return _away(scene, "trashed")


def _away(scene: Scene, status: str) -> bool:
    page = scene.page
    if page.status != "current":
        return False
    (scene.confluence.archive if status == "archived" else scene.confluence.trash)(page.id)
    scene.afterwards.append(lambda: scene.confluence.unarchive(page.id))
    return True


def restricts_reading(scene: Scene) -> bool:
    scene.confluence.restrict(scene.page.id, readers=[scene.somebody])
    scene.afterwards.append(lambda: scene.confluence.restrict(scene.page.id))
    return True


def restricts_editing(scene: Scene) -> bool:
    scene.confluence.restrict(scene.page.id, editors=[scene.somebody])
    scene.afterwards.append(lambda: scene.confluence.restrict(scene.page.id))
    return True


def restores_first_version(scene: Scene) -> bool:
    scene.confluence.restore_version(scene.page.id, 1, scene.somebody)
    return True


def restores_version_before(scene: Scene) -> bool:
    number = scene.page.version.number
    if number < 2:
        return False
    scene.confluence.restore_version(scene.page.id, number - 1, scene.somebody)
    return True


def comments(scene: Scene) -> bool:
    """On a word of the row. Between the last read and the save nobody can tell; see ``late_comments``."""
    if scene.row not in scene.page.body:
        return False
    mark = scene.confluence.comment_inline(scene.page.id, scene.row.split()[-1])
    scene.comments[scene.says(mark)] = len(scene.stage.sandbox.requests)
    return True


def ticks(scene: Scene) -> bool:
    if "<ac:task-id>1</ac:task-id>" not in scene.page.body:
        return False
    scene.confluence.person_ticks(scene.page.id, "1", scene.somebody)
    scene.contested.add("status")  # a tick asks for done, whoever moved the ticket meanwhile
    return True


def copies_page(scene: Scene) -> bool:
    scene.pages.append(scene.confluence.copy_page(scene.page.id, f"Copy {len(scene.pages)}", scene.somebody))
    return True


def copies_page_with_properties(scene: Scene) -> bool:
    copy = scene.confluence.copy_page(scene.page.id, f"Copy {len(scene.pages)}", scene.somebody, with_properties=True)
    scene.pages.append(copy)
    return True


def _ticket(scene: Scene) -> Issue | None:
    return next(iter(scene.tickets()), None)


def dates_ticket(scene: Scene) -> bool:
    ticket = _ticket(scene)
    if ticket is not None:
        scene.jira.person_edits(ticket.key, due="2027-09-09")
    return ticket is not None


def moves_ticket_on(scene: Scene) -> bool:
    ticket = _ticket(scene)
    if ticket is not None:
        scene.jira.transition(ticket.key, "In Review")
    return ticket is not None


def deletes_ticket(scene: Scene) -> bool:
    ticket = _ticket(scene)
    if ticket is not None:
        scene.jira.delete_issue(ticket.key)
    return ticket is not None


def moves_ticket_elsewhere(scene: Scene) -> bool:
    ticket = _ticket(scene)
    if ticket is not None:
        scene.jira.move_issue(ticket.key, "OPS")
    return ticket is not None


def hides_ticket(scene: Scene) -> bool:
    """One that the claims know: that a lost one can be read by its key is the assumption that users are told."""
    ticket, claims = _ticket(scene), scene.page.with_key(CLAIMS)
    if ticket is None or not claims or str(ticket.id) not in repr(claims[0].value):
        return False
    scene.jira.hide(ticket.key, scene.writer)
    scene.afterwards.append(ticket.hidden_from.clear)
    return True


def clones_ticket(scene: Scene) -> bool:
    ticket = _ticket(scene)
    if ticket is not None:
        scene.jira.clone_issue(ticket.key, scene.somebody)
    return ticket is not None


def clones_ticket_with_properties(scene: Scene) -> bool:
    ticket = _ticket(scene)
    if ticket is not None:
        scene.jira.clone_issue(ticket.key, scene.somebody, with_properties=True)
    return ticket is not None


def forbids_creating(scene: Scene) -> bool:
    project = scene.jira.projects["PAY"]
    project.creators = set()
    scene.afterwards.append(lambda: setattr(project, "creators", None))
    return True


def signs_worker_out(scene: Scene) -> bool:
    scene.sign_out()
    return True


def hides_expands(scene: Scene) -> bool:
    """Search leaves out what it was asked to bring along; as long as it does, a page counts as restricted."""
    settings = scene.stage.sandbox.settings
    settings.search_answers_expands = False
    scene.afterwards.append(lambda: setattr(settings, "search_answers_expands", True))
    return True


def makes_search_forget(scene: Scene) -> bool:
    """Each product's search knows every other time nothing of what it found the time before."""
    products = (scene.confluence, scene.jira)
    for product in products:
        steady = product.index
        product.index = Forgetful(steady)
        scene.afterwards.append(lambda product=product, steady=steady: setattr(product, "index", steady))
    return True


class Forgetful(LaggingIndex):
    """An index that answers every other question with nothing."""

    def __init__(self, behind: LaggingIndex) -> None:
        self._behind = behind
        self._asked = 0

    def record(self, id: str, snapshot: object, at: datetime) -> None:
        self._behind.record(id, snapshot, at)

    def seen(self, now: datetime, lag_seconds: float) -> list:
        self._asked += 1
        return self._behind.seen(now, lag_seconds) if self._asked % 2 else []


def deletes_claims(scene: Scene) -> bool:
    """Until the worker has written them anew, what it knew is only in the keys on the page and in Jira."""
    found = scene.page.with_key(CLAIMS)
    for each in found:
        scene.confluence.remove_property(scene.page.id, each.id, scene.somebody)
    return bool(found)


def corrupts_claims(scene: Scene) -> bool:
    return _overwrites_claims(scene, {"v": 1, "items": "?"})


def writes_claims_of_a_newer_version(scene: Scene) -> bool:
    return _overwrites_claims(scene, {"v": 2, "whatever": "it holds"})


def writes_claims_of_an_older_version(scene: Scene) -> bool:
    """There never was one, so nobody can read it."""
    return _overwrites_claims(scene, {"v": 0, "rows": []})


def _overwrites_claims(scene: Scene, value: object) -> bool:
    """In the end somebody puts back what was there, as the findings advise."""
    page = scene.page
    found = page.with_key(CLAIMS)
    if not found:
        return False
    _put(page.properties, found[0], value)

    def mend() -> None:
        there = next(iter(page.with_key(CLAIMS)), None)
        if there is not None and there.value == value:
            _put(page.properties, there, found[0].value)
            scene.confluence._indexed(page)

    scene.confluence._indexed(page)
    scene.afterwards.append(mend)
    return True


def _put(properties: dict[str, PageProperty], there: PageProperty, value: object) -> None:
    properties[there.id] = replace(there, value=value, version=there.version + 1)


def copies_claims(scene: Scene) -> bool:
    """Onto another page of the team, over its own if it has any: a script gone wrong."""
    found = scene.page.with_key(CLAIMS)
    if len(scene.pages) < 2 or not found:
        return False
    other = scene.pages[1]
    theirs = other.with_key(CLAIMS)
    if theirs:
        _put(other.properties, theirs[0], found[0].value)
    else:
        scene.confluence.add_property(other.id, CLAIMS, found[0].value, scene.somebody)
    scene.confluence._indexed(other)
    return True
