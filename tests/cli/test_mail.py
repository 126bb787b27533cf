"""Mail accounts from the command line."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url

from rally_desktop.cli import main
from rally_desktop.cli.verb import Doors
from rally_desktop.outside.mail import providers
from rally_desktop.outside.mail.providers import Server
from rally_desktop.services import mail_consent
from tests.engine.test_carriers import Pocket
from tests.imap_server import letters, serving
from tests.mail_server import TokenServer, certified, mail_server  # noqa: F401
from tests.oauth_server import Browser, OAuthServer

pytestmark = pytest.mark.slow


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


def test_somebody_signs_in_from_the_command_line(run, sqlite_url, tmp_path, monkeypatch, capsys):
    """The browser is opened, the mailbox is tried by token, and nothing lies open in the file."""
    serves, _ = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "localhost.pem"))
    inbox, browser, pocket = [], Browser(), Pocket()
    monkeypatch.setattr("webbrowser.open", browser)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "s3cret-canary")
    monkeypatch.setattr("rally_desktop.outside.secrets.Keyring", lambda: pocket)
    folders = (letters("INBOX", "", inbox), letters("Sent", "\\Sent", inbox))
    with OAuthServer(who="ana@gmail.com", with_secret=True) as server, serving(*folders) as imap:
        heard = lambda received: inbox.append(received.data)  # noqa: E731
        with TokenServer(server.knows, tls=serves, heard=heard) as smtp:
            imap.knows = server.knows
            own = replace(
                providers.GOOGLE, smtp=Server("localhost", smtp.port),
                imap=Server("localhost", imap.port, "none"), consent=server.client().consent,
            )  # fmt: skip
            monkeypatch.setitem(providers.BY_KEY, "google", own)
            monkeypatch.setattr(providers, "PROVIDERS", (own,))
            assert run("mail", "client", "google", "our-id") == 0
            reaches = mail_consent.client
            monkeypatch.setattr(
                mail_consent, "client",
                lambda work, key, vault: reaches(work, key, vault, (server.host,)),
            )  # fmt: skip
            assert run("mail", "sign-in", "ana@gmail.com") == 0
    browser.close()
    assert "ana@gmail.com works." in capsys.readouterr().out
    assert b"canary" not in Path(make_url(sqlite_url).database).read_bytes()


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
