"""Two worlds with the same ports and the same people: the fakes, and the sandbox behind the adapters of production."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Protocol

from tests.fakes.wire import Fault as FakeFault
from tests.fakes.wire import Trouble, Wire
from tests.fakes.world import ALICE, NOOR, FakeWorld
from tests.passes.stage import Stage, known_as, person, stage
from worker.bootstrap import connected
from worker.sandbox.face import CLOUD
from worker.sandbox.faults import Fault
from worker.terms import Readers, Writers

SINCE = date(2020, 1, 1)
BODY = "<p>At 9 all payments failed.</p>"


class World(Protocol):
    """The four ports, and what people and admins do behind the worker's back; tickets are named by id or key."""

    readers: Readers
    writers: Writers
    alice: str
    noor: str
    """Noor may not be assigned."""
    lacks: frozenset[str]
    """What this deployment does not have: ``archive`` of single pages, the fault of ``twin properties``."""

    def write(self, title: str, body: str = BODY, *, labels: Sequence[str] = ("post-mortem",)) -> str: ...
    def person_saves(self, page: str, body: str) -> None: ...
    def body(self, page: str) -> str: ...
    def put_away(self, page: str) -> None: ...
    def status(self, page: str) -> str: ...
    def hide_page(self, page: str) -> None: ...
    def protect(self, page: str) -> None: ...
    def restrict(self, page: str) -> None: ...
    def twin_fault(self) -> None: ...
    def lag(self, *, pages: int = 0, tickets: int = 0) -> None: ...
    def advance(self, seconds: int) -> None: ...
    def lose(self, name: str, *, acted: bool) -> None: ...
    def person_creates(self, project: str, summary: str, *, labels: Sequence[str] = ()) -> str: ...
    def person_edits(self, ref: str, **values: Any) -> None: ...
    def transition(self, ref: str, status: str) -> None: ...
    def move_project(self, ref: str, project: str) -> str: ...
    def hide_ticket(self, ref: str) -> None: ...
    def delete(self, ref: str) -> None: ...
    def clone(self, ref: str, *, with_properties: bool) -> str: ...
    def all_keys(self) -> list[str]: ...


class Faked:
    """The fakes."""

    alice, noor = ALICE, NOOR
    lacks: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self._world = FakeWorld()
        self._wire = Wire()
        there = self._world.connect(self._wire)
        self.readers, self.writers = there.readers, there.writers
        self._confluence, self._jira = self._world.confluence, self._world.jira

    def write(self, title: str, body: str = BODY, *, labels: Sequence[str] = ("post-mortem",)) -> str:
        return self._confluence.create(title, body, labels)

    def person_saves(self, page: str, body: str) -> None:
        self._confluence.person_saves(page, body)

    def body(self, page: str) -> str:
        return self._confluence.body(page)

    def put_away(self, page: str) -> None:
        self._confluence.change(page, status="archived")

    def status(self, page: str) -> str:
        return self._confluence.status(page)

    def hide_page(self, page: str) -> None:
        self._confluence.change(page, hidden=True)

    def protect(self, page: str) -> None:
        self._confluence.change(page, read_only=True)

    def restrict(self, page: str) -> None:
        self._confluence.change(page, restricted=True)

    def twin_fault(self) -> None:
        self._confluence.twin_fault = True

    def lag(self, *, pages: int = 0, tickets: int = 0) -> None:
        self._confluence.index.lag, self._jira.index.lag = pages, tickets

    def advance(self, seconds: int) -> None:
        self._world.clock.tick(seconds)

    def lose(self, name: str, *, acted: bool) -> None:
        self._wire.troubles.append(FakeFault(Trouble.LOST if acted else Trouble.NEVER, name))

    def person_creates(self, project: str, summary: str, *, labels: Sequence[str] = ()) -> str:
        return self._jira.person_creates(project, summary, labels).key

    def person_edits(self, ref: str, **values: Any) -> None:
        self._jira.person_edits(ref, **values)

    def transition(self, ref: str, status: str) -> None:
        self._jira.person_edits(ref, status=status)

    def move_project(self, ref: str, project: str) -> str:
        return self._jira.move_project(ref, project)

    def hide_ticket(self, ref: str) -> None:
        self._jira.hide(ref)

    def delete(self, ref: str) -> None:
        self._jira.delete(ref)

    def clone(self, ref: str, *, with_properties: bool) -> str:
        return self._jira.clone(ref, with_properties=with_properties).key

    def all_keys(self) -> list[str]:
        return [each.ticket.key for each in self._jira.tickets.values()]


