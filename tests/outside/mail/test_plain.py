"""HTML becomes the plain text that somebody without HTML would want to read."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rally_desktop.outside.mail.plain import plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree\n"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n\n- b\n"),
        ("<head><title>x</title><style>p{}</style></head><p>Text</p>", "Text\n"),
        ("<script>alert(1)</script>Hello &amp; good day &#8364;5", "Hello & good day €5\n"),
        ('<a href="https://example.com">https://example.com</a>', "https://example.com\n"),
        ('<a href="mailto:a@example.com">write</a>', "write\n"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\n\nc\n"),
    ],
)
def test_the_text_of_html_is_readable(html, text):
    """Paragraphs, lists, tables and links keep their sense; what is not shown is left out."""
    assert plain_text(html) == text


@given(st.lists(st.sampled_from("< > ! [ ] - / a td script p = \" ' & # x ; ? foo".split())))
@example(["<", "!", "[", "foo", "["])
@example(["<", "<", "!", ">", "!", "[", "foo", "["])
def test_no_html_is_too_broken(pieces):
    """Whatever stands in a template, some text comes out."""
    assert plain_text("".join(pieces)).endswith("\n")


@pytest.mark.parametrize("piece", ["<a ", "<!--", "</", "<a b='>", "<?", "<script></", "<!", "&#"])
def test_no_html_takes_long(piece):
    """What is opened and never closed is read once, not once for each opening."""
    started = time.thread_time()
    plain_text(piece * 10_000)
    assert time.thread_time() - started < 1
