"""A connection that says when somebody should look into a mailbox (IMAP IDLE, RFC 2177).

It says no more than «look»: what is there is read elsewhere, by numbers, so that nothing is lost
where a line is split, swallowed or never sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from base64 import b64encode
from collections.abc import Callable

from rally_desktop.outside.mail.imap import Place
from rally_desktop.outside.mail.smtp import on_this_computer

# Servers hang up after half an hour (RFC 2177, 3), so waiting begins anew before.
RENEWED_AFTER = 29 * 60.0
REPLY_SECONDS = 20.0
LONGEST_LINE = 64 * 1024
MOST_LINES = 10_000  # of one reply
_NEWS = (b"EXISTS", b"RECENT")


class NoBell(Exception):
    """The server does not tell when mail comes, or not to us: it has to be asked."""


class Doorbell:
    """Waits for news of an account’s inbox and calls ``ring``; it never reads or changes mail."""

    def __init__(
        self,
        place: Place,
        ring: Callable[[], None],
        *,
        tls: ssl.SSLContext | None = None,
        renewed_after: float = RENEWED_AFTER,
    ) -> None:
        """Keep where to listen; ``tls`` replaces the system’s list of trusted authorities."""
        self._place, self._ring, self._tls = place, ring, tls
        self._renewed_after = renewed_after
        self._count = 0

    async def listen(self, secret: str) -> None:
        """Listen until cancelled; raise NoBell, OSError or TimeoutError where that is no use."""
        async with asyncio.timeout(REPLY_SECONDS):
            streams = await self._connect()
        line = _Line(*streams)
        try:
            await self._log_in(line, secret)
            await self._say(line, "EXAMINE INBOX")
            while True:
                await self._idle(line)
        finally:
            line.writer.close()
            with contextlib.suppress(OSError, ssl.SSLError, TimeoutError):
                async with asyncio.timeout(1):
                    await line.writer.wait_closed()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        place = self._place
        if place.security == "none" and not on_this_computer(place.host):
            raise NoBell("The password would travel in the open.")
        context = self._tls or ssl.create_default_context()
        direct = context if place.security == "tls" else None
        reader, writer = await asyncio.open_connection(
            place.host, place.port, ssl=direct, limit=LONGEST_LINE
        )
        try:
            line = _Line(reader, writer)
            if not (await line.read()).startswith(b"* OK"):
                raise NoBell("The server does not let us in.")
            if place.security == "starttls":
                await self._say(line, "STARTTLS")
                await _require_silence(reader)
                await writer.start_tls(context, server_hostname=place.host)
        except BaseException:
            writer.close()
            raise
        return reader, writer

    async def _log_in(self, line: _Line, secret: str) -> None:
        place = self._place
        if place.token is None:
            said = f"\0{place.login}\0{secret}"
            plain = f"{place.login}{secret}".isascii() and secret.isprintable()
            if plain:
                await self._say(line, f"LOGIN {_quoted(place.login)} {_quoted(secret)}")
            else:
                await self._authenticate(line, "PLAIN", said)
        else:
            said = f"user={place.login}\x01auth=Bearer {secret}\x01\x01"
            await self._authenticate(line, "XOAUTH2", said)
        told = await self._say(line, "CAPABILITY")
        if not any(b"IDLE" in one.upper().split() for one in told):
            raise NoBell("The server has no IDLE.")

    async def _authenticate(self, line: _Line, way: str, said: str) -> None:
        tag = line.send(f"AUTHENTICATE {way}")
        async with asyncio.timeout(REPLY_SECONDS):
            await line.until(tag, ending=b"+")
            line.write(b64encode(said.encode()))
            _, last = await line.until(tag, ending=b"+")
            if last.startswith(b"+"):
                line.write(b"")  # a server that refuses says why, and wants an empty line first
                _, last = await line.until(tag)
        _require_ok(last)

    async def _say(self, line: _Line, command: str) -> list[bytes]:
        """Give a command and return what was told before its OK."""
        tag = line.send(command)
        async with asyncio.timeout(REPLY_SECONDS):
            told, last = await line.until(tag)
        _require_ok(last)
        self._heed(told)
        return told

    async def _idle(self, line: _Line) -> None:
        """Wait once, as long as a server lets us; ring at every piece of news."""
        tag = line.send("IDLE")
        async with asyncio.timeout(REPLY_SECONDS):
            told, last = await line.until(tag, ending=b"+")
        self._heed(told)
        if not last.startswith(b"+"):
            raise NoBell("The server does not let us wait.")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._renewed_after):
                while True:
                    one = await line.read()
                    if one.startswith(tag):
                        return  # the server ended it by itself
                    if one.upper().startswith(b"* BYE"):
                        raise ConnectionResetError("The server took leave.")
                    self._heed([one])
        line.write(b"DONE")
        async with asyncio.timeout(REPLY_SECONDS):
            told, last = await line.until(tag)
        _require_ok(last)
        self._heed(told)

    def _heed(self, told: list[bytes]) -> None:
        """Ring where there are more messages than before."""
        for one in told:
            words = one.upper().split()
            if len(words) >= 3 and words[0] == b"*" and words[2] in _NEWS and words[1].isdigit():
                known, count = self._count, int(words[1])
                if words[2] == b"EXISTS":
                    self._count = count
                if count > known:
                    self._ring()
            elif len(words) == 3 and words[0] == b"*" and words[2] == b"EXPUNGE":
                self._count = max(0, self._count - 1)


class _Line:
    """Whole lines from a server, however they come, and commands to it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self.writer = reader, writer
        self._number = 0

    def send(self, command: str) -> bytes:
        self._number += 1
        tag = f"R{self._number}".encode()
        self.write(tag + b" " + command.encode())
        return tag + b" "

    def write(self, text: bytes) -> None:
        self.writer.write(text + b"\r\n")

    async def read(self) -> bytes:
        try:
            line = await self._reader.readuntil(b"\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise ConnectionResetError("The server hung up.") from error
        return line.strip()

    async def until(self, tag: bytes, ending: bytes = b"") -> tuple[list[bytes], bytes]:
        told: list[bytes] = []
        while len(told) < MOST_LINES:
            line = await self.read()
            if line.startswith(tag) or (ending and line.startswith(ending)):
                return told, line
            told.append(line)
        raise ConnectionResetError("The server does not stop talking.")


async def _require_silence(reader: asyncio.StreamReader) -> None:
    """Raise NoBell where somebody said more before it was encrypted: that would count after it."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0):
            if await reader.read(1):
                raise NoBell("The server speaks where it should encrypt.")


def _require_ok(last: bytes) -> None:
    if last.split()[1:2] != [b"OK"]:
        raise NoBell(last.decode("utf-8", "replace")[:200])


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
