"""The standard library’s IMAP connection, which takes neither too much nor for ever."""

from __future__ import annotations

import imaplib
import io
import time
from typing import Any, BinaryIO

LARGEST_REPLY = 1024 * 1024
# What is in a message of thousands of parts is told on one line.
LONGEST_LINE = 4 * 1024 * 1024
# Bytes a second that a server sends at least, once a command has taken the time it may take.
LEAST_PACE = 1024
SECONDS = 60.0


class _Paced(io.RawIOBase):
    """Reads from a server, and ends where what it sends for one command comes too slowly."""

    def __init__(self, source: Any, seconds: float) -> None:
        super().__init__()
        self._source, self._seconds = source, seconds
        self.begin()

    def begin(self) -> None:
        """Begin to count: a command is given."""
        self._began, self._count = time.monotonic(), 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if time.monotonic() - self._began > self._seconds + self._count / LEAST_PACE:
            raise TimeoutError("it sends next to nothing")
        count = self._source.readinto(buffer)
        self._count += count or 0
        return count

    def close(self) -> None:
        self._source.close()
        super().close()


class Client(imaplib.IMAP4):
    """A connection that is in the open, or not yet encrypted.

    It refuses to read more of one reply than an honest server says, and at a lesser pace: each
    command may take as long as the connection may be silent, and longer where much is sent.
    """

    _paced: _Paced
    _buffered: io.BufferedReader

    @property
    def file(self) -> BinaryIO:
        """Return what is read from."""
        return self._buffered

    @file.setter
    def file(self, made: Any) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        """Read from another connection, such as one that is encrypted now."""
        self._paced = _Paced(made.detach(), self.sock.gettimeout() or SECONDS)
        self._buffered = io.BufferedReader(self._paced)

    def readline(self) -> bytes:
        """Read a line, if it is of a sane length."""
        line = self._buffered.readline(LONGEST_LINE + 1)
        if len(line) > LONGEST_LINE:
            raise imaplib.IMAP4.abort("the server’s reply is too large")
        return line

    def read(self, size: int) -> bytes:
        """Read a literal, if it is of a sane size."""
        if size > LARGEST_REPLY:
            raise imaplib.IMAP4.abort("the server’s reply is too large")
        return self._buffered.read(size)

    def _command(self, *words: Any) -> Any:
        self._paced.begin()
        return super()._command(*words)  # pyright: ignore[reportAttributeAccessIssue]


class TlsClient(Client, imaplib.IMAP4_SSL):  # pyright: ignore[reportIncompatibleVariableOverride]
    """A connection that is encrypted from the start."""
