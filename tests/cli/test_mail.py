"""Mail accounts from the command line."""

import json

import pytest

from rally_desktop.cli import main
from rally_desktop.cli.verb import Doors
from tests.mail_server import mail_server  # noqa: F401


@pytest.fixture
def run(sqlite_url):
    """Run the command line on an empty office."""
    screen = Doors(lambda *_, **__: 0, lambda *_, **__: [])
    return lambda *words: main.run(screen, [*words, "--database", sqlite_url])


def add(server, **changes):
    """The words that add an account on a server of this computer."""
    given = {"host": server.host, "port": str(server.port), "security": "none", **changes}
    options = [word for name, value in given.items() for word in (f"--{name}", value)]
    return ["mail", "add", "hello@example.com", *options]


def test_an_account_is_tried_and_then_kept(run, mail_server, capsys):  # noqa: F811
    """The server is asked before the account is added; the list shows it."""
    assert run(*add(mail_server)) == 0
    assert mail_server.connections == 1
    capsys.readouterr()

    run("mail", "list", "--json")
    assert json.loads(capsys.readouterr().out)[0]["address"] == "hello@example.com"


def test_an_account_that_does_not_work_is_not_kept(run, mail_server, capsys):  # noqa: F811
    """Where no server answers nothing is added, and one line says what to do."""
    mail_server.stop()

    assert run(*add(mail_server)) == 1
    assert capsys.readouterr().err.startswith("rally-desktop: ")
    assert run("mail", "list") == 0
    assert "no mail account yet" in capsys.readouterr().out


def test_an_account_rests_and_goes(run, mail_server, capsys):  # noqa: F811
    """Pausing is shown with its reason; removing says what it means, and the list is empty."""
    run(*add(mail_server))
    assert run("mail", "pause", "hello@example.com", "--why", "Holidays.") == 0
    run("mail", "list")
    assert "paused: Holidays." in capsys.readouterr().out

    assert run("mail", "remove", "hello@example.com", "--yes", "--json") == 0
    assert json.loads(capsys.readouterr().out)["not_sent"] == 0
    run("mail", "list")
    assert "no mail account yet" in capsys.readouterr().out
