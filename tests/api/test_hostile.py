"""What strangers try: smuggled and dripping requests, other names, other paths, far too many."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading

import pytest

from rally_desktop.api import connection, gate
from rally_desktop.api.listener import Listener
from rally_desktop.api.pace import Pace, Paces
from rally_desktop.api.service import WebService
from rally_desktop.core.errors import Refused
from rally_desktop.outside.secrets import Locked, Vault
from rally_desktop.services import web
from tests.api.conftest import Pocket, paths
from tests.ports import free_port

pytestmark = pytest.mark.slow

HOST = b"Host: office.example.com\r\n"
TABLES = ("contact", "activity", "suppression", "touch", "form_entry", "setting")


def bytes_of(world):
    """Return everything there is in the tables that a request may come to."""
    return [world.rows(f"select * from {table}") for table in TABLES]


def status(answer: bytes) -> int:
    """Return the status of a raw answer; 0 where there was none."""
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0


SMUGGLED = (
    b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nno=al\r\n0\r\n\r\n",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding: chunked\r\n\r\nZ\r\nno=al\r\n0\r\n\r\n",
    b"Transfer-Encoding: xchunked\r\nContent-Length: 3\r\n\r\nabc",
    b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabc",
    b"Content-Length: +3\r\n\r\nabc",
    b"Content-Length: 0x3\r\n\r\nabc",
    b"Content-Length: 99999999999999999999\r\n\r\nabc",
    b"Content-Length : 3\r\n\r\nabc",
    b"Content-Length: 3\r\n X-More: folded\r\n\r\nabc",
    b"X-A: b\rContent-Length: 3\r\n\r\nabc",
    b"X-A: b\0c\r\nContent-Length: 3\r\n\r\nabc",
    b"Content-Length: 3\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nabc",
    b"\r\n\r\n",
)  # fmt: skip


def test_smuggled_requests_are_refused(site, world):
    """A request whose end can be understood in two ways gets one answer, a refusal."""
    ana = world.contact(email="ana@example.org")
    path = paths(site.send(ana))["u"][0].encode()
    before = bytes_of(world)
    for head in SMUGGLED:
        answer = site.raw(b"POST " + path + b" HTTP/1.1\r\n" + HOST + head)
        assert 400 <= status(answer) < 500, head
    assert bytes_of(world) == before


@pytest.mark.parametrize(
    "host",
    ["evil.example", "office.example.com.evil.example", "127.0.0.1", "localhost:1",
     "office.example.com@evil.example", "office.example.com:444", "[::1]", ""],
)  # fmt: skip
def test_other_names_are_not_answered(site, host):
    """A name that somebody else made lead here learns nothing (DNS rebinding)."""
    answer = site.raw(f"GET /v1/alive HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert status(answer) == 421
    twice = b"GET /v1/alive HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n\r\n"
    assert status(site.raw(twice)) in (400, 421)
    assert site.ask("GET", "/v1/alive", host=f"127.0.0.1:{site.port}").status == 200


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("GET /v1/../v1/alive", 404), ("GET //v1/alive", 404), ("GET /v1/alive/", 404),
        ("GET /v1/%61live", 404), ("GET /v1/forms/a%2f..%2fb", 404), ("GET /v1/alive%00", 404),
        ("GET http://evil.example/v1/alive", 421), ("GET /" + "a" * 300, 404), ("GET /", 404),
        ("GET /v1/alive?" + "q" * 3_000, 414), ("DELETE /v1/alive", 405), ("OPTIONS /v1/a", 405),
        ("PUT /v1/forms/a", 405), ("TRACE /v1/alive", 405), ("CONNECT evil.example:443", 400),
        ("POST /v1/alive", 405), ("GET /v1/sms/twilio", 404), ("GET /openapi.json", 404),
    ],
)  # fmt: skip
def test_paths_and_methods_lead_nowhere_else(site, line, wanted):
    """There is nothing but what there is, by no other spelling and by no other method."""
    method, _, target = line.partition(" ")
    length = b"Content-Length: 0\r\n" if method in ("POST", "PUT") else b""
    host = HOST if "evil.example/" not in line else b"Host: evil.example\r\n"
    answer = site.raw(f"{method} {target} HTTP/1.1\r\n".encode() + host + length + b"\r\n")
    assert status(answer) in (wanted, 400)


def test_too_much_is_not_read(site, world):
    """A large body, a large head and many headers are refused before they are all there."""
    before = bytes_of(world)
    post = b"POST /v1/forms/contact HTTP/1.1\r\n" + HOST
    large = str(gate.MOST_BODY + 1).encode()
    assert status(site.raw(post + b"Content-Length: " + large + b"\r\n\r\n" + b"x" * 1_000)) == 413
    kind = b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    piece = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    leave = b"POST /v1/u/1" + b"A" * 38 + b" HTTP/1.1\r\n" + HOST
    assert status(site.raw(leave + kind + piece * 3)) == 413
    head = b"GET /v1/alive HTTP/1.1\r\n" + HOST
    assert status(site.raw(head + b"X-A: " + b"a" * 20_000 + b"\r\n\r\n")) in (400, 431)
    assert status(site.raw(head + b"X-A: b\r\n" * 100 + b"\r\n")) == 431
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as link:
        link.sendall(head)
        with pytest.raises(ConnectionError):  # noqa: PT012 - it ends somewhere on the way
            for _ in range(50_000):
                link.sendall(b"X-B: " + b"b" * 1_000 + b"\r\n")
    assert bytes_of(world) == before


def test_answers_tell_nothing_of_the_server(site):
    """No banner, no date, no frame, no cache, no script; also where a request is refused."""
    for method, path in (("GET", "/v1/alive"), ("GET", "/nothing"), ("DELETE", "/v1/alive")):
        said = site.ask(method, path).headers
        assert "server" not in said
        assert said["x-content-type-options"] == "nosniff"
        assert said["x-frame-options"] == "DENY"
        assert said["cache-control"] == "no-store"
        assert said["content-security-policy"].startswith("default-src 'none'")
        assert "access-control-allow-origin" not in said


def test_who_drips_is_hung_up_on(site, monkeypatch):
    """A request that does not come to its end in time ends without an answer."""
    monkeypatch.setattr(connection.GuardedConnection, "seconds", 0.2)
    for said in (b"", b"GET /v1/alive HT", b"POST /v1/forms/a HTTP/1.1\r\n" + HOST
                 + b"Content-Length: 10\r\nContent-Type: application/json\r\n\r\nab"):  # fmt: skip
        with socket.create_connection(("127.0.0.1", site.port), timeout=10) as link:
            link.sendall(said)
            assert not _rest(link).startswith(b"HTTP/1.1 200")


def _rest(link: socket.socket) -> bytes:
    try:
        return link.recv(1_000)
    except ConnectionError:
        return b""


def test_only_so_many_connections_are_held(site, monkeypatch):
    """One too many is hung up on, and the others are answered all the same."""
    monkeypatch.setattr(connection.GuardedConnection, "most", 3)
    held = [socket.create_connection(("127.0.0.1", site.port), timeout=10) for _ in range(3)]
    held[0].sendall(b"GET /v1/alive HTTP/1.1\r\n" + HOST + b"\r\n")
    assert held[0].recv(1_000).startswith(b"HTTP/1.1 200")
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as extra:
        assert _rest(extra) == b""
    for link in held:
        link.close()


def test_too_many_requests_are_told_to_wait(site, world):
    """After a burst there is 429 with how long to wait, and nothing of it is written down."""
    before = bytes_of(world)
    found = [site.ask("POST", "/v1/forms/none", b"") for _ in range(40)]
    assert {answer.status for answer in found} == {404, 429}
    assert int(found[-1].headers["retry-after"]) >= 1
    assert bytes_of(world) == before


def test_paces_are_bounded_and_refilled():
    """Ten thousand visitors are held and no more; one network of IPv6 is one visitor."""
    now = [0.0]
    paces = Paces(Pace(2, 1), lambda: now[0])
    assert [paces.wait("::ffff:1.2.3.4"), paces.wait("1.2.3.4"), paces.wait("1.2.3.4") > 0] == [
        0,
        0,
        True,
    ]
    assert [paces.wait(f"2001:db8::{n}") > 0 for n in range(4)] == [False, False, True, True]
    now[0] = 1.0
    assert paces.wait("1.2.3.4") == 0
    for number in range(20_000):
        paces.wait(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(paces._held) == 10_000


def test_a_proxy_says_who_asks_and_nobody_else_does(site):
    """Behind our own proxy each visitor has a pace of their own; what they claim does not count."""
    ours = {"X_Forwarded_For": "198.51.100.7, 203.0.113.5"}
    found = {site.ask("POST", "/v1/forms/none", b"", **ours).status for _ in range(25)}
    assert 429 in found
    claimed = {"X_Forwarded_For": "198.51.100.99, 203.0.113.5"}
    assert site.ask("POST", "/v1/forms/none", b"", **claimed).status == 429
    other = {"X_Forwarded_For": "203.0.113.5, 198.51.100.8"}
    assert site.ask("POST", "/v1/forms/none", b"", **other).status == 404


def test_it_comes_and_goes_with_the_setting(site, world):
    """Off closes the port at once, on opens it, and another port is another port."""
    assert world.ask(web.state).state == "on"
    site.set(on=False)
    assert world.ask(web.state).state == "off"
    with pytest.raises(OSError, match="refused"):
        site.ask("GET", "/v1/alive")
    old, site.port = site.port, free_port()
    site.set(on=True, port=site.port)
    assert site.ask("GET", "/v1/alive").status == 200
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", old), timeout=5)


def test_a_port_that_is_taken_is_said(site, world):
    """Where another program has the port the settings say so, and it is tried again later."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        site.port = other.getsockname()[1]
        site.set(port=site.port)
        state = world.ask(web.state)
        assert (state.state, str(site.port) in state.said) == ("trouble", True)
    site.follow()
    assert world.ask(web.state).state == "trouble"
    world.clock.advance(seconds=31)
    site.follow()
    assert world.ask(web.state).state == "on"


