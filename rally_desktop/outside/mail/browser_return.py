"""Where the browser comes back to after somebody signed in: a page on this computer alone.

It listens on loopback for one sign-in and five minutes at most. Whoever comes with another state,
another host or another path is shown a page and changes nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import re
import socket
from collections.abc import Callable
from datetime import datetime
from html import escape
from urllib.parse import parse_qs, urlsplit

from rally_desktop.outside.mail import oauth
from rally_desktop.outside.mail.oauth import Client, SignInFailed, Tokens, Wish

PATIENCE = 300.0  # seconds
LONGEST_HEAD = 16_384
HEAD_SECONDS = 10.0
TRIES = 5
_REQUEST = re.compile(rb"GET (/\S*) HTTP/1\.[01]\r\n")
_HOST = re.compile(rb"(?im)^host:[ \t]*(\S+)[ \t]*\r$")
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Rally Desktop</title>
<meta name="viewport" content="width=device-width"><style>body{{font:16px system-ui,sans-serif;
margin:20vh auto;max-width:26em;padding:0 1em;text-align:center;color:#1a2230;background:#f6f7f9}}
h1{{font-size:1.3em}}p{{color:#5a6675}}@media(prefers-color-scheme:dark){{body{{color:#edf0f4;
background:#15181d}}p{{color:#a9b3c1}}}}</style><h1>{title}</h1><p>{words}</p></html>"""
_HEAD = (
    "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
    "Referrer-Policy: no-referrer\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
)


async def sign_in(
    client: Client,
    login: str,
    open_browser: Callable[[str], object],
    now: Callable[[], datetime],
    patience: float = PATIENCE,
) -> Tokens:
    """Let somebody sign in with the browser and return the tokens; raise SignInFailed.

    To call it off, cancel: the port is closed at once.
    """
    door = _Door()
    await door.open(client.consent.redirect)
    try:
        wish = Wish(client, door.address, login)
        door.state = wish.state
        open_browser(wish.url)
        try:
            async with asyncio.timeout(patience):
                code = await door.answer
        except TimeoutError:
            raise SignInFailed(
                f"Nobody signed in within {patience / 60:g} minutes. Try again when you are ready."
            ) from None
        return await oauth.redeem(wish, code, now())
    finally:
        await door.close()


class _Door:
    """A tiny web server on loopback that waits for one answer."""

    def __init__(self) -> None:
        self.state = ""
        self.address = ""
        self.answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._host = ""
        self._servers: list[asyncio.Server] = []
        self._visits: set[asyncio.Task[None]] = set()

    async def open(self, host: str) -> None:
        """Listen on a port that is free, on every loopback address that the name stands for."""
        for _ in range(TRIES):
            try:
                await self._listen(host)
            except OSError:
                await self.close()
                continue
            self.address = f"http://{self._host}/"
            return
        raise SignInFailed(
            "This computer does not let the program wait for the browser: no port is free on "
            "127.0.0.1. Look at the firewall, then try again."
        )

    async def close(self) -> None:
        """Listen no more, and let whoever is being answered be answered."""
        for server in self._servers:
            server.close()
        if self._visits:
            await asyncio.wait(self._visits, timeout=1.0)
        for visit in self._visits:
            visit.cancel()
        for server in self._servers:
            await server.wait_closed()
        self._servers.clear()

    async def _listen(self, host: str) -> None:
        first = await asyncio.start_server(self._meet, "127.0.0.1", 0, limit=LONGEST_HEAD)
        self._servers.append(first)
        port = first.sockets[0].getsockname()[1]
        self._host = f"{host}:{port}"
        if host == "localhost" and _speaks_ipv6():
            self._servers.append(
                await asyncio.start_server(self._meet, "::1", port, limit=LONGEST_HEAD)
            )

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._visits.add(task)
            task.add_done_callback(self._visits.discard)
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            writer.write(self._said(head))
            await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    def _said(self, head: bytes) -> bytes:
        """Return the page for a request; the right one answers the question."""
        request, host = _REQUEST.match(head), _HOST.search(head)
        if not request or not host or host[1].decode("latin-1").lower() != self._host:
            return _page("400 Bad Request", "Nothing here", "This address is for signing in alone.")
        parts = urlsplit(request[1].decode("latin-1"))
        given = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path != "/" or not {"code", "error"} & given.keys():
            return _page("404 Not Found", "Nothing here", "Go on in the other window.")
        if not hmac.compare_digest(given.get("state", "").encode(), self.state.encode()):
            return _page(
                "400 Bad Request",
                "That was another sign-in",
                "This window belongs to one that is over. Close it, and go on in the newest one.",
            )
        return self._decided(given)

    def _decided(self, given: dict[str, str]) -> bytes:
        if "error" in given:
            self._fail(_denied(given["error"]))
            return _page("200 OK", "You did not sign in", "You can close this window.")
        if not self.answer.done():
            self.answer.set_result(given["code"])
        words = "You can close this window and go back to Rally Desktop."
        return _page("200 OK", "You are signed in", words)

    def _fail(self, error: SignInFailed) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)
            self.answer.exception()


def _denied(code: str) -> SignInFailed:
    if code == "access_denied":
        return SignInFailed(
            "You did not let this program read and send mail. Sign in again if you want to."
        )
    return SignInFailed(f"The provider did not let you in ({code[:60]}). Try again.")


def _page(status: str, title: str, words: str) -> bytes:
    body = _PAGE.format(title=escape(title), words=escape(words)).encode()
    return _HEAD.format(status=status, length=len(body)).encode() + body


def _speaks_ipv6() -> bool:
    if not socket.has_ipv6:
        return False
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as tried:
            tried.bind(("::1", 0))
    except OSError:
        return False
    return True
