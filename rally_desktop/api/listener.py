"""The socket and the server behind it, started and stopped inside a loop that runs anyway."""

from __future__ import annotations

import logging
import socket

from starlette.types import ASGIApp
from uvicorn import Config, Server

from rally_desktop.api.connection import GuardedConnection
from rally_desktop.core.errors import Refused

KEEP_ALIVE_SECONDS, GRACE_SECONDS, BACKLOG = 5, 2, 128

# What strangers send wrong is no news; what we do wrong is.
logging.getLogger("uvicorn.error").setLevel(logging.ERROR)


class Listener:
    """Answers on one port; it takes no signals, writes no log of visitors, and has no banner."""

    def __init__(self, app: ASGIApp) -> None:
        self._server = Server(
            Config(
                app,
                http=GuardedConnection,
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,
                proxy_headers=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._socket: socket.socket | None = None

    async def open(self, host: str, port: int) -> int:
        """Begin to answer and return the port; raise Refused where it is not to be had."""
        try:
            self._socket = socket.create_server((host, port), backlog=BACKLOG)
        except OSError as error:
            raise Refused(
                f"Port {port} is taken by another program, or may not be used. Choose another one "
                "in the settings, under Web."
            ) from error
        self._server.config.load()
        self._server.lifespan = self._server.config.lifespan_class(self._server.config)
        await self._server.startup(sockets=[self._socket])
        return self._socket.getsockname()[1]

    async def close(self) -> None:
        """Finish what is being answered, then let go of the port."""
        if self._socket is not None:
            await self._server.shutdown(sockets=[self._socket])
            self._socket = None
