"""Reports of mail servers: who did not get what, for good or for now."""

from __future__ import annotations

import pytest

from rally_desktop.outside.mail.arrived import Arrived, Report, Returned, read
from rally_desktop.outside.mail.bounce_words import kind_of
from rally_desktop.outside.mail.bounces import bounced, delayed, delivered


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        ("5.1.1", "", "hard"), ("5.1.10", "RecipientNotFound", "hard"), ("5.2.1", "", "hard"),
        ("5.1.1", "blocked: listed as spam", "refused"), ("5.1.8", "bad sender", "refused"),
        ("5.4.4", "", "hard"), ("5.4.1", "Recipient address rejected: Access denied", "hard"),
        ("5.2.2", "user unknown", "soft"), ("4.1.1", "", "soft"), ("4.7.1", "blocked", "soft"),
        ("5.7.1", "", "refused"), ("5.7.1", "no such user", "hard"), ("5.6.0", "", "refused"),
        ("5.3.4", "message too big", "refused"), ("5.4.7", "delivery time expired", "soft"),
        ("5.0.0", "550 5.1.1 User unknown", "hard"), ("5.0.0", "mailbox full", "soft"),
        ("5.0.0", "", "soft"), ("", "554 nothing said", "refused"),
        ("", "550 nothing said", "hard"),
        ("", "connection timed out", "soft"), ("", "Das Postfach ist voll", "soft"),
        ("", "host 198.51.100.7: 5.1.1.7 greeting", "soft"),
    ],
)  # fmt: skip
def test_a_status_and_its_words_say_whose_fault_it_was(status, said, kind):
    """Wrong addresses are hard, full mailboxes soft, and what refuses us is not their fault."""
    assert kind_of(status, said) == kind


def _report(*blocks: str, **more) -> Arrived:
    status = Report("message/delivery-status", "Reporting-MTA: dns; a\n\n" + "\n\n".join(blocks))
    return Arrived(reports=(status,), **more)


GONE = "Final-Recipient: rfc822; <a@EXAMPLE.com>\nAction: failed\nStatus: 5.1.1\n"
FULL = "Final-Recipient: rfc822; b@example.com\nAction: failed\nStatus: 5.2.2\n"
LATE = "Final-Recipient: rfc822; c@example.com\nAction: delayed\nStatus: 4.4.1\n"
DONE = "Final-Recipient: rfc822; d@example.com\nAction: delivered\nStatus: 2.0.0\n"


def test_of_several_recipients_those_count_that_failed():
    """Each has a verdict of its own, and the worst one is named where one is asked for."""
    bounce = bounced(_report(FULL, GONE, LATE, DONE))
    assert bounce
    assert [(one.address, one.kind) for one in bounce.failed] == [
        ("b@example.com", "soft"),
        ("a@example.com", "hard"),
    ]
    assert bounce.worst.address == "a@example.com"


@pytest.mark.parametrize(
    ("blocks", "late", "done"), [((LATE,), True, False), ((DONE,), False, True)]
)
def test_what_may_still_arrive_or_has_arrived_is_no_bounce(blocks, late, done):
    """Delays and receipts are told apart from failures."""
    arrived = _report(*blocks)
    assert (bounced(arrived), delayed(arrived), delivered(arrived)) == (None, late, done)


def test_a_bounce_knows_which_message_came_back():
    """The returned headers name it; else what the report answers does."""
    back = Returned("<one@example.com>", "key-1", (), "Subject")
    named = bounced(_report(GONE, returned=back, in_reply_to="<two@example.com>"))
    unnamed = bounced(_report(GONE, in_reply_to="<two@example.com>"))
    assert named
    assert unnamed
    assert (named.message_id, named.key) == ("<one@example.com>", "key-1")
    assert (unnamed.message_id, unnamed.key) == ("<two@example.com>", "")


def test_folded_and_crowded_reports_are_read():
    """Lines that go on, blanks before colons and other letters do not matter."""
    block = "final-recipient : RFC822;\n\tg@example.com\nACTION: Failed (gone)\nstatus: 5.1.1 (x)"
    bounce = bounced(_report(block, text="x"))
    assert bounce
    assert (bounce.addresses, bounce.worst.status) == (("g@example.com",), "5.1.1")


def test_a_person_called_postmaster_may_write():
    """Without an address or a message that came back nothing bounced."""
    data = b"From: postmaster@example.com\nSubject: Delivery problem\n\nI will look at it.\n"
    assert bounced(read(data)) is None


@pytest.mark.parametrize(
    ("subject", "text", "addresses"),
    [
        ("Undeliverable: Offer", "Could not be delivered to\n<a@example.com>", ("a@example.com",)),
        ("Undeliverable mail?", "It could not be delivered to\n<a@example.com>", None),
        ("Fwd: Undeliverable: Offer", "Could not be delivered to\n<a@example.com>", None),
        ("Undeliverable: Offer", "What does this mean?", None),
    ],
)
def test_from_an_unknown_sender_only_what_nobody_types_is_a_report(subject, text, addresses):
    """A subject as servers write it counts with their words below it, and with nothing before."""
    bounce = bounced(read(f"From: x@example.org\nSubject: {subject}\n\n{text}\n".encode()))
    assert (bounce and bounce.addresses) == addresses


def test_a_mailbox_that_turns_mail_down_by_a_rule_bounces_it():
    """A rejection is sent as a receipt of a machine (RFC 5429)."""
    data = (
        b"From: x@example.org\nSubject: Rejected\nContent-Type: multipart/report; boundary=r\n\n"
        b"--r\n\nYour message to <a@example.com> was automatically rejected:\nQuota exceeded\n--r\n"
        b"Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; a@b.example\n"
        b"Disposition: automatic-action/MDN-sent-automatically; deleted\n--r--\n"
    )
    bounce = bounced(read(data))
    assert bounce
    assert (bounce.addresses, bounce.worst.kind) == (("a@example.com",), "soft")
