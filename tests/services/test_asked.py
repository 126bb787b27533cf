"""What waits for somebody's word, for whoever shows it."""

from __future__ import annotations

from rally_desktop.model.graph import Step
from rally_desktop.services import asked, outbox, run_letters, safeguards
from rally_desktop.services.asked import Asked, Paused
from rally_desktop.services.safeguards import Safeguards
from tests.engine.mailing import MAIL, ana_of, furnished, set_account


def test_nothing_is_asked_where_all_is_well(world):
    """An office that sends as it should asks nobody for anything."""
    furnished(world).publish(MAIL)
    ana_of(world)
    world.tick()
    assert world.ask(asked.now) == Asked()


def test_whatever_waits_for_a_word_is_told(world):
    """The red button, a workflow's question, a paused account and a message in doubt."""
    furnished(world).do(safeguards.save, Safeguards(first_sends=1))
    number = world.publish(MAIL)
    ana = ana_of(world)
    world.mail.fail("after")
    world.tick()
    world.contact("Ben", email="ben@example.org")
    world.tick()
    set_account(world, "paused_why='The password is wrong.'")
    world.do(safeguards.stop_sending)

    found = world.ask(asked.now)
    ((_, address, _),) = [tuple(vars(one).values()) for one in found.accounts]
    assert found.stopped
    assert found.accounts == (Paused(1, address, "The password is wrong."),)
    assert [(one.workflow_id, one.messages) for one in found.questions] == [(number, 1)]
    assert found.doubts == world.ask(asked.doubts) == 1
    assert world.ask(run_letters.run_in_doubt) == 1
    (letter,) = world.ask(run_letters.of_run, ana, 1)
    assert (letter.in_doubt, letter.seq) == (True, 1)


def test_a_run_tells_which_messages_can_be_recalled(world):
    """One that lies in the outbox is among them, and none that was sent or taken back."""
    furnished(world).do(safeguards.save, Safeguards(recall_minutes=10))
    world.publish(MAIL, Step("rest", "wait", {"amount": 9, "unit": "days"}))
    ana = ana_of(world)
    world.tick()
    (letter,) = world.ask(run_letters.of_run, ana, 1)
    assert (letter.state, letter.in_doubt) == ("held", False)

    world.do(outbox.recall, letter.id)
    assert world.ask(run_letters.of_run, ana, 1) == ()
