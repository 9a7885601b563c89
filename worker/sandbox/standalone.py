"""Serves the sandbox by itself: both APIs and the pages for a browser, until the person has seen enough."""

from __future__ import annotations

from rich.console import Console

from worker.sandbox.demo import stay_open
from worker.sandbox.reader.routes import reader_routes
from worker.sandbox.samples.world import sample_world
from worker.sandbox.server import Sandbox
from worker.sandbox.world import default_world


def serve_alone(console: Console, *, sample: bool, port: int) -> None:
    """Returns when interrupted. ``sample`` begins with the sample post-mortems; ``port`` 0 takes a free one.

    Prints the settings that let the worker use it. OSError when the port is taken.
    """
    world = default_world()
    routes = reader_routes(world.confluence, world.jira, world.people)
    with Sandbox(world, port=port, routes=routes) as sandbox:
        if sample:
            sandbox.run(lambda: sample_world(world, sandbox.jira_url))
        stay_open(console, sandbox.jira_url, list(world.confluence.pages.values()))
