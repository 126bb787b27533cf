"""Messages in doubt: the journal is asked, then a person."""

import asyncio

import pytest

from rally_desktop.core.errors import Refused, SendFailed
from rally_desktop.engine.outbox import Outbox
from rally_desktop.model.graph import Step
from rally_desktop.outside.mail.memory import MemoryJournal
from rally_desktop.services import journal, outbox, templates
from rally_desktop.services.journal import PATIENCE

pytestmark = pytest.mark.slow


@pytest.fixture
def office(world):
    """An office that writes to new contacts, whose first letter is in the Sent folder."""
    number = world.mailbox()
    world.do(journal.set_up, number, "sent", host="127.0.0.1")
    world.do(templates.save, "Welcome", subject="Hello", text="Dear {{ contact.first_name }}")
    world.publish(Step("mail", "send_email", {"template": "Welcome"}))
    world.journal = MemoryJournal()
    world.contact("Mia", email="mia@example.org")
    deliver(world)
    world.journal.kept.add(world.mail.letters[0].message_id)
    world.clock.advance(minutes=15)
    world.ana = world.contact("Ana", email="ana@example.org")
    return world


def deliver(world):
    """Let the engine work, with a journal to ask."""
    world.heart.tick()
    sending = Outbox(world.store, lambda _: world.mail, lambda _: world.journal)
    return asyncio.run(sending.send_due())


def lost(world, stage):
    """Lose the answer to the next letter: ``taken`` by the server, or not (``after``)."""
    world.mail.fail(stage)
    deliver(world)


def wait(world):
    """Let the patience with the journal pass, looking every half minute."""
    for _ in range(int(PATIENCE.total_seconds()) // 30 + 1):
        world.clock.advance(seconds=30)
        deliver(world)


def state(world):
    """The state of Ana's message."""
    return world.rows("select state from outbox order by id")[1][0]


def test_a_copy_in_the_sent_folder_proves_that_it_was_sent(office):
    """The answer was lost, the copy is there: sent, and the timeline says how we know."""
    lost(office, "taken")
    office.journal.kept.add(office.mail.letters[-1].message_id)

    deliver(office)

    assert state(office) == "sent"
    assert office.happened(office.ana)[-2:] == ["email_doubted", "email_sent"]
    assert office.rows("select count(*) from message where direction = 'out'") == [(2,)]


def test_what_is_certainly_not_there_is_sent_after_all(office):
    """Looked for several times in a journal that works, in vain: sent once, under the same id."""
    lost(office, "after")
    first = office.rows("select message_id from outbox order by id")[1][0]

    wait(office)

    assert state(office) == "sent"
    assert [one.message_id for one in office.mail.letters][1:] == [first]
    assert office.journal.asked.count(first) == 5


def test_a_copy_that_comes_late_is_waited_for(office):
    """A Sent folder that lags some minutes does not get the person a second letter."""
    lost(office, "taken")
    for _ in range(9):
        office.clock.advance(minutes=1)
        deliver(office)
    office.journal.kept.add(office.mail.letters[-1].message_id)

    wait(office)

    assert state(office) == "sent"
    assert len(office.mail.letters) == 2


def test_a_journal_that_does_not_hold_what_was_sent_is_not_believed(office):
    """The server keeps no copies at all: «not there» proves nothing, and a person is asked."""
    office.journal.kept.clear()
    lost(office, "taken")

    wait(office)

    assert state(office) == "doubt"
    assert len(office.mail.letters) == 2


def test_a_journal_that_is_silent_leaves_the_doubt(office):
    """While the mailbox cannot be reached nothing is decided; when it answers, the looks begin."""
    lost(office, "after")
    office.journal.silent = True
    wait(office)
    assert state(office) == "doubt"

    office.journal.silent = False
    wait(office)
    wait(office)
    assert state(office) == "sent"


def test_without_a_journal_nobody_is_asked_but_a_person(office):
    """An account without a journal leaves its message in doubt, however long one waits."""
    office.do(journal.set_up, 1, "none")
    lost(office, "taken")

    wait(office)

    assert state(office) == "doubt"
    assert office.journal.asked == []


@pytest.mark.parametrize(("went_out", "letters"), [(True, 1), (False, 2)])
def test_a_person_decides(office, went_out, letters):
    """«It was sent» closes the matter, «it was not» sends it; either can be said once."""
    office.do(journal.set_up, 1, "none")
    lost(office, "after")
    (parcel,) = office.ask(outbox.doubts)

    office.do(outbox.decide, parcel.id, sent=went_out)
    deliver(office)

    assert state(office) == "sent"
    assert len(office.mail.letters) == letters
    with pytest.raises(Refused, match="not in doubt"):
        office.do(outbox.decide, parcel.id, sent=True)


def test_an_answer_that_was_slept_over_decides_nothing(office):
    """«Not there», heard in an earlier doubt, does not count in a later one."""
    lost(office, "after")
    (question,) = office.ask(journal.due, 10)
    wait(office)
    late = office.ask(lambda work: journal.Question(question.parcel, question.since, 4))

    office.do(journal.missing, late)

    assert state(office) == "sent"
    assert len(office.mail.letters) == 2


def test_who_wakes_with_the_servers_answer_is_believed(office):
    """A computer that slept over its claim after the dot knows better than the doubt."""
    office.do(journal.set_up, 1, "none")
    office.heart.tick()
    (parcel,) = claimed(office)
    office.clock.advance(minutes=11)
    deliver(office)
    assert state(office) == "doubt"

    office.do(outbox.sent, parcel, "250 OK")
    assert state(office) == "sent"


def claimed(world):
    """Claim what is due as a computer that falls asleep after the dot."""
    sleeper = Outbox(world.store, lambda _: world.mail)
    parcels = sleeper._claimed()
    parcels = getattr(parcels, "parcels", parcels)
    for parcel in parcels:
        assert sleeper._advance(parcel, "claimed", "sending")
        assert sleeper._advance(parcel, "sending", "dot")
    return parcels


def test_a_computer_without_the_password_asks_nobody(office):
    """The mailbox's password is on another computer: that one asks, this one leaves it alone."""
    lost(office, "taken")

    def locked(access):
        raise SendFailed("Its password was never entered.", account=True)

    asyncio.run(Outbox(office.store, lambda _: office.mail, locked).send_due())

    assert office.rows("select state, looks from outbox order by id")[1] == ("doubt", 0)