class Served:
    """One face of the sandbox over HTTP, through the adapters of its deployment."""

    def __init__(self, scene: Stage, readers: Readers, writers: Writers) -> None:
        self.readers, self.writers = readers, writers
        self._scene, self._sandbox = scene, scene.sandbox
        self.alice, self.noor = (known_as(name, self._sandbox) for name in ("Alice Moreau", "Noor Visiting"))
        self._alice = person("Alice Moreau", self._sandbox)
        on_cloud = self._sandbox.world.face is CLOUD
        self.lacks = frozenset() if on_cloud else frozenset({"archive", "twin properties"})

    def _confluence(self, name: str, *args: Any, **more: Any) -> Any:
        return self._sandbox.run(lambda: getattr(self._sandbox.confluence, name)(*args, **more))

    def _jira(self, name: str, *args: Any, **more: Any) -> Any:
        return self._sandbox.run(lambda: getattr(self._sandbox.jira, name)(*args, **more))

    def write(self, title: str, body: str = BODY, *, labels: Sequence[str] = ("post-mortem",)) -> str:
        return self._confluence("create_page", "PAY", title, body, self._alice, labels=labels).id

    def person_saves(self, page: str, body: str) -> None:
        self._confluence("person_saves", page, body, self._alice)

    def body(self, page: str) -> str:
        return self._sandbox.confluence.page(page).body

    def put_away(self, page: str) -> None:
        self._confluence("trash" if "archive" in self.lacks else "archive", page)

    def status(self, page: str) -> str:
        return self._sandbox.confluence.page(page).status

    def hide_page(self, page: str) -> None:
        self._confluence("restrict", page, readers=[self._alice])

    def protect(self, page: str) -> None:
        self._confluence("restrict", page, editors=[self._alice])

    def restrict(self, page: str) -> None:
        self._confluence("restrict", page, readers=[self._alice, self._sandbox.world.worker.account_id])

    def twin_fault(self) -> None:
        self._sandbox.confluence.duplicate_property_rows = True

    def lag(self, *, pages: int = 0, tickets: int = 0) -> None:
        self._sandbox.settings.confluence_lag_seconds, self._sandbox.settings.jira_lag_seconds = pages, tickets

    def advance(self, seconds: int) -> None:
        self._sandbox.world.clock.advance(seconds=seconds)

    def lose(self, name: str, *, acted: bool) -> None:
        self._sandbox.faults.append(Fault(self._scene.route(name), "drop", when="after" if acted else "before"))

    def person_creates(self, project: str, summary: str, *, labels: Sequence[str] = ()) -> str:
        values = {"type": "10001", "summary": summary, "labels": tuple(labels)}
        return self._jira("create", self._sandbox.jira.projects[project], self._alice, values, {}).key

    def person_edits(self, ref: str, **values: Any) -> None:
        self._jira("person_edits", ref, **values)

    def transition(self, ref: str, status: str) -> None:
        self._jira("transition", ref, status)

    def move_project(self, ref: str, project: str) -> str:
        return self._jira("move_issue", ref, project)

    def hide_ticket(self, ref: str) -> None:
        self._jira("hide", ref, self._sandbox.world.worker.account_id)

    def delete(self, ref: str) -> None:
        self._jira("delete_issue", ref)

    def clone(self, ref: str, *, with_properties: bool) -> str:
        return self._jira("clone_issue", ref, with_properties=with_properties).key

    def all_keys(self) -> list[str]:
        return [issue.key for issue in self._sandbox.jira.issues.values()]


@contextmanager
def served(deployment: str) -> Iterator[Served]:
    """A sandbox for the time of a test."""
    with stage(deployment) as scene, connected(scene.settings) as world:
        yield Served(scene, world.readers, world.writers())
