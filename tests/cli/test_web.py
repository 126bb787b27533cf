"""The office on the web, from the command line."""

import json

import pytest

from rally_desktop.cli import main
from rally_desktop.cli.verb import Doors


@pytest.fixture
def run(world):
    """Run the command line on the office that the test fills."""
    screen = Doors(lambda *_, **__: 0, lambda *_, **__: [])
    url = world.store.engine.url.render_as_string(hide_password=False)
    return lambda *words: main.run(screen, [*words, "--database", url])


def test_it_is_off_until_somebody_switches_it_on(run, capsys):
    """Off by default; on says where, and waits for an engine; off again is off."""
    assert run("web", "status") == 0
    assert "is off" in capsys.readouterr().out
    assert run("web", "on", "--public", "https://office.example.com", "--port", "9000") == 0
    capsys.readouterr()
    run("web", "status", "--json")
    facts = json.loads(capsys.readouterr().out)
    assert (facts["on"], facts["port"], facts["state"]) == (True, 9000, "off")
    assert run("web", "off") == 0


def test_an_address_that_would_not_do_is_refused(run, capsys):
    """A public address without TLS, or with a path, is said to be wrong and not kept."""
    for address in (
        "http://office.example.com",
        "https://a.example/crm",
        "office",
        "https://u@a.example",
        "https://a.example:99999",
        "https://a.example?q=1",
    ):
        assert run("web", "on", "--public", address) == 1
    assert "Public address" in capsys.readouterr().err
    run("web", "status", "--json")
    assert json.loads(capsys.readouterr().out)["on"] is False
