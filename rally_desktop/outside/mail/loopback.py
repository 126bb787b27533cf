"""A small real mail server on this computer: it takes every message and delivers none.

The demonstration writes to it, and so do the tests, which also tell it to refuse, to stall and
to cut the connection at any point of the dialogue.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

At = Literal["mail", "rcpt", "data", "dot"]
CUT = "cut"
STALL = "stall"


@dataclass(frozen=True)
class Received:
    """One message that arrived: who it came from, who it was for, and its bytes."""

    sender: str
    recipient: str
    data: bytes


@dataclass
class _Order:
    at: At
    answer: str
    times: int
    keep: bool


class _Book:
    """What the server's two threads share: orders given, messages kept, clients present."""

    def __init__(self, heard: Callable[[Received], None] | None) -> None:
        self.connections = 0
        self.sessions: set[_Session] = set()
        self._heard = heard
        self._received: list[Received] = []
        self._orders: list[_Order] = []
        self._lock = threading.Lock()

    def received(self) -> list[Received]:
        """Return what arrived so far."""
        with self._lock:
            return list(self._received)

    def give(self, order: _Order) -> None:
        """Add an order to those not yet obeyed."""
        with self._lock:
            self._orders.append(order)

    def order(self, at: At) -> _Order | None:
        """Take the next order for a point of the dialogue."""
        with self._lock:
            for order in self._orders:
                if order.at == at and order.times > 0:
                    order.times -= 1
                    return order
        return None

    def keep(self, received: Received) -> None:
        """Keep a message and tell who listens."""
        with self._lock:
            self._received.append(received)
        if self._heard:
            self._heard(received)


class LoopbackServer:
    """A mail server on 127.0.0.1 in a thread of its own, on a port that was free.

    Use it as a context manager, or with ``start`` and ``stop``. ``heard`` is called with each
    message, on the server's thread.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        *,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        starttls: ssl.SSLContext | None = None,
        login: tuple[str, str] | None = None,
        heard: Callable[[Received], None] | None = None,
    ) -> None:
        """Keep how to serve: port 0 takes a free one; ``login`` asks for user and password."""
        self.port = port
        self._tls = tls
        self._starttls = starttls
        self._login = login
        self._book = _Book(heard)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def received(self) -> list[Received]:
        """Return what arrived so far, oldest first."""
        return self._book.received()

    @property
    def connections(self) -> int:
        """Return how many clients have connected so far."""
        return self._book.connections

    def answer(self, at: At, answer: str, *, times: int = 1, keep: bool = False) -> None:
        """Answer so at a point of the next dialogues, or ``CUT`` or ``STALL`` there.

        ``dot`` is after the whole message was read; with ``keep`` it then counts as received,
        whatever the sender is told.
        """
        self._book.give(_Order(at, answer, times, keep))

    def start(self) -> LoopbackServer:
        """Begin to serve; returns when the port is open."""
        ready = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(ready,), name="loopback mail", daemon=True
        )
        self._thread.start()
        ready.wait()
        return self

    def stop(self) -> None:
        """Cut every connection and end the thread."""
        if self._loop and self._thread:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop = self._thread = None

    def cut_all(self) -> None:
        """Cut every open connection now, as a server does with idle clients."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._cut_all)

    def __enter__(self) -> LoopbackServer:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self, ready: threading.Event) -> None:
        loop = asyncio.new_event_loop()
        self._loop = loop
        try:
            server = loop.run_until_complete(
                loop.create_server(self._session, self.host, self.port, ssl=self._tls)
            )
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            loop.run_forever()
            server.close()
            loop.run_until_complete(self._clear(server))
        finally:
            ready.set()
            loop.close()

    async def _clear(self, server: asyncio.Server) -> None:
        # A client that was just let in, and the end of one that was cut, take a round or two.
        await _rounds()
        self._cut_all()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await server.wait_closed()
        self._cut_all()
        await _rounds()

    def _cut_all(self) -> None:
        for session in list(self._book.sessions):
            session.cut()

    def _session(self) -> _Session:
        return _Session(self._book, self._starttls, self._login, self._tls is not None)


async def _rounds() -> None:
    for _ in range(4):
        await asyncio.sleep(0)


class _Client(Session):
    """What the library knows of a client; setting its old attribute must not log a warning."""

    login_data: Any = None  # pyright: ignore[reportIncompatibleMethodOverride, reportAssignmentType]


class _Session(SMTP):
    """One client's dialogue; the hooks' names and parameters are aiosmtpd's."""

    def __init__(
        self,
        book: _Book,
        starttls: ssl.SSLContext | None,
        login: tuple[str, str] | None,
        encrypted: bool,
    ) -> None:
        super().__init__(
            self,
            hostname="localhost",
            ident="Rally Desktop loopback",
            loop=asyncio.get_running_loop(),
            tls_context=starttls,
            auth_required=login is not None,
            authenticator=self._knows,
        )
        self._book = book
        self._expected = login
        # Encrypted from the start counts too; the library thinks of STARTTLS alone.
        self._auth_require_tls = not encrypted

    def _create_session(self) -> Session:
        return _Client(self.loop)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the client, unless this is the same one after STARTTLS."""
        if self not in self._book.sessions:
            self._book.sessions.add(self)
            self._book.connections += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the client."""
        self._book.sessions.discard(self)
        super().connection_lost(error)

    def cut(self) -> None:
        """End the connection without a word."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()

    async def handle_exception(self, error: Exception) -> str:
        """Answer a client that broke off or spoke nonsense."""
        return f"451 {type(error).__name__}"

    async def handle_MAIL(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the sender."""
        if refusal := await self._ordered("mail"):
            return refusal
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the recipient."""
        if refusal := await self._ordered("rcpt"):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def smtp_DATA(self, arg: str) -> None:
        """Ask for the message, unless told otherwise."""
        if refusal := await self._ordered("data"):
            await self.push(refusal)
            return
        await super().smtp_DATA(arg)

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        """Keep the message, unless told otherwise."""
        order = self._book.order("dot")
        if order is None or order.keep:
            content = envelope.content or b""
            data = content.encode() if isinstance(content, str) else content
            for recipient in envelope.rcpt_tos:
                self._book.keep(Received(envelope.mail_from or "", recipient, data))
        return await self._obeyed(order) if order else "250 OK kept"

    async def _ordered(self, at: At) -> str:
        order = self._book.order(at)
        return await self._obeyed(order) if order else ""

    async def _obeyed(self, order: _Order) -> str:
        if order.answer == CUT:
            self.cut()
        if order.answer in (CUT, STALL):
            # Whoever cut or stalled says nothing more; the end of the connection ends this.
            await asyncio.Event().wait()
        return order.answer

    def _knows(
        self, server: Any, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        if not isinstance(data, LoginPassword) or self._expected is None:
            return AuthResult(success=False, handled=False)
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == self._expected, handled=False)
