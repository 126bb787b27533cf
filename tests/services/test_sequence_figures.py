"""What became of what sequences sent: people counted once, whatever they did how often."""

from __future__ import annotations

import pytest

from rally_desktop.engine import by_hand, publishing
from rally_desktop.engine.recipes.outreach import Outreach
from rally_desktop.model.ref import Ref
from rally_desktop.services import sequence_figures, workflows


@pytest.fixture
def number(world):
    """A sequence that wrote to Ana, Ben and Carla, who wait for their call."""
    world.mailbox()
    made = world.switch_on(Outreach)
    people = [world.contact(name, email=f"{name}@example.org") for name in ("ana", "ben", "carla")]
    world.do(by_hand.enrol, made, people)
    world.tick()
    return made


def people(world):
    """The three, in the order in which they came."""
    return [row[0] for row in world.rows("select record_id from run order by id")]


def letter_to(world, person):
    """The number of the message that a person got."""
    return world.rows(f"select id from outbox where contact_id = {person}")[0][0]


def said(world, person, kind, **detail):
    """Put what a person did on the timeline."""
    world.say(Ref("contact", person), kind, **detail)


def test_a_sequence_says_who_is_inside_and_what_came_back(world, number):
    """Two replies of one person are one; what machines answer is none; bounces count apart."""
    ana, ben, _ = people(world)
    said(world, ana, "email_received", outbox=letter_to(world, ana))
    said(world, ana, "email_received", outbox=letter_to(world, ana))
    said(world, ben, "email_received", outbox=letter_to(world, ben), automatic=True)
    said(world, ben, "email_bounced", outbox=letter_to(world, ben), hard=False)
    figures = world.ask(sequence_figures.of_many, [number])[number]
    assert (figures.sent, figures.reached, figures.inside) == (3, 3, 3)
    assert (figures.replied, figures.bounced, figures.unsubscribed) == (1, 1, 0)
    assert figures.reply_rate == pytest.approx(1 / 3)
    assert figures.opened is None


def test_who_asks_for_an_end_has_left_and_not_replied(world, number):
    """STOP by SMS, or the link in an e-mail, counts as leaving alone."""
    ana, ben, _ = people(world)
    said(world, ana, "sms_received", outbox=letter_to(world, ana), stop=True)
    said(world, ben, "email_unsubscribed", outbox=letter_to(world, ben))
    figures = world.ask(sequence_figures.by_step, number)["first"].figures
    assert (figures.replied, figures.unsubscribed) == (0, 2)
    assert figures.leaving_rate == pytest.approx(2 / 3)


def test_a_reply_that_names_no_message_counts_where_it_ended_the_run(world, number):
    """Who answers by a letter of their own has replied to what they got last."""
    said(world, people(world)[0], "email_received")
    world.tick()
    steps = world.ask(sequence_figures.by_step, number)
    assert steps["first"].figures.replied == 1
    assert (steps["first"].counts.done, steps["pause"].figures.inside) == (3, 2)


def test_versions_are_told_apart(world, number):
    """What was sent by an older version counts there; nobody has entered the new one yet."""
    world.do(workflows.save_draft, number, Outreach.graph().with_(description="Other"))
    world.do(publishing.publish, number)
    newest, oldest = world.ask(sequence_figures.by_version, number)
    assert (newest.entered, newest.figures.sent) == (0, 0)
    assert (oldest.entered, oldest.figures.sent, oldest.figures.inside) == (3, 3, 3)
    assert "first" not in world.ask(sequence_figures.by_step, number, 2)


def test_who_goes_on_before_midnight_is_due_today(world, number):
    """Nobody is due on the day of the letter, and all three on that of the call."""
    assert world.ask(sequence_figures.of_many, [number])[number].due_today == 0
    world.clock.advance(days=2, hours=23)
    assert world.ask(sequence_figures.of_many, [number])[number].due_today == 3
