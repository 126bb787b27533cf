"""The line below a message that says how to unsubscribe."""

from __future__ import annotations

from rally_desktop.core.message import WAY_OUT
from rally_desktop.services.way_out import said_below


def test_a_design_gets_the_link_inside_its_body():
    """Both parts say it; the words are text, whatever they hold."""
    text, html = said_below("Hi", "<html><body><p>Hi</p></body></html>", "No more <b>")
    assert text == f"Hi\n\nNo more <b>: {WAY_OUT}\n"
    assert f'<a href="{WAY_OUT}"' in html
    assert "No more &lt;b&gt;</a></p></body></html>" in html


def test_a_message_that_says_it_in_one_part_stays_as_it_is():
    """Nobody is told twice."""
    assert said_below("Hi", "<p>Abmelden</p>", "Unsubscribe") == ("Hi", "<p>Abmelden</p>")
