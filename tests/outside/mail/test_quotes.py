"""What a person wrote is told from what they quote, whatever program they use."""

from __future__ import annotations

import pytest

from rally_desktop.outside.mail.arrived import Arrived
from rally_desktop.outside.mail.quotes import own_text, split, split_html


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Yes", "Yes"),
        ("Yes\n\n> No", "Yes"),
        ("> One?\nYes\n> Two?\nNo", "Yes\nNo"),
        ("Yes\n\nOn 1 May 2026, Sam <s@example.com> wrote:\nOld", "Yes"),
        ("Yes\n\nOn 1 May 2026, Sam\n<s@example.com>\nwrote:\n> Old\n\nAnd no", "Yes\n\nAnd no"),
        ("Sam wrote:\n> Old\nYes", "Yes"),
        ("Yes\n\n---------- Forwarded message ---------\nFrom: a\nOld", "Yes"),
        ("Yes\n\n*From:* Sam\n*Sent:* Monday\n*To:* Ana\n\nOld", "Yes"),
        ("Yes\n-- \nAna\nSales", "Yes"),
        ("Yes\n\nSent from my iPhone", "Yes"),
        (
            "From: Berlin to Hamburg we travel by train.",
            "From: Berlin to Hamburg we travel by train.",
        ),
        ("He wrote: call me at 9:", "He wrote: call me at 9:"),
        ("> All of it is quoted", ""),
        ("", ""),
    ],
)
def test_own_words_are_what_is_left(text, own):
    """Quotes above, below and between, copied headers and signatures go."""
    assert split(text).own == own


def test_nothing_is_lost():
    """Each line with words stands in one of the two parts."""
    text = "Yes\n\nOn 1 May 2026, Sam wrote:\n> Old\n> Older\n\nNo\n-- \nAna"
    own, quoted = split(text)
    assert sorted(f"{own}\n{quoted}".split()) == sorted(text.split())


@pytest.mark.parametrize(
    ("html", "own"),
    [
        (
            '<p>Yes</p><div class="gmail_quote">On 1 <div>Old</div></div><p>PS</p>',
            "<p>Yes</p><p>PS</p>",
        ),
        (
            '<p>Yes</p><blockquote type="cite">Old<blockquote>Older</blockquote></blockquote>',
            "<p>Yes</p>",
        ),
        ('<p>Yes</p><div id="appendonsend"></div><hr><div>From: Sam</div>', "<p>Yes</p>"),
        ('<p>Yes</p><div id="divRplyFwdMsg">From</div><p>Old</p>', "<p>Yes</p>"),
        (
            'Yes<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0">F</div>Old',
            "Yes",
        ),
        ('<blockquote style="margin:0 0 0 40px;border:none">Yes</blockquote>', None),
        ("<p>Yes</p>", None),
    ],
)
def test_html_is_parted_where_mail_programs_quote(html, own):
    """Elements of quotes go with all they hold; an indented text stays."""
    found = split_html(html)
    assert found.own == (html if own is None else own)
    assert sorted(found.own + found.quoted) == sorted(html)


def test_own_text_of_html_leaves_out_who_wrote_the_quote():
    """The line above a quote goes with it though it stands outside the element."""
    html = "<p>Yes</p>On 1 May 2026, Sam &lt;s@example.com&gt; wrote:<blockquote>Old</blockquote>"
    assert own_text(Arrived(html=f"{html}<p>And no</p>", text="x")) == "Yes\n\nAnd no"
