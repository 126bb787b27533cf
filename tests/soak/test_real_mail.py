"""Mail through Postfix and Dovecot, by TLS and STARTTLS: all that an office does with it."""

from __future__ import annotations

import asyncio
from email import message_from_bytes

import pytest

from rally_desktop.engine.receiving import Receiving
from rally_desktop.engine.sent_copies import SentCopies
from rally_desktop.outside.mail import imap
from rally_desktop.outside.mail.dialogue import Dialogue
from rally_desktop.services import mail_accounts, runs, templates
from tests.soak import real_mail
from tests.soak.mail_servers import EXPIRED, MISNAMED, OURS, UNKNOWN
from tests.soak.real_mail import mail_of, receive, writes

HELLO, SALES = OURS
ANA, BEN, NOBODY = "ana@example.org", "ben@example.org", "gone@example.org"


@pytest.fixture
def office(world, servers):
    """An office with an account on the servers, whose sequence writes to whoever is added."""
    real_mail.furnish(world, servers)
    real_mail.set_up(world, servers, security="starttls")
    receive(world)
    real_mail.starts_sequence(world)
    return world


def person(world, address):
    """Add somebody, who is written to at once."""
    found = world.contact("Ana", email=address, owner_id=world.user("Maria"))
    world.tick()
    world.turn(hours=1)
    return found


def state(world):
    """How the run stands, and for what reason."""
    (row,) = world.ask(runs.listed).rows
    return row.state, row.reason


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_account_proves_itself(world, servers, security):
    """The message to oneself is found again, in the inbox and among what was sent."""
    real_mail.furnish(world, servers)
    learnt, _ = real_mail.set_up(world, servers, security=security)
    assert (learnt.works, learnt.keeps_id, learnt.stores_sent) == (True, True, True)
    assert world.accounts[HELLO].stores_sent


def test_a_server_that_keeps_nothing_sent_is_known_for_it(world, servers):
    """The other account’s server keeps no copies: it works, and is told what that means."""
    real_mail.furnish(world, servers)
    learnt, said = real_mail.set_up(world, servers, SALES)
    assert (learnt.works, learnt.stores_sent) == (True, False)
    assert "does not put there what goes out" in said["sent"].said


def test_what_such_a_server_sent_is_put_into_its_folder(world, servers):
    """Once, and known for ours when the folder is read."""
    real_mail.furnish(world, servers)
    real_mail.set_up(world, servers, SALES)
    real_mail.starts_sequence(world)
    ana = person(world, ANA)
    before = len(mail_of(servers, SALES, ".Sent", 0))
    (name,) = world.rows("select message_id from outbox")[0]
    for _ in range(2):
        world.clock.advance(minutes=20)
        asyncio.run(SentCopies(world.store, world.carriers.mailbox).put_due())
    kept = [one for one in mail_of(servers, SALES, ".Sent") if name.encode() in one]
    assert (len(kept), len(mail_of(servers, SALES, ".Sent"))) == (1, before + 1)
    receive(world, SALES)
    assert world.happened(ana).count("email_sent") == 1


def test_a_reply_rings_is_read_and_stops_the_sequence(office, servers):
    """From the outbox to Ana and back: the bell rings, and the second message never goes out."""
    ana = person(office, ANA)
    (first,) = mail_of(servers, ANA)
    mail_of(servers, HELLO, ".Sent")

    async def listen():
        receiving = Receiving(office.store, office.carriers.mailbox)
        await receiving.follow()
        async with asyncio.timeout(real_mail.PATIENCE):
            while not any(keeper._bell for keeper, _ in receiving._keepers.values()):
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.5)
            name = message_from_bytes(first)["Message-ID"]
            await asyncio.to_thread(writes, servers, ANA, [HELLO], In_Reply_To=name)
            while "email_received" not in await asyncio.to_thread(office.happened, ana):
                await asyncio.sleep(0.05)
        await receiving.close()

    asyncio.run(listen())
    office.turn(days=9)
    assert state(office) == ("stopped", "reply")
    assert len(mail_of(servers, ANA)) == 1
    assert "email_written" not in office.happened(ana)


