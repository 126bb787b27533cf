"""Mail of every brokenness is kept as far as it can be, and never in the way of the rest."""

from datetime import UTC, datetime

import pytest

from rally_desktop.outside.mail import arrived, judging
from rally_desktop.services import mail_accounts, matching, received, receiving
from tests.outside.mail.broken_mail import damaged, hostile

pytestmark = pytest.mark.slow
NOW = datetime(2026, 6, 2, 9, tzinfo=UTC)


def test_damaged_and_hostile_mail_is_kept(world):
    """Whatever comes, from a contact or not, one batch of it goes into either database."""
    number = world.do(
        mail_accounts.add, "Office", "hello@example.com", host="memory", port=25, security="none"
    )
    box = world.do(receiving.opened, number, "INBOX", "inbox", validity=1, top=0)
    world.contact("Ana", email="ana@example.org")
    whole = [
        b"From: ana@example.org\nMessage-ID: <a\0b@x>\nIn-Reply-To: <c\0d@x>\nSubject: a\0b\n\n\0",
        *hostile().values(),
        *damaged(6, 60),
    ]
    mails = []
    for uid, data in enumerate(whole):
        read = arrived.read(data)
        judged = judging.judge(read, NOW.date())
        mails.append(matching.Mail(uid + 1, f"digest{uid}", NOW, read, judged, "k\0"))
    assert world.do(received.take, box, mails).lines >= 1
    assert world.rows("select count(*) from mail_seen") == [(len(whole),)]
