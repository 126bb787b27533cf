"""Handing messages over: once and no more, whatever goes wrong on the way."""

from datetime import timedelta

import pytest

from rally_desktop.core.errors import SendFailed
from rally_desktop.engine import guards, lease
from rally_desktop.model.graph import Step
from rally_desktop.services import contacts, outbox, templates
from tests.mail_server import mail_server  # noqa: F401

pytestmark = pytest.mark.slow


@pytest.fixture
def sending(world):
    """An office in which every new contact is written to, and one who is about to be."""
    world.mailbox()
    world.do(templates.save, "Welcome", subject="Hello", text="Dear {{ contact.first_name }}")
    world.publish(Step("mail", "send_email", {"template": "Welcome"}))
    world.ana = world.contact("Ana", email="ana@example.org")
    world.heart.tick()
    return world


def states(world):
    """The states of the outbox, the oldest first."""
    return [row[0] for row in world.rows("select state from outbox order by id")]


def test_a_message_goes_out_once(sending):
    """However often the engine looks, one decision is one message."""
    assert [sending.deliver() for _ in range(3)] == [1, 0, 0]
    assert states(sending) == ["sent"]
    assert len(sending.mail.letters) == 1


def test_trouble_before_the_dot_is_tried_again(sending):
    """A server that says «later» is asked again after a minute, and the message arrives once."""
    sending.mail.fail("before", SendFailed("451 try again later"))

    assert sending.deliver() == 0
    assert states(sending) == ["retry"]
    sending.clock.advance(minutes=1)
    assert sending.deliver() == 1
    assert len(sending.mail.letters) == 1


def test_a_lost_answer_is_never_sent_again_blindly(sending):
    """The connection dies after the dot: the message is in doubt, shown, and not repeated."""
    sending.mail.fail("taken")

    sending.deliver()
    sending.clock.advance(days=3)
    sending.deliver()

    assert states(sending) == ["doubt"]
    assert len(sending.mail.letters) == 1
    assert sending.happened(sending.ana)[-1] == "email_doubted"


def test_a_refused_address_fails_for_good_and_says_why(sending):
    """«No such user» is not tried again; the server's words are on the timeline."""
    sending.mail.fail("before", SendFailed("550 no such user", permanent=True))

    sending.deliver()

    assert sending.rows("select state, reason, answer from outbox") == [
        ("failed", "undeliverable", "550 no such user")
    ]
    assert sending.happened(sending.ana)[-1] == "email_failed"


def test_five_refusals_in_a_row_are_enough(sending):
    """A server that always says «later» is asked five times over hours, then no more."""
    for wait in (0, 1, 5, 30, 120):
        sending.mail.fail("before", SendFailed("451 later"))
        sending.clock.advance(minutes=wait)
        sending.deliver()

    assert sending.rows("select state, reason from outbox") == [("failed", "unreachable")]


def test_a_wrong_password_pauses_the_account_and_not_the_people(sending):
    """A login that is refused keeps the messages ready and says on the account what to do."""
    sending.mail.fail("before", SendFailed("535 bad password", permanent=True, account=True))

    sending.deliver()
    sending.clock.advance(days=1)
    sending.deliver()

    assert states(sending) == ["retry"]
    assert sending.rows("select paused_why from mail_account") == [("535 bad password",)]


@pytest.mark.parametrize(
    ("state", "after"), [("claimed", "sent"), ("sending", "sent"), ("dot", "doubt")]
)
def test_a_crash_is_taken_up_where_it_is_safe(sending, state, after):
    """Before the dot a message goes out again; from the dot on, a person is asked."""
    (parcel,) = sending.do(outbox.claim, "dead", 10, 1, guards.at_hand_over).parcels
    for one, other in (("claimed", "sending"), ("sending", "dot")):
        if state in (other, "dot"):
            sending.do(outbox.advance, parcel, one, other)

    sending.clock.advance(seconds=(outbox.CLAIM + timedelta(seconds=1)).total_seconds())
    sending.deliver()

    assert states(sending) == [after]


def test_two_computers_cannot_send_the_same_message(sending):
    """A computer that slept past its claim finds that the message is not its own any more."""
    (asleep,) = sending.do(outbox.claim, "asleep", 10, 1, guards.at_hand_over).parcels
    sending.clock.advance(minutes=11)
    assert sending.deliver() == 1

    assert not sending.do(outbox.advance, asleep, "claimed", "sending")
    sending.do(outbox.failed, asleep, "too late", permanent=True)
    assert states(sending) == ["sent"]


def test_whoever_objects_in_the_meantime_is_not_written_to(sending):
    """«Do not contact» counts also for what lies in the outbox already."""
    sending.do(contacts.update, sending.ana, {"do_not_contact": True})

    sending.deliver()

    assert states(sending) == ["failed"]
    assert sending.mail.letters == []


def test_a_real_server_that_greylists_gets_one_message(world, mail_server):  # noqa: F811
    """«451 come back later», a minute, and then exactly one message."""
    world.mailbox(mail_server)
    world.do(templates.save, "Welcome", subject="Hello", text="Hi")
    world.publish(Step("mail", "send_email", {"template": "Welcome"}))
    world.contact("Ana", email="ana@example.org")
    mail_server.answer("rcpt", "451 4.7.1 Greylisted")

    world.tick()
    assert mail_server.received == []
    world.turn(minutes=1)
    assert len(mail_server.received) == 1


def test_one_computer_at_a_time_works_for_an_account(sending):
    """While the front desk sends by an account, the back office waits; then it may."""
    front = sending.do(lease.take, "mail/1", "front desk", timedelta(minutes=2))
    assert front == 1

    assert sending.deliver() == 0
    sending.clock.advance(minutes=3)
    assert sending.deliver() == 1


def test_a_computer_that_stops_lets_go_of_its_accounts(sending):
    """Once the front desk has closed, the back office need not wait for its lease to run out."""
    sending.deliver()

    assert sending.do(lease.take, "mail/1", "back office", timedelta(minutes=2)) == 2
