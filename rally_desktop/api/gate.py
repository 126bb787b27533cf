"""What every request passes, in this order, before the database is asked for anything."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rally_desktop.api.pace import Pace, Paces
from rally_desktop.core.errors import RallyError
from rally_desktop.services import web
from rally_desktop.services.forms import origin_of
from rally_desktop.services.web import Web

MOST_BODY, MOST_HEAD, MOST_HEADERS, LONGEST_PATH, LONGEST_QUERY = 65_536, 16_384, 64, 200, 2_048
SECONDS = 15.0  # for a request as a whole
METHODS = ("GET", "HEAD", "POST")
_PATH = re.compile(rb"(/[A-Za-z0-9_-]+)+(\.gif)?")
_LENGTH = re.compile(r"[0-9]{1,10}", re.ASCII)
# Pictures and links may come in crowds, through the few machines of a large mail provider.
PACES: Mapping[str, Pace] = {
    "/v1/o/": Pace(600, 100),
    "/v1/c/": Pace(300, 30),
    "/v1/sms/": Pace(600, 50),
    "/v1/forms/": Pace(20, 0.5),
    "/v1/sequences": Pace(120, 10),
    "/": Pace(60, 2),
}
# Forms stand on other people's pages: each says itself whose.
FOREIGN = ("/v1/forms/",)
ALWAYS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
    "x-robots-tag": "noindex, nofollow",
}


@dataclass(frozen=True)
class Refusal:
    """Why a request does not get through, and how long to wait before another (seconds)."""

    status: int
    says: str
    wait: float = 0.0

    def response(self) -> Response:
        """Return what its sender is told."""
        headers = {"connection": "close"}
        if self.wait:
            headers["retry-after"] = str(math.ceil(self.wait))
        if self.status == 405:
            headers["allow"] = ", ".join(METHODS)
        return PlainTextResponse(self.says + "\n", self.status, headers)


LATE = Refusal(503, "That took too long. Please try again later.", 30)
TOO_MUCH = Refusal(413, "That is too much.")


@dataclass
class Gate:
    """Refuses whatever is not for us, too much, too large or too slow."""

    app: ASGIApp
    office: Web
    paces: Mapping[str, Paces] = field(
        default_factory=lambda: {prefix: Paces(pace) for prefix, pace in PACES.items()}
    )

    def __post_init__(self) -> None:
        """Work out once who is answered."""
        self._hosts = web.hosts(self.office)
        self._own = {f"{scheme}://{host}" for host in self._hosts for scheme in ("http", "https")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or say why not."""
        if scope["type"] != "http":
            return
        telling = _with_headers(send)
        if refusal := self._refusal(scope):
            await refusal.response()(scope, receive, telling)
            return
        begun = False

        async def saying(message: Message) -> None:
            nonlocal begun
            begun = True
            await telling(message)

        try:
            async with asyncio.timeout(SECONDS):
                await self.app(scope, _capped(receive), saying)
        except TimeoutError:
            if not begun:
                await LATE.response()(scope, receive, telling)

    def _refusal(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        checks: tuple[Callable[[Scope, Headers], Refusal | None], ...] = (
            _what, self._for_whom, _how_large_a_head, _where_it_ends, self._from_where,
            self._how_often,
        )  # fmt: skip
        return next(filter(None, (check(scope, headers) for check in checks)), None)

    def _for_whom(self, scope: Scope, headers: Headers) -> Refusal | None:
        """Answer to our own names alone: any other was made up to get at us (DNS rebinding)."""
        named = headers.getlist("host")
        if len(named) == 1 and named[0].lower() in self._hosts:
            return None
        return Refusal(421, "Nobody of that name lives here.")

    def _from_where(self, scope: Scope, headers: Headers) -> Refusal | None:
        """Let other websites send nothing, except to forms, which say themselves whose may."""
        if scope["method"] != "POST" or scope["path"].startswith(FOREIGN):
            return None
        origins = headers.getlist("origin")
        own = all(one.lower() in self._own for one in origins)
        site = headers.get("sec-fetch-site", "none")
        if own and site in ("none", "same-origin"):
            return None
        return Refusal(403, "Another website sent that.")

    def _how_often(self, scope: Scope, headers: Headers) -> Refusal | None:
        prefix = next(one for one in self.paces if scope["path"].startswith(one))
        wait = self.paces[prefix].wait(self._visitor(scope, headers))
        return Refusal(429, "Too much at once. Please try again later.", wait) if wait else None

    def _visitor(self, scope: Scope, headers: Headers) -> str:
        """Return who asks: behind a reverse proxy, whom that one names last."""
        peer = scope["client"][0] if scope["client"] else ""
        named = headers.getlist("x-forwarded-for")
        if self.office.base and named and _may_be_the_proxy(peer, self.office):
            return named[-1].rpartition(",")[2].strip()[:64] or peer
        return peer


def _may_be_the_proxy(peer: str, office: Web) -> bool:
    """Say whether a reverse proxy may stand there: here, or in a network that was let in."""
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return address.is_loopback or (office.listens == "The network" and address.is_private)


def is_own(origin: str, office: Web) -> bool:
    """Say whether an Origin header is one of our own addresses."""
    said = origin_of(origin)
    return said is not None and said.partition("://")[2] in web.hosts(office)


def _what(scope: Scope, headers: Headers) -> Refusal | None:
    if scope["method"] not in METHODS:
        return Refusal(405, "That cannot be done here.")
    path = scope.get("raw_path") or scope["path"].encode()
    if len(path) > LONGEST_PATH or not _PATH.fullmatch(path):
        return Refusal(404, "There is nothing here.")
    if len(scope["query_string"]) > LONGEST_QUERY:
        return Refusal(414, "That address is too long.")
    return None


def _how_large_a_head(scope: Scope, headers: Headers) -> Refusal | None:
    raw = scope["headers"]
    if len(raw) > MOST_HEADERS or sum(len(name) + len(value) for name, value in raw) > MOST_HEAD:
        return Refusal(431, "That is too much before the content.")
    if "upgrade" in headers:
        return Refusal(400, "There is nothing else to be spoken here.")
    return None


def _where_it_ends(scope: Scope, headers: Headers) -> Refusal | None:
    """Let content end in one way alone; what comes in pieces is counted as it comes in."""
    lengths, pieces = headers.getlist("content-length"), headers.getlist("transfer-encoding")
    if pieces and (lengths or [one.lower() for one in pieces] != ["chunked"]):
        return Refusal(400, "Where that ends can be understood in two ways.")
    if scope["method"] != "POST":
        empty = not pieces and all(length == "0" for length in lengths)
        return None if empty else Refusal(400, "Content has no place here.")
    return None if pieces else _how_long(lengths)


def _how_long(lengths: Sequence[str]) -> Refusal | None:
    if len(lengths) != 1 or not _LENGTH.fullmatch(lengths[0]):
        return Refusal(411, "Please say how long the content is.")
    return TOO_MUCH if int(lengths[0]) > MOST_BODY else None


class TooMuch(RallyError):
    """What comes in is more than is read."""


def _capped(receive: Receive) -> Receive:
    """Return a way to read content of which nobody said how long it is, up to a limit."""
    left = MOST_BODY

    async def reading() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise TooMuch
        return message

    return reading


def _with_headers(send: Send) -> Send:
    """Return a way to send by which every answer has the headers that keep pages to themselves."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            said = MutableHeaders(scope=message)
            for name, value in ALWAYS.items():
                said.setdefault(name, value)
        await send(message)

    return sending
