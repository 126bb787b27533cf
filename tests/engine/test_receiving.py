"""Mail is received: once, without a trace, from wherever it broke off."""

import asyncio
import json
from email import message_from_bytes
from email.message import EmailMessage
from email.mime.text import MIMEText
from email.policy import SMTP, default

import pytest
from sqlalchemy.exc import OperationalError

from rally_desktop.core.errors import NotFound, SendFailed
from rally_desktop.engine import receiving_files
from rally_desktop.engine.receiving import Receiving
from rally_desktop.engine.receiving_look import Look, NotOurs
from rally_desktop.outside.mail.imap import Place
from rally_desktop.outside.mail.mailbox import ImapMailbox
from rally_desktop.services import asked, mail_accounts, mail_standing, received, receiving
from tests.mailbox_server import days_ago, letter, serving
from tests.stories.stop_matrix import REPORT

pytestmark = pytest.mark.slow


@pytest.fixture
def server():
    """An IMAP server with an empty inbox and Sent folder."""
    with serving() as server:
        yield server


@pytest.fixture
def office(world, server):
    """An office with an account whose mail is on the server; Ana is a contact."""
    world.account = add_account(world, server, "hello@example.com")
    world.ana = world.contact("Ana", email="ana@example.org")
    return world


def add_account(world, server, address):
    """Add an account that is read on the server."""
    number = world.do(
        mail_accounts.add, address, address, host="memory", port=25, security="none",
        imap_host="127.0.0.1", imap_port=server.port, imap_security="none", login=address,
    )  # fmt: skip
    return world.ask(mail_accounts.one, number)


def place(account):
    """Where the account's mail is read, with its password."""
    return Place(account.imap_host, account.imap_port, "none", account.login, "secret")


def look(world, account=None, holder="here"):
    """Look into the mailbox once; return how many messages were read."""
    receiver = Receiving(world.store, place, holder=holder)
    return asyncio.run(receiver.look(account or world.account))


def lines(world, ref=None):
    """The kinds of what came into Ana's timeline, the oldest first."""
    return [kind for kind in world.happened(ref or world.ana) if kind != "created"]


def test_a_reply_is_a_line_once(office, server):
    """What came since the last look is read, and nothing of it a second time."""
    look(office)
    server.inbox.add(letter(Message_ID="<1@example.org>"), at=office.clock.now())
    assert look(office) == 1
    assert look(office) == 0
    assert lines(office) == ["email_received"]


def test_a_database_that_fails_for_a_moment_loses_no_mail(office, server, monkeypatch):
    """What could not be written for a reason of the database's own is read the next time."""
    look(office)
    server.inbox.add(letter(Message_ID="<1@example.org>"), at=office.clock.now())

    def fail(*_):
        raise OperationalError("insert", {}, Exception("canceling statement due to timeout"))

    with monkeypatch.context() as patch:
        patch.setattr(received, "take", fail)
        with pytest.raises(OperationalError):
            look(office)
    assert look(office) == 1
    assert lines(office) == ["email_received"]


def test_the_mailbox_stays_as_it_was(office, server):
    """Folders are opened for reading only, messages are peeked at, nothing else is said."""
    server.inbox.add(letter())
    look(office)
    verbs = {said.split()[0] for said in server.said}
    assert verbs <= {"CAPABILITY", "LOGIN", "LIST", "EXAMINE", "UID", "IDLE", "LOGOUT"}
    asked = {said.split()[1] for said in server.said if said.startswith("UID")}
    assert asked == {"SEARCH", "FETCH"}
    assert all("BODY.PEEK" in said for said in server.said if "FETCH" in said)


def test_history_is_shown_and_starts_nothing(office, server):
    """Of what was there before, so many days are read, with their day; the engine hears nothing."""
    server.inbox.add(letter(Message_ID="<old@example.org>"), at=days_ago(60))
    server.inbox.add(letter(Message_ID="<1@example.org>"), at=days_ago(3))
    office.tick()
    assert look(office) == 1
    assert office.rows("select count(*) from event_queue") == [(0,)]
    assert office.record(office.ana)["last_replied_at"] == days_ago(3)


def test_two_accounts_receive_the_same_mail(office, server):
    """The same message in two mailboxes is one line, and is fetched once."""
    second = add_account(office, server, "second@example.com")
    server.inbox.add(letter(Message_ID="<1@example.org>"))
    assert (look(office), look(office, second)) == (1, 0)
    assert lines(office) == ["email_received"]


def test_two_accounts_that_are_read_at_the_same_moment_make_one_line_of_a_message(office, server):
    """However the two get in each other’s way, everything is written down once."""
    add_account(office, server, "second@example.com")
    for number in range(60):
        server.inbox.add(letter(Message_ID=f"<{number}@example.org>"), at=office.clock.now())
    said = {"own": "b", "address": "ana@example.org", "status": "5.1.1", "about": "<other@x>"}
    server.inbox.add(REPORT.format(**said).encode(), at=office.clock.now())
    asyncio.run(Receiving(office.store, place).look_into_all())
    assert lines(office) == ["email_received"] * 61


