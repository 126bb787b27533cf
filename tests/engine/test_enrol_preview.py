"""Enrolling, looked at first: who enters, who does not and why, and what goes out when."""

from __future__ import annotations

import pytest

from rally_desktop.engine import by_hand, enrol_preview
from rally_desktop.engine.by_hand import TakenBack
from rally_desktop.engine.enrol_preview import Preview
from rally_desktop.engine.outgoing import Load
from rally_desktop.engine.recipes.outreach import Outreach
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import templates


@pytest.fixture
def number(world):
    """A sequence of two letters, of which nobody is in."""
    world.mailbox()
    return world.switch_on(Outreach)


def look(world, number, *refs):
    """What enrolling them would mean."""
    far = Preview(len(refs))
    ids = [ref.id for ref in refs]
    enrol_preview.look(world.store, number, "contact", ids, far, lambda: False)
    return far


def person(world, name, **values):
    """A contact with an address."""
    return world.contact(name, **{"email": f"{name.lower()}@example.org", **values})


def test_everybody_is_told_once_with_the_reason(world, number):
    """One enters and is written to, one without an address enters, two do not enter."""
    ana, ben = person(world, "Ana"), person(world, "Ben", email="")
    carla, dora = person(world, "Carla", do_not_contact=True), person(world, "Dora")
    world.do(by_hand.enrol, number, [dora])
    world.tick()
    far = look(world, number, ana, ben, carla, dora)
    assert far.entering == [ana.id, ben.id]
    assert far.left_out == {"do_not_contact": [carla.id], "already_active": [dora.id]}
    assert far.unwritten == {("email", "no_address"): [ben.id]}
    assert (far.emails, far.texts, far.looked_at) == (2, 0, 4)


def test_it_says_when_the_first_goes_out(world, number):
    """Within the hours of the office the first letter goes out now, the last a week later."""
    far = look(world, number, person(world, "Ana"))
    assert far.plan.first_at == world.clock.now()
    assert list(far.plan.days.values()) == [Load(1, 0), Load(1, 0)]
    assert [day.day for day in far.plan.days] == [2, 10]


def test_what_is_above_the_limit_of_a_day_goes_out_on_the_next(world, number):
    """Two a day: of five, two go out today, two tomorrow and one on the day after."""
    world.do(lambda work: work.connection.exec_driver_sql("update mail_account set daily_limit=2"))
    far = look(world, number, *(person(world, f"P{n}") for n in range(5)))
    assert [one.emails for one in far.plan.days.values()] == [2, 2, 1, 2, 2, 1]
    assert "‘Hill Dental’ sends at most 2 a day" in far.plan.limits


def test_text_messages_are_counted_in_parts(world):
    """A text of 200 characters is sent, and paid for, as two."""
    world.do(templates.save, "Long", subject="", text="x" * 200, channel="sms")
    number = world.publish(
        Step("sms", "send_sms", {"template": "Long"}), trigger="by_hand", settings=Rules()
    )
    ana, ben = world.contact("Ana", mobile="+351 912 345 678"), world.contact("Ben")
    far = look(world, number, ana, ben)
    assert (far.texts, far.parts, far.emails) == (1, 2, 0)
    assert far.unwritten == {("sms", "no_number"): [ben.id]}


def test_who_was_enrolled_goes_again_as_long_as_nothing_was_sent(world, number):
    """Taken back before the beat and after it; who has the letter already stays."""
    ana, ben = person(world, "Ana"), person(world, "Ben")
    cause = world.do(by_hand.cause_now)
    world.do(by_hand.enrol, number, [ana], cause)
    world.heart.tick()
    world.do(by_hand.enrol, number, [ben], cause)
    back = world.do(by_hand.take_back, number, cause, 500)
    assert (back.done, back.kept) == (2, 0)
    world.tick()
    assert (world.run_states(), world.mail.letters) == (["cancelled"], [])
    assert world.rows("select reason from run") == [("taken_back",)]
    world.do(by_hand.enrol, number, [ben], "user:0:2")
    world.tick()
    assert world.do(by_hand.take_back, number, "user:0:2", 500).kept == 1


def test_whom_a_message_is_leaving_for_is_not_said_to_be_taken_out(world, number):
    """While the engine has a letter in its hands, whoever it goes to stays, and that is said."""
    cause = world.do(by_hand.cause_now)
    world.do(by_hand.enrol, number, [person(world, "Ana")], cause)
    world.heart.tick()
    if world.store.engine.dialect.name == "sqlite":
        pytest.skip("a file has one writer at a time")
    with world.store.engine.connect() as sending:
        sending.exec_driver_sql("select id from outbox for update")
        assert world.do(by_hand.take_back, number, cause, 500) == TakenBack(0, 1)
    assert world.do(by_hand.take_back, number, cause, 500) == TakenBack(1, 0)
