"""The web service as it runs in the engine: in a loop on a thread of its own, over loopback."""

from __future__ import annotations

import asyncio
import http.client
import re
import socket
import threading
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from msgspec import structs

from rally_desktop.api.service import WebService
from rally_desktop.core.message import Letter
from rally_desktop.engine.dressing import Dressing
from rally_desktop.engine.outbox import Outbox
from rally_desktop.outside.secrets import Vault
from rally_desktop.services import mail_accounts, messages, web
from rally_desktop.services.messages import Content, Origin
from tests.ports import free_port

PUBLIC = "https://office.example.com"
PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
HTML = (
    '<html><body><p>Hello</p><a href="https://example.com/prices?a=1&amp;b=2">Prices</a>'
    '<a href="mailto:hello@example.com">Write</a><a href="https://example.com/terms">Terms</a>'
    '<a href="https://example.com/about">About</a>'
    '<a href="https://unsubscribe.invalid/">Leave</a></body></html>'
)


class Pocket:
    """A place for the master key that lasts as long as a test."""

    name = "a pocket"

    def __init__(self) -> None:
        self.key: bytes | None = None

    def read(self) -> bytes | None:
        """Return the key."""
        return self.key

    def write(self, key: bytes) -> None:
        """Keep the key."""
        self.key = key


@dataclass
class Answer:
    """What the service answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode()


@dataclass
class Site:
    """A running service with a client; ``port`` is where it listens."""

    world: object
    vault: Vault
    service: WebService
    port: int
    loop: asyncio.AbstractEventLoop

    def follow(self) -> None:
        """Let the service look at the settings and at what is to be judged."""
        asyncio.run_coroutine_threadsafe(self.service.follow(), self.loop).result(20)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        host: str = "office.example.com",
        **headers: str,
    ) -> Answer:
        """Ask for something as a browser would."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        said = {"Host": host, "User-Agent": PERSON}
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            link.request(method, path, body, said)
            got = link.getresponse()
            answer = Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())
        finally:
            link.close()
        return answer

    def post(self, path: str, values: dict[str, str], **headers: str) -> Answer:
        """Send a form."""
        kind = {"Content_Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(values).encode(), **{**kind, **headers})

    def raw(self, data: bytes) -> bytes:
        """Send bytes as they are and return the head of the answer, or what there was of it."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as link:
            link.sendall(data)
            got = b""
            try:
                while b"\r\n\r\n" not in got and (piece := link.recv(65_536)):
                    got += piece
            except ConnectionError:
                return got
            return got

    def set(self, **values: object) -> None:
        """Change the office's settings and let the service follow."""
        self.world.do(web.save, structs.replace(self.world.ask(web.of), **values))
        self.follow()

    def send(self, ref, html: str = HTML, *, transactional: bool = False) -> Letter:
        """Send an e-mail to a contact and return it as it went out, an hour ago."""
        world = self.world
        content = Content("News", "Hello. Leave: https://unsubscribe.invalid/", html,
                          transactional=transactional)  # fmt: skip
        origin = Origin(None, None, "test", len(world.mail.letters), world.clock.now())

        def queue(work):
            account = mail_accounts.accounts(work)[0]
            messages.queue(work, ref, work.record(ref), account, content, origin)

        if not world.ask(mail_accounts.accounts):
            world.mailbox()
        world.do(queue)
        world.clock.advance(hours=1)
        asyncio.run(self._hand_over())
        world.clock.advance(hours=1)
        return world.mail.letters[-1]

    async def _hand_over(self) -> None:
        outbox = Outbox(self.world.store, lambda _: self.world.mail, dress=Dressing(self.vault))
        await outbox.send_due()
        await outbox.close()

    def settle(self) -> None:
        """Wait until what was asked for is written down, which nobody who asks waits for."""

        async def quiet() -> None:
            while self.service._office and self.service._office._waiting:
                await asyncio.sleep(0.001)

        asyncio.run_coroutine_threadsafe(quiet(), self.loop).result(20)

    def judged(self, ref) -> list[str]:
        """Return the kinds on a record's timeline once what was asked for is judged."""
        self.settle()
        self.world.clock.advance(seconds=30)
        self.follow()
        return self.world.happened(ref)

    def rows(self, table: str) -> list:
        """Return the rows of a table."""
        return [tuple(row) for row in self.world.rows(f"select * from {table}")]


def paths(letter: Letter) -> dict[str, list[str]]:
    """Return the addresses of ours in a letter, by what they are for."""
    found: dict[str, list[str]] = {"o": [], "c": [], "u": []}
    for url in re.findall(rf"{re.escape(PUBLIC)}(/v1/(\w)/[\w-]+)", letter.html):
        found[url[1]].append(url[0])
    return found


@pytest.fixture
def site(world):
    """A service that is switched on, with a public address, and counts opens and clicks."""
    loop, vault = asyncio.new_event_loop(), Vault(Pocket())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    made = Site(world, vault, WebService(world.store, vault), free_port(), loop)
    made.set(on=True, port=made.port, public=PUBLIC, opens=True, clicks=True)
    yield made
    asyncio.run_coroutine_threadsafe(made.service.close(), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(20)
    loop.close()
