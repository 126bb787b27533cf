"""An answer is begun with whom it goes to, what it is about, and what it answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rally_desktop.core.quoting import parted
from rally_desktop.model.changes import RowChanged
from rally_desktop.services import (
    answering,
    composing,
    mail_accounts,
    replies,
    timeline,
    writing,
)
from tests.services.test_conversations import mail


@pytest.fixture
def number(world):
    """What Ana wrote to us, to Ben and to our other account, to be answered elsewhere."""
    for name in ("hello", "sales"):
        address = f"{name}@example.com"
        world.do(mail_accounts.add, name, address, host="memory", port=25, security="none")
    mail(
        world, world.contact("Ana", email="ana@example.org"), "m1", subject="Chairs",
        sender="Ana Silva <ana@example.org>", reply_to="office@example.org",
        recipient="Hello <hello@example.com>, Ben <ben@example.org>, sales@example.com",
        text="Which ones?\n\n> The blue ones.", account_id=2,
    )  # fmt: skip
    return world.rows("select id from message")[0][0]


def test_an_answer_goes_where_it_is_wanted(world, number):
    """To the address for answers, from the account that received it, with the words quoted."""
    made = world.ask(answering.draft, number, "reply")
    assert (made.to, made.cc, made.subject) == ("office@example.org", "", "Re: Chairs")
    assert (made.in_reply_to, made.account_id) == ("<m1>", 2)
    assert made.quoted.endswith("wrote:\n> Which ones?\n>\n>> The blue ones.")
    assert parted(f"Both.\n\n{made.quoted}") == ("Both.", made.quoted)


def test_an_answer_to_all_leaves_ourselves_out(world, number):
    """Whoever else got it is in copy, none of our own accounts is."""
    assert world.ask(answering.draft, number, "reply_all").cc == "Ben <ben@example.org>"


def test_what_is_passed_on_says_from_whom_it_was(world, number):
    """It goes to nobody yet, answers nothing, and begins with where it comes from."""
    made = world.ask(answering.draft, number, "forward")
    assert (made.to, made.in_reply_to, made.subject) == ("", "", "Fwd: Chairs")
    assert "From: Ana Silva <ana@example.org>\nDate: " in made.quoted


def test_a_long_message_that_is_passed_on_says_where_it_is_cut(world, number):
    """Whoever gets it is not told a beginning as if it were all."""
    text = "words " * 10_000
    world.do(lambda work: work.change(RowChanged("message", number, {"text": text})))
    assert world.ask(answering.draft, number, "forward").quoted.endswith(answering.CUT)


@pytest.mark.parametrize("subject", ["Re: Chairs", "AW: Chairs", "re[2]: Chairs"])
def test_a_subject_says_once_that_it_is_an_answer(subject):
    """However other programs say so."""
    assert answering._subject(subject, passed_on=False) == subject


def test_an_answer_joins_its_conversation(world, number):
    """Sent, it stands for the message that it answers, and the message waits for nobody."""
    draft = world.ask(answering.draft, number, "reply")
    kept = world.do(writing.save, replace(draft, text="Both."))
    world.clock.advance(hours=1)
    world.do(composing.send, kept.id)
    assert world.ask(replies.waiting, None) == ()
    world.clock.advance(hours=1)
    world.deliver()
    lines = world.ask(timeline.lines, draft.contact, folded=True, groups=["messages"])
    assert [(line.kind, line.body, line.mail.count) for line in lines] == [
        ("email_sent", "Both.", 2)
    ]
