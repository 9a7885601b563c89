"""A site on which the mapping of the tests has nothing to be told but what is told to everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.passes.stage import person, table
from worker.bootstrap import connected
from worker.live.look import look
from worker.live.rows import Group
from worker.mapping.loader import judge
from worker.remote.gateway import Exchange
from worker.sandbox import house
from worker.sandbox.face import CLOUD, Face
from worker.sandbox.server import Sandbox
from worker.sandbox.world import default_world
from worker.settings import load_settings
from worker.survey import Team

FILE = "mappings/payments.yaml"
ALICE = "557058:11110000-0000-4000-8000-00000000a11c"
INES = "557058:66660000-0000-4000-8000-0000000f0e12"
NOOR = "557058:77770000-0000-4000-8000-000000000a12"

MAPPING = f"""\
team: Payments
pages:
  space: PAY
  labels: [post-mortem]
  since: 2020-01-01
ticket:
  project: PAY
  type: Task
  priority: {{P1: Highest, P2: High}}
owners:
  aliases: {{On-call lead: "{ALICE}"}}
"""
ROW = ("Add an alert", "", '<time datetime="2027-01-15" />', "", "")
PAGE = table(ROW)


def variables(sandbox: Sandbox) -> dict[str, str]:
    """What an operator would set."""
    return {
        "CONFLUENCE_URL": sandbox.confluence_url,
        "JIRA_URL": sandbox.jira_url,
        **house.variables(sandbox.world.face),
        "SECRETS_DIR": "",
    }


@contextmanager
def site(face: Face = CLOUD) -> Iterator[Sandbox]:
    """A sandbox with one post-mortem of Alice's."""
    with Sandbox(default_world(face)) as sandbox:
        write(sandbox, "Checkout outage")
        yield sandbox


def write(sandbox: Sandbox, title: str, body: str = PAGE, *, space: str = "PAY", label: str = "post-mortem") -> str:
    """A page that Alice wrote; its id."""
    author = person("Alice Moreau", sandbox)
    return sandbox.run(lambda: sandbox.confluence.create_page(space, title, body, author, labels=[label])).id


def mapping_for(face: Face) -> str:
    """The mapping, with people named as the deployment names them."""
    return MAPPING if face is CLOUD else MAPPING.replace(ALICE, "alice")


def sound(text: str, file: str = FILE) -> Team:
    """The mapping, in which nothing may be wrong by itself."""
    mapping, problems = judge(text.encode())
    assert mapping is not None, problems
    return Team(mapping, file)


def looked_at(
    sandbox: Sandbox,
    *teams: Team,
    changed: Mapping[str, str] | None = None,
    on_exchange: Callable[[Exchange], object] = lambda _exchange: None,
) -> tuple[Group, ...]:
    """What ``check --live`` finds for these teams, with some of the settings ``changed``."""
    settings = load_settings({**variables(sandbox), **(changed or {})}, env_file=None)
    with connected(settings, on_exchange=on_exchange) as world:
        return look(settings, teams, world.readers, world.surroundings)


def folder(where: Path, *texts: str) -> Path:
    """A folder of mappings, ``a.yaml``, ``b.yaml`` and so on."""
    for name, text in zip("abcdef", texts, strict=False):
        (where / f"{name}.yaml").write_text(text, "utf-8")
    return where
