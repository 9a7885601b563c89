"""A sandbox in a process of its own, with as many post-mortems as asked for: prints its port, then serves."""

from __future__ import annotations

import json
import sys
from datetime import timedelta

from tests.passes.stage import mention
from worker.sandbox.face import DATACENTER, FACES
from worker.sandbox.samples.datacenter import as_on_datacenter
from worker.sandbox.server import Sandbox
from worker.sandbox.world import default_world

_PEOPLE = ("Alice Moreau", "Bob Lindqvist", "Carla Nunes", "Dai Nguyen", "Ella Okafor")

_PROSE = (
    "<h2>Summary</h2><p>Between 10:02 and 10:47 UTC a share of card payments failed with a timeout. The change was rolled "
    "back, and the backlog was worked off by noon.</p><h2>Timeline</h2><table><tbody><tr><th><p>Time</p></th><th><p>"
    "Event</p></th></tr>"
    + "".join(f"<tr><td><p>10:{minute:02}</p></td><td><p>Something happened, and people looked at it.</p></td></tr>"
              for minute in range(2, 20))
    + "</tbody></table>"
    "<h2>Root cause</h2><p>A retry without a budget turned a slow database into a storm.</p>"
)  # fmt: skip


def post_mortem(page: int, rows: int, accounts: list[str]) -> str:
    """One page: prose, a timeline and an action table, about 3 KB with five rows."""
    cells = "".join(
        f"<tr><td><p>Action {row} of outage {page}: give the retry a budget</p></td><td><p>"
        f"{mention(accounts[(page + row) % len(accounts)])} </p></td><td><p>"
        f'<time datetime="2027-0{1 + row % 9}-15" /> </p></td><td><p /></td><td><p /></td></tr>'
        for row in range(rows)
    )
    heads = "".join(
        f"<th><p><strong>{name}</strong></p></th>" for name in ("Action", "Owner", "Due", "Ticket", "Status")
    )
    return f"{_PROSE}<h2>Action items</h2><table><tbody><tr>{heads}</tr>{cells}</tbody></table>"


def main() -> None:
    """``PAGES ROWS LATENCY_SECONDS DEPLOYMENT``: fills the sandbox, prints on a line the variables that let a worker in
    as JSON, serves until it is ended.
    """
    pages, rows, latency = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    sandbox = Sandbox(default_world(FACES[sys.argv[4]]))
    people = sandbox.world.people
    accounts = [people.named(name).account_id for name in _PEOPLE]
    for page in range(pages):
        body = post_mortem(page, rows, accounts)
        if sandbox.world.face is DATACENTER:
            body = as_on_datacenter(body, people)
        sandbox.confluence.create_page("PAY", f"Outage {page}", body, accounts[0], labels=["post-mortem"])
    sandbox.world.clock.advance(seconds=timedelta(hours=1).total_seconds())
    sandbox.settings.latency_seconds = latency
    with sandbox:
        sys.stdout.write(f"{json.dumps(sandbox.variables)}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
