"""A report of failure counts where it is about something that we sent to that very address."""

import pytest

from rally_desktop.outside.mail import arrived, judging
from rally_desktop.services import mail_accounts, matching, received, receiving, timeline
from tests.mailbox_server import letter
from tests.stories.stop_matrix import REPORT

STRAY = "Report of failure that could not be matched with anything sent"
FREELY = b"""From: Mail Delivery System <mailer-daemon@example.net>
To: hello@example.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <free@example.net>

This message was created automatically by mail delivery software.
A message that you sent could not be delivered to the following address:

  ana@example.org
    550 5.1.1 User unknown
"""


@pytest.fixture
def office(world):
    """An office that wrote to Ana by hand, and once heard from her."""
    number = world.do(
        mail_accounts.add, "Office", "hello@example.com", host="memory", port=25, security="none"
    )
    for role in ("inbox", "sent"):
        box = world.do(receiving.opened, number, role, role, validity=1, top=0)
        setattr(world, role, box)
    world.ana = world.contact("Ana", email="ana@example.org")
    about = {"To": "Ana <Ana@Example.org>", "Message_ID": "<first@example.com>"}
    mine = letter("hello@example.com", subject="First", **about)
    take(world, mine, world.sent)
    take(world, letter("ana@example.org", Message_ID="<hers@example.org>"), world.inbox)
    return world


def take(world, data, box):
    """Let a message come into a folder."""
    read = arrived.read(data)
    judged = judging.judge(read, world.clock.now().date())
    mail = matching.Mail(1, f"{box.role}{data[-99:]}"[:32], world.clock.now(), read, judged)
    world.do(received.take, box, [mail])


def report(about):
    """A report that Ana's address does not exist, on a message."""
    said = {"own": "b", "address": "ana@example.org", "status": "5.1.1", "about": about}
    return REPORT.format(**said).encode()


def outcome(world, data, days=3):
    """Let a report come some days later; return its line, and whether Ana's address is spoilt."""
    world.clock.advance(days=days)
    take(world, data, world.inbox)
    words = [line.text for line in world.ask(timeline.lines, world.ana)]
    back = next(text for text in words if "failure" in text or "came back" in text)
    return back.partition(":")[0], world.record(world.ana)["email_invalid"]


@pytest.mark.parametrize(
    ("data", "days"),
    [
        (FREELY, 20),
        (report("<other@example.com>").replace(b"Subject: First", b"Subject: Second"), 3),
        (report("<other@example.com>"), 20),
        (report("<hers@example.org>").replace(b"Subject: First\n", b""), 3),
    ],
    ids=["long ago", "another subject", "another message", "a message of hers"],
)
def test_a_report_about_nothing_that_was_sent_is_but_a_line(office, data, days):
    """Whatever a stranger makes up: it is said to match nothing, and spoils no address."""
    assert outcome(office, data, days) == (STRAY, False)
    assert "email_bounced" not in office.happened(office.ana)


@pytest.mark.parametrize(
    ("data", "days"),
    [(FREELY, 3), (report("<renamed@example.com>"), 3), (report("<first@example.com>"), 60)],
    ids=["no message", "a new name", "its name"],
)
def test_a_report_about_what_was_sent_counts(office, data, days):
    """It names our message, or lately its recipient, or its subject and a server's name for it."""
    assert outcome(office, data, days) == ("E-mail came back for good", True)