def test_a_message_of_a_stranger_counts_once_in_however_many_mailboxes(office, server):
    """Read at the same moment or later, what lies in three inboxes is one message of Bo's."""
    add_account(office, server, "second@example.com")
    for number in range(30):
        server.inbox.add(letter("bo@hill.example", Message_ID=f"<{number}@hill.example>"))
    asyncio.run(Receiving(office.store, place).look_into_all())
    look(office, add_account(office, server, "third@example.com"))
    ((wrote,),) = office.rows("select wrote from mail_stranger")
    assert wrote == 30


def test_a_mailbox_that_is_numbered_anew_is_known_by_its_messages(office, server):
    """Every message has another number: only their heads are read, and nothing is doubled."""
    for number in range(120):
        server.inbox.add(letter(Message_ID=f"<{number}@example.org>"))
    look(office)
    server.inbox.number_anew()
    server.inbox.add(letter(Message_ID="<new@example.org>"), at=office.clock.now())
    assert look(office) == 1
    assert office.rows("select count(*) from activity where kind = 'email_received'") == [(121,)]
    assert office.rows("select count(*) from mail_seen") == [(121,)]


@pytest.mark.parametrize("lacks", ["HEADER", "PEEK[]"])
def test_what_a_server_does_not_give_for_a_moment_is_asked_for_again(office, server, lacks):
    """A message missing from one answer comes with a later one, once; the others do not wait."""
    look(office)
    for number in range(3):
        server.inbox.add(letter(Message_ID=f"<{number}@example.org>"), at=office.clock.now())
    server.gaps, server.lacks = {2}, lacks
    assert [look(office) for _ in range(3)] == [2, 0, 0]
    server.gaps = ()
    assert [look(office) for _ in range(2)] == [1, 0]
    assert lines(office) == ["email_received"] * 3


def test_what_is_gone_is_not_asked_for_without_end(office, server):
    """A message that somebody deletes meanwhile is asked for a few times more, then forgotten."""
    look(office)
    server.inbox.add(letter(), at=office.clock.now())
    server.gaps = {1}
    for _ in range(7):
        server.said.clear()
        look(office)
    assert not [said for said in server.said if "FETCH" in said]
    assert office.rows("select owed from mailbox where folder = 'INBOX'") == [("[]",)]


def test_a_connection_that_breaks_off_anywhere_costs_nothing(office, server):
    """However many commands the server answers, in the end everything is there once."""
    for number in range(3):
        server.inbox.add(letter(Message_ID=f"<{number}@example.org>"))
    for drops in range(99):
        server.said.clear()
        server.drops = drops
        try:
            look(office)
        except SendFailed:
            continue
        break
    assert drops > 8
    assert lines(office) == ["email_received"] * 3


def test_a_crash_between_any_two_transactions_loses_nothing(office, server, monkeypatch):
    """Broken off before each transaction in turn, the next look takes the rest, once."""
    for number in range(3):
        server.inbox.add(letter(Message_ID=f"<{number}@example.org>"), at=office.clock.now())
    monkeypatch.setattr("rally_desktop.engine.receiving_look.MESSAGES", 1)
    mailbox = ImapMailbox(place(office.account), "secret")
    for last in range(99):
        left = iter([True] * last)
        once = Look(office.store, office.account, mailbox, lambda _, left=left: next(left, False))
        try:
            once.through()
        except NotOurs:
            continue
        break
    mailbox.close()
    assert last > 3
    assert lines(office) == ["email_received"] * 3


def test_one_computer_reads_a_mailbox(office, server):
    """While another one holds it, nobody else does."""
    receiver = Receiving(office.store, place, holder="there")
    keeper = receiver._keeper(office.account)
    assert office.do(keeper._holds)
    with pytest.raises(NotOurs):
        look(office)


def test_a_login_that_is_refused_is_said_and_waited_for(office, server):
    """The trouble stands at the account, in words, and is tried again later and later."""
    server.password = "another"
    receiver = Receiving(office.store, place, holder="here")
    pauses = [asyncio.run(receiver._keeper(office.account)._once()) for _ in range(3)]
    assert pauses == [60, 120, 300]
    (box,) = office.ask(receiving.boxes, office.account.id)
    assert "did not accept the login" in box.trouble
    assert office.ask(mail_standing.of, office.account.id).trouble == box.trouble
    assert [one.address for one in office.ask(asked.now).unread] == ["hello@example.com"]
    server.password = "secret"
    look(office)
    assert office.ask(receiving.troubles) == {}


def test_a_token_that_is_over_is_asked_for_anew(office, server):
    """Where somebody signed in, a token that the server refuses is replaced by a fresh one."""
    asked_for = []

    async def token(refused):
        asked_for.append(refused)
        return "secret" if refused else "over"

    def signed_in(account):
        return Place("127.0.0.1", server.port, "none", "hello", "", token)

    server.idles = False
    server.inbox.add(letter())
    asyncio.run(Receiving(office.store, signed_in).look(office.account))
    assert lines(office) == ["email_received"]
    assert asked_for[:2] == ["", "over"]


