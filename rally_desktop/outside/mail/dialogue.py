"""The dialogue about one message on an open SMTP connection (RFC 5321), a reply a command.

The library that connected, encrypted and logged in hands its connection over to this protocol,
because whether the final dot was sent must be known here and nowhere else.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from typing import NamedTuple

_LINE = re.compile(rb"([2-5][0-9]{2})([ -]?)([^\r\n]*)\r?\n")
# More than any honest server says; an endless reply must not fill the memory.
LONGEST_REPLY = 32 * 1024


class Reply(NamedTuple):
    """What a server said: its code and its text, lines joined by blanks."""

    code: int
    text: str

    def __str__(self) -> str:
        """Say it as the server did."""
        return f"{self.code} {self.text}".strip()


class ConnectionLost(Exception):
    """The connection ended before the server answered."""


class Dialogue(asyncio.Protocol):
    """Sends commands and matches the replies to them in order, also to several at once."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._buffer = bytearray()
        self._said: list[bytes] = []
        self._length = 0
        self._waiting: deque[asyncio.Future[Reply]] = deque()
        self._room = asyncio.Event()
        self._room.set()
        self._over = transport.is_closing()
        transport.set_protocol(self)

    @property
    def open(self) -> bool:
        """Tell whether the server can still be spoken to."""
        return not self._over and not self._transport.is_closing()

    def say(self, *commands: bytes) -> list[asyncio.Future[Reply]]:
        """Write commands in one go and return the replies to come; raises ConnectionLost."""
        self.write(b"".join(command + b"\r\n" for command in commands))
        futures = [asyncio.get_running_loop().create_future() for _ in commands]
        self._waiting.extend(futures)
        return futures

    def write(self, data: bytes) -> None:
        """Write bytes as they are; raises ConnectionLost where the connection has ended."""
        if not self.open:
            raise ConnectionLost
        self._transport.write(data)

    async def written(self) -> None:
        """Wait until this computer has passed on nearly everything that was written."""
        await self._room.wait()
        if not self.open:
            raise ConnectionLost

    def close(self) -> None:
        """End the connection at once, without a word."""
        self._transport.abort()

    def pause_writing(self) -> None:
        """Hear that the way out is full."""
        self._room.clear()

    def resume_writing(self) -> None:
        """Hear that the way out is free again."""
        self._room.set()

    def data_received(self, data: bytes) -> None:
        """Take in what the server says and answer whoever waits for it."""
        self._buffer += data
        while match := _LINE.match(self._buffer):
            code, dash, said = match.groups()
            del self._buffer[: match.end()]
            self._said.append(said)
            self._length += match.end()
            if dash != b"-":
                text = b" ".join(self._said).decode("utf-8", "replace").strip()
                self._said.clear()
                self._length = 0
                self._answer(Reply(int(code), text))
        if self._length + len(self._buffer) > LONGEST_REPLY or b"\n" in self._buffer:
            self.close()

    def eof_received(self) -> bool:
        """Close our side when the server closes its own."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits that no answer will come."""
        self._over = True
        self._room.set()
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_exception(ConnectionLost())
                # Nobody may be left to look at it; that is no reason to complain.
                future.exception()

    def _answer(self, reply: Reply) -> None:
        if not self._waiting:
            # A word out of turn is a farewell (421): the next letter takes a new connection.
            self._transport.close()
            return
        future = self._waiting.popleft()
        if not future.done():
            future.set_result(reply)
