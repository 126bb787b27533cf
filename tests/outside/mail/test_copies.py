"""Letters to several people: all of them get the very same message, or nobody does."""

from __future__ import annotations

from rally_desktop.core.message import Copy, Mailbox
from rally_desktop.outside.mail.smtp import SmtpCarrier
from tests.mail_server import account, letter, mail_server
from tests.outside.mail.test_smtp import send

__all__ = ["mail_server"]


def test_copies_arrive_with_the_letter(mail_server):
    """One message goes to everybody it names, and who gets a blind copy is named nowhere."""
    copies = (
        Copy("to", Mailbox("eva@example.org")), Copy("cc", Mailbox("ben@example.org", "Ben")),
        Copy("bcc", Mailbox("secret@example.org")),
    )  # fmt: skip
    send(SmtpCarrier(account(mail_server)), letter(copies=copies))
    assert [one.recipient.partition("@")[0] for one in mail_server.received] == [
        "ana", "eva", "ben", "secret",
    ]  # fmt: skip
    assert b"secret" not in mail_server.received[0].data


def test_a_refused_copy_keeps_the_letter_back(mail_server):
    """Where one of several is refused nobody gets the letter, and it is said who it was."""
    mail_server.answer("rcpt", "250 OK")
    mail_server.answer("rcpt", "550 no such user")
    copies = (Copy("cc", Mailbox("ben@example.org")),)
    [failure] = send(SmtpCarrier(account(mail_server)), letter(copies=copies))
    assert failure.permanent
    assert not failure.account
    assert "refused ‘ben@example.org’" in str(failure)
    assert mail_server.received == []
