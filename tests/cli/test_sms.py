"""Gateways of text messages from the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from rally_desktop.cli import main
from rally_desktop.cli.verb import Doors
from rally_desktop.outside import secrets
from tests.api.conftest import Pocket
from tests.gateway import Kept, SmsServer

pytestmark = pytest.mark.slow
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


def test_a_gateway_is_added_tried_asked_and_listed(sqlite_url, monkeypatch, capsys):
    """What one does on a computer without a screen; the secret stands nowhere in plain words."""
    pocket = Pocket()
    monkeypatch.setattr(secrets, "Keyring", lambda: pocket)
    monkeypatch.setattr("rally_desktop.engine.carriers.Keyring", lambda: pocket)
    monkeypatch.setattr("typer.prompt", lambda text, **_: "hush" if "token" in text else "")
    screen = Doors(lambda *_, **__: 0, lambda *_, **__: [])

    def run(*words):
        code = main.run(screen, ["sms", *words, "--database", sqlite_url])
        said = capsys.readouterr()
        assert code == 0, said.err
        assert "hush" not in said.out
        return said.out

    assert "rally-desktop sms add" in run("list")
    with SmsServer(lambda: NOW) as server:
        where = ["--url", server.url, "--login", "AC1"]
        run("add", "Reminders", "twilio", "+441632960000", *where)
        assert "The gateway took it" in run("test", "Reminders", "01632 960001")
        assert server.texts == [("+441632960001", "This is a test. All is well.")]
        server.lines.came_in.append(Kept("IN1", "+441632960007", "Hello", at=NOW))
        assert run("ask", "Reminders") == "1 new.\n"
    (listed,) = json.loads(run("list", "--json"))
    assert (listed["name"], listed["sender"]) == ("Reminders", "+441632960000")
    assert "Unknown numbers that wrote: 1" in run("list")
