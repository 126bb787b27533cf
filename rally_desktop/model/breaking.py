"""Breaking off a long question to the database from another thread, when nobody waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

_LOOKS_EVERY = 20_000  # instructions of SQLite's machine, a millisecond or two


class BrokenOff(Exception):
    """A question was broken off; nobody waits for the answer."""


class Break:
    """What a question is broken off by, whether it is being answered or still waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.called = False
        self._end: Callable[[], None] | None = None

    def __call__(self) -> None:
        """Let the question end soon; a server is told so, which may take a moment."""
        self.called = True
        with self._lock:
            if self._end is not None:
                self._end()

    @contextmanager
    def ending(self, connection: Connection) -> Iterator[None]:
        """Let what is asked on a connection be broken off, with BrokenOff."""
        raw: Any = connection.connection.driver_connection
        local = connection.dialect.name == "sqlite"
        if local:
            raw.set_progress_handler(lambda: self.called, _LOOKS_EVERY)
        else:
            self._end = raw.cancel
        try:
            self._check()
            yield
        except DBAPIError:
            self._check()
            raise
        finally:
            with self._lock:
                self._end = None
            if local:
                raw.set_progress_handler(None, 0)

    def _check(self) -> None:
        if self.called:
            raise BrokenOff
