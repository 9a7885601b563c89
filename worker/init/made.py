"""Makes the first mapping of a team out of answers and of what the site has, and tries it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from itertools import islice

from worker.errors import ConfigurationError
from worker.init.proposal import items_of, propose
from worker.init.sightings import Sightings, see
from worker.init.wanted import Wanted
from worker.init.writing import written
from worker.live.look import look
from worker.live.rows import Group
from worker.mapping.loader import judge
from worker.mapping.model import Pages
from worker.model.ticket import CreateForm
from worker.reconcile.selection import every_age
from worker.settings import Settings
from worker.survey import Team
from worker.terms import Readers, Surroundings

_LOOKED_AT = 50
"""Pages that are read, newest first: one search."""


@dataclass(frozen=True, slots=True)
class Made:
    """The file, and what the site says of it."""

    text: str
    seen: Sightings
    groups: tuple[Group, ...]


def make(settings: Settings, wanted: Wanted, readers: Readers, surroundings: Surroundings, file: str) -> Made:
    """Reads some pages and the create form, writes the mapping, and looks at the site with it; ``file`` names it.

    Columns are proposed only where with them more action items are found than without.
    """
    since = readers.pages.now().astimezone(UTC).date()
    pages = Pages(space=(wanted.space,), labels=wanted.labels, since=since)
    found = list(islice(readers.pages.search(every_age(pages)), _LOOKED_AT))
    seen = see(found)
    form = _form(wanted, readers)
    proposal = propose(wanted, seen, form, since)
    if proposal.columns:
        better = see(found, items_of(proposal))
        if better.items > seen.items:
            better.columns = seen.columns
            seen = better
        else:
            seen.columns.clear()
        proposal = propose(wanted, seen, form, since)
    text = written(proposal)
    mapping, problems = judge(text.encode())
    if mapping is None:
        raise ConfigurationError(*(f"line {each.line} of the mapping: {each.sentence}" for each in problems))
    return Made(text, seen, look(settings, [Team(mapping, file)], readers, surroundings))


def _form(wanted: Wanted, readers: Readers) -> CreateForm | None:
    """The create form; None where Jira lets us create nothing, which the look at the site then tells."""
    try:
        return readers.tickets.create_form(wanted.project, wanted.type)
    except ConfigurationError:
        return None
