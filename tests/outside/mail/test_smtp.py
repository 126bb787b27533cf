"""Letters handed over to a real mail server on this computer, with all that may go wrong."""

import asyncio
import contextlib

import pytest

from rally_desktop.core.errors import SendFailed
from rally_desktop.core.message import Mailbox
from rally_desktop.outside.mail.base import Account
from rally_desktop.outside.mail.loopback import CUT, STALL, LoopbackServer
from rally_desktop.outside.mail.smtp import SmtpCarrier
from tests.mail_server import account, certified, letter, mail_server

__all__ = ["mail_server"]


async def no_matter():
    """Be awaited before the dot."""


def send(carrier, *letters, before_dot=no_matter):
    """Hand letters over one after the other and return answers and failures."""

    async def go():
        results = []
        for item in letters:
            try:
                results.append(await carrier.hand_over(item, before_dot))
            except SendFailed as failure:
                results.append(failure)
        await carrier.close()
        return results

    return asyncio.run(go())


@contextlib.asynccontextmanager
async def served(talk):
    """Let clients be talked to by a function of our own, and yield the port."""
    talking = []

    async def handle(reader, writer):
        talking.append(asyncio.current_task())
        try:
            await talk(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await asyncio.gather(*talking)


def test_a_letter_arrives_whole(mail_server):
    """What was written arrives, for the one it was written to."""
    [answer] = send(SmtpCarrier(account(mail_server)), letter(text="One\n.\n..two\n"))
    [arrived] = mail_server.received
    assert answer == "250 OK kept"
    assert (arrived.sender, arrived.recipient) == ("office@example.com", "ana@example.org")
    assert arrived.data.endswith(b"\r\n\r\nOne\r\n.\r\n..two\r\n")


def test_one_connection_serves_many_letters(mail_server):
    """Ten letters travel on one connection."""
    answers = send(SmtpCarrier(account(mail_server)), *[letter() for _ in range(10)])
    assert answers == ["250 OK kept"] * 10
    assert mail_server.connections == 1


def test_before_the_dot_nothing_has_arrived(mail_server):
    """The engine's mark is set while the server cannot have taken the message yet."""
    seen = []

    async def look():
        seen.append(len(mail_server.received))

    send(SmtpCarrier(account(mail_server)), letter(), before_dot=look)
    assert seen == [0]
    assert len(mail_server.received) == 1


def test_a_mark_that_cannot_be_set_sends_nothing(mail_server):
    """Where the mark before the dot fails, the dot is not sent."""

    async def fail():
        raise LookupError("the database is gone")

    with pytest.raises(LookupError):
        send(SmtpCarrier(account(mail_server)), letter(), before_dot=fail)
    assert mail_server.received == []


@pytest.mark.parametrize(
    ("at", "answer", "permanent", "about_account"),
    [
        ("mail", "553 5.7.1 not yours", True, True),
        ("mail", "451 4.7.1 slow down", False, True),
        ("rcpt", "550 5.1.1 no such user", True, False),
        ("rcpt", "450 4.2.0 greylisted", False, False),
        ("rcpt", "530 5.7.0 login first", True, True),
        ("rcpt", "421 4.3.2 going down", False, True),
        ("data", "554 5.6.0 no", True, False),
        ("dot", "552 5.2.2 mailbox full", True, False),
        ("dot", "451 4.3.0 later", False, False),
    ],
)
def test_a_refusal_says_whose_and_for_how_long(mail_server, at, answer, permanent, about_account):
    """A refusal tells account from contact, and for good from for now; the next one passes."""
    mail_server.answer(at, answer)
    failure, passed = send(SmtpCarrier(account(mail_server)), letter(), letter())
    assert (failure.permanent, failure.account) == (permanent, about_account)
    assert not failure.after_dot
    assert answer in str(failure)
    assert passed == "250 OK kept"
    assert len(mail_server.received) == 1


def test_a_refused_person_does_not_cost_the_connection(mail_server):
    """After a refused recipient the same connection serves the next."""
    mail_server.answer("rcpt", "550 no such user")
    send(SmtpCarrier(account(mail_server)), letter(), letter())
    assert mail_server.connections == 1


@pytest.mark.parametrize("keep", [True, False])
def test_a_cut_after_the_dot_is_a_doubt(mail_server, keep):
    """When the connection ends after the dot, nobody here can tell, and it is said."""
    mail_server.answer("dot", CUT, keep=keep)
    [failure] = send(SmtpCarrier(account(mail_server)), letter())
    assert failure.after_dot
    assert not failure.permanent
    assert "may have been sent" in str(failure)
    assert len(mail_server.received) == keep


@pytest.mark.parametrize("at", ["mail", "rcpt", "data"])
def test_a_cut_before_the_dot_is_no_doubt(mail_server, at):
    """When the connection ends before the dot, the message was not sent, and it is said."""
    mail_server.answer(at, CUT)
    [failure] = send(SmtpCarrier(account(mail_server)), letter())
    assert (failure.after_dot, failure.permanent, failure.account) == (False, False, True)
    assert mail_server.received == []


def test_a_connection_lost_during_the_mark_is_no_doubt(mail_server):
    """When the connection ends while the mark is set, the dot was not sent: no doubt."""
    carrier = SmtpCarrier(account(mail_server))

    async def cut():
        mail_server.cut_all()
        while carrier._dialogue.open:
            await asyncio.sleep(0)

    [failure] = send(carrier, letter(), before_dot=cut)
    assert not failure.after_dot
    assert mail_server.received == []


def test_an_idle_connection_that_ended_is_replaced(mail_server):
    """A server that hung up between two letters costs neither of them."""
    carrier = SmtpCarrier(account(mail_server))

    async def go():
        await carrier.hand_over(letter(), no_matter)
        mail_server.cut_all()
        answer = await carrier.hand_over(letter(), no_matter)
        await carrier.close()
        return answer

    assert asyncio.run(go()) == "250 OK kept"
    assert len(mail_server.received) == mail_server.connections == 2


@pytest.mark.parametrize(("at", "doubt"), [("rcpt", False), ("dot", True)])
def test_silence_has_an_end(mail_server, at, doubt):
    """A server that says nothing is left after the deadline; after the dot it is a doubt."""
    mail_server.answer(at, STALL)
    patience = {"before_dot_seconds": 60, "after_dot_seconds": 60}
    patience["after_dot_seconds" if doubt else "before_dot_seconds"] = 0.3
    carrier = SmtpCarrier(account(mail_server), **patience)
    [failure] = send(carrier, letter())
    assert failure.after_dot is doubt
    assert "0.3 seconds" in str(failure)


@pytest.mark.parametrize(
    "said",
    [b"250-a\r\n" * 20_000, b"250 " + b"x" * 100_000 + b"\r\n", b"HTTP/1.1 400 Bad\r\n"],
    ids=["endless", "long line", "not a mail server"],
)
def test_a_server_that_talks_nonsense_is_left(said):
    """An endless or meaningless reply ends the connection and does not fill the memory."""

    async def nonsense(_reader, writer):
        writer.write(b"220 here\r\n" + said)
        await writer.drain()

    async def go():
        async with served(nonsense) as port:
            carrier = SmtpCarrier(Account("127.0.0.1", port, "none"), before_dot_seconds=60)
            with pytest.raises(SendFailed) as failure:
                await carrier.hand_over(letter(), no_matter)
            await carrier.close()
        return failure.value

    failure = asyncio.run(go())
    assert failure.account
    assert not failure.after_dot


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_login_travels_encrypted(tmp_path, security):
    """With TLS from the start or by STARTTLS, the right password opens the server."""
    serving, trusting = certified(tmp_path)
    with LoopbackServer(**{security: serving}, login=("office", "fable")) as server:
        here = account(
            server, host="localhost", security=security, login="office", password="fable"
        )
        assert send(SmtpCarrier(here, tls=trusting), letter(), letter()) == ["250 OK kept"] * 2


def test_a_wrong_password_is_about_the_account(tmp_path):
    """A refused login pauses the account for good and says what to do."""
    serving, trusting = certified(tmp_path)
    with LoopbackServer(tls=serving, login=("office", "fable")) as server:
        here = account(server, host="localhost", security="tls", login="office", password="no")
        [failure] = send(SmtpCarrier(here, tls=trusting), letter())
    assert failure.account
    assert failure.permanent
    assert "password again" in str(failure)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_strange_certificate_gets_no_password(tmp_path, security):
    """A server nobody vouches for is refused before it hears anything."""
    serving, _ = certified(tmp_path)
    with LoopbackServer(**{security: serving}, login=("office", "fable")) as server:
        here = account(server, host="localhost", security=security, login="office", password="p")
        [failure] = send(SmtpCarrier(here), letter())
        assert server.received == []
    assert failure.account
    assert "certificate" in str(failure)


def test_a_certificate_for_another_host_is_refused(tmp_path):
    """A certificate that names another server is not good enough."""
    serving, trusting = certified(tmp_path, host="mail.example.com")
    with LoopbackServer(tls=serving) as server:
        here = account(server, host="localhost", security="tls")
        [failure] = send(SmtpCarrier(here, tls=trusting), letter())
    assert "certificate" in str(failure)


def test_a_server_without_starttls_gets_nothing(mail_server):
    """Encryption that was asked for is never left out."""
    [failure] = send(SmtpCarrier(account(mail_server, security="starttls")), letter())
    assert failure.permanent
    assert "offers no STARTTLS" in str(failure)
    assert mail_server.received == []


@pytest.mark.parametrize(
    "changes", [{"login": "office", "password": "fable"}, {"host": "mail.example.com"}]
)
def test_nothing_secret_travels_in_the_open(mail_server, changes):
    """Without encryption there is no password and no other computer."""
    [failure] = send(SmtpCarrier(account(mail_server, **changes)), letter())
    assert failure.account
    assert "in the open" in str(failure)
    assert mail_server.connections == 0


def test_a_server_that_is_not_there_says_where_to_look():
    """A closed port is the account's trouble, and passes."""
    with LoopbackServer() as gone:
        here = account(gone)
    [failure] = send(SmtpCarrier(here), letter())
    assert (failure.account, failure.permanent) == (True, False)
    assert "Check the server’s name and port" in str(failure)


@pytest.mark.parametrize(
    ("replies", "says"),
    [
        ([b"250 a", b"250 b", b"354 c"], "250 fine"),
        ([b"250 a", b"550 5.1.1 nobody", b"503 no"], "refused ‘ana@example.org’"),
        ([b"250 a", b"550 5.1.1 nobody", b"354 c"], "refused ‘ana@example.org’"),
        ([b"554 5.7.1 go away", None], "does not let this account send"),
        ([b"250 a", None], "ended before the message was sent"),
    ],
)
def test_commands_travel_together_where_the_server_offers_it(replies, says):
    """With pipelining, each answer is still matched to its command, also when the end comes."""

    async def talk(reader, writer):
        writer.write(b"220 here\r\n")
        await reader.readline()
        writer.write(b"250-here\r\n250 PIPELINING\r\n")
        together = await reader.readuntil(b"DATA\r\n")
        assert together.count(b"\r\n") == 3
        writer.write(b"".join(reply + b"\r\n" for reply in replies if reply))
        while replies[-1] and (line := await reader.readline()):
            if line in (b".\r\n", b"RSET\r\n", b"QUIT\r\n"):
                writer.write(b"250 fine\r\n")

    async def go():
        async with served(talk) as port:
            carrier = SmtpCarrier(Account("127.0.0.1", port, "none"))
            try:
                answer = await carrier.hand_over(letter(), no_matter)
            except SendFailed as failure:
                answer = f"{failure} {failure.after_dot}"
            await carrier.close()
        return answer

    answer = asyncio.run(go())
    assert says in answer
    assert not answer.endswith("True")


def test_an_account_can_be_tried_without_sending(mail_server):
    """Trying an account connects and sends nothing."""

    async def go():
        carrier = SmtpCarrier(account(mail_server))
        await carrier.check()
        await carrier.close()

    asyncio.run(go())
    assert mail_server.connections == 1
    assert mail_server.received == []


def test_a_wrong_address_costs_no_connection(mail_server):
    """An address that cannot be right is refused here, for good."""
    wrong = letter(recipient=Mailbox("a@x>\r\nRCPT TO:<evil@x"))
    [failure] = send(SmtpCarrier(account(mail_server)), wrong)
    assert (failure.permanent, failure.account) == (True, False)
    assert mail_server.connections == 0


def test_a_password_is_not_shown():
    """An account that is printed keeps its password to itself."""
    assert "fable" not in repr(Account("mail.example.com", 465, "tls", "office", "fable"))


def test_cancelling_hangs_up(mail_server):
    """A hand-over that is cancelled leaves no half message behind; the next one is whole."""
    carrier = SmtpCarrier(account(mail_server))

    async def go():
        waiting = asyncio.Event()

        async def wait():
            waiting.set()
            await asyncio.Event().wait()

        task = asyncio.create_task(carrier.hand_over(letter(), wait))
        await waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await carrier.hand_over(letter(subject="Second"), no_matter)
        await carrier.close()

    asyncio.run(go())
    [arrived] = mail_server.received
    assert b"Subject: Second" in arrived.data


def test_a_journal_gets_a_blind_copy_or_nobody_gets_anything(mail_server):
    """Person and journal are in one hand-over; the letter does not say that there is a copy."""
    ours = account(mail_server, copy_to="office@example.com")

    send(SmtpCarrier(ours), letter())

    assert [one.recipient for one in mail_server.received] == [
        "ana@example.org", "office@example.com",
    ]  # fmt: skip
    assert b"bcc" not in mail_server.received[0].data.lower()


def test_a_journal_that_takes_nothing_is_the_accounts_trouble(mail_server):
    """Where the copy is refused nothing is sent, and the account says what to check."""
    ours = account(mail_server, copy_to="office@example.com")
    mail_server.answer("rcpt", "250 OK")
    mail_server.answer("rcpt", "550 no such mailbox")

    [failure] = send(SmtpCarrier(ours), letter())

    assert failure.account
    assert "journal" in str(failure)
    assert mail_server.received == []
