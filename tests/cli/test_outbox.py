"""The verbs for messages in doubt."""

import json

import pytest

from rally_desktop.cli import main
from rally_desktop.cli.verb import Doors
from rally_desktop.core.clock import SystemClock
from rally_desktop.model.graph import Step
from rally_desktop.model.store import Store
from rally_desktop.services import installation, office, safeguards, templates
from tests.world import World

pytestmark = pytest.mark.slow


@pytest.fixture
def run(sqlite_url, capsys):
    """Run a verb on the office and return what it says, read as JSON."""
    screen = Doors(lambda *_, **__: 0, lambda *_, **__: [])

    def running(*words):
        code = main.run(screen, [*words, "--json", "--database", sqlite_url])
        said = capsys.readouterr()
        return json.loads(said.out) if code == 0 else said.err

    return running


@pytest.fixture
def doubting(sqlite_url):
    """An office with one message whose server's answer was lost."""
    store = Store.open(sqlite_url, SystemClock())
    store.write(office.found)
    world = World(store, store.clock)
    world.mailbox()
    world.do(templates.save, "Welcome", subject="Hello", text="Hi")
    world.publish(Step("mail", "send_email", {"template": "Welcome"}))
    world.contact("Ana", email="ana@example.org")
    world.mail.fail("taken")
    world.tick()
    yield world
    store.close()


def test_a_message_in_doubt_is_listed_and_decided(run, doubting):
    """The list says who and why; once decided it is empty, and the message not sent again."""
    (doubt,) = run("outbox", "list")["doubts"]
    assert doubt["to"] == "Ana <ana@example.org>"

    assert run("outbox", "decide", str(doubt["id"]), "--sent") == {"id": doubt["id"], "sent": True}

    assert run("outbox", "list")["doubts"] == []
    doubting.tick()
    assert len(doubting.mail.letters) == 1


def test_what_is_not_in_doubt_cannot_be_decided(run, doubting):
    """A number that is wrong, or was decided already, is refused in one line."""
    assert "no message 77" in run("outbox", "decide", "77", "--sent")


def test_a_copy_is_unlocked_by_hand(run, doubting):
    """A copied database says that it does not send, until somebody says that it is the office."""
    doubting.do(installation.lock)
    assert "copy" in run("outbox", "list")["locked"]

    assert run("outbox", "unlock") == {"doubts": 0}
    assert run("outbox", "list")["locked"] == ""


def test_a_journal_is_set_up(run, doubting, monkeypatch):
    """The account is asked for its password, which is kept sealed; «none» takes the journal off."""
    from rally_desktop.services import mail_accounts

    kept = []
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "secret")
    monkeypatch.setattr(
        mail_accounts, "set_inbox_password", lambda work, one, *_: kept.append(one.imap_host)
    )
    where = ("--host", "imap.example.com")

    assert run("mail", "journal", "hello@example.com", "sent", *where)["journal"] == "sent"
    assert kept == ["imap.example.com"]
    assert run("mail", "journal", "hello@example.com", "none")["journal"] == "none"
    assert "no mail account" in run("mail", "journal", "who@example.com", "none")


def test_what_waits_is_listed_with_its_reason_and_can_be_recalled(run, doubting):
    """A message of a paused workflow waits; its number in the list takes it back."""
    doubting.do(safeguards.stop_sending)
    doubting.contact("Ben", email="ben@example.org")
    doubting.tick()
    assert run("workflow", "pause", "1", "--why", "A look is needed.")["state"] == "paused"
    doubting.do(safeguards.stop_sending, stopped=False)
    doubting.tick()

    (waits,) = run("outbox", "list", "--waiting")["waiting"]
    assert (waits["to"], waits["reason"]) == ("Ben <ben@example.org>", "paused")
    assert "The workflow is paused." in waits["why"]
    assert run("outbox", "recall", str(waits["id"]))["recalled"]
    assert run("outbox", "list", "--waiting")["waiting"] == []
    assert "was not sent already" in run("outbox", "recall", str(waits["id"]))


def test_pausing_keeps_to_what_moves(run, doubting):
    """Nobody can pause what is not published, or answer for a workflow that is not there."""
    assert run("workflow", "resume", "1").startswith("rally-desktop: ‘Test’ is not paused")
    run("workflow", "unpublish", "1")
    assert "is not published" in run("workflow", "pause", "1")
    for verb in ("confirm", "let-in", "turn-away"):
        assert "does not exist" in run("sending", verb, "77")
