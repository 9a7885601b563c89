"""Takes a page or a mapping through everything that is done with it in memory, and says how it was taken."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.golden.case import PAGE, SITE, Case
from tests.golden.synced import Synced, decide, stored, sync
from tests.passes.stage import team
from worker.document.bounds import TooLarge
from worker.document.edits import splice
from worker.document.parse import Malformed, parse
from worker.document.ticket_links import SmartLinks
from worker.errors import ConfigurationError
from worker.mapping.loader import load_mappings
from worker.model.claim import Claims
from worker.reconcile.extract import extract
from worker.reconcile.writeback import edits

TEAM = team(
    items={"task_lists": "anywhere"}, limits={"new_tickets_per_page": 1_000_000, "new_tickets_per_run": 1_000_000}
)


def page(body: str) -> str:
    """``malformed`` or ``too large``, with the sentence; else how many items there are, once the page is planned,
    written, and a second pass has nothing left to do.
    """
    try:
        document = parse(body)
        items = extract(document, TEAM.items).items
        assert body == document.render(), "the page does not come back as it was read"
        synced = sync(Case("fuzzed", body, TEAM, Claims(SITE, PAGE), ()))
        further = passes_until_silence(synced)
    except Malformed as error:
        return f"malformed: {error}"
    except TooLarge as error:
        return f"too large: {error}"
    assert further == 0, "a second pass writes"
    return f"{len(items)} items"


def passes_until_silence(synced: Synced) -> int:
    """How many further passes write on the page, three at most; none of them makes a ticket."""
    body, claims = synced.after, stored(synced.decision.claims)
    for further in range(3):
        document = parse(body)
        extraction = extract(document, TEAM.items)
        again = decide(Case("fuzzed", body, TEAM, claims, ()), extraction, claims, synced.tickets)
        assert () == again.creates, "a further pass makes tickets"
        link = SmartLinks().on(document, TEAM.ticket.project, None)
        changes = edits(document, extraction, again.decisions, TEAM.items.columns.ticket[0], link)
        if not changes:
            return further
        body, claims = splice(document, changes), stored(again.claims)
    return 3


def mapping(content: bytes) -> str:
    """``sound``, or ``refused`` with the first sentence; each names the file and a line that it has."""
    found = problems(content)
    lines = content.count(b"\n") + content.count(b"\r") + 2
    for problem in found:
        line, _, sentence = problem.partition(": ")
        assert 1 <= int(line) <= lines, f"there is no line {line}: {sentence[:200]}"
        assert sentence, "a problem without words"
    return f"refused: {found[0]}" if found else "sound"


def problems(content: bytes) -> list[str]:
    """What a folder of this one mapping is refused with: line and sentence."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "team.yaml")
        file.write_bytes(content)
        try:
            load_mappings(Path(folder))
        except ConfigurationError as error:
            return [problem.removeprefix(f"{file.as_posix()}:") for problem in error.problems]
    return []
