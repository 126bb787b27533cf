"""Receiving ends at any moment, and leaves no connection and no thread behind."""

from __future__ import annotations

import asyncio
import threading

import pytest

from rally_desktop.engine import receiving
from rally_desktop.engine.receiving import OneRound, Receiving
from rally_desktop.outside.mail.imap import Place
from rally_desktop.services import mail_accounts


@pytest.fixture
def account(world):
    """An account whose mail is read."""
    address = "hello@example.com"
    number = world.do(
        mail_accounts.add, address, address, host="memory", port=25, security="none",
        imap_host="127.0.0.1", imap_port=1, imap_security="none", login=address,
    )  # fmt: skip
    return world.ask(mail_accounts.one, number)


class SlowServer:
    """A server that answers when it is let; calling it connects."""

    def __init__(self):
        self.asked, self.gate, self.left = threading.Event(), threading.Event(), 0

    def __call__(self, *_, **__):
        self.asked.set()
        self.gate.wait()
        return self

    def hang_up(self):
        self.left += 1


def at_work():
    """The threads that mailboxes are read on."""
    return {one for one in threading.enumerate() if one.name.startswith("mailbox")}


def place(account):
    """Where the account's mail is read."""
    return Place("127.0.0.1", 1, "none", account.login, "secret")


def test_a_connection_that_comes_too_late_is_hung_up(world, account, monkeypatch):
    """Who closes does not wait for a slow server, and its line does not stay open."""
    slow, before = SlowServer(), at_work()
    monkeypatch.setattr(receiving, "ImapMailbox", slow)

    async def begin_and_end():
        receiver = Receiving(world.store, place)
        await receiver.follow()
        await asyncio.to_thread(slow.asked.wait)
        await receiver.close()

    asyncio.run(begin_and_end())
    assert slow.left == 0
    slow.gate.set()
    for thread in at_work() - before:
        thread.join(60)
    assert slow.left == 1


def test_one_round_leaves_no_thread_behind(world, account):
    """What reads every mailbox once is over once it is closed."""
    before = at_work()

    async def once():
        only = OneRound(Receiving(world.store, place))
        await only.follow()
        await only.close()

    asyncio.run(once())
    for thread in at_work() - before:
        thread.join(60)
    assert at_work() <= before
