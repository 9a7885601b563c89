"""What a pass is about when trouble comes: each scenario sets a scene, up to the moment before that pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.passes.stage import Stage, mention, person, table
from tests.storm.passes import one_pass
from tests.storm.scene import LAG, Scene
from worker.model.claim import Claim, Claims
from worker.reconcile.claims import KEY, PER_PROPERTY, decode, encode
from worker.sandbox.faults import Fault

ROWS = ("Add an alert", "Write the runbook", "Rotate the key")
DUE = '<time datetime="2027-01-15" />'


def _table(*rows: str) -> str:
    return (
        "<p>What went wrong.</p>"
        + table(*((row, "", DUE, "", "") for row in rows))
        + "<p>Thanks to all &amp; &nbsp;everyone.</p>"
    )


def _tasks(*texts: str) -> str:
    tasks = "".join(
        f"<ac:task><ac:task-id>{number}</ac:task-id><ac:task-status>incomplete</ac:task-status>"
        f"<ac:task-body><span>{text}</span></ac:task-body></ac:task>"
        for number, text in enumerate(texts, 1)
    )
    return f"<h2>Action items</h2><ac:task-list>{tasks}</ac:task-list><p>The end.</p>"


def _scene(stage: Stage, *bodies: str, rows: tuple[str, ...]) -> Scene:
    pages = [stage.page(body, title=f"Outage {number}") for number, body in enumerate(bodies, 1)]
    scene = Scene(stage, pages, list(rows))
    scene.advance()
    return scene


def first_sync(stage: Stage) -> Scene:
    """A table with ticket and status columns, and no ticket yet."""
    return _scene(stage, _table(*ROWS), rows=ROWS)


def no_ticket_column(stage: Stage) -> Scene:
    """A table that is to get a ticket column."""
    alice = mention(person("Alice Moreau", stage.sandbox))
    body = table((ROWS[0], alice, DUE), (ROWS[1], "", ""), header=("Action", "Owner", "Due"))
    return _scene(stage, f"{body}<p>The end.</p>", rows=ROWS[:2])


def task_list(stage: Stage) -> Scene:
    """Tasks without tickets."""
    return _scene(stage, _tasks(*ROWS[:2]), rows=ROWS[:2])


def two_pages(stage: Stage) -> Scene:
    """Two pages without tickets."""
    return _scene(
        stage,
        _table(*ROWS[:2]),
        _table("Check the backups", "Call the vendor"),
        rows=(*ROWS[:2], "Check the backups", "Call the vendor"),
    )


def _tracked(stage: Stage, body: str, rows: tuple[str, ...]) -> Scene:
    scene = _scene(stage, body, rows=rows)
    one_pass(scene)
    scene.advance()
    return scene


def statuses(stage: Stage) -> Scene:
    """Tickets whose statuses moved."""
    scene = _tracked(stage, _table(*ROWS), ROWS)
    scene.jira.transition("PAY-1", "In Progress")
    scene.jira.transition("PAY-3", "Done")
    scene.advance()
    return scene


def following(stage: Stage) -> Scene:
    """Rows that were changed after their tickets were made."""
    scene = _tracked(stage, _table(*ROWS), ROWS)
    scene.replaces("2027-01-15", "2027-02-28")
    scene.replaces("Write the runbook", "Write the runbook for refunds")
    scene.contested |= {"due", "summary"}
    scene.advance()
    return scene


def ticking(stage: Stage) -> Scene:
    """One task that a person ticked, and one whose ticket is done in Jira."""
    scene = _tracked(stage, _tasks(*ROWS[:2]), ROWS[:2])
    scene.jira.transition("PAY-1", "In Progress")
    scene.advance()
    one_pass(scene)
    scene.confluence.person_ticks(scene.page.id, "1", scene.somebody)
    scene.contested.add("status")
    scene.jira.transition("PAY-2", "Done")
    scene.advance()
    return scene


def mixed(stage: Stage) -> Scene:
    """A tracked row, a new one, one that a person linked to a ticket, and one that the team declined."""
    scene = _tracked(stage, _table(ROWS[0]), ROWS[:2])
    alice = scene.stage.sandbox.world.people.named("Alice Moreau").account_id
    project = scene.jira.projects["PAY"]
    linked = scene.jira.create(project, alice, {"summary": "Old ticket", "type": "10001"}, {})
    cells = (
        ("Write the runbook", "", "", "", ""),
        ("Look at it", "", "", linked.key, ""),
        ("Buy a pony", "", "", "", "not doing"),
    )
    more = "".join("<tr>" + "".join(f"<td><p>{cell}</p></td>" for cell in row) + "</tr>" for row in cells)
    scene.replaces("</tbody>", more + "</tbody>")
    scene.advance()
    return scene


def full_claims(stage: Stage) -> Scene:
    """A page of which so much is remembered that the next row's claim goes into a second property."""
    scene = _tracked(stage, _table(ROWS[0]), ROWS[:2])
    page = scene.page
    (found,) = page.with_key(KEY)
    known = decode([found.value], site=stage.sandbox.confluence_url, page=page.id)
    assert isinstance(known, Claims)
    old = tuple(Claim(f"{number:010x}", None, f"{number:016x}", f"{number:016x}") for number in range(PER_PROPERTY - 1))
    (value,) = encode(replace(known, items=(*known.items, *old)))
    scene.confluence.replace_property(page.id, found.id, KEY, value, found.version + 1, scene.writer)
    scene.replaces("</tbody>", f"<tr><td><p>{ROWS[1]}</p></td>{'<td><p></p></td>' * 4}</tr></tbody>")
    scene.advance()
    return scene


def _open(stage: Stage, when: str, seconds: float) -> Scene:
    scene = _scene(stage, _table(*ROWS), rows=ROWS)
    stage.sandbox.faults.append(Fault(stage.route("create"), "drop", when=when))
    one_pass(scene)
    stage.sandbox.faults.clear()
    scene.advance(seconds)
    return scene


def lost_answer(stage: Stage) -> Scene:
    """Open claims whose tickets exist."""
    return _open(stage, "after", 2 * LAG)


def lost_question(stage: Stage) -> Scene:
    """Open claims whose tickets were never made, long ago."""
    return _open(stage, "before", 2 * LAG)


def lost_question_lately(stage: Stage) -> Scene:
    """Open claims whose tickets were never made, a moment ago."""
    return _open(stage, "before", 1)


_PREPARED = (
    first_sync, no_ticket_column, task_list, two_pages, statuses, following, ticking, mixed, full_claims,
    lost_answer, lost_question, lost_question_lately,
)  # fmt: skip


@dataclass(frozen=True)
class Scenario:
    """What a pass finds, and on which face of the sandbox."""

    deployment: str
    prepare: Callable[[Stage], Scene]


SCENARIOS: dict[str, Scenario] = {
    prefix + prepare.__name__.replace("_", "-"): Scenario(deployment, prepare)
    for deployment, prefix in (("cloud", ""), ("datacenter", "datacenter."))
    for prepare in _PREPARED
}
"""Every scenario by its name: on Cloud, and behind a prefix on Data Center."""
