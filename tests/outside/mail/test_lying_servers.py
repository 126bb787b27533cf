"""Servers that lie about encryption, or send so slowly that it comes to nothing."""

from __future__ import annotations

import asyncio
import contextlib
import socketserver
import threading
import time

import pytest

from rally_desktop.core.errors import SendFailed
from rally_desktop.outside.mail import imap
from rally_desktop.outside.mail.base import Account
from rally_desktop.outside.mail.doorbell import Doorbell, NoBell
from rally_desktop.outside.mail.imap import Place
from rally_desktop.outside.mail.mailbox import ImapMailbox, MailboxAway
from rally_desktop.outside.mail.smtp import SmtpCarrier
from tests.mail_server import certified

pytestmark = pytest.mark.slow
IMAP = {
    "": "* OK ready",
    "CAPABILITY": "* CAPABILITY IMAP4rev1 STARTTLS IDLE\r\n{tag} OK so",
    "STARTTLS": "{tag} OK begin",
    "LOGIN": "{tag} OK so",
}
SMTP = {"": "220 ready", "EHLO": "250-here\r\n250 STARTTLS", "STARTTLS": "220 begin"}


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        with contextlib.suppress(OSError):
            self._say(self.server.script[""])
            for line in self.rfile:
                words = line.decode("latin-1").split()
                verb = next((word for word in words[:2] if word in self.server.script), None)
                self.server.heard += words[:2]
                if verb is None:
                    self.server.last(self)
                    return
                self._say(self.server.script[verb], words[0])
                if verb == "STARTTLS":
                    self.request.recv(1)
                    self._say("* OK all the same")
                    return

    def _say(self, text, tag=""):
        self.wfile.write((text.format(tag=tag) + "\r\n").encode())


def drip(session):
    """Send a byte now and then, and never the end of a line."""
    while not session.server.over.wait(0.01):
        session.request.send(b"*")


@contextlib.contextmanager
def talking(script, last=drip):
    """Run a server that answers by a script; what it does not know makes it do the ``last``."""
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session) as server:
        server.script, server.last, server.heard = script, last, []
        server.port, server.over = server.server_address[1], threading.Event()
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.over.set()
        server.shutdown()
        thread.join()


def place(server, security="none"):
    """A mailbox on the server."""
    return Place("127.0.0.1", server.port, security, "hello", "secret")


def sending(server, security="none", **how):
    """Try to log in to send; return the failure."""
    login = "hello" if security != "none" else ""
    carrier = SmtpCarrier(Account("127.0.0.1", server.port, security, login, "secret"), **how)

    async def go():
        with pytest.raises(SendFailed) as failure:
            await carrier.check()
        await carrier.close()
        return failure.value

    return asyncio.run(go())


def test_who_promises_to_encrypt_and_does_not_hears_no_password():
    """Sending, reading and listening end there, and it is said what to do."""
    with talking(SMTP) as server:
        failure = sending(server, "starttls")
    assert "then does not encrypt. Choose TLS (often port 465)" in str(failure)
    assert failure.permanent
    with talking(IMAP) as server:
        with pytest.raises(SendFailed, match=r"does not encrypt\. Choose TLS \(often port 993\)"):
            imap.connect(place(server, "starttls"), "secret")
        with pytest.raises((OSError, NoBell)):
            asyncio.run(Doorbell(place(server, "starttls"), print).listen("secret"))
    assert {"LOGIN", "AUTHENTICATE"}.isdisjoint(server.heard)


def test_what_was_said_before_encryption_is_not_taken_for_what_comes_after(tmp_path):
    """Words that somebody slipped in behind «begin» end the connection."""
    _, trusts = certified(tmp_path)
    with talking({**IMAP, "STARTTLS": "{tag} OK begin\r\n* 9 EXISTS"}) as server:
        bell = Doorbell(place(server, "starttls"), print, tls=trusts)
        with pytest.raises(NoBell, match="should encrypt"):
            asyncio.run(bell.listen("secret"))


def test_who_drips_is_left():
    """A byte now and then is no answer: each way ends after the time that an answer may take."""
    began = time.monotonic()
    with talking({"": SMTP[""]}) as server:
        assert "did not answer within 0.2 s" in str(sending(server, before_dot_seconds=0.2))
    with talking({"": IMAP[""]}) as server:
        with pytest.raises(SendFailed, match="did not answer within"):
            imap.connect(place(server), "secret", seconds=0.2)
    assert time.monotonic() - began < 10


def test_a_mailbox_that_drips_is_left(monkeypatch):
    """In the middle of reading, too: the mailbox is away, and others are not kept waiting."""
    monkeypatch.setattr("rally_desktop.outside.mail.mailbox.REPLY_SECONDS", 0.2)
    with talking(IMAP) as server:
        mailbox = ImapMailbox(place(server), "secret")
        with pytest.raises(MailboxAway):
            mailbox.open("INBOX")
        mailbox.hang_up()
