"""The red button from the command line."""

import json

import pytest

from rally_desktop.cli import main
from rally_desktop.cli.verb import Doors
from rally_desktop.core.clock import SystemClock
from rally_desktop.model.graph import Step
from rally_desktop.services import contacts, safeguards, templates
from rally_desktop.services.safeguards import Safeguards

pytestmark = pytest.mark.slow


@pytest.fixture
def run(database):
    """Run the command line on the office, without a screen."""
    screen = Doors(lambda *_, **__: 0, lambda *_, **__: [])
    return lambda *words: main.run(screen, [*words, "--database", database])


def test_sending_is_stopped_and_let_go_on(run, world, capsys):
    """After ``stop`` nothing goes out, ``status`` says so, and ``resume`` lets it go on."""
    assert run("sending", "stop", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"stopped": True, "waiting": 0, "asked": []}
    assert world.ask(safeguards.sending_stopped)

    run("sending", "status")
    assert capsys.readouterr().out == "All sending is stopped. 0 messages wait in the outbox.\n"

    run("sending", "resume")
    assert capsys.readouterr().out.startswith("Messages go out.")
    assert not world.ask(safeguards.sending_stopped)


def test_what_workflows_ask_is_told(run, world, capsys):
    """Who waits for somebody's word is named, with the numbers."""
    world.mailbox()
    world.do(safeguards.save, Safeguards(enrolments_at_once=1))
    world.do(templates.save, "Welcome", subject="Hello", text="Hi")
    world.publish(Step("mail", "send_email", {"template": "Welcome"}))
    for name in ("Ana", "Ben"):
        world.do(contacts.create, {"first_name": name, "email": f"{name}@example.org"})
    world.tick()

    run("sending", "status")

    assert "‘Test’ asks before it goes on: 2 people would enter" in capsys.readouterr().out


@pytest.mark.parametrize(("word", "entered"), [("let-in", ["done"] * 2), ("turn-away", [])])
def test_a_word_lets_them_in_or_turns_them_away(run, world, capsys, word, entered):
    """Whoever was too many at once enters, or does not, as one says."""
    world.do(safeguards.save, Safeguards(enrolments_at_once=1))
    number = world.publish(Step("seen", "add_tag", {"tag": "Seen"}))
    world.contact("Ana")
    world.contact("Ben")
    world.tick()

    assert run("sending", word, str(number), "--json") == 0
    world.leap(SystemClock().now())

    assert json.loads(capsys.readouterr().out) == {"id": number, "enrolments": 2}
    assert world.run_states() == entered


def test_a_word_lets_messages_go(run, world):
    """After the first message was looked at, the others go out."""
    world.mailbox()
    world.do(safeguards.save, Safeguards(first_sends=1))
    world.do(templates.save, "Welcome", subject="Hello", text="Hi")
    number = world.publish(Step("mail", "send_email", {"template": "Welcome"}))
    for name in ("ana", "ben"):
        world.contact(email=f"{name}@example.org")
    world.leap(SystemClock().now())
    assert len(world.mail.letters) == 1

    run("sending", "confirm", str(number))
    world.leap(SystemClock().now())
    assert len(world.mail.letters) == 2


def test_a_message_is_recalled_and_an_account_resumed(run, world, capsys):
    """A message that waits for its account is taken back; then the account sends again."""
    world.mailbox()
    world.do(templates.save, "Welcome", subject="Hello", text="Hi")
    world.publish(Step("mail", "send_email", {"template": "Welcome"}))
    world.do(lambda work: work.connection.exec_driver_sql("update mail_account set paused_why='x'"))
    world.contact(email="ana@example.org")
    world.tick()

    assert run("outbox", "recall", "1") == 0
    assert run("mail", "resume", "hello@example.com") == 0
    assert run("mail", "resume", "nobody@example.com") == 1
    world.tick()

    assert world.rows("select state, reason from outbox") == [("failed", "recalled")]
    assert world.rows("select paused_why from mail_account") == [("",)]
    assert "mail list" in capsys.readouterr().err
