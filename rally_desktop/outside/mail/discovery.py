"""Find the mail servers for an address: what is known, what its domain publishes, what answers.

Only encrypted servers count, and nobody is told the address but its own domain. No password is
sent to anything found here: that is shown to a person first.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import idna
from aiosmtplib import SMTP, SMTPException

from rally_desktop.core.errors import Refused
from rally_desktop.outside import http
from rally_desktop.outside.mail import autoconfig, providers
from rally_desktop.outside.mail.providers import Provider, Server

# Seconds for what the domain publishes, for one server to answer, and for all guesses.
PUBLISHED_SECONDS = 6.0
PROBE_SECONDS = 5.0
GUESSES_SECONDS = 8.0

Lookup = Callable[[str, str], Awaitable[Sequence[tuple[int, int, str]]]]
Fetch = Callable[[str], Awaitable[bytes]]
Probe = Callable[[Server], Awaitable[bool]]


@dataclass(frozen=True)
class Found:
    """The servers for an address, and how they were found; all of it can be changed.

    ``sure`` says that nobody had to guess; ``elsewhere`` are servers that belong neither to the
    address's domain nor to a known provider, which a person should look at twice.
    """

    smtp: Server
    imap: Server | None
    login: str
    source: str
    sure: bool = True
    provider: Provider | None = None
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finder:
    """Asks the name service, the web and mail servers; tests put others in their places."""

    lookup: Lookup
    fetch: Fetch
    probe: Probe

    async def find(self, address: str) -> Found | None:
        """Return the servers for an address, or None where nothing is found."""
        domain = domain_of(address)
        if known := providers.of_domain(domain):
            return _of(known, address, f"{known.title} is known.")
        published, named, exchangers = await asyncio.gather(
            self._published(address, domain), self._named(address, domain), self._mx(domain)
        )
        if found := published or named:
            return found
        for host in exchangers:
            if provider := providers.of_exchanger(host):
                return _of(provider, address, f"The mail of {domain} is at {provider.title}.")
        return await self._guessed(address, domain, exchangers)

    async def _published(self, address: str, domain: str) -> Found | None:
        """Return what the domain's own web server says (encrypted, or it does not count)."""
        asked = f"emailaddress={quote(address)}"
        pages = (
            f"https://autoconfig.{domain}/mail/config-v1.1.xml?{asked}",
            f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml?{asked}",
        )
        for data in await asyncio.gather(*(self._page(url) for url in pages)):
            with contextlib.suppress(autoconfig.Unreadable):
                said = autoconfig.read(data, address)
                source = f"{domain} says so on its web server."
                return _checked(said.smtp, said.imap, said.login, source, domain)
        return None

    async def _page(self, url: str) -> bytes:
        try:
            async with asyncio.timeout(PUBLISHED_SECONDS):
                return await self.fetch(url)
        except (http.RequestFailed, OSError, TimeoutError):
            return b""

    async def _named(self, address: str, domain: str) -> Found | None:
        """Return what the domain's name service says (RFC 6186, RFC 8314)."""
        outgoing, submission, incoming, plain = await asyncio.gather(
            self._asked(f"_submissions._tcp.{domain}", "SRV"),
            self._asked(f"_submission._tcp.{domain}", "SRV"),
            self._asked(f"_imaps._tcp.{domain}", "SRV"),
            self._asked(f"_imap._tcp.{domain}", "SRV"),
        )
        smtp = [Server(host, port) for _, port, host in outgoing]
        smtp += [Server(host, port, "starttls") for _, port, host in submission]
        imap = [Server(host, port) for _, port, host in incoming]
        imap += [Server(host, port, "starttls") for _, port, host in plain]
        if not smtp:
            return None
        source = f"The name service of {domain} says so."
        return _checked(smtp[0], imap[0] if imap else None, address, source, domain)

    async def _mx(self, domain: str) -> list[str]:
        return [host for _, _, host in await self._asked(domain, "MX")]

    async def _asked(self, name: str, kind: str) -> list[tuple[int, int, str]]:
        try:
            async with asyncio.timeout(PUBLISHED_SECONDS):
                found = await self.lookup(name, kind)
        except (OSError, TimeoutError):
            return []
        good = ((rank, port, host.rstrip(".").lower()) for rank, port, host in found)
        return sorted(one for one in good if autoconfig.is_host(one[2]) and one[1] >= 0)

    async def _guessed(self, address: str, domain: str, exchangers: list[str]) -> Found | None:
        """Return the first of the usual servers that answer, asked all at once."""
        homes = dict.fromkeys((domain, *(_parent(host) for host in exchangers[:2])))
        out = [
            Server(f"{name}{home}", port, "tls" if port == 465 else "starttls")
            for home in homes
            for name in ("smtp.", "mail.", "")
            for port in (465, 587)
        ]
        into = [Server(f"{name}{home}", 993) for home in homes for name in ("imap.", "mail.", "")]
        answers = await self._probed([*out, *into])
        smtp = next((one for one in out if one in answers), None)
        imap = next((one for one in into if one in answers), None)
        if smtp is None:
            return None
        source = f"{domain} says nothing about its servers; these answer and are encrypted."
        return _checked(smtp, imap, address, source, domain, sure=False)

    async def _probed(self, servers: list[Server]) -> Collection[Server]:
        tasks = {asyncio.ensure_future(self.probe(one)): one for one in servers}
        try:
            await asyncio.wait(tasks, timeout=GUESSES_SECONDS)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return {
            one
            for task, one in tasks.items()
            if not task.cancelled() and task.exception() is None and task.result()
        }


