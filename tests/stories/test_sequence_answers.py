"""A sequence notices what people do: it stops, rests, or waits until somebody is back."""

from datetime import UTC, datetime

from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import calls, messages, runs, templates


def sequence(world):
    """A first message, a second one four days later; Ana is in it."""
    world.mailbox()
    for name in ("First", "Second"):
        world.do(templates.save, name, subject=name, text="Dear {{ contact.first_name }}")
    world.publish(
        Step("one", "send_email", {"template": "First"}),
        Step("wait", "wait", {"amount": 4, "unit": "days"}),
        Step("two", "send_email", {"template": "Second"}),
        purpose="sequence",
        settings=Rules(again="never"),
    )
    maria = world.user("Maria")
    ana = world.contact("Ana", email="ana@example.org", owner_id=maria)
    world.tick()
    return ana, maria


def subjects(world):
    """Return what was sent."""
    return [letter.subject for letter in world.mail.letters]


def test_a_reply_ends_it(world):
    """Ana writes back, so the second message never goes out."""
    ana, _ = sequence(world)
    world.turn(days=1)
    world.do(messages.receive, ana, sender="ana@example.org", subject="Re: First", text="Yes!")
    world.turn(days=30)
    assert subjects(world) == ["First"]
    assert world.run_states() == ["stopped"]
    (row,) = world.ask(runs.listed).rows
    assert row.reason == "reply"


def test_a_call_lets_it_rest_and_tells_the_owner(world):
    """Ana calls and nobody is there: the sequence rests, and Maria has something to do."""
    ana, maria = sequence(world)
    world.turn(days=1)
    world.do(calls.log, ana, direction="in", outcome="No answer")
    world.turn(days=6)
    assert subjects(world) == ["First"]
    assert world.run_states() == ["paused"]
    assert world.rows("select assignee_id from task") == [(maria,)]


def test_an_automatic_reply_does_not_end_it(world):
    """Ana is on holiday until the Tuesday: the second message waits for the Wednesday."""
    ana, _ = sequence(world)
    world.turn(days=1)
    world.say(ana, "email_received", automatic=True, returns="2026-06-16")
    world.leap(datetime(2026, 6, 17, 8, tzinfo=UTC))
    assert subjects(world) == ["First"]
    world.turn(hours=2)
    assert subjects(world) == ["First", "Second"]
    assert world.run_states() == ["done"]
