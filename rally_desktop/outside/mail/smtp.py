"""Hand letters over to a mail server by SMTP, on one connection an account that is kept open."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import ssl
from collections.abc import Coroutine
from typing import Any, cast

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPHeloError

from rally_desktop.core.errors import SendFailed
from rally_desktop.core.message import Letter
from rally_desktop.outside.mail import answers
from rally_desktop.outside.mail.base import Account, BeforeDot, Envelope
from rally_desktop.outside.mail.dialogue import ConnectionLost, Dialogue, Reply
from rally_desktop.outside.mail.letter import build

# Whole stretches, not single replies: a server that drips a byte a second must not hold us.
BEFORE_DOT_SECONDS = 60.0
AFTER_DOT_SECONDS = 300.0
GOODBYE_SECONDS = 2.0
# Said to the server instead of this computer's name, which is nobody's business.
_OURSELVES = "[127.0.0.1]"


class SmtpCarrier:
    """One account's connection to its mail server; belongs to one event loop."""

    def __init__(
        self,
        account: Account,
        *,
        tls: ssl.SSLContext | None = None,
        before_dot_seconds: float = BEFORE_DOT_SECONDS,
        after_dot_seconds: float = AFTER_DOT_SECONDS,
    ) -> None:
        """Keep the account; ``tls`` replaces the system's list of trusted authorities."""
        self._account = account
        self._tls = tls
        self._before = before_dot_seconds
        self._after = after_dot_seconds
        self._client: SMTP | None = None
        self._connection: asyncio.WriteTransport | None = None
        self._dialogue: Dialogue | None = None
        self._pipelining = False
        self._lock = asyncio.Lock()

    async def check(self) -> None:
        """Connect and log in, or raise SendFailed with what to do."""
        async with self._lock:
            self._hang_up()
            try:
                await self._within(self._connect())
            except BaseException:
                await _ended()
                raise

    async def hand_over(self, letter: Letter, before_dot: BeforeDot) -> str:
        """Hand a letter over and return the server's answer.

        ``before_dot`` is awaited when the server has all but the final dot. A connection found
        dead before it is replaced once. Raises SendFailed, its ``after_dot`` set where the
        server may have taken the message.
        """
        return await self.deliver(build(letter), before_dot)

    async def deliver(self, envelope: Envelope, before_dot: BeforeDot) -> str:
        """Hand over a letter that was made ready already; all else as ``hand_over``."""
        async with self._lock:
            try:
                dialogue = await self._within(self._offered(envelope))
                await before_dot()
                answer = await self._finish(dialogue, envelope)
            except SendFailed:
                await _ended()
                raise
            except BaseException:
                # In the middle of a message, also when cancelled, only hanging up is safe.
                self._hang_up()
                await _ended()
                raise
        return str(answer)

    async def close(self) -> None:
        """Say goodbye if there is somebody to say it to."""
        async with self._lock:
            if self._dialogue and self._dialogue.open:
                try:
                    async with asyncio.timeout(GOODBYE_SECONDS):
                        await self._dialogue.say(b"QUIT")[0]
                except (ConnectionLost, TimeoutError):
                    pass
            self._hang_up()
            await _ended()

    async def _within(self, doing: Coroutine[Any, Any, Dialogue]) -> Dialogue:
        try:
            async with asyncio.timeout(self._before):
                return await doing
        except TimeoutError:
            self._hang_up()
            raise answers.too_slow(self._account, self._before, after_dot=False) from None
        except ConnectionLost:
            self._hang_up()
            raise answers.lost(self._account, after_dot=False) from None

    async def _offered(self, envelope: Envelope) -> Dialogue:
        """Bring the server to where only the dot is missing."""
        if self._dialogue and self._dialogue.open:
            try:
                await self._offer(self._dialogue, envelope)
                return self._dialogue
            except ConnectionLost:
                # It had hung up while nobody wrote; no dot was sent, so once more is safe.
                self._hang_up()
        dialogue = await self._connect()
        await self._offer(dialogue, envelope)
        return dialogue

    async def _offer(self, dialogue: Dialogue, envelope: Envelope) -> None:
        people = (envelope.recipient, *envelope.others)
        stages = [("mail", envelope.sender), *(("rcpt", one) for one in people)]
        if self._account.copy_to not in ("", *people):
            stages.append(("copy", self._account.copy_to))
        commands = [_command(*stage) for stage in stages] + [b"DATA"]
        stages.append(("data", envelope.recipient))
        replies: list[asyncio.Future[Reply]] = []
        if self._pipelining:
            replies = dialogue.say(*commands)
            # They come in order: once the last is there, no other has to be waited for. Where
            # it never comes, an earlier one may say why.
            with contextlib.suppress(ConnectionLost):
                await replies[-1]
        for number, (stage, address) in enumerate(stages):
            said = replies[number] if replies else dialogue.say(commands[number])[0]
            reply = await said
            if reply.code not in ((354,) if stage == "data" else (250, 251)):
                await self._take_back(dialogue, reply, replies[number + 1 :])
                raise answers.refused(reply, stage, address)
        dialogue.write(_stuffed(envelope.data))
        await dialogue.written()

    async def _take_back(
        self, dialogue: Dialogue, refusal: Reply, still_open: list[asyncio.Future[Reply]]
    ) -> None:
        """Leave the connection ready for the next letter, or hang up where that is not sure."""
        try:
            said = [refusal.code, *[(await reply).code for reply in still_open]]
            if {354, 421} & {*said} or (await dialogue.say(b"RSET")[0]).code != 250:
                self._hang_up()
        except ConnectionLost:
            self._hang_up()

    async def _finish(self, dialogue: Dialogue, envelope: Envelope) -> Reply:
        """Send the dot and wait for what the server makes of it."""
        try:
            said = dialogue.say(b".")[0]
        except ConnectionLost:
            # The end came before the dot was written: the server cannot have taken it.
            self._hang_up()
            raise answers.lost(self._account, after_dot=False) from None
        try:
            async with asyncio.timeout(self._after):
                reply = await said
        except ConnectionLost:
            self._hang_up()
            raise answers.lost(self._account, after_dot=True) from None
        except TimeoutError:
            self._hang_up()
            raise answers.too_slow(self._account, self._after, after_dot=True) from None
        if not 200 <= reply.code < 300:
            if reply.code == 421:
                self._hang_up()
            raise answers.refused(reply, "dot", envelope.recipient)
        return reply

    async def _connect(self) -> Dialogue:
        account = self._account
        _refuse_what_is_unsafe(account)
        client = self._client = SMTP(
            hostname=account.host,
            port=account.port,
            local_hostname=_OURSELVES,
            timeout=self._before,
            use_tls=account.security == "tls",
            start_tls=False,
            tls_context=self._tls,
        )
        try:
            await client.connect()
            self._keep(client)
            if account.security == "starttls":
                await client.starttls()
                self._keep(client)
            await _log_in(client, account)
            await _introduce(client)
        except (SMTPException, OSError, ssl.SSLError) as error:
            self._hang_up()
            raise answers.unreachable(account, error, self._before) from error
        except SendFailed:
            self._hang_up()
            raise
        self._pipelining = client.supports_extension("pipelining")
        self._dialogue = Dialogue(cast("asyncio.Transport", client.transport))
        return self._dialogue

    def _keep(self, client: SMTP) -> None:
        """Keep hold of the connection: a client that fails lets go of it without ending it."""
        self._connection = cast("asyncio.WriteTransport", client.transport)

    def _hang_up(self) -> None:
        if self._connection:
            self._connection.abort()
        if self._client:
            self._client.close()
        self._client = self._dialogue = self._connection = None


