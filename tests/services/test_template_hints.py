"""Hints for whoever writes a template: what is odd is named, what is fine is left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rally_desktop.services import template_hints
from rally_desktop.services.templates import Template

FINE = Template(
    0, "T", "email", "See you on Monday", "Dear Ana,\n\nbye.\n\nReply ‘unsubscribe’ to leave.",
    "", transactional=False,
)  # fmt: skip
SMS = replace(FINE, channel="sms", subject="", text="See you")


def said(made):
    """Return the hints as one text."""
    return "\n".join(hint.text for hint in template_hints.of(made))


def test_a_good_template_is_left_alone():
    """There is nothing to say of it, nor of a good SMS."""
    assert said(FINE) == said(SMS) == ""


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"subject": ""}, "subject is empty"),
        ({"subject": "BUY THIS TODAY"}, "capitals"),
        ({"subject": "Buy now!!"}, "‘!!’ is loud"),
        ({"subject": "x" * 90}, "subject is long"),
        ({"text": "Bye"}, "how to unsubscribe"),
        ({"text": FINE.text + " Click here for free money"}, "‘click here’, ‘free money’"),
        ({"text": FINE.text + " http://hill.dental"}, "not encrypted"),
        ({"text": FINE.text + " https://example.com/x"}, "only an example"),
        ({"text": FINE.text + " https://bit.ly/x"}, "hides where"),
        ({"text": FINE.text + " https://hill"}, "leads anywhere"),
        ({"text": FINE.text + " The list is attached."}, "nothing is attached"),
        ({"html": "x" * 105_000}, "Gmail shows only its beginning"),
        ({"source": '<a href="#">x</a>', "family": "custom"}, "link leads nowhere"),
        ({"source": '<a href="hill">x</a>', "family": "custom"}, "no whole address"),
        ({"source": '<img src="https://a.bc/x.png">', "family": "custom"}, "no alt text"),
        ({"source": "<div>", "family": "custom"}, "‘<div>’ is not closed"),
        ({"source": "<script></script>", "family": "custom"}, "‘<script>’ is left out"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_keeps_a_message_from_arriving_is_named(changed, word):
    """Each of them has its hint, and only where it is."""
    assert word in said(replace(FINE, **changed))


@pytest.mark.parametrize(
    ("text", "word"),
    [("", "text is empty"), ("x" * 500, "sent as 4 SMS"), ("ü" * 100 + "😀", "‘😀’ makes room")],
    ids=["empty", "long", "emoji"],
)
def test_an_sms_is_counted_in_what_is_paid_for(text, word):
    """Length and signs that make room for fewer are told."""
    assert word in said(replace(SMS, text=text))


def test_an_unknown_field_is_shown_at_its_line(world):
    """The HTML of the office is looked through as it is written."""
    made = replace(FINE, text="", family="custom", source="<p>\n{{ contact.fist_name }}</p>")
    hint = world.ask(template_hints.looked_at, made)[0]
    assert (hint.line, "did you mean" in hint.text, hint.tone) == (2, True, "warn")
