"""Triggers on what people do with our messages: any, or one of a template, workflow or step."""

from __future__ import annotations

import pytest

from rally_desktop.engine.definitions import load_trigger
from rally_desktop.engine.nodes.base import Event
from rally_desktop.model.graph import Rules, Step
from rally_desktop.model.ref import Ref
from rally_desktop.services import messages, templates

KINDS = {
    "email_opened": "email_opened",
    "link_clicked": "link_clicked",
    "email_replied": "email_received",
    "email_bounced": "email_bounced",
    "email_unsubscribed": "email_unsubscribed",
    "sms_received": "sms_received",
}


def fires(kind, settings, **detail):
    """Say whether a trigger starts on a line of its kind."""
    return load_trigger(kind, settings).matches(Event(KINDS[kind], Ref("contact", 1), detail))


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_is_asked_for_by_where_it_came_from(kind):
    """Template, workflow and step must be as asked; what is asked and not known is not met."""
    known = {"template": "Welcome", "workflow": "Leads", "step": "s1", "step_title": "First"}
    assert fires(kind, {})
    assert fires(kind, {}, **known)
    for settings in ({"template": "welcome"}, {"workflow": "Leads"}, {"step": "s1"},
                     {"step": "first"}):  # fmt: skip
        assert fires(kind, settings, **known)
        assert not fires(kind, settings)
    assert not fires(kind, {"template": "Welcome", "workflow": "Other"}, **known)


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_is_said_in_words(kind):
    """The card says what happens, and to which message where that is asked."""
    said = load_trigger(kind, {"template": "Welcome", "step": "a_1"}).sentence()
    assert said.startswith("When ")
    assert "template ‘Welcome’" in said
    assert "step ‘a 1’" in said


def test_an_automatic_reply_is_no_reply():
    """Nobody wrote it, so it starts nothing."""
    assert not fires("email_replied", {}, automatic=True)


@pytest.mark.parametrize(
    ("which", "hard", "expected"),
    [("Any", True, True), ("Any", False, True), ("Permanent", True, True),
     ("Permanent", False, False), ("Passing", True, False), ("Passing", False, True)],
)  # fmt: skip
def test_bounces_are_told_apart(which, hard, expected):
    """An address that is gone for good is another matter than a full mailbox."""
    assert fires("email_bounced", {"which": which}, hard=hard) is expected
    assert load_trigger("email_bounced", {"which": which}).sentence().startswith("When an e-mail")


def test_a_link_is_asked_for_by_a_part_of_its_address():
    """A part of the address is enough; case does not matter."""
    assert fires("link_clicked", {"link": "/Prices"}, url="https://example.org/prices?x=1")
    assert not fires("link_clicked", {"link": "/prices"}, url="https://example.org/")
    assert not fires("link_clicked", {"link": "/prices"})
    assert "‘/prices’" in load_trigger("link_clicked", {"link": "/prices"}).sentence()


@pytest.fixture
def welcomed(world):
    """A contact who got a message of the workflow ‘Test’, and another workflow's settings."""
    world.mailbox()
    world.do(templates.save, "Welcome", subject="Hello", text="Hi")
    step = Step("s1", "send_email", {"template": "Welcome"}, title="First")
    world.publish(step)
    ana = world.contact("Ana", email="ana@example.org")
    world.tick()
    return ana


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"template": "Welcome", "workflow": "Test", "step": "First"}, 1),
        ({"step": "s1"}, 1),
        ({"template": "Goodbye"}, 0),
    ],
)
@pytest.mark.parametrize("by", ["outbox", "in_reply_to"])
def test_a_reply_is_traced_to_what_it_answers(world, welcomed, settings, expected, by):
    """A line that knows only the message is told its template, workflow and step."""
    world.do(templates.save, "Goodbye", subject="Bye", text="Bye")
    world.publish(
        Step("tag", "add_tag", {"tag": "Answered"}), trigger="email_replied",
        trigger_settings=settings, settings=Rules(again="every_event"),
    )  # fmt: skip
    ((number, message_id),) = world.rows("select id, message_id from outbox")
    if by == "outbox":
        world.say(welcomed, "email_received", outbox=number)
    else:
        sender = {"sender": "ana@example.org", "subject": "Re: Hello", "text": "Hello!"}
        world.do(messages.receive, welcomed, in_reply_to=message_id, **sender)
    world.tick()
    assert len(world.record(welcomed)["tags"]) == expected


def test_an_answer_to_nothing_of_ours_stays_what_it_is(world, welcomed):
    """A reply to a message that nobody knows starts what asks for any reply."""
    world.publish(Step("tag", "add_tag", {"tag": "Wrote"}), trigger="email_replied")
    world.say(welcomed, "email_received", in_reply_to="<unknown@example.org>")
    world.say(welcomed, "email_received", outbox=4711)
    world.tick()
    assert world.record(welcomed)["tags"] == {"Wrote"}
