"""The keys of programs outside, from the command line."""

import json

import pytest

from rally_desktop.cli import main
from rally_desktop.cli.verb import Doors
from rally_desktop.services import api_keys


@pytest.fixture
def run(world):
    """Run the command line on the office that the test fills."""
    screen = Doors(lambda *_, **__: 0, lambda *_, **__: [])
    url = world.store.engine.url.render_as_string(hide_password=False)
    return lambda *words: main.run(screen, [*words, "--database", url])


def test_a_key_is_made_listed_and_revoked(run, world, capsys):
    """It is told once, holds until it is revoked, and the list shows no more than its beginning."""
    assert run("api", "make", "Online shop", "--add-contacts") == 0
    key = capsys.readouterr().out.strip()
    assert world.ask(api_keys.holder, key).adds
    run("api", "keys")
    said = capsys.readouterr().out
    assert "Online shop, may add contacts, never used" in said
    assert key not in said
    assert run("api", "revoke", "1") == 0
    assert world.ask(api_keys.holder, key) is None
    capsys.readouterr()
    run("api", "keys", "--json")
    assert json.loads(capsys.readouterr().out)[0]["revoked"] is True


def test_what_cannot_be_done_is_refused(run, capsys):
    """A name that is taken and a key that is not there are said, each with exit code 1."""
    assert run("api", "make", "Shop") == 0
    assert run("api", "make", "shop") == 1
    assert "belongs to another key" in capsys.readouterr().err
    assert run("api", "revoke", "7") == 1
    assert "does not exist" in capsys.readouterr().err
