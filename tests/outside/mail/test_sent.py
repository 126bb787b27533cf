"""Asking a mailbox for the copy of a message."""

import asyncio
from email import message_from_bytes

import pytest

from rally_desktop.outside.mail import imap
from rally_desktop.outside.mail.letter import build
from rally_desktop.outside.mail.sent import ImapJournal, ImapPlace
from tests.imap_server import Folder, serving
from tests.mail_server import certified, letter

pytestmark = pytest.mark.slow

OURS = "<run7.step2@example.com>"


def place(server, **changes):
    """Describe the mailbox on such a server."""
    usual = {
        "host": "127.0.0.1", "port": server.port, "security": "none",
        "login": server.login[0], "password": server.login[1], "kind": "sent",
    }  # fmt: skip
    return ImapPlace(**usual | changes)


def ask(server, *message_ids, **changes):
    """Ask one journal for messages, and take leave."""

    async def asking():
        journal = ImapJournal(place(server, **changes))
        try:
            return [await journal.holds(one) for one in message_ids]
        finally:
            await journal.close()

    return asyncio.run(asking())


def folder(name="Sent Items", marks="\\Sent", **letters):
    """A folder with a letter of ours in it."""
    head = message_from_bytes(build(letter(**letters)).data)
    return Folder(name, marks, lambda header, text: text in (head[header] or ""))


def test_a_copy_is_found_by_its_message_id():
    """What lies in the Sent folder is there, what does not is not."""
    with serving(folder()) as server:
        assert ask(server, OURS, "<other@example.com>") == [True, False]


def test_a_copy_is_found_by_our_own_header_where_the_provider_replaced_the_id():
    """A provider that writes a Message-ID of its own leaves X-Rally-Key alone."""
    replaced = folder(
        message_id="<AM0PR@outlook.example>", headers=(("X-Rally-Key", OURS.strip("<>")),)
    )
    with serving(replaced) as server:
        assert ask(server, OURS) == [True]


@pytest.mark.parametrize(
    ("name", "marks"), [("[Mail]/Gesendet", ""), ("Anything", "\\HasNoChildren \\Sent")]
)
def test_the_sent_folder_is_known_by_its_mark_or_its_name(name, marks):
    """Marked as sent mail it may be called anything; without marks its name tells."""
    with serving(folder("INBOX", ""), folder(name, marks)) as server:
        assert ask(server, OURS) == [True]


def test_a_bcc_journal_is_looked_up_in_the_inbox():
    """Copies to oneself arrive in the inbox, not among what was sent."""
    with serving(folder("INBOX", ""), Folder("Sent", "\\Sent", lambda *_: False)) as server:
        assert ask(server, OURS, kind="bcc") == [True]
        assert ask(server, OURS, kind="sent") == [False]


def test_who_has_no_sent_folder_cannot_tell():
    """Where there is no folder to look into, «not there» would be a guess."""
    with serving(folder("INBOX", "")) as server:
        assert ask(server, OURS) == [None]


def test_a_wrong_password_cannot_tell():
    """A mailbox that does not let us in says nothing about the message."""
    with serving(folder()) as server:
        assert ask(server, OURS, password="wrong") == [None]


def test_a_password_never_travels_in_the_open():
    """Without encryption only a server on this computer is spoken to."""
    with serving(folder()) as server:
        assert ask(server, OURS, host="192.0.2.1") == [None]


def test_a_server_that_stalls_cannot_tell(monkeypatch):
    """Silence ends after a while, and says nothing about the message."""
    import threading

    monkeypatch.setattr(imap, "REPLY_SECONDS", 0.2)
    with serving(folder()) as server:
        server.stalls = threading.Event()
        assert ask(server, OURS) == [None]
        server.stalls.set()


def test_a_certificate_of_another_is_not_trusted(tmp_path):
    """A server that only pretends gets no password."""
    _, trusting = certified(tmp_path)
    with serving(folder()) as server:
        journal = ImapJournal(place(server, security="tls"), tls=trusting)
        assert asyncio.run(journal.holds(OURS)) is None