def test_an_answer_address_of_its_own_is_delivered_and_tells(office, servers):
    """From elsewhere and without a thread: the address it goes to says whose answer it is."""
    number = office.accounts[HELLO].id
    office.do(mail_accounts.edit, number, reply_to=HELLO.replace("@", "+*@"))
    ana = person(office, ANA)
    (first,) = mail_of(servers, ANA)
    writes(servers, BEN, [message_from_bytes(first)["Reply-To"]], subject="Yes")
    mail_of(servers, HELLO, count=2)
    receive(office)
    assert "email_received" in office.happened(ana)
    assert state(office) == ("stopped", "reply")


def test_a_bounce_of_postfix_is_one(office, servers):
    """An unknown person: the report comes back, and the address is marked."""
    gone = person(office, NOBODY)
    mail_of(servers, HELLO, count=2)
    receive(office)
    assert "email_bounced" in office.happened(gone)
    assert office.record(gone)["email_invalid"]
    assert state(office)[0] == "paused"


def test_an_answer_of_the_server_for_somebody_on_holiday_is_none_of_theirs(office, servers):
    """Pigeonhole’s vacation answer is told from a reply, and the next message waits."""
    servers.goes_on_holiday(BEN)
    # Whatever has a link to unsubscribe gets no such answer (RFC 3834).
    text = "Dear {{ contact.first_name }}"
    office.do(templates.save, "First", subject="First", text=text, transactional=True)
    ben = person(office, BEN)
    mail_of(servers, HELLO, count=2)
    receive(office)
    office.turn(days=5)
    assert office.happened(ben).count("email_received") == 1
    assert state(office)[0] == "active"
    assert len(mail_of(servers, BEN)) == 1
    office.turn(days=9)
    assert len(mail_of(servers, BEN, count=2)) == 2


def test_a_lost_answer_is_found_in_the_sent_folder(office, servers, monkeypatch):
    """The line breaks after the dot: the copy says that it went out, and it goes out once."""
    answer = Dialogue.data_received

    def breaks_off(dialogue, data):
        if b"queued as" in data:
            dialogue.close()
        else:
            answer(dialogue, data)

    monkeypatch.setattr(Dialogue, "data_received", breaks_off)
    ana = person(office, ANA)
    monkeypatch.undo()
    monkeypatch.setenv("SSL_CERT_FILE", str(servers.trusted))
    assert office.rows("select state from outbox") == [("doubt",)]
    mail_of(servers, HELLO, ".Sent")
    for _ in range(3):
        office.clock.advance(minutes=10)
        real_mail.deliver(office)
    assert office.rows("select state from outbox") == [("sent",)]
    assert len(mail_of(servers, ANA)) == 1
    assert "email_sent" in office.happened(ana)


def test_two_accounts_that_receive_the_same_mail_make_one_line(office, servers):
    """A message to both of our addresses is read twice and written down once."""
    real_mail.set_up(office, servers, SALES)
    ana = person(office, ANA)
    writes(servers, ANA, [HELLO, SALES], subject="Both", Message_ID="<both@example.org>")
    mail_of(servers, SALES, count=2)
    mail_of(servers, HELLO, count=2)
    receive(office)
    receive(office, SALES)
    assert office.happened(ana).count("email_received") == 1


def test_a_mailbox_that_is_made_anew_doubles_nothing(office, servers):
    """The server forgets its numbers; what is in the mailbox is known all the same."""
    ana = person(office, ANA)
    for number in range(5):
        writes(servers, ANA, [HELLO], subject=f"Letter {number}")
    mail_of(servers, HELLO, count=6)
    receive(office)
    before = office.happened(ana)
    assert before.count("email_received") == 5
    real_mail.number_anew(servers, HELLO)
    assert receive(office) == 0
    assert office.happened(ana) == before


@pytest.mark.parametrize(
    ("host", "todo"),
    [
        (EXPIRED, "the provider has to renew"),
        (MISNAMED, "Type the server’s name as the provider writes it"),
        (UNKNOWN, "this computer has to trust whoever issued"),
    ],
)
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_that_is_not_right_ends_it(world, servers, host, todo, security):
    """Neither way is a password told, and it is said what to do."""
    real_mail.furnish(world, servers)
    if security == "tls":
        learnt, said = real_mail.set_up(world, servers, host=host)
        assert not learnt.works
        assert todo in said["out"].said
    made = real_mail.draft(servers, host=host, security=security)
    place = made.proof(world.clock.now, print).place
    assert place
    with pytest.raises(imap.SendFailed, match=todo):
        imap.connect(place, "secret")
    said = (servers.folder / "dovecot.log").read_text().splitlines()
    assert not [line for line in said if f"lip={host}" in line and "Login:" in line]
