"""Collects what is wrong with settings, as sentences that begin with the variable and the place of its value."""

from __future__ import annotations

from dataclasses import dataclass

from worker.sources import Given


@dataclass(frozen=True, slots=True)
class Problems:
    """Everything that was found so far, in order, beginning with what reading found."""

    given: Given
    told: list[str]

    def tell(self, sentence: str) -> None:
        """A whole sentence, about several variables."""
        self.told.append(sentence)

    def wrong(self, name: str, rest: str) -> None:
        """What is wrong with a variable that was given."""
        self.told.append(f"{self.given.named(name)} {rest}")

    def missing(self, name: str, advice: str) -> None:
        """A variable that has to be set, unless its value was rejected already."""
        if name not in self.given.rejected:
            self.told.append(f"{name} is missing; {advice}")
