"""What an account sends lies in its Sent folder once, where its server puts no copy there."""

from __future__ import annotations

import asyncio
from email import message_from_bytes

import pytest

from rally_desktop.engine import erasing
from rally_desktop.engine.receiving import Receiving
from rally_desktop.engine.sent_copies import SentCopies
from rally_desktop.model.graph import Step
from rally_desktop.outside.mail.imap import Place
from rally_desktop.services import (
    journal,
    mail_accounts,
    mail_standing,
    outbox,
    sent_copies,
    templates,
)
from tests.mailbox_server import letter, serving

pytestmark = pytest.mark.slow


@pytest.fixture
def server():
    """An IMAP server with an empty inbox and Sent folder."""
    with serving() as server:
        yield server


@pytest.fixture
def office(world, server):
    """An office whose account keeps its own copies, and that has written to Ana."""
    number = world.mailbox()
    world.do(mail_accounts.edit, number, login="hello", journal="own", imap_host="127.0.0.1",
             imap_port=server.port, imap_security="none")  # fmt: skip
    world.account = world.ask(mail_accounts.one, number)
    world.do(templates.save, "Welcome", subject="Hello", text="Dear {{ contact.first_name }}")
    world.publish(Step("mail", "send_email", {"template": "Welcome"}))
    world.ana = world.contact("Ana", email="ana@example.org")
    world.tick()
    return world


def place(account):
    """Where the account's mail lies, with its password."""
    return Place(account.imap_host, account.imap_port, "none", account.login, "secret")


def put(world, minutes=2):
    """Let time pass, and put there what is due."""
    world.clock.advance(minutes=minutes)
    return asyncio.run(SentCopies(world.store, place).put_due())


def test_what_was_sent_lies_in_the_sent_folder_once(office, server):
    """As it was sent, after a minute in which the server may do it; nobody wrote that by hand."""
    assert (put(office, 0), server.sent.held) == (0, [])
    assert (put(office), put(office), put(office, 60)) == (1, 0, 0)
    ((_, data, _),) = server.sent.held
    kept, sent = message_from_bytes(data), office.mail.letters[0]
    assert (kept["Message-ID"], kept["To"]) == (sent.message_id, "Ana <ana@example.org>")
    assert data.endswith(b"\r\n\r\nDear Ana\r\n")
    asyncio.run(Receiving(office.store, place).look(office.account))
    assert office.happened(office.ana).count("email_sent") == 1


def test_a_copy_of_which_nobody_heard_is_looked_for_before_another_is_made(office, server):
    """The server took it and hung up: the next look finds it."""
    server.cuts = True
    assert (put(office), len(server.sent.held)) == (0, 1)
    assert put(office, 14) == 0
    asked = len(server.said)
    assert (put(office, 2), len(server.sent.held)) == (1, 1)
    assert not [said for said in server.said[asked:] if said.startswith("APPEND")]


def test_what_the_server_keeps_itself_is_not_doubled(office, server):
    """Whatever was found out when the account was set up."""
    server.sent.add(letter(Message_ID=office.mail.letters[0].message_id))
    assert (put(office), len(server.sent.held)) == (1, 1)


def test_a_full_mailbox_is_tried_again_for_three_days_and_in_nobodys_way(office, server):
    """Another message has its turn; nothing is sent again over it."""
    server.full = True
    office.contact("Ben", email="ben@example.org")
    office.tick()
    assert put(office) == 0
    assert office.ask(mail_standing.of, office.account.id).uncopied == 2
    server.full = False
    assert (put(office, 16), len(server.sent.held)) == (2, 2)
    assert office.ask(mail_standing.of, office.account.id).uncopied == 0
    assert len(office.mail.letters) == 2


@pytest.mark.parametrize("below", [False, True])
def test_where_there_is_no_sent_folder_one_is_made(office, server, below):
    """Below the inbox, where the server wants them all there."""
    server.folders.remove(server.sent)
    server.below = below
    assert put(office) == 1
    assert (server.sent.name, len(server.sent.held)) == ("INBOX.Sent" if below else "Sent", 1)


@pytest.mark.parametrize("where", ["sent", "bcc", None])
def test_only_an_account_that_asks_for_it_has_copies_made(office, server, where):
    """Where the server keeps them, or nobody wants any, none is put there."""
    office.do(mail_accounts.edit, office.account.id, journal=where)
    assert (put(office), server.sent.held) == (0, [])


def test_copies_of_our_own_prove_nothing(office, server):
    """A lost answer stays with a person; that they are there makes no journal reliable."""
    put(office)
    assert office.ask(journal.proof, office.account.id) is None
    office.mail.fail("taken")
    office.contact("Ben", email="ben@example.org")
    office.tick()
    put(office, 600)
    (doubt,) = office.ask(outbox.doubts)
    assert (office.ask(journal.due, 9), len(server.sent.held)) == ([], 1)
    office.do(outbox.decide, doubt.id, sent=True)
    assert (put(office), len(server.sent.held)) == (1, 2)


@pytest.mark.parametrize("tried", [False, True])
def test_of_who_was_erased_no_copy_is_made_nor_missed(office, server, tried):
    """Not by a computer that took the message before, and the account is not said to lack it."""
    if tried:
        server.full = True
        put(office)
        server.full = False
    erasing.erase(office.store, office.ana)
    assert (put(office, 16), server.sent.held) == (0, [])
    assert office.ask(mail_standing.of, office.account.id).uncopied == 0


def test_who_is_erased_while_the_server_is_slow_gets_no_copy(office, server, monkeypatch):
    """What was taken to be copied is looked at once more before it leaves."""
    claim = sent_copies.claim

    def slow(work, account):
        if taken := claim(work, account):
            work.connection.exec_driver_sql("update outbox set message_id = '', text = ''")
        return taken

    monkeypatch.setattr(sent_copies, "claim", slow)
    assert (put(office), server.sent.held) == (0, [])


def test_of_two_computers_one_puts_a_copy_there(office):
    """What one has taken is not due for the other, until its time is over."""
    office.clock.advance(minutes=2)
    assert len(office.do(sent_copies.claim, office.account)) == 1
    assert (office.do(sent_copies.claim, office.account), office.ask(sent_copies.due)) == ([], [])
    office.clock.advance(minutes=15)
    assert office.ask(sent_copies.due) == [office.account]
