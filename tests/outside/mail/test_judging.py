"""Each message of the corpus is judged as a person would judge it."""

from __future__ import annotations

from datetime import date

import pytest

from rally_desktop.outside.mail.arrived import read
from rally_desktop.outside.mail.judging import judge
from tests.outside.mail.judged_mail import CORPUS, cases

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_message_is_what_a_person_says_it_is(case):
    """Bounces name the address, absences the day of return, replies their own words."""
    judged = case.judged()
    assert judged.word == case.verdict
    if judged.bounce:
        assert judged.bounce.addresses == (case.address,)
    if judged.automatic:
        assert str(judged.automatic.back or "") == case.back
    if case.verdict in ("reply", "wish"):
        assert " ".join(judged.own.split()) == case.own


def test_a_returned_message_is_named():
    """Where the report holds our headers, message id and key are found in them."""
    found = [case.judged().bounce for case in CASES if case.verdict in ("hard", "soft", "refused")]
    named = [bounce for bounce in found if bounce and bounce.key]
    assert len(named) >= 35
    assert {bounce.message_id for bounce in named} == {"<rally-77@office.example.com>"}
    assert {bounce.key for bounce in named} == {"rally-77@office.example.com"}


def test_the_corpus_is_whole():
    """Every message has a verdict, and a third was not there when the patterns were made."""
    names = {f"{path.parent.name}/{path.stem}" for path in CORPUS.glob("*/*.eml")}
    assert names == {case.name for case in CASES}
    assert sum(not case.name.startswith("tuned/") for case in CASES) * 3 >= len(CASES)


def test_a_mail_program_may_ask_for_its_user():
    """A click on «unsubscribe» sends a message that nobody typed; it is a wish all the same."""
    data = b"From: a@example.com\nAuto-Submitted: auto-generated\nSubject: unsubscribe\n\n"
    judged = judge(read(data), date(2026, 7, 14))
    assert (judged.word, judged.stop) == ("wish", True)
