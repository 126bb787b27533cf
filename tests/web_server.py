"""A web server on this computer that answers as a test says, well or badly."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable

ANSWER = b"HTTP/1.1 %d Whatever\r\nContent-Length: %d\r\n%s\r\n%s"

Reaction = Callable[[socket.socket, bytes], None]


def answer(status: int = 200, body: bytes = b"{}", head: bytes = b"") -> Reaction:
    """Answer as one should."""
    return lambda link, _: link.sendall(ANSWER % (status, len(body), head, body))


def raw(said: bytes) -> Reaction:
    """Say these bytes and hang up."""
    return lambda link, _: link.sendall(said)


class WebServer:
    """Answers each request by the next of its reactions, the last one for ever."""

    def __init__(self, *reactions: Reaction, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.reactions = list(reactions) or [answer()]
        self.requests: list[bytes] = []
        self.ending = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> WebServer:
        """Begin to listen."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End, also what is still dripping."""
        self.ending.set()
        with socket.create_connection(("127.0.0.1", self.port)):
            pass
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            link, _ = self._socket.accept()
            if self.ending.is_set():
                link.close()
                return
            with link:
                self._greet(link)

    def _greet(self, link: socket.socket) -> None:
        if self._tls is None:
            self._answer(link)
            return
        try:
            with self._tls.wrap_socket(link, server_side=True) as secure:
                self._answer(secure)
        except OSError:
            return

    def _answer(self, link: socket.socket) -> None:
        asked = self._read(link)
        if not asked:
            return
        self.requests.append(asked)
        reaction = self.reactions.pop(0) if len(self.reactions) > 1 else self.reactions[0]
        try:
            reaction(link, asked)
        except OSError:
            return

    def _read(self, link: socket.socket) -> bytes:
        link.settimeout(5)
        asked = b""
        while b"\r\n\r\n" not in asked:
            if not (more := link.recv(65_536)):
                return b""
            asked += more
        head, _, body = asked.partition(b"\r\n\r\n")
        lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-le")]
        while len(body) < int(lengths[0].partition(b":")[2] if lengths else 0):
            body += link.recv(65_536)
        return head + b"\r\n\r\n" + body

    def drip(self, link: socket.socket, _: bytes) -> None:
        """Send a byte now and then, for ever."""
        for byte in ANSWER % (200, 10_000, b"", b"x" * 10_000):
            link.sendall(bytes([byte]))
            if self.ending.wait(0.05):
                return

    def silent(self, link: socket.socket, _: bytes) -> None:
        """Say nothing at all."""
        self.ending.wait(5)
