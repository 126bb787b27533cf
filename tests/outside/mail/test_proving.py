"""The proof that an account works, against real servers of this computer."""

import asyncio
from datetime import UTC, datetime

import pytest

from rally_desktop.outside.mail.imap import Place
from rally_desktop.outside.mail.proving import Proof
from rally_desktop.outside.mail.smtp import SmtpCarrier
from tests.imap_server import letters, serving
from tests.mail_server import LoopbackServer, account

NOW = datetime(2026, 6, 2, 9, tzinfo=UTC)
WHO = "office@example.com"


def prove(*, keeps=True, sent=True, arrives=True, smtp=None, password="secret"):
    """Prove an account whose servers are like this; return what was learnt and the last states."""
    inbox, kept = [], []
    folders = [letters("INBOX", "", inbox), letters("Sent", "\\Sent", kept)]

    def take(received):
        data = received.data
        if not keeps:
            data = data.replace(b"Message-ID: <", b"Message-ID: <other.")
            data = data.replace(b"proof.", b"else.", 1)
        if arrives:
            inbox.append(data)
        if sent:
            kept.append(data)

    steps = {}
    with LoopbackServer(heard=take) as server, serving(*folders) as mailbox:
        if smtp:
            server.answer(*smtp)
        place = Place("127.0.0.1", mailbox.port, "none", WHO, password)
        proof = Proof(
            SmtpCarrier(account(server)), place, WHO, lambda: NOW,
            lambda step: steps.update({step.key: step}),
            pause=0.01, inbox_seconds=0.05, sent_seconds=0.05,
        )  # fmt: skip
        learnt = asyncio.run(proof.run())
    return learnt, steps


def test_an_account_that_works_is_proved():
    """The message is found in the inbox and among what was sent, under our id."""
    learnt, steps = prove()
    assert [step.state for step in steps.values()] == ["well"] * 5
    assert (learnt.works, learnt.keeps_id, learnt.stores_sent, learnt.sent_lag) == (
        True, True, True, 0,
    )  # fmt: skip


def test_a_server_that_changes_the_id_is_known_for_it():
    """Where the id is replaced, our own header finds the message."""
    learnt, steps = prove(keeps=False)
    assert (learnt.works, learnt.keeps_id) == (True, False)
    assert "id of its own" in steps["inbox"].said


def test_a_server_that_keeps_nothing_sent_works_all_the_same():
    """A Sent folder that stays empty is said, with what it means."""
    learnt, steps = prove(sent=False)
    assert (learnt.works, learnt.stores_sent) == (True, False)
    assert steps["sent"].state == "warns"


@pytest.mark.parametrize(
    ("how", "failed", "said"),
    [
        ({"password": "wrong"}, "into", "did not accept the login"),
        ({"smtp": ("mail", "553 not yours")}, "send", "Check the sender’s address"),
        ({"arrives": False}, "inbox", "did not arrive"),
    ],
)
def test_the_step_that_fails_says_what_to_do(how, failed, said):
    """The proof ends at the first step that fails, in words that help."""
    learnt, steps = prove(**how)
    assert not learnt.works
    assert steps[failed].state == "failed"
    assert said in steps[failed].said
    assert list(steps)[-1] == failed
