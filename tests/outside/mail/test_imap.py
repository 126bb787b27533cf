"""Connecting to a mailbox: never a password in the open, never a lie about encryption."""

import asyncio
import contextlib
import ssl
import threading

import pytest

from rally_desktop.core.errors import SendFailed
from rally_desktop.outside.mail import imap, imap_client
from rally_desktop.outside.mail.imap import Place
from rally_desktop.outside.mail.loopback import LoopbackServer
from tests.imap_server import letters, serving
from tests.mail_server import certificate

WHO = "office@example.com"


def place(port, security="none", host="127.0.0.1", password="secret"):
    """Describe a mailbox of this computer."""
    return Place(host, port, security, WHO, password)


@pytest.fixture
def mailbox():
    """A mailbox without encryption."""
    with serving(letters("INBOX", "", [])) as server:
        yield server


def test_without_starttls_no_password_is_told(mailbox):
    """A server that strips STARTTLS hears no login: there is no way down."""
    with pytest.raises(SendFailed, match="offers no STARTTLS"):
        imap.connect(place(mailbox.port, "starttls"), "secret")
    assert not {"LOGIN", "AUTHENTICATE"} & {*mailbox.heard}


def test_a_server_that_speaks_no_tls_is_told_nothing(mailbox):
    """TLS that is none ends before a word is said, and it is said what to choose."""
    with pytest.raises(SendFailed, match="Choose STARTTLS"):
        imap.connect(place(mailbox.port, "tls"), "secret")
    assert not {"LOGIN", "AUTHENTICATE"} & {*mailbox.heard}


@pytest.mark.parametrize(
    ("names", "days", "trusts", "todo"),
    [
        ("localhost", 1, False, "this computer has to trust whoever issued"),
        ("localhost", -1, True, "the provider has to renew"),
        ("mail.example.net", 1, True, "Type the server’s name as the provider writes it"),
    ],
)
def test_a_certificate_that_is_not_right_ends_it(tmp_path, caplog, names, days, trusts, todo):
    """From nobody known, expired or somebody else’s: refused, and it is said what to do."""
    file = tmp_path / "own.pem"
    file.write_bytes(b"".join(certificate(names, days)))
    serves = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serves.load_cert_chain(file)
    context = ssl.create_default_context(cafile=str(file) if trusts else None)
    with LoopbackServer(tls=serves) as server:
        with pytest.raises(SendFailed, match=todo) as caught:
            imap.connect(place(server.port, "tls", "localhost"), "secret", tls=context)
    assert caught.value.permanent
    caplog.clear()


def test_no_password_leaves_this_computer_in_the_open():
    """Without encryption only servers of this computer are spoken to."""
    with pytest.raises(SendFailed, match="in the open"):
        imap.connect(place(143, host="mail.example.com"), "secret")


@pytest.mark.parametrize("password", ["pässwörd", 'a"b\\c d', "x\r\nA1 LOGOUT"])
def test_any_password_is_told_as_it_is(mailbox, password):
    """Umlauts, quotes and line ends in a password neither fail nor become commands."""
    mailbox.login = (WHO, password)
    if '"' in password:
        mailbox.login = (WHO, password.replace("\\", "\\\\").replace('"', '\\"'))
    imap.leave(imap.connect(place(mailbox.port, password=password), password))
    assert mailbox.heard[-1] == "LOGOUT"


def test_a_refused_login_says_what_to_do(mailbox):
    """A wrong password is said with the server's own words."""
    with pytest.raises(imap.LoginRefused, match=r"password again\..*who"):
        imap.connect(place(mailbox.port), "wrong")


def test_a_huge_reply_is_not_read(mailbox):
    """A literal larger than an honest reply ends the connection."""
    client = imap.connect(place(mailbox.port), "secret")
    with pytest.raises(client.abort, match="too large"):
        client.read(imap_client.LARGEST_REPLY + 1)
    imap.hang_up(client)


def test_whoever_stops_waiting_leaves_no_connection_open(mailbox, monkeypatch):
    """A server that answers after somebody called it off is hung up on."""
    left, hang_up = [], imap.hang_up
    monkeypatch.setattr(imap, "hang_up", lambda client: (hang_up(client), left.append(client)))
    mailbox.stalls = threading.Event()

    async def call_off():
        task = asyncio.create_task(imap.connected(place(mailbox.port), "secret"))
        while not mailbox.heard:
            await asyncio.sleep(0.001)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        mailbox.stalls.set()

    asyncio.run(call_off())
    assert [client.sock.fileno() for client in left] == [-1]
