"""Serves the sandbox by itself: both APIs and the pages for a browser, until the person has seen enough."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.console import Console

from worker.sandbox.demo import stay_open
from worker.sandbox.face import Face
from worker.sandbox.reader.routes import reader_routes
from worker.sandbox.samples.world import sample_world
from worker.sandbox.server import Sandbox
from worker.sandbox.world import default_world


def serve_alone(console: Console, *, face: Face, sample: bool, port: int) -> None:
    """Returns when interrupted. ``port`` 0 takes a free one.

    ``sample`` begins with the sample post-mortems, of which the newest is a moment old by this machine's clock.

    Prints the settings that let the worker use it. OSError when the port is taken.
    """
    world = default_world(face)
    with Sandbox(world, port=port, routes=reader_routes(world)) as sandbox:
        if sample:
            sandbox.run(lambda: sample_world(world, sandbox.address, datetime.now(UTC)))
        stay_open(console, sandbox, list(world.confluence.pages.values()))
