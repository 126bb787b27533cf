"""The red button from the command line."""

import json

import pytest

from rally_desktop.cli import main
from rally_desktop.cli.verb import Doors
from rally_desktop.model.graph import Step
from rally_desktop.services import contacts, safeguards, templates
from rally_desktop.services.safeguards import Safeguards


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
