"""Gets the answers that a first mapping needs: from the command line, the site, or the person who is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Protocol, TypeVar

from worker.errors import ConfigurationError
from worker.init.proposal import chosen_label
from worker.init.wanted import Given, Wanted
from worker.live.rows import listed
from worker.mapping.places import closest
from worker.model.page import readable
from worker.model.surroundings import Named, Project
from worker.ports import PageReader
from worker.terms import Surroundings

_OFFERED = 30
"""Spaces, projects or labels that are listed."""
_LOOKED_AT = 100
"""Pages whose labels are counted, newest first: two searches."""

Found = TypeVar("Found", Named, Project)


class Ask(Protocol):
    """Asks the person at the terminal."""

    def __call__(self, question: str, offered: str, default: str | None) -> str:
        """The answer; ``offered`` says what there is, ``default`` is what Enter means."""


def answers(given: Given, pages: PageReader, around: Surroundings, ask: Ask | None) -> Wanted:
    """All answers. Without ``ask`` what cannot be told from the site is a ConfigurationError, all of it in one go."""
    search = _Search(given, pages, around, ask, [])
    space = search.space()
    project = search.project(space)
    labels = search.labels(space)
    type_name = search.type(project)
    if search.problems or space is None or project is None:
        raise ConfigurationError(*search.problems)
    team = given.team or (ask("Name of the team", "", space.name) if ask else space.name)
    return Wanted(team, space.key, labels, project.key, type_name)


class _Search:
    """One way from what is given to what is wanted."""

    def __init__(
        self, given: Given, pages: PageReader, around: Surroundings, ask: Ask | None, problems: list[str]
    ) -> None:
        self._given = given
        self._pages = pages
        self._around = around
        self._ask = ask
        self.problems = problems

    def space(self) -> Named | None:
        """The space of the post-mortems; the only one there is, unless somebody says otherwise."""
        there = list(islice(self._around.pages.spaces(), 1000))
        only = there[0].key if len(there) == 1 else None
        question = "Key of the space with the post-mortems"
        return self._chosen("--space", question, self._given.space, there, only, self._space)

    def _space(self, key: str) -> Named | None:
        return self._around.pages.space(key) or self._around.pages.space(key.upper())

    def project(self, space: Named | None) -> Project | None:
        """The project of the tickets; the one whose key is the space's, unless somebody says otherwise."""
        there = list(islice(self._around.tickets.projects(), 1000))
        keys = [each.key for each in there]
        same = space.key.upper() if space is not None and space.key.upper() in keys else None
        guess = same or (keys[0] if len(keys) == 1 else None)
        question = "Key of the Jira project for the tickets"
        return self._chosen("--project", question, self._given.project, there, guess, self._project)

    def _project(self, key: str) -> Project | None:
        return self._around.tickets.project(key.upper())

    def labels(self, space: Named | None) -> tuple[str, ...]:
        """The labels of a post-mortem: those given, or the one in the space that speaks of them."""
        if self._given.labels or space is None:
            return self._given.labels
        query = f'space = "{space.key}" and type = page order by created desc'
        counts = Counter(
            label for page in islice(readable(self._pages.search(query)), _LOOKED_AT) for label in sorted(page.labels)
        ).most_common(_OFFERED)
        guess = chosen_label([label for label, _ in counts])
        offered = ", ".join(f"{label} ({number})" for label, number in counts)
        if self._ask is not None:
            said = self._ask("Label of post-mortems (several: with blanks between)", offered, guess or "post-mortem")
            return tuple(said.split())
        if guess is None:
            seen = f"the labels in {space.key} are {offered}" if offered else f"no page in {space.key} has one yet"
            self.problems.append(f"--label is missing; {seen}: name the one that post-mortems bear")
        return (guess,) if guess else ()

    def type(self, project: Project | None) -> str:
        """The ticket type; Task where there is one."""
        names = [each.name for each in project.types] if project else []
        usual = [each.name for each in project.types if each.level in (0, None)] if project else []
        guess = next((name for name in usual if name.casefold() == "task"), usual[0] if usual else "Task")
        wanted = self._given.type
        if project is None:
            return wanted or guess
        again = ""
        while True:
            said = wanted or (self._ask(f"{again}Ticket type", ", ".join(names), guess) if self._ask else guess)
            found = next((name for name in names if name.casefold() == said.casefold()), None)
            if found is not None:
                return found
            again = f"{project.key} has no ticket type `{said}`; {_meant(said, names)} "
            if wanted is not None or self._ask is None:
                self.problems.append(f"--type {said}: {again.strip()}")
                return said

    def _chosen(
        self,
        option: str,
        question: str,
        given: str | None,
        there: Sequence[Named],
        guess: str | None,
        find: Callable[[str], Found | None],
    ) -> Found | None:
        """What is given, asked for, or the only one that can be meant; None with a problem told."""
        offered = ", ".join(f"{each.key} ({each.name})" for each in there[:_OFFERED])
        keys = [each.key for each in there]
        if given is None and self._ask is None and guess is None:
            seen = f"this account can see {offered}" if offered else "this account can see none"
            self.problems.append(f"{option} is missing; {seen}")
            return None
        again = ""
        while True:
            said = given or (self._ask(f"{again}{question}", offered, guess) if self._ask else guess or "")
            found = find(said.strip()) if said.strip() else None
            if found is not None:
                return found
            again = f"This account can see no `{said}`; {_meant(said, keys)} "
            if given is not None or self._ask is None:
                self.problems.append(f"{option} {said}: this account can see none of that key; {_meant(said, keys)}")
                return None


def _meant(said: str, keys: Sequence[str]) -> str:
    guess = closest(said, list(keys)) or closest(said.upper(), list(keys))
    if guess:
        return f"did you mean `{guess}`?"
    return f"there is {listed(keys[:_OFFERED])}." if keys else "write the key that its address shows."
