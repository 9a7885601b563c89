"""What lies between the worker and Atlassian in companies: TLS by a private authority, mutual TLS, and a proxy."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import trustme

_PIECE = 65_536


@dataclass
class Passed:
    """What came by, in order."""

    url: str
    lines: list[str] = field(default_factory=list)
    """A proxy's request lines, without the protocol."""
    authorizations: list[str] = field(default_factory=list)
    """What it was told for itself."""
    clients: list[str] = field(default_factory=list)
    """Names in the client certificates that were shown."""


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(_PIECE):
            target.sendall(piece)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _join(one: socket.socket, other: socket.socket) -> None:
    back = threading.Thread(target=_pump, args=(other, one), daemon=True)
    back.start()
    _pump(one, other)
    back.join()


@contextmanager
def _listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port of loopback whose connections are each served by a thread."""
    listener = socket.create_server(("127.0.0.1", 0))

    def handle(connection: socket.socket) -> None:
        with connection, suppress(OSError):  # whoever hangs up ends only this connection
            serve(connection)

    def accept() -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                threading.Thread(target=handle, args=(listener.accept()[0],), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@contextmanager
def tls(certificate: trustme.LeafCert, behind: int, clients: trustme.CA | None = None) -> Iterator[Passed]:
    """TLS in front of a port of loopback; ``clients`` is the authority whose certificates it asks of clients."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    if clients is not None:
        clients.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    passed = Passed("")

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False) as secured:
            try:
                secured.do_handshake()
            except ssl.SSLError:
                while socket.socket.recv(secured, _PIECE):
                    """Hanging up on unread bytes would take the alert back that says why."""
                return
            shown = secured.getpeercert()
            passed.clients += [name for _, name in (shown or {}).get("subjectAltName", ())]
            with socket.create_connection(("127.0.0.1", behind)) as inner:
                _join(secured, inner)

    with _listening(serve) as port:
        passed.url = f"https://127.0.0.1:{port}"
        yield passed


@contextmanager
def proxy(to: int | None) -> Iterator[Passed]:
    """A proxy that takes CONNECT to any host and leads to a port of loopback; without ``to`` it lets nobody through."""
    passed = Passed("")

    def serve(connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(_PIECE) or b"\r\n\r\n"
        request, *headers = head.decode().split("\r\n")
        passed.lines.append(request.rpartition(" ")[0])
        passed.authorizations += [each.partition(": ")[2] for each in headers if each.startswith("Proxy-Authorization")]
        if to is None:
            connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", to)) as inner:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            _join(connection, inner)

    with _listening(serve) as port:
        passed.url = f"http://127.0.0.1:{port}"
        yield passed
