"""A message as one reads it: its quotes apart, its files listed, its pictures known."""

from __future__ import annotations

import pytest

from rally_desktop.services import letters
from tests.services.test_conversations import mail

GMAIL = (
    '<div>Yes.<img src="cid:a%20b"></div><div class="gmail_quote"><div class="gmail_attr">On Monday'
    " Maria wrote:</div><blockquote>Shall I?</blockquote></div>"
)
OUTLOOK = '<p>Yes.</p><div id="divRplyFwdMsg">From: Maria</div><div>Shall I?</div>'
FILE = {"name": "x.png", "type": "image/png", "size": 9, "content_id": "a b", "inline": True}


def whole(world, **row):
    """A message of Ana’s, as it is read."""
    mail(world, world.contact("Ana"), "m", **row)
    return world.ask(letters.one, world.rows("select id from message")[0][0])


@pytest.mark.parametrize("html", [GMAIL, OUTLOOK])
def test_quotes_are_apart_however_a_program_marks_them(world, html):
    """What stands above a quote goes with it; the whole is at hand."""
    letter = whole(world, html=html)
    assert "Yes." in letter.html.own
    assert "Maria" not in letter.html.own
    assert "Shall I?" in letter.html.html


def test_nothing_but_a_quote_is_shown(world):
    """A message that only quotes is not drawn empty."""
    assert "Shall I?" in whole(world, html="<blockquote>Shall I?</blockquote>").html.own


def test_a_picture_within_the_text_is_known_by_its_name(world):
    """However the text writes it."""
    letter = whole(world, html=GMAIL, files=[FILE])
    assert [one.place for one in letter.pictures] == [0]


def test_what_no_person_wrote_says_so(world):
    """In the list of a conversation, and above the message: an absence, and a wish for no more."""
    ana = world.contact("Ana", email="ana@example.org")
    away = {"automatic": True, "machine": "absence", "returns": "2026-08-03"}
    mail(world, ana, "away", said=away)
    mail(world, ana, "stop", in_reply_to="<away>", hours=1, wish=True)
    number = world.rows("select max(id) from message")[0][0]
    found = world.ask(letters.of_message, number)
    said = ["Automatic reply, away until 3 August 2026", "Wants no more e-mails"]
    assert [head.snippet for head in found.heads] == said
    assert [head.look for head in found.heads] == ["machine_absence", "email_unsubscribed"]
    assert found.chosen.mark.said == said[1]
