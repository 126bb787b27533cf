"""Somebody writes by hand to a person who is in a sequence: it rests, and nothing is counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rally_desktop.engine import letter_desk
from rally_desktop.model.graph import Step
from rally_desktop.services import composing, templates, writing
from rally_desktop.services.writing import Draft

DAYS = {"amount": 1, "unit": "days"}


@pytest.fixture
def ana(world):
    """Ana, who got the first message of a sequence and waits for the second."""
    world.mailbox()
    world.do(templates.save, "First", subject="First", text="Hello")
    world.do(templates.save, "Second", subject="Second", text="Hello again")
    world.publish(
        Step("one", "send_email", {"template": "First"}), Step("wait", "wait", DAYS),
        Step("two", "send_email", {"template": "Second"}), purpose="sequence",
    )  # fmt: skip
    ana = world.contact("Ana", email="ana@example.org")
    world.turn(minutes=1)
    return ana


def write(world, ana):
    """Write to Ana by hand, and let the letter leave."""
    begun = world.do(writing.begin, Draft(ana)).draft
    kept = world.do(writing.save, replace(begun, subject="By hand", text="How are you?"))
    world.do(composing.send, kept.id)
    world.turn(minutes=1)


def subjects(world):
    """Return what has arrived, in order."""
    return [letter.subject for letter in world.mail.letters]


def test_it_is_said_before_and_happens_then(world, ana):
    """The writer is told of the automated message and of the rest; after three days it goes on."""
    said = [one.text for one in world.ask(letter_desk.remarks, Draft(ana, account_id=1))]
    assert said == [
        "Ana also got an automated message today: ‘First’ (Test).",
        "‘Test’ rests for 3 days once this is sent.",
    ]
    write(world, ana)
    world.turn(days=2)
    assert subjects(world) == ["First", "By hand"]
    world.turn(days=2)
    assert subjects(world) == ["First", "By hand", "Second"]


def test_letters_by_hand_take_nobodys_room(world, ana):
    """However many letters a person gets by hand, they are no automated messages."""
    for _ in range(4):
        write(world, ana)
    assert subjects(world) == ["First", *["By hand"] * 4]
