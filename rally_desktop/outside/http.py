"""Ask one thing of a web server by HTTP, with a deadline, a cap and a look at who answers."""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import h11
import idna

from rally_desktop import __version__
from rally_desktop.core.errors import RallyError
from rally_desktop.outside.addresses import NoAddress, NotPublic, resolve

LARGEST_ANSWER = 2**20  # bytes
MOST_REDIRECTS = 3
CHUNK = 65_536
REDIRECTS = (301, 302, 303, 307, 308)
PORTS = {"http": 80, "https": 443}
OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "upgrade", "expect"})
_IN_URL = "%/:?#[]@!$&'()*+,;=~-._"


class RequestFailed(RallyError):
    """The server could not be asked.

    ``lost`` says that it may have acted although no answer came; ``permanent`` that another
    try would end the same way.
    """

    def __init__(self, message: str, *, lost: bool = False, permanent: bool = False) -> None:
        self.lost, self.permanent = lost, permanent
        super().__init__(message)


@dataclass(frozen=True)
class Request:
    """What to ask; ``seconds`` is for all of it, from the name to the last byte."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    seconds: float = 20.0
    redirects: bool = False


@dataclass(frozen=True)
class Answer:
    """What the server said; ``cut`` where it said more than a megabyte."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool = False


async def ask(
    request: Request, allowed: Collection[str] = (), tls: ssl.SSLContext | None = None
) -> Answer:
    """Return the server's answer, whatever its status, or raise RequestFailed.

    Only public addresses are connected to, and hosts that are ``allowed`` by name. ``tls``
    replaces the system's list of trusted authorities. Redirects are followed where asked for,
    and each is looked at as the first address was.
    """
    asked = _Asked()
    try:
        async with asyncio.timeout(request.seconds):
            for _ in range(MOST_REDIRECTS + 1):
                answer = await _once(request, allowed, tls, asked)
                further = answer.headers.get("location", "")
                if not (request.redirects and answer.status in REDIRECTS and further):
                    return answer
                request = _redirected(request, further)
    except TimeoutError:
        text = f"No answer within {request.seconds:g} seconds."
        raise RequestFailed(text, lost=asked.anything) from None
    raise RequestFailed("The server sends in circles.", permanent=True)


class _Asked:
    """Whether anything of the request has left, so that the server may have acted on it."""

    anything = False


def _redirected(request: Request, further: str) -> Request:
    """Return the request for where the server sends; what another server must not know is left."""
    try:
        url = urljoin(request.url, further)
    except ValueError as error:
        raise RequestFailed(
            "The server sends to an address that is none.", permanent=True
        ) from error
    same = _origin(urlsplit(url)) == _origin(urlsplit(request.url))
    return replace(request, url=url, headers=request.headers if same else ())


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    with contextlib.suppress(ValueError):
        return parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme)
    return parts.scheme, None, None


def place_of(url: str) -> tuple[str, str, int, str]:
    """Return scheme, host, port and target of an address; raise RequestFailed where it is none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
        if not host.isascii():
            host = idna.encode(host, uts46=True).decode()
    except (ValueError, idna.IDNAError):
        host, port, parts = "", 0, None
    if parts is None or parts.scheme not in PORTS or not host or parts.username is not None:
        raise RequestFailed(
            "The address must begin with https:// or http:// and a server.", permanent=True
        )
    target = quote(parts.path or "/", safe=_IN_URL)
    if parts.query:
        target += "?" + quote(parts.query, safe=_IN_URL)
    return parts.scheme, host, port, target


async def _once(
    request: Request, allowed: Collection[str], tls: ssl.SSLContext | None, asked: _Asked
) -> Answer:
    scheme, host, port, target = place_of(request.url)
    said = _said(request, host, port, target, PORTS[scheme])
    try:
        address = await resolve(host, port, allowed)
        secure = (tls or ssl.create_default_context()) if scheme == "https" else None
        reader, writer = await asyncio.open_connection(
            address, port, ssl=secure, server_hostname=host if secure else None
        )
    except NotPublic as error:
        raise RequestFailed(str(error), permanent=True) from error
    except NoAddress as error:
        raise RequestFailed(str(error)) from error
    except ssl.SSLError as error:
        text = f"The connection to ‘{host}’ is not secure: {error.reason or error}."
        raise RequestFailed(text, permanent=True) from error
    except OSError as error:
        raise RequestFailed(f"‘{host}’ cannot be reached: {error.strerror or error}.") from error
    try:
        return await _exchange(reader, writer, said, request.body, asked)
    except OSError as error:
        text = f"The connection to ‘{host}’ broke."
        raise RequestFailed(text, lost=asked.anything) from error
    finally:
        writer.transport.abort()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def _said(request: Request, host: str, port: int, target: str, usual: int) -> h11.Request:
    """Return the head of a request; raise RequestFailed where it could smuggle something in."""
    server = f"[{host}]" if ":" in host else host
    headers = [
        ("Host", server if port == usual else f"{server}:{port}"),
        ("User-Agent", f"Rally-Desktop/{__version__}"),
        ("Accept-Encoding", "identity"),
        ("Connection", "close"),
        ("Content-Length", str(len(request.body))),
    ]
    for name, value in request.headers:
        if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name) or name.lower() in OURS:
            raise RequestFailed(f"‘{name}’ cannot be set as a header.", permanent=True)
        if not value.isprintable():
            raise RequestFailed(f"The header ‘{name}’ has a line break in it.", permanent=True)
    set_ = {name.lower(): (name, value.strip()) for name, value in request.headers}
    kept = [(name, value) for name, value in headers if name.lower() not in set_]
    wire = [(name.encode(), value.encode()) for name, value in (*kept, *set_.values())]
    try:
        return h11.Request(method=request.method, target=target, headers=wire)
    except h11.LocalProtocolError as error:
        raise RequestFailed(f"The request cannot be written: {error}.", permanent=True) from error


async def _exchange(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    said: h11.Request,
    body: bytes,
    asked: _Asked,
) -> Answer:
    link = h11.Connection(h11.CLIENT)
    wire = (link.send(said), link.send(h11.Data(data=body)), link.send(h11.EndOfMessage()))
    asked.anything = True
    writer.write(b"".join(part for part in wire if part))
    await writer.drain()
    try:
        return await _read(reader, link)
    except h11.RemoteProtocolError as error:
        # Rubbish, or a connection that ended in the middle: it may have acted all the same.
        raise RequestFailed("The server's answer cannot be read.", lost=True) from error


async def _read(reader: asyncio.StreamReader, link: h11.Connection) -> Answer:
    head: h11.Response | None = None
    body = bytearray()
    while len(body) <= LARGEST_ANSWER:
        event: Any = link.next_event()
        if event is h11.NEED_DATA:
            link.receive_data(await reader.read(CHUNK))
        elif isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
            break
    if head is None:
        raise h11.RemoteProtocolError("the connection ended before an answer")
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
    cut = len(body) > LARGEST_ANSWER
    return Answer(head.status_code, headers, bytes(body[:LARGEST_ANSWER]), cut)
