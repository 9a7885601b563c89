"""Runs the sandbox: both products on one loopback port, in a thread for tests and the demo, or in the foreground."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from worker.sandbox.cloud_doors import CLOUD_ID
from worker.sandbox.confluence_state import Confluence
from worker.sandbox.faults import Fault
from worker.sandbox.house import built, variables
from worker.sandbox.jira_state import Jira
from worker.sandbox.settings import Settings
from worker.sandbox.wire import Exchange, Wire
from worker.sandbox.world import World, default_world

T = TypeVar("T")


class Sandbox:
    """An embedded Confluence and Jira on loopback: ``with Sandbox() as sandbox: ...``.

    It shows itself as Cloud, or as Data Center with ``Sandbox(default_world(DATACENTER))``: Confluence 10.2 below
    ``/confluence`` and Jira 10.3 below ``/jira``. ``variables`` lets the worker in. ``port`` 0 takes a free one.
    ``routes`` are served besides the APIs, such as pages for a browser. Everything runs on one event loop; the state
    objects are plain, so other threads change them through ``run``.
    """

    def __init__(
        self,
        world: World | None = None,
        *,
        port: int = 0,
        settings: Settings | None = None,
        routes: Sequence[BaseRoute] = (),
    ) -> None:
        self.world = world or default_world()
        self.settings = settings or Settings()
        self.port = port
        doors, products = built(self.world, self.settings)
        app = Starlette(
            routes=[
                *products,
                *routes,
            ],
            exception_handlers={404: _no_such_route, 405: _no_such_route},
        )
        self._wire = Wire(app, self.world.face, doors, self.world.clock, self.settings)
        config = uvicorn.Config(
            self._wire, log_level="warning", lifespan="off", ws="none", date_header=False, server_header=False,
            proxy_headers=False, timeout_graceful_shutdown=1,
        )  # fmt: skip
        self._server = _Server(config)
        self._wire.hang_up = lambda scope: self._server.hang_up(tuple(scope["client"]))
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def confluence(self) -> Confluence:
        """The state of Confluence."""
        return self.world.confluence

    @property
    def jira(self) -> Jira:
        """The state of Jira."""
        return self.world.jira

    @property
    def address(self) -> str:
        """Where everything is served, the pages for a browser included; without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def confluence_url(self) -> str:
        """Confluence's base URL: ``/wiki`` as on Cloud, or Data Center's context path."""
        return self.address + self.world.face.confluence

    @property
    def jira_url(self) -> str:
        """Jira's base URL: the root as on Cloud, or Data Center's context path."""
        return self.address + self.world.face.jira

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables that let the worker use this sandbox."""
        return {"CONFLUENCE_URL": self.confluence_url, "JIRA_URL": self.jira_url, **variables(self.world.face)}

    @property
    def confluence_gateway(self) -> str:
        """Where Confluence is behind the API gateway, which takes tokens with scopes and access tokens."""
        return f"{self.jira_url}/ex/confluence/{CLOUD_ID}/wiki"

    @property
    def jira_gateway(self) -> str:
        """Where Jira is behind the API gateway."""
        return f"{self.jira_url}/ex/jira/{CLOUD_ID}"

    @property
    def requests(self) -> list[Exchange]:
        """Every API request so far and its status, oldest first."""
        return self._wire.exchanges

    @property
    def reads(self) -> int:
        """How many API requests so far could change nothing."""
        return sum(each.reads for each in self.requests)

    @property
    def writes(self) -> int:
        """How many API requests so far were made to change something."""
        return sum(not each.reads for each in self.requests)

    @property
    def faults(self) -> list[Fault]:
        """What goes wrong on the wire from now on."""
        return self._wire.faults

    def run(self, change: Callable[[], T]) -> T:
        """Runs ``change`` on the server's loop, between two requests, and gives its result."""
        if self._loop is None or threading.current_thread() is self._thread:
            return change()

        async def on_loop() -> T:
            return change()

        return asyncio.run_coroutine_threadsafe(on_loop(), self._loop).result()

    def __enter__(self) -> Self:
        listener = self._listener()

        def serve() -> None:
            with asyncio.Runner() as runner:
                self._loop = runner.get_loop()
                runner.run(self._server.serve(sockets=[listener]))

        self._thread = threading.Thread(target=serve, name="sandbox", daemon=True)
        self._thread.start()
        if not self._server.ready.wait(10):
            raise RuntimeError(f"the sandbox did not start on port {self.port}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._server.stop)
        if self._thread is not None:
            self._thread.join(10)
        self._thread = self._loop = None

    def serve(self) -> None:
        """Serves in the foreground until interrupted."""
        listener = self._listener()
        self._server.run(sockets=[listener])

    def _listener(self) -> socket.socket:
        # asyncio turns off Nagle's delay, 40 ms an answer, only for sockets that name their protocol
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(128)
        self.port = listener.getsockname()[1]
        return listener


class _Server(uvicorn.Server):
    """A server that says when it takes connections, and stops at once: what it serves lives only in memory."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._stopping = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    def stop(self) -> None:
        """Ends ``serve``; called on its loop."""
        self._stopping.set()

    def hang_up(self, client: tuple[str, int]) -> None:
        """Closes the connection of that client at once, without an answer."""
        for connection in list(self.server_state.connections):
            transport = getattr(connection, "transport", None)
            if getattr(connection, "client", None) == client and isinstance(transport, asyncio.Transport):
                transport.abort()

    async def main_loop(self) -> None:
        while not (self.should_exit or self._stopping.is_set()):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), 0.1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        for connection in list(self.server_state.connections):
            client = getattr(connection, "client", None)
            if client is not None:
                self.hang_up(client)


def serve(port: int = 8090, *, world: World | None = None, routes: Sequence[BaseRoute] = ()) -> None:
    """Serves a sandbox in the foreground until interrupted."""
    Sandbox(world, port=port, routes=routes).serve()


async def _no_such_route(_request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    return JSONResponse({"statusCode": status, "message": "null for uri: there is no such route"}, status)