def test_a_keyring_that_is_locked_is_said_and_not_asked_again(world, monkeypatch):
    """Without the key of links nothing is answered until somebody switches it on anew."""
    asked = []

    def locked(work, vault):
        asked.append(vault)
        raise Locked

    monkeypatch.setattr(web, "make_key", locked)
    world.do(web.save, web.Web(on=True, port=free_port()))
    service = WebService(world.store, Vault(Pocket()))
    for _ in range(3):
        asyncio.run(service.follow())
        world.clock.advance(minutes=5)
    assert (world.ask(web.state).state, len(asked)) == ("trouble", 1)


def test_another_computer_does_not_answer(site, world, monkeypatch):
    """The computer on which it was switched on answers, and no other that shares the office."""
    monkeypatch.setattr(web.platform, "node", lambda: "another")
    assert world.ask(web.answers_here) is None


def test_nothing_of_it_is_imported_before_it_is_on(sqlite_url):
    """An engine whose office is not on the web knows neither Starlette nor uvicorn."""
    code = (
        "import sys, asyncio\n"
        "from rally_desktop.core.clock import SystemClock\n"
        "from rally_desktop.model.store import Store\n"
        "from rally_desktop.services import office\n"
        "from rally_desktop.engine.thread import EngineThread\n"
        "from rally_desktop.api.service import WebService\n"
        "from rally_desktop.outside.secrets import Keyring, Vault\n"
        f"store = Store.open({sqlite_url!r}, SystemClock())\n"
        "store.write(office.found)\n"
        "service = WebService(store, Vault(Keyring()))\n"
        "asyncio.run(service.follow())\n"
        "print(sorted({'starlette', 'uvicorn', 'httptools', 'anyio'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_signal_is_taken():
    """A server that is opened and closed leaves the program's own signals alone."""
    before = threading.active_count()

    async def once() -> None:
        listener = Listener(lambda scope, receive, send: None)
        port = await listener.open("127.0.0.1", 0)
        with pytest.raises(Refused, match="taken"):
            await Listener(lambda scope, receive, send: None).open("127.0.0.1", port)
        await listener.close()

    asyncio.run(once())
    assert threading.active_count() == before
