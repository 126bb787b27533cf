"""An account has as many connections at once as it is allowed, each with a message in hand."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from rally_desktop.core.errors import SendFailed
from rally_desktop.engine.outbox import Outbox
from rally_desktop.model.graph import Step
from rally_desktop.services import mail_accounts, safeguards, templates
from rally_desktop.services.safeguards import Safeguards


class Server:
    """Counts who is connected, and lets everybody have a message in hand at once."""

    def __init__(self):
        """Begin with nobody."""
        self.open, self.most, self.busy, self.got = set(), 0, 0, []
        self.trouble = None

    def connect(self, account):
        """Take another connection."""
        made = Line(self)
        self.open.add(made)
        return made


class Line:
    """One connection."""

    def __init__(self, server):
        """Know the server."""
        self.server = server

    async def hand_over(self, letter, before_dot):
        """Take a letter, slowly enough for another one beside it."""
        server = self.server
        server.busy += 1
        server.most = max(server.most, server.busy)
        try:
            if server.trouble and len(server.got) >= 8:
                raise server.trouble
            await asyncio.sleep(0)
            await before_dot()
            await asyncio.sleep(0)
            server.got.append((letter.recipient.address, letter.subject, self))
        finally:
            server.busy -= 1
        return "250 kept"

    async def close(self):
        """Hang up."""
        self.server.open.discard(self)


@pytest.fixture
def office(world):
    """An office with twenty letters in its outbox, on their way to ten people."""
    world.account = world.mailbox()
    world.do(safeguards.save, Safeguards(emails_a_day=9))
    for name in ("First", "Second"):
        world.do(templates.save, name, subject=name, text="Hello")
    world.publish(*(Step(name, "send_email", {"template": name}) for name in ("First", "Second")))
    for number in range(10):
        world.contact(email=f"person{number}@example.org")
    world.heart.tick()
    world.server = Server()
    world.sending = Outbox(world.store, world.server.connect)
    return world


def states(world):
    """How many messages are in which state."""
    return Counter(state for (state,) in world.rows("select state from outbox"))


def test_three_connections_have_three_letters_in_hand(office):
    """Every letter goes out once, three at a time, those to one person in their order."""
    office.do(mail_accounts.edit, office.account, connections=3)
    assert asyncio.run(office.sending.send_due()) == 20
    assert (office.server.most, len(office.server.open)) == (3, 3)
    got = sorted((address, subject) for address, subject, _ in office.server.got)
    assert got == [
        (f"person{n}@example.org", name) for n in range(10) for name in ("First", "Second")
    ]
    for number in range(10):
        own = [(subject, line) for address, subject, line in office.server.got
               if address == f"person{number}@example.org"]  # fmt: skip
        assert [subject for subject, _ in own] == ["First", "Second"]
        assert len({line for _, line in own}) == 1


def test_one_connection_is_all_that_most_have(office):
    """An account that says nothing has one, however much there is to send."""
    assert asyncio.run(office.sending.send_due()) == 20
    assert (office.server.most, len(office.server.open)) == (1, 1)


def test_trouble_on_one_connection_halts_them_all(office):
    """The server closes its doors: what is not out yet waits, and no try of it is used up."""
    office.do(mail_accounts.edit, office.account, connections=3)
    office.server.trouble = SendFailed("Too much for now.", account=True)
    assert asyncio.run(office.sending.send_due()) == len(office.server.got) < 20
    assert states(office) == {"sent": len(office.server.got), "retry": 20 - len(office.server.got)}
    assert set(office.rows("select attempt from outbox")) == {(0,)}


def test_a_connection_of_before_is_hung_up(office):
    """Fewer are allowed from now on, or the server is another: the former ones are left."""
    office.do(mail_accounts.edit, office.account, connections=3)
    asyncio.run(office.sending.send_due())
    office.do(mail_accounts.edit, office.account, connections=1, port=2525)
    office.contact(email="late@example.org")
    office.heart.tick()
    asyncio.run(office.sending.send_due())
    assert len(office.server.open) == 1
