"""A stage on which people and the weather act: what is on it, and what people may do to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial

from tests.passes.stage import Stage
from worker.remote.clock import steady
from worker.sandbox import storage_format
from worker.sandbox.confluence_state import Confluence
from worker.sandbox.issues import Issue
from worker.sandbox.jira_state import Jira
from worker.sandbox.pages import StoredPage
from worker.settings import Settings, load_settings

LAG = 20
"""Seconds: SEARCH_LAG_SECONDS of every pass. Nobody waits for them; the sandbox's clock is moved on."""

OWN_COLUMNS = frozenset({"Ticket", "Status"})
"""Headers of the columns that belong to the worker, in every scenario."""


@dataclass
class Scene:
    """One stage with its pages; ``rows`` are the actions that are to have one ticket each, all different."""

    stage: Stage
    pages: list[StoredPage]
    rows: list[str]
    words: list[str] = field(default_factory=list)
    """What people wrote on the way: as long as their own newest version has it, the page must have it."""
    contested: set[str] = field(default_factory=set)
    """Fields of tickets that people changed on the page and in Jira: there the mapping decides."""
    afterwards: list[Callable[[], object]] = field(default_factory=list)
    """What ends the trouble."""
    struck: list[str] = field(default_factory=list)
    """Names of the disturbances that came to pass, in order."""
    comments: dict[str, int] = field(default_factory=dict)
    """Inline comments by their mark, with how many requests had been served then."""
    lag: int = LAG
    """Seconds: SEARCH_LAG_SECONDS of the passes to come."""
    skipped: float = 0.0
    """Seconds that passed for everybody without anybody waiting for them."""
    crowded: bool = False
    """Two workers are at it, so requests do not tell who read what last."""

    @property
    def confluence(self) -> Confluence:
        return self.stage.sandbox.confluence

    @property
    def jira(self) -> Jira:
        return self.stage.sandbox.jira

    @property
    def page(self) -> StoredPage:
        """The page that people work on."""
        return self.pages[0]

    @property
    def row(self) -> str:
        """The row that people work on."""
        return self.rows[0]

    @property
    def writer(self) -> str:
        """Account id of the worker."""
        return self.stage.sandbox.world.worker.account_id

    @cached_property
    def somebody(self) -> str:
        """Account id of whoever edits."""
        return self.stage.sandbox.world.people.named("Bob Lindqvist").account_id

    @property
    def variables(self) -> dict[str, str]:
        """The environment of a worker."""
        return {**self.stage.variables, "SEARCH_LAG_SECONDS": str(self.lag), "CONCURRENCY": "1"}

    @property
    def settings(self) -> Settings:
        """What the passes of this scene are set to."""
        return load_settings(self.variables, env_file=None)

    def tickets(self) -> list[Issue]:
        """The tickets that the worker made, oldest first."""
        return [issue for issue in self.jira.issues.values() if issue.reporter == self.writer]

    def clock(self) -> float:
        """Seconds, as a worker's own clock counts them."""
        return steady() + self.skipped

    def advance(self, seconds: float = 2 * LAG) -> None:
        """Lets time pass, for the products and for a worker that is in the middle of something."""
        self.stage.sandbox.world.clock.advance(seconds=seconds)
        self.skipped += seconds

    def calm(self) -> None:
        """Ends all trouble."""
        self.stage.sandbox.faults.clear()
        for end in reversed(self.afterwards):
            self.stage.sandbox.run(end)
        self.afterwards.clear()

    def late_comments(self) -> set[str]:
        """Comments made between a worker's last read of the page and its save.

        A comment changes the body and not the version, so Confluence takes that save, and nobody can tell beforehand.
        """
        late = set()
        for mark, served in self.comments.items():
            of_page = (
                each
                for each in self.stage.sandbox.requests[served:]
                if re.search(rf"/(pages|content)/{self.page.id}$", each.path)
            )
            following = next(of_page, None)
            if self.crowded or (following is not None and following.method == "PUT"):
                late.add(mark)
        return late

    # -- what people do on the page ----------------------------------------------------------------------------------

    def saves(self, body: str) -> bool:
        """A person saves this body; whether it was anything new."""
        if body == self.page.body:
            return False
        self.confluence.person_saves(self.page.id, body, self.somebody)
        return True

    def replaces(self, pattern: str, new: str | Callable[[re.Match[str]], str]) -> bool:
        """A person changes the first place that matches; whether there was one."""
        return self.saves(re.sub(pattern, new, self.page.body, count=1, flags=re.DOTALL))

    def says(self, words: str) -> str:
        """Words of a person, which are to be found on the page later."""
        self.words.append(words)
        return words

    def line(self, action: str) -> str:
        """A pattern for the row or task that starts with this action."""
        row = rf"<tr\b[^>]*>(?:(?!</?tr\b).)*?{action}(?:(?!</tr>).)*</tr>"
        task = rf"<ac:task>(?:(?!</ac:task>).)*?{action}(?:(?!</ac:task>).)*</ac:task>"
        return f"{row}|{task}"

    def sign_out(self) -> None:
        """The worker's tokens expire."""
        world = self.stage.sandbox.world
        for tokens in (world.worker.tokens, *world.worker.access_tokens.values()):
            before = dict(tokens)
            tokens.update(dict.fromkeys(before, world.clock.now()))
            self.afterwards.append(partial(tokens.update, before))


def lines(body: str) -> list[str]:
    """The markup of every row and task."""
    root = storage_format.parse(body)
    return [
        storage_format.render(storage_format.Element("", {}, [each]))
        for name in ("tr", "ac:task")
        for each in root.elements(name)
    ]