def _command(stage: str, address: str) -> bytes:
    return f"{'MAIL FROM' if stage == 'mail' else 'RCPT TO'}:<{address}>".encode()


async def _ended() -> None:
    """Let connections that were hung up end: their transports say so in the loop's next rounds."""
    for _ in range(3):
        await asyncio.sleep(0)


async def _log_in(client: SMTP, account: Account) -> None:
    """Log in by password or, where somebody signed in with the provider, by token (XOAUTH2)."""
    if account.token is None:
        if account.login:
            await client.login(account.login, account.password)
        return
    await _introduce(client)
    token = await account.token("")
    try:
        await client.auth_xoauth2(account.login, token)
    except SMTPAuthenticationError:
        # It may have ended before its time; one that is new is refused for good.
        await client.auth_xoauth2(account.login, await account.token(token))


async def _introduce(client: SMTP) -> None:
    if client.is_ehlo_or_helo_needed:
        try:
            await client.ehlo()
        except SMTPHeloError:
            await client.helo()


def _refuse_what_is_unsafe(account: Account) -> None:
    """Raise SendFailed where the account would send mail or a password in the open."""
    if account.security != "none":
        return
    if account.login:
        raise SendFailed(
            f"The password for {account.host} would travel in the open. Choose TLS or STARTTLS "
            "for this account.",
            permanent=True,
            account=True,
        )
    if not on_this_computer(account.host):
        raise SendFailed(
            f"Mail to {account.host} would travel in the open. Choose TLS or STARTTLS for this "
            "account; only a mail server on this computer may do without.",
            permanent=True,
            account=True,
        )


def on_this_computer(host: str) -> bool:
    """Say whether a server’s name means this very computer."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _stuffed(data: bytes) -> bytes:
    """Double the dots that begin a line and end with a line end (RFC 5321, 4.5.2)."""
    if not data.endswith(b"\r\n"):
        data += b"\r\n"
    return data.replace(b"\r\n.", b"\r\n..")
