"""Who is in the mailbox and no contact yet: counted, named, brought in, left alone."""

from datetime import UTC, datetime

import pytest

from rally_desktop.core.errors import Refused
from rally_desktop.outside.mail import arrived, judging
from rally_desktop.services import (
    contacts,
    import_undo,
    mail_accounts,
    matching,
    received,
    receiving,
    strangers,
)
from tests.mailbox_server import NOW, letter


@pytest.fixture
def office(world):
    """An office with an account and its two folders."""
    number = world.do(
        mail_accounts.add, "Office", "hello@example.com", host="memory", port=25, security="none"
    )
    world.inbox = world.do(receiving.opened, number, "INBOX", "inbox", validity=1, top=0)
    world.sent = world.do(receiving.opened, number, "Sent", "sent", validity=1, top=0)
    return world


def take(world, *letters, box=None):
    """Let messages come into a folder, all in one batch."""
    mails = []
    for count, data in enumerate(letters):
        read = arrived.read(data)
        judged = judging.judge(read, NOW.date())
        digest = f"{read.message_id}{count}{data[:40]}"[:32]
        mails.append(matching.Mail(count + 1, digest, world.clock.now(), read, judged))
    return world.do(received.take, box or world.inbox, mails)


def found(world):
    """Who is offered, with the name guessed."""
    return {one.address: one.name for one in world.ask(strangers.newcomers)}


def test_who_writes_and_is_written_to_is_counted(office):
    """A person who wrote twice and was written to once is one newcomer with those figures."""
    take(office, letter("Bo Lind <bo@hill.example>"), letter("BO@hill.example", subject="2"))
    take(office, letter("hello@example.com", To="bo@hill.example"), box=office.sent)
    (bo,) = office.ask(strangers.newcomers)
    assert (bo.name, bo.wrote, bo.written) == ("Bo Lind", 2, 1)


def test_machines_colleagues_and_the_ignored_are_nobody(office):
    """Lists, no-reply addresses, the office itself and whom it ignores are not offered."""
    office.user("Maria", email="maria@example.com")
    office.do(strangers.ignore, "@shop.example")
    take(
        office,
        letter("noreply@hill.example"),
        letter("Maria <maria@example.com>"),
        letter("Sales <sales@shop.example>"),
        letter("news@hill.example", List_Id="<news.hill.example>"),
    )
    assert found(office) == {}


@pytest.mark.parametrize(
    ("shown", "address", "name"),
    [
        ("Ruiz, Ana", "x@example.org", ("Ana", "Ruiz")),
        ("Ana María Ruiz", "x@example.org", ("Ana", "María Ruiz")),
        ("", "ana.ruiz@example.org", ("Ana", "Ruiz")),
        ("ana@example.org", "ana@example.org", ("", "")),
        ("Ana (Hill Dental)", "a@example.org", ("Ana", "")),
    ],
)
def test_names_are_guessed(shown, address, name):
    """The name that a mail shows counts; without one, an address of two words."""
    assert strangers.guessed_name(shown, address) == name


def test_they_come_in_as_an_import_that_can_be_undone(office):
    """Contacts are made at the company of their domain, and undoing takes them away again."""
    firm = office.company("Hill", domain="hill.example")
    take(office, letter("Bo Lind <bo@hill.example>"))
    job = office.do(strangers.bring_in, office.ask(strangers.newcomers))
    bo = office.ask(contacts.with_email, "bo@hill.example")
    assert office.record(bo)["company_id"] == firm.id
    assert found(office) == {}
    office.clock.advance(seconds=1)
    import_undo.undo(office.store, job)
    assert office.ask(contacts.with_email, "bo@hill.example") is None
    assert found(office) == {"bo@hill.example": "Bo Lind"}


def test_a_domain_matches_nobody(office):
    """Another person at the company of a contact is a stranger; the contact's line stays empty."""
    ana = office.contact("Ana", email="ana@hill.example")
    take(office, letter("Bo <bo@hill.example>"))
    assert office.happened(ana) == ["created"]


def test_a_further_address_is_known_from_then_on(office):
    """What comes from it is that contact's; nobody else can have it."""
    ana = office.contact("Ana", email="ana@example.org")
    bo = office.contact("Bo", email="bo@example.org")
    office.do(strangers.also_known_by, ana, "Ana@Home.example")
    take(office, letter("ana@home.example"))
    assert office.happened(ana)[-1] == "email_received"
    with pytest.raises(Refused, match="another contact"):
        office.do(strangers.also_known_by, bo, "ana@home.example")


def test_one_message_to_several_contacts_is_a_line_on_each(office):
    """A message by hand to two contacts stands on both timelines."""
    both = [office.contact(name, email=f"{name}@example.org") for name in ("ana", "bo")]
    mine = letter("hello@example.com", To="ana@example.org", Cc="Bo <bo@example.org>")
    take(office, mine, box=office.sent)
    assert [office.happened(one)[-1] for one in both] == ["email_sent", "email_sent"]


def test_what_cannot_be_ignored_is_refused(office):
    """Everybody at once, or no address at all, is no pattern."""
    for pattern in ("*", "@", "hill"):
        with pytest.raises(Refused):
            office.do(strangers.ignore, pattern)


def test_mail_of_last_year_moves_nothing_back(office):
    """What is read later than it was written leaves the last reply where it was."""
    ana = office.contact("Ana", email="ana@example.org")
    take(office, letter(Message_ID="<1@x>"))
    old = matching.Mail(
        9, "old", datetime(2025, 6, 2, tzinfo=UTC), arrived.read(letter(subject="Old")),
        judging.judge(arrived.read(letter()), NOW.date()),
    )  # fmt: skip
    office.do(received.take, office.inbox, [old])
    assert office.record(ana)["last_replied_at"] == office.clock.now()
