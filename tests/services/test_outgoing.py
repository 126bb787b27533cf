"""Messages that have not left yet, and the proof of those that have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.model.graph import Step
from rally_desktop.services import (
    composing,
    letter_proof,
    mail_accounts,
    outgoing,
    safeguards,
    templates,
    timeline,
    writing,
)
from rally_desktop.services.writing import Draft


@pytest.fixture
def ana(world):
    """Ana, who can be written to."""
    world.mailbox()
    return world.contact("Ana", email="ana@example.org")


@pytest.fixture
def letter(world, ana):
    """The number of a letter to Ana that was sent this moment."""
    begun = world.do(writing.begin, Draft(ana)).draft
    kept = world.do(writing.save, replace(begun, subject="Roof", text="Dear Ana"))
    return world.do(composing.send, kept.id)


def test_a_letter_waits_to_be_recalled_or_hurried(world, ana, letter):
    """For some seconds it can be recalled; hurried it goes at once, and is on its way then."""
    waiting = world.ask(outgoing.of_record, ana)
    assert [(one.id, one.may_hurry, one.by_hand) for one in waiting] == [(letter, True, True)]
    assert world.deliver() == 0
    world.do(outgoing.send_now, letter)
    assert world.deliver() == 1
    assert world.ask(outgoing.of_record, ana) == ()
    with pytest.raises(Refused):
        world.do(outgoing.recall, letter)


def test_what_holds_a_letter_is_named(world, ana, letter):
    """A stop of all sending and a paused account hold it, and nothing hurries it then."""
    account = world.ask(mail_accounts.accounts)[0]
    world.do(mail_accounts.pause, account.id, "Wrong password.")
    assert "Wrong password." in world.ask(outgoing.one, letter).held
    world.do(safeguards.stop_sending)
    assert world.ask(outgoing.one, letter).held == "All sending is stopped."
    with pytest.raises(Refused):
        world.do(outgoing.send_now, letter)


def test_a_letter_proves_who_wrote_it(world, ana, letter):
    """By hand it names nobody else's workflow; without a public address nothing is counted."""
    world.turn(minutes=1)
    proof = world.ask(letter_proof.of, letter)
    assert (proof.state, proof.answer) == ("sent", "250 kept as number 1")
    assert proof.message_id == world.mail.letters[0].message_id
    assert proof.why.run is None
    assert (proof.figures.opened, proof.figures.clicked) == (None, None)
    with pytest.raises(NotFound):
        world.ask(letter_proof.of, 99)


def test_what_came_back_stands_in_the_proof(world, ana, letter):
    """Sent it was, and yet it did not arrive: the newest report says so, and why."""
    world.turn(minutes=1)
    assert world.ask(letter_proof.of, letter).report == ""
    for status, hard in (("4.2.2", False), ("5.1.1", True)):
        told = {"outbox": letter, "address": "ana@example.org", "status": status, "hard": hard}
        world.say(ana, "email_bounced", **told)
    first, why, *_ = world.ask(letter_proof.of, letter).report.splitlines()
    assert first == "E-mail came back for good"
    assert why == "ana@example.org: There is no such address."


def test_the_timeline_says_who_wrote_a_letter(world, ana):
    """The engine hands it over; the line names whoever wrote it, as the proof does."""
    maria = world.store.seated(world.user("Maria"))
    kept = maria.write(writing.save, maria.write(writing.begin, Draft(ana, text="Hi")).draft)
    number = maria.write(composing.send, kept.id)
    world.turn(minutes=1)
    line = world.ask(timeline.lines, ana)[0]
    assert (line.kind, line.by, line.outbox) == ("email_sent", "Maria", number)
    assert world.ask(letter_proof.of, number).by == "Maria"


def test_a_message_of_a_workflow_proves_why(world, ana):
    """Workflow, version, step and template stand in the proof, with when it left."""
    world.do(templates.save, "Hello", subject="Hi", text="Dear {{ contact.first_name }}")
    world.publish(Step("mail", "send_email", {"template": "Hello"}, title="Say hello"))
    world.turn(minutes=1)
    number = world.rows("select id from outbox")[0][0]
    proof = world.ask(letter_proof.of, number)
    assert (proof.ref, proof.why.run.workflow, proof.why.run.version) == (ana, "Test", 1)
    assert (proof.why.visit.step.title, proof.template_version) == ("Say hello", 1)
    assert proof.sent_at is not None
