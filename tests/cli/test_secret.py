"""Secrets from the command line: set, named, never shown, forgotten."""

from __future__ import annotations

import keyring
import pytest

from rally_desktop.cli import main
from rally_desktop.cli.verb import Doors
from rally_desktop.outside.secrets import Keyring, Vault
from rally_desktop.services import http_secrets
from tests.outside.test_secrets import MemoryKeyring


@pytest.fixture
def run(store, monkeypatch):
    """Run the command line on the office that the test fills, with a keyring in memory."""
    before = keyring.get_keyring()
    keyring.set_keyring(MemoryKeyring())
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "s3cr3t")
    screen = Doors(lambda *_, **__: 0, lambda *_, **__: [])
    url = store.engine.url.render_as_string(hide_password=False)
    yield lambda *words: main.run(screen, [*map(str, words), "--database", url])
    keyring.set_keyring(before)


def test_a_secret_is_set_listed_and_forgotten(run, world, capsys):
    """Only its name is ever shown; its value opens for its own server alone."""
    assert run("secret", "set", "KEY", "--host", "api.example.com") == 0
    assert run("secret", "list") == 0
    said = capsys.readouterr().out
    assert "KEY" in said
    assert "s3cr3t" not in said
    vault = Vault(Keyring())
    assert world.ask(http_secrets.reveal, "KEY", "api.example.com", vault) == "s3cr3t"
    assert run("secret", "remove", "KEY") == 0
    assert run("secret", "remove", "KEY") == 1
    assert world.ask(http_secrets.names) == []


def test_a_name_must_be_one_that_texts_can_hold(run, capsys):
    """Letters, digits and _ alone."""
    assert run("secret", "set", "my key", "--host", "x.example") == 1
    assert "letters, digits" in capsys.readouterr().err
