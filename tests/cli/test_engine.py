"""The engine without a window."""

import json
from dataclasses import replace

import pytest

from rally_desktop.cli import main
from rally_desktop.cli.verb import Doors
from rally_desktop.core.clock import SystemClock
from rally_desktop.engine.carriers import Carriers
from rally_desktop.model.graph import Step
from tests.engine.test_receiving import add_account, place
from tests.mailbox_server import letter, serving


@pytest.fixture
def run(store):
    """Run the command line on the office that the test fills."""
    screen = Doors(lambda *_, **__: 0, lambda *_, **__: [])
    url = store.engine.url.render_as_string(hide_password=False)
    return lambda *words: main.run(screen, [*words, "--database", url])


def test_once_does_what_is_due_and_stops(run, world, capsys):
    """A contact that waits for the engine is tagged; the answer counts one run."""
    world.publish(Step("tag", "add_tag", {"tag": "Seen"}))
    ana = world.contact()

    assert run("engine", "--once", "--json") == 0

    assert json.loads(capsys.readouterr().out) == {
        "received": 0, "started": 1, "moved": 0, "sent": 0, "trouble": "",
    }  # fmt: skip
    assert world.record(ana)["tags"] == {"Seen"}


def test_once_reads_every_mailbox_once(run, world, monkeypatch, capsys):
    """Each mailbox is read, and what is in the way of one is said and does not stop the others."""
    with serving() as server:
        for name in ("hello", "sales"):
            add_account(world, server, f"{name}@example.com")
        ana = world.contact(email="ana@example.org")
        server.inbox.add(letter(), at=SystemClock().now())
        monkeypatch.setattr(Carriers, "mailbox", lambda _, account: place_of(account, "sales"))
        assert run("engine", "--once", "--json") == 1
    said = json.loads(capsys.readouterr().out)
    assert said["received"] == 1
    assert said["trouble"].startswith("hello@example.com: 127.0.0.1 did not accept the login.")
    assert world.happened(ana)[-1] == "email_received"


def place_of(account, opens):
    """Where an account is read; the password of one account alone is right."""
    password = "secret" if account.login.startswith(opens) else "wrong"
    return replace(place(account), password=password)
