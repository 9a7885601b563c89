"""A sandbox in a process of its own, with as many post-mortems as asked for: prints its port, then serves."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from tests.passes.stage import mention
from worker.sandbox.face import DATACENTER, FACES
from worker.sandbox.samples.datacenter import as_on_datacenter
from worker.sandbox.server import Sandbox
from worker.sandbox.settings import RateLimit
from worker.sandbox.wire import Exchange
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

    Meanwhile it reads commands, a line each, and answers each with a line of JSON: ``change N`` has people date a row of
    every Nth page and move every Nth ticket on, ``limit N`` lets N requests a second through for each product and kind
    of method, ``count`` tells how many were served and refused since the last time, for the busiest of these kinds.
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
        counted = 0
        for line in sys.stdin:
            command, _, number = line.strip().partition(" ")
            answer: dict[str, int] = {}
            match command:
                case "change":
                    sandbox.run(partial(_change, sandbox, int(number)))
                case "limit":
                    sandbox.settings.rate_limit = RateLimit(int(number), 1.0)
                case "count":
                    answer, counted = _count(sandbox.requests[counted:]), len(sandbox.requests)
            sys.stdout.write(f"{json.dumps(answer)}\n")
            sys.stdout.flush()


def _change(sandbox: Sandbox, every: int) -> None:
    bob = sandbox.world.people.named("Bob Lindqvist").account_id
    for page in list(sandbox.confluence.pages.values())[::every]:
        sandbox.confluence.person_saves(page.id, page.body.replace("-15", "-16", 1), bob)
    for ticket in list(sandbox.jira.issues.values())[every // 2 :: every]:
        sandbox.jira.transition(ticket.key, "In Progress")


def _count(requests: Sequence[Exchange]) -> dict[str, int]:
    refused = sum(each.status == 429 for each in requests)
    kinds = Counter((each.path.startswith("/wiki/"), each.method) for each in requests if each.status != 429)
    return {"served": len(requests) - refused, "refused": refused, "busiest": max(kinds.values(), default=0)}


if __name__ == "__main__":
    main()
