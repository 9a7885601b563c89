"""Everything that may disturb a pass, as values with a name, an effect, and what the effect excuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from tests.storm import people
from tests.storm.scene import LAG, Scene
from worker.sandbox.faults import Fault

Kind = Literal["wire", "person", "memory", "condition", "time", "crowd", "process", "kill"]


DEADLINE = 840
"""Seconds: DEADLINE_SECONDS where nobody sets it."""


@dataclass(frozen=True)
class Disturbance:
    """One kind of trouble. ``arm`` prepares it to strike at the request of that number, from 1; a condition holds from
    the start. ``excuses`` are codes of findings with which a row may be without ticket, or a page unfinished, in the end.
    """

    name: str
    kind: Kind
    arm: Callable[[Scene, int], None]
    excuses: frozenset[str] = frozenset()
    once: bool = True
    """Strikes one request, and not several in a row."""


def _wire(name: str, do: str, when: Literal["before", "after"], times: int = 1) -> Disturbance:
    def arm(scene: Scene, number: int) -> None:
        faults = scene.stage.sandbox.faults
        faults.append(Fault(("*", "."), do, when=when, nth=number, times=times))
        faults.append(Fault(("*", "."), lambda: scene.struck.append(name), when=when, nth=number))

    return Disturbance(name, "wire", arm, once=times == 1)


def _deed(name: str, kind: Kind, do: Callable[[Scene], bool], *excuses: str) -> Disturbance:
    """Something that happens between two requests; ``do`` says whether it could."""

    def arm(scene: Scene, number: int) -> None:
        def strike() -> None:
            if do(scene):
                scene.struck.append(name)

        scene.stage.sandbox.faults.append(Fault(("*", "."), strike, nth=number))

    return Disturbance(name, kind, arm, frozenset(excuses))


def _condition(name: str, do: Callable[[Scene], object]) -> Disturbance:
    def arm(scene: Scene, number: int) -> None:
        do(scene)
        scene.struck.append(name)

    return Disturbance(name, "condition", arm)


def _left_to_the_trial(scene: Scene, number: int) -> None:
    """Who runs the passes sees to it."""


WIRE = (
    *(
        _wire(f"{name}-{when}", do, when)
        for name, do in (
            ("cut", "drop"),
            ("500", "status:500"),
            ("502", "status:502"),
            ("503", "status:503"),
            ("504", "status:504"),
            ("html", "html"),
            ("login", "redirect"),
            ("garbage", "garbage"),
        )
        for when in ("before", "after")
    ),
    _wire("half", "half", "after"),
    *(
        _wire(f"429-{name}", f"busy:{said}", "before", 2)
        for name, said in (
            ("zero", "0"),
            ("minute", "60"),
            ("date", "Thu, 26 Nov 2026 08:00:41 GMT"),
            ("date-past", "Wed, 25 Nov 1998 08:00:00 GMT"),
            ("quota", "86400"),
            ("absurd", "99999999999999999999"),
            ("nonsense", "soon"),
        )
    ),
    _wire("429", "status:429", "before"),
    _wire("429-bare", "busy", "before"),
    _wire("429-burst", "status:429", "before", 3),
    _wire("429-storm", "status:429", "before", 30),
    _wire("503-burst", "status:503", "before", 3),
    _wire("503-storm", "status:503", "before", 30),
    _wire("503-storm-after", "status:503", "after", 30),
    _wire("cut-storm", "drop", "before", 30),
    _wire("cut-storm-after", "drop", "after", 30),
)

PERSON = (
    _deed("paragraph", "person", people.adds_paragraph),
    _deed("other-row", "person", people.adds_row),
    _deed("very-row", "person", people.rewords_row),
    _deed("very-row-date", "person", people.dates_row),
    _deed("row-removed", "person", people.removes_row),
    _deed("row-copied", "person", people.copies_row, "row-ambiguous", "duplicate-row"),
    _deed("rows-reordered", "person", people.reorders_rows),
    _deed("own-cell-words", "person", people.writes_in_ticket_cell, "row-shared-cell"),
    _deed("key-cleared", "person", people.clears_key),
    _deed("header", "person", people.rewords_header),
    _deed("ticket-header", "person", people.rewords_ticket_header),
    _deed("table-removed", "person", people.removes_everything, "table-shrunk"),
    _deed("renamed", "person", people.renames),
    _deed("moved", "person", people.moves_page),
    _deed("unlabelled", "person", people.takes_label_off),
    _deed("archived", "person", people.archives),
    _deed("trashed", "person", people.trashes),
    _deed("restricted", "person", people.restricts_reading),
    _deed("locked", "person", people.restricts_editing),
    _deed("restored", "person", people.restores_first_version),
    _deed("restored-before", "person", people.restores_version_before),
    _deed("comment", "person", people.comments),
    _deed("ticked", "person", people.ticks),
    _deed("page-copied", "person", people.copies_page, "page-copied"),
    _deed("page-copied-whole", "person", people.copies_page_with_properties, "page-copied"),
    _deed("ticket-dated", "person", people.dates_ticket),
    _deed("ticket-moved-on", "person", people.moves_ticket_on),
    _deed("ticket-deleted", "person", people.deletes_ticket, "ticket-not-visible"),
    _deed("ticket-elsewhere", "person", people.moves_ticket_elsewhere),
    _deed("ticket-hidden", "person", people.hides_ticket),
    _deed("ticket-cloned", "person", people.clones_ticket),
    _deed("ticket-cloned-whole", "person", people.clones_ticket_with_properties),
    _deed("may-not-create", "person", people.forbids_creating, "field-refused"),
    _deed("signed-out", "person", people.signs_worker_out),
)

MEMORY = (
    _deed("claims-deleted", "memory", people.deletes_claims, "row-ambiguous"),
    _deed("claims-corrupted", "memory", people.corrupts_claims),
    _deed("claims-newer", "memory", people.writes_claims_of_a_newer_version),
    _deed("claims-older", "memory", people.writes_claims_of_an_older_version),
    _deed("claims-copied", "memory", people.copies_claims),
)

CONDITION = (
    _condition("jira-search-lags", lambda scene: setattr(scene.stage.sandbox.settings, "jira_lag_seconds", 0.9 * LAG)),
    _condition(
        "confluence-search-lags",
        lambda scene: setattr(scene.stage.sandbox.settings, "confluence_lag_seconds", 0.9 * LAG),
    ),
    _condition("search-forgets", people.makes_search_forget),
    _condition("no-expands", people.hides_expands),
    _condition("double-properties", lambda scene: setattr(scene.confluence, "duplicate_property_rows", True)),
    _condition("no-local-ids", lambda scene: setattr(scene.confluence, "local_ids", False)),
)

TIME = (
    _deed("slow", "time", lambda scene: scene.advance(0.4 * LAG) or True),
    _deed("very-slow", "time", lambda scene: scene.advance(0.8 * LAG) or True),
    _deed("overdue", "time", lambda scene: scene.advance(DEADLINE) or True),
)
"""So long it takes until a request is answered; the last is beyond the deadline of the pass."""

CROWD = tuple(
    Disturbance(name, "crowd", _left_to_the_trial) for name in ("rival-pass", "rival-passes", "lockstep", "together")
)
"""A second worker: a whole pass of it after that request; passes of it until it knows that the first one makes nothing
any more, while that one is halted; both by turns, the number being the seed of who is next; both started in the same
instant, the number counting the tries."""

PROCESS = tuple(Disturbance(name, "process", _left_to_the_trial) for name in ("halted", "terminated"))
"""The worker is a process of its own, and is halted for longer than the lag or told to end after that request."""

KILL = tuple(Disturbance(f"killed-{when}", "kill", _left_to_the_trial) for when in ("before", "after"))
"""The worker is a process of its own, and dies before or after that request was served."""

DISTURBANCES = {each.name: each for each in chain(WIRE, PERSON, MEMORY, CONDITION, TIME, CROWD, PROCESS, KILL)}
"""Every disturbance by its name."""
