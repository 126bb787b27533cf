"""Finding the servers for an address."""

import asyncio
from dataclasses import replace

import pytest
from dns.resolver import NXDOMAIN

from rally_desktop.core.errors import Refused
from rally_desktop.outside.http import RequestFailed
from rally_desktop.outside.mail import autoconfig, discovery
from rally_desktop.outside.mail.discovery import Finder
from rally_desktop.outside.mail.loopback import LoopbackServer
from rally_desktop.outside.mail.providers import Server
from tests.mail_server import certified

PAGE = """<?xml version="1.0" encoding="UTF-8"?><clientConfig version="1.1"><emailProvider id="x">
<incomingServer type="pop3"><hostname>pop.{0}</hostname><port>995</port><socketType>SSL</socketType>
</incomingServer><incomingServer type="imap"><hostname>imap.{0}</hostname><port>993</port>
<socketType>SSL</socketType><username>%EMAILLOCALPART%</username></incomingServer>
<outgoingServer type="smtp"><hostname>open.{0}</hostname><port>25</port>
<socketType>plain</socketType></outgoingServer>
<outgoingServer type="smtp"><hostname>smtp.{0}</hostname><port>587</port>
<socketType>STARTTLS</socketType><username>%EMAILLOCALPART%</username></outgoingServer>
</emailProvider></clientConfig>"""


def find(address, *, names=None, pages=None, answers=()):
    """Look in a world of name service, web pages and servers that answer."""
    asked = []

    async def lookup(name, kind):
        return (names or {}).get(f"{kind} {name}", [])

    async def fetch(url):
        asked.append(url)
        for start, page in (pages or {}).items():
            if url.startswith(start):
                return page
        raise RequestFailed("nobody there")

    async def probe(server):
        return server in answers

    found = asyncio.run(Finder(lookup, fetch, probe).find(address))
    assert all(url.startswith("https://") for url in asked)
    return found


def test_big_providers_are_known():
    """An address at a big provider needs no question to anybody."""
    found = find("ana@Gmail.com")
    assert (found.smtp.host, found.imap.host) == ("smtp.gmail.com", "imap.gmail.com")
    assert found.provider.consent is not None


def test_a_domain_publishes_its_servers():
    """The domain's own page is read: encrypted servers alone, names filled in."""
    page = PAGE.format("hill.example").encode()
    found = find("ana@hill.example", pages={"https://autoconfig.hill.example/": page})
    assert found.smtp == Server("smtp.hill.example", 587, "starttls")
    assert found.imap == Server("imap.hill.example", 993)
    assert (found.login, found.elsewhere) == ("ana", ())


def test_servers_of_another_domain_are_pointed_out():
    """A page or a name that leads elsewhere is shown as such, before any password is typed."""
    page = PAGE.format("thief.example").encode()
    found = find("ana@hill.example", pages={"https://hill.example/.well-known/": page})
    assert found.elsewhere == ("smtp.thief.example", "imap.thief.example")


def test_the_name_service_says_where():
    """SRV records count in their order; «.» means that there is no such service."""
    names = {
        "SRV _submissions._tcp.hill.example": [(0, 0, ".")],
        "SRV _submission._tcp.hill.example": [
            (9, 25, "b.hill.example."), (1, 587, "a.hill.example."),
        ],
        "SRV _imaps._tcp.hill.example": [(0, 993, "imap.hill.example.")],
    }  # fmt: skip
    found = find("ana@hill.example", names=names)
    assert found.smtp == Server("a.hill.example", 587, "starttls")
    assert found.imap == Server("imap.hill.example", 993)


def test_the_exchanger_tells_the_provider():
    """A domain whose mail Google takes is signed in for with Google."""
    names = {"MX hill.example": [(1, 0, "aspmx.l.google.com.")]}
    assert find("ana@hill.example", names=names).provider.key == "google"


def test_a_name_service_that_knows_nothing_is_no_error(monkeypatch):
    """Where the name service says that there is no such name, nothing is found and all goes on."""

    async def unknown(*_, **__):
        raise NXDOMAIN

    async def nothing(_):
        return b""

    async def never(_):
        return False

    monkeypatch.setattr("dns.asyncresolver.resolve", unknown)
    finder = replace(discovery.finder(), fetch=nothing, probe=never)
    assert asyncio.run(finder.find("ana@hill.example")) is None


def test_guesses_are_tried_and_called_guesses():
    """Where nothing is said, what answers is offered, and what a domain is not is not."""
    answers = {Server("mail.hill.example", 465), Server("imap.hill.example", 993)}
    found = find("ana@hill.example", answers=answers)
    assert (found.smtp.host, found.sure) == ("mail.hill.example", False)
    assert find("ana@hill.example") is None


@pytest.mark.parametrize("address", ["ana", "@x.org", "ana@", "a b@x.org", "ana@-", "ana@x..org"])
def test_what_is_no_address_is_refused(address):
    """A text that cannot be an address is not asked for."""
    with pytest.raises(Refused, match="whole e-mail address"):
        find(address)


GOOD = PAGE.format("x.example")
BOMB = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><clientConfig>&c;</clientConfig>'


@pytest.mark.parametrize(
    "data",
    [
        BOMB.encode(),
        b'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>',
        BOMB.encode("utf-16"),
        b"<a>" * 20_000,
        b"<clientConfig>" + b"<a/>" * 9_000 + b"</clientConfig>",
        b"x" * 100_000,
        b"",
        b"<html>not found</html>",
        GOOD.replace("STARTTLS", "plain").encode(),
        GOOD.replace("smtp.x.example", "127.0.0.1/evil").encode(),
        GOOD.replace("587", "99999").encode(),
        GOOD.replace("<port>587</port>", "<port>５８７</port>").encode(),
    ],
    ids=range(12),
)
def test_hostile_pages_are_not_read(data):
    """Entities, other encodings, huge pages, open servers and odd hosts count for nothing."""
    with pytest.raises(autoconfig.Unreadable):
        autoconfig.read(data, "ana@x.example")


def test_a_server_that_answers_is_tried_for_real(tmp_path, caplog):
    """TLS and STARTTLS are tried with the certificate; a lie about it counts for nothing."""
    serves, trusts = certified(tmp_path)

    async def all_of(*servers):
        return [await discovery.probe(one, trusts) for one in servers]

    with LoopbackServer(tls=serves) as tls, LoopbackServer(starttls=serves) as later:
        with LoopbackServer() as plain:
            tried = asyncio.run(
                all_of(
                    Server("localhost", tls.port),
                    Server("localhost", later.port, "starttls"),
                    Server("127.0.0.1", tls.port),
                    Server("localhost", plain.port),
                    Server("localhost", plain.port, "starttls"),
                    Server("localhost", 1),
                )
            )
    assert tried == [True, True, False, False, False, False]
    caplog.clear()  # the server that was spoken to in TLS did not understand