def domain_of(address: str) -> str:
    """Return an address's domain as the name service knows it; raise Refused where it is none."""
    local, _, domain = address.strip().rpartition("@")
    try:
        name = idna.encode(domain, uts46=True).decode().lower() if domain else ""
    except idna.IDNAError:
        name = ""
    if not local or " " in address.strip() or not autoconfig.is_host(name):
        raise Refused("Type a whole e-mail address, such as office@example.com.")
    return name


def finder() -> Finder:
    """Return what asks the real world."""
    return Finder(_lookup, _fetch, probe)


def of_provider(provider: Provider, address: str) -> Found:
    """Return the servers of a provider that somebody chose."""
    return _of(provider, address, f"{provider.title} is known.")


def _of(provider: Provider, address: str, source: str) -> Found:
    return Found(provider.smtp, provider.imap, address, source, provider=provider)


def _checked(
    smtp: Server, imap: Server | None, login: str, source: str, domain: str, *, sure: bool = True
) -> Found:
    """Return what was found; where both servers are a known provider's, that is said."""
    hosts = [one.host for one in (smtp, imap) if one]
    of = next((one for one in providers.PROVIDERS if smtp.host == one.smtp.host), None)
    if of is not None and imap in (None, of.imap):
        return Found(of.smtp, of.imap, login, source, sure, of)
    foreign = dict.fromkeys(host for host in hosts if not _belongs(host, domain))
    return Found(smtp, imap, login, source, sure, None, tuple(foreign))


def _belongs(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def _parent(host: str) -> str:
    """Return the domain that a mail server's name is in."""
    return host.partition(".")[2] if host.count(".") > 1 else host


async def _lookup(name: str, kind: str) -> Sequence[tuple[int, int, str]]:
    """Ask the name service; raise OSError where it knows nothing."""
    # Large, and needed only where an account is set up.
    import dns.asyncresolver
    import dns.exception

    ask = dns.asyncresolver.resolve
    try:
        answer = await ask(name, kind, lifetime=PUBLISHED_SECONDS, search=False)
    except dns.exception.DNSException as error:
        raise OSError(str(error)) from error
    if kind == "MX":
        return [(one.preference, 0, str(one.exchange)) for one in answer]
    return [(one.priority, one.port, str(one.target)) for one in answer]


async def _fetch(url: str) -> bytes:
    answer = await http.ask(http.Request("GET", url, seconds=PUBLISHED_SECONDS))
    return answer.body if answer.status == 200 and not answer.cut else b""


async def probe(server: Server, tls: ssl.SSLContext | None = None) -> bool:
    """Say whether a mail server answers there, encrypted, under a name that is its own."""
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            if server.security == "starttls":
                return await _upgrades(server, tls)
            return await _greets(server, tls or ssl.create_default_context())
    except (OSError, SMTPException, TimeoutError, ValueError):
        return False


async def _greets(server: Server, tls: ssl.SSLContext) -> bool:
    reader, writer = await asyncio.open_connection(server.host, server.port, ssl=tls, limit=4096)
    try:
        said = await reader.readline()
        return said.startswith((b"220", b"* OK", b"* PREAUTH"))
    finally:
        writer.transport.abort()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _upgrades(server: Server, tls: ssl.SSLContext | None) -> bool:
    client = SMTP(
        hostname=server.host, port=server.port, local_hostname="[127.0.0.1]",
        timeout=PROBE_SECONDS, start_tls=False, tls_context=tls,
    )  # fmt: skip
    try:
        await client.connect()
        await client.starttls()
        return True
    finally:
        client.close()
