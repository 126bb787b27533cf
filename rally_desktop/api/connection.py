"""One connection to the web service: how long, how many and how much, below any request."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from rally_desktop.api.gate import MOST_HEAD

MOST_CONNECTIONS = 200
REQUEST_SECONDS = 20.0  # from the first byte, or from the connection, to the end of the answer


class GuardedConnection(HttpToolsProtocol):
    """Ends connections that drip, that say too much before they ask, or that are one too many."""

    seconds = REQUEST_SECONDS
    most = MOST_CONNECTIONS
    _deadline: asyncio.TimerHandle | None = None
    _head = 0
    _in_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection on, or hang up at once."""
        super().connection_made(transport)
        if len(self.connections) > self.most:
            transport.abort()
            return
        self._start()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came in, as long as its head is not too large."""
        super().data_received(data)
        if self._in_head:
            self._head += len(data)
            if self._head > MOST_HEAD and not self.transport.is_closing():
                self.send_400_response("That is too much before the content.")

    def on_message_begin(self) -> None:
        """Begin to count anew."""
        super().on_message_begin()
        self._in_head, self._head = True, 0
        if self._deadline is None:
            self._start()

    def on_headers_complete(self) -> None:
        """Pass a request on."""
        self._in_head = False
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Wait for another request, which has its own time."""
        self._stop()
        super().on_response_complete()
        if self.pipeline:
            self._start()

    def _start(self) -> None:
        self._deadline = self.loop.call_later(self.seconds, self._hang_up)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _hang_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.abort()
