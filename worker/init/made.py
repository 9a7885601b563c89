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
from worker.live.rows import Group, listed
from worker.mapping.loader import judge
from worker.mapping.model import Pages
from worker.model.page import readable
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
    unseen: str | None = None
    """That no page bears the labels, where nothing in ``groups`` says it."""


def make(settings: Settings, wanted: Wanted, readers: Readers, surroundings: Surroundings, file: str) -> Made:
    """Reads some pages and the create form, writes the mapping, and looks at the site with it; ``file`` names it.

    Columns are proposed only where with them more action items are found than without.
    """
    since = readers.pages.now().astimezone(UTC).date()
    pages = Pages(space=(wanted.space,), labels=wanted.labels, since=since)
    found = list(islice(readable(readers.pages.search(every_age(pages))), _LOOKED_AT))
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
    groups = look(settings, [Team(mapping, file)], readers, surroundings)
    told = any(row.about == "pages" and not row.ok for group in groups for row in group.rows)
    return Made(text, seen, groups, None if found or told else _unseen(wanted, file))


def _unseen(wanted: Wanted, file: str) -> str:
    which = f" with the label{'s' if len(wanted.labels) > 1 else ''} {listed(wanted.labels)}" if wanted.labels else ""
    return (
        f"Confluence finds no page{which} in {wanted.space}. If there should be some, correct pages.labels in {file}; "
        "a new label is found some minutes later."
    )


def _form(wanted: Wanted, readers: Readers) -> CreateForm | None:
    """The create form; None where Jira lets us create nothing, which the look at the site then tells."""
    try:
        return readers.tickets.create_form(wanted.project, wanted.type)
    except ConfigurationError:
        return None
