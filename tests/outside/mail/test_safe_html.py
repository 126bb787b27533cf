"""HTML of strangers is made harmless, and refused where drawing it could take for ever."""

from __future__ import annotations

import pytest

from rally_desktop.outside.mail.safe_html import made_safe
from tests.outside.mail.hostile_html import TRICKS, hostile, made

HARMLESS = '<p>Hi <b>Ana</b>, see <a href="https://example.com">here</a></p>'


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>", "<style>p{background:url(http://a)}</style>",
        "<iframe src='http://a'></iframe>", "<link rel=stylesheet href='http://a/x.css'>",
        "<svg><script>1</script></svg>", "<object data='file:///x'></object>", "<!-- x -->",
        "<meta http-equiv=refresh content='0;url=http://a'>", "<base href='http://a'>",
    ],
)  # fmt: skip
def test_what_could_do_something_goes_with_all_it_holds(hostile):
    """What is left is the text around it."""
    made = made_safe(HARMLESS + hostile)
    assert made is not None
    assert (made.html, made.remote) == (HARMLESS, ())


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ('<p onclick="x()" style="color:red">a</p>', "<p>a</p>"),
        ('<a href="javascript:x()">a</a>', "<a>a</a>"),
        ('<a href=" JavaScript:x()">a</a>', "<a>a</a>"),
        ('<a href="/etc/passwd">a</a>', "<a>a</a>"),
        ('<img src="file:///etc/passwd">', "<img>"),
        ('<img src="cid"><a href="http">a</a>', "<img><a>a</a>"),
        ('<img src="data:image/png;base64,AAAA">', "<img>"),
        ('<img src="cid:a" width="99999999">', '<img src="cid:a">'),
        ('<td background="http://a">a</td>', "a"),
    ],
)
def test_attributes_that_lead_somewhere_are_left_out(source, left):
    """Only addresses of the web, of mail and of the message itself stay."""
    assert made_safe(source).html == left


def test_pictures_of_servers_are_named_once():
    """Whoever draws the message knows what was not fetched."""
    made = made_safe('<img src="https://a/1.png"><img src="https://a/1.png"><img src="cid:x">')
    assert made.remote == ("https://a/1.png",)


def test_quotes_can_be_folded():
    """What is quoted is kept apart, with its signs; a message that only quotes stays whole."""
    made = made_safe("<p>Yes &amp; no</p><blockquote>Shall <p>I?</p></blockquote>")
    assert made.own == "<p>Yes &amp; no</p>"
    only = made_safe("<blockquote>Shall I?</blockquote>")
    assert only.own == only.html


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 50_000, "<b>x" * 8_000, "<p>x" * 19_000, "<table><tr><td>" * 7,
        "<div>" * 41 + "</div>" * 41, "x" * 600_000, "&" * 100_000, "<p>x</p>" * 5_000,
        "<p>" + "x" * 250_000,
    ],
    ids=range(9),
)  # fmt: skip
def test_what_is_too_large_or_too_deep_is_not_drawn(source):
    """Its text must do, and that is known quickly."""
    assert made_safe(source) is None


@pytest.mark.parametrize("source", ["", "<", "</p>", "<p", "\0<b>\0", "<p>\ud800", "<a href=>"])
def test_what_is_broken_does_no_harm(source):
    """Whatever it is, it is text or nothing."""
    made = made_safe(source)
    assert made is None or "\0" not in made.html


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: ascii(trick[:30]))
def test_no_trick_leaves_anything_that_could_do_something(trick):
    """Whatever mail programs have fallen for: only known elements and addresses are left."""
    made(trick)


def test_no_mixture_of_tricks_does_either():
    """Hundreds of them nested and cut; a hundred thousand are tried, and drawn, in tests/soak."""
    drawn = sum(made(hostile(seed)) is not None for seed in range(400))
    assert drawn > 200