def test_of_a_large_message_the_text_is_read_and_the_files_are_named(office, server):
    """A text behind a file of megabytes is there, and each file with its name and size."""
    server.inbox.add(large(files=["film.mp4", "plan.png"]))
    look(office)
    ((number, text, files),) = office.rows("select id, text, files from message")
    assert text.strip() == "Yes, gladly."
    said = [(one["name"], round(one["size"], -2)) for one in json.loads(files)]
    assert said == [("film.mp4", 450_000), ("plan.png", 450_000)]
    fetched = receiving_files.fetch(office.store, number, 1, place)
    assert (fetched.name, fetched.data) == ("plan.png", b"\0\1\2" * 150_000)
    assert sum("BODY.PEEK[]" in said for said in server.said) == 0


def test_a_large_message_that_nobody_can_take_apart_is_read_from_its_head(office, server):
    """Where the server does not say how it is built, the beginning is read."""
    server.builds = False
    server.inbox.add(letter() + b"x" * 3_000_000)
    look(office)
    assert lines(office) == ["email_received"]
    ((number, length, size),) = office.rows("select id, length(text), size from message")
    assert length < 300_000
    assert size > 3_000_000
    receiving_files.whole(office.store, number, place)
    assert office.rows("select size from message") == [(None,)]
    asked = len(server.said)
    receiving_files.whole(office.store, number, place)
    assert len(server.said) == asked


def test_a_server_that_breaks_off_over_a_message_is_not_asked_so_again(office, server, monkeypatch):
    """It is not the end of receiving: the next look reads that message from its head."""
    monkeypatch.setattr("tests.mailbox_server._built", lambda part: [].pop())
    server.inbox.add(large(files=["film.mp4", "plan.png"]))
    receiver = Receiving(office.store, place)

    async def twice():
        keeper = receiver._keeper(office.account)
        with pytest.raises(SendFailed):
            await keeper.look()
        read = await keeper.look()
        await keeper.close()
        return read

    assert asyncio.run(twice()) == 1
    assert lines(office) == ["email_received"]


def large(files):
    """A message with files of half a megabyte each, whose text comes last."""
    made = EmailMessage()
    made["From"], made["Message-ID"] = "Ana <ana@example.org>", "<1@example.org>"
    made.make_mixed()
    for name in files:
        made.add_attachment(b"\0\1\2" * 150_000, "application", "octet-stream", filename=name)
    made.attach(MIMEText("Yes, gladly."))
    return made.as_bytes(policy=SMTP)


def test_ringing_makes_it_look(office, server):
    """A message that comes while nobody looks is there a moment after the bell has rung."""

    async def receive():
        receiver = Receiving(office.store, place)
        await receiver.follow()
        async with asyncio.timeout(60):
            while not server.sessions:
                await asyncio.sleep(0.01)
            server.inbox.add(letter(Message_ID="<1@example.org>"))
            server.push(b"* 1 EXI")
            server.push(b"STS\r\n")
            while not await asyncio.to_thread(lines, office):
                await asyncio.sleep(0.01)
        await receiver.close()

    asyncio.run(receive())
    assert lines(office) == ["email_received"]


def test_a_file_is_fetched_when_it_is_wanted(office, server):
    """Its name is known from the start; its bytes come from the mailbox, as they were sent."""
    made = message_from_bytes(letter(Message_ID="<1@example.org>"), policy=default)
    made.add_attachment(b"\0\1" * 5_000, maintype="image", subtype="png", filename="plan.png")
    server.inbox.add(made.as_bytes())
    look(office)
    ((number, files),) = office.rows("select id, files from message")
    assert '"plan.png"' in files
    fetched = receiving_files.fetch(office.store, number, 0, place)
    assert (fetched.name, fetched.data) == ("plan.png", b"\0\1" * 5_000)
    server.inbox.number_anew()
    with pytest.raises(NotFound):
        receiving_files.fetch(office.store, number, 0, place)


def test_a_bug_is_logged_and_the_mailbox_is_read_on(office, server, monkeypatch, caplog):
    """What nobody thought of ends one look, not the receiving."""
    monkeypatch.setattr("rally_desktop.engine.receiving.ACCOUNTS", 0.0)
    monkeypatch.setattr(ImapMailbox, "folders", lambda mailbox: [].pop())

    async def receive():
        receiver = Receiving(office.store, place)
        async with asyncio.timeout(60):
            while not caplog.records:
                await receiver.follow()
                await asyncio.sleep(0.01)
            monkeypatch.undo()
            server.inbox.add(letter())
            while not await asyncio.to_thread(lines, office):
                await asyncio.sleep(0.01)
                receiver._again_at = 0.0
                await receiver.follow()
        await receiver.close()

    asyncio.run(receive())
    assert "IndexError" in caplog.text
    caplog.clear()
