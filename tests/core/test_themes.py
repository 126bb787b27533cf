"""Designs: HTML and text from the same slots, with nothing in them that was not written."""

from __future__ import annotations

import re

import pytest

from rally_desktop.core import marks, themes
from rally_desktop.core.errors import BadTemplate
from rally_desktop.core.merge import compile_template
from rally_desktop.core.message import WAY_OUT
from rally_desktop.outside.mail import own_html

SAID = {
    "heading": "Fish & <chips>",
    "body": "Dear {{ contact.first_name }},\n\nsee https://hill.dental/a?b=1&c=2.",
    "label": "Book now",
    "link": "https://hill.dental/book",
    "facts": "When: Monday, 9:30\nJust a line",
    "title_2": "Hours",
    "text_2": "From 8 to 4",
}
EVERY = pytest.mark.parametrize("theme", themes.THEMES.values(), ids=themes.THEMES)


def sent(theme, slots=SAID, **how):
    """Return the HTML that is sent, filled in for somebody."""
    known = {slot.key for slot in theme.slots}
    slots = {**themes.first_slots(theme), **{k: v for k, v in slots.items() if k in known}}
    html = own_html.inlined(themes.html(theme, slots, "Hello", "In short", **how))
    data = {
        "contact": {"first_name": "<Ana>"},
        "office": {"name": "Hill", "unsubscribe": WAY_OUT},
        "owner": {"name": "M"},
    }
    return str(compile_template(html, True).render(data)), themes.plain(theme, slots)


@EVERY
def test_what_was_written_arrives_as_text(theme):
    """Signs of HTML are shown as they are, whether the office or a contact has them."""
    html, text = sent(theme)
    assert "Dear &lt;Ana&gt;," in html
    assert "Dear {{ contact.first_name }}," in text
    assert "<Ana>" not in html
    assert "<chips>" not in html


@EVERY
def test_a_design_fetches_nothing_and_stands_in_tables(theme):
    """No picture, no sheet of styles and no font is asked for; tables are for the layout."""
    html, _ = sent(theme)
    assert not re.search(r"<img|<link|@import|url\(", html)
    assert html.count("<table") == html.count('role="presentation"')
    assert "style=" in html
    assert "prefers-color-scheme: dark" in html


def test_a_button_needs_words_and_a_place_to_lead_to():
    """Without one of them there is no button, in HTML as in text."""
    html, text = sent(themes.THEMES["announcement"])
    assert 'href="https://hill.dental/book"' in html
    assert "Book now: https://hill.dental/book" in text
    html, text = sent(themes.THEMES["announcement"], SAID | {"link": ""})
    assert "Book now" not in html + text


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "hill.dental", "//x"])
def test_a_button_that_leads_nowhere_is_refused(link):
    """Only whole addresses, mail and telephone are places to go to."""
    with pytest.raises(BadTemplate, match="is no address"):
        sent(themes.THEMES["announcement"], SAID | {"link": link})


def test_sections_that_say_nothing_leave_no_trace():
    """A newsletter with one section has one fine line, not four."""
    html, text = sent(themes.THEMES["newsletter"])
    assert html.count('class="line"') == 1
    assert "Hours\n\nFrom 8 to 4" in text


def test_dark_is_drawn_from_the_same_slots():
    """The dark look differs in its colours alone."""
    light, dark = (sent(themes.THEMES["letter"], dark=each)[0] for each in (False, True))
    assert themes.DARK["sheet"] in dark.partition("<body")[2]
    assert themes.LIGHT["sheet"] in light.partition("<body")[2]


@pytest.mark.parametrize(
    "source", ["a {{ b }} c", "{{", "{% if %}{{ x", "{{ a }}{% b %}{# c #}", ""]
)
def test_pieces_of_a_text_are_the_text(source):
    """Nothing is lost on the way, whatever is not closed."""
    assert "".join(part for part, _ in marks.parted(source)) == source


def test_the_way_out_of_the_list_is_a_link_in_ones_own_words():
    """It stands below a letter in HTML and in text, and nowhere without words for it."""
    html, text = sent(themes.THEMES["letter"])
    assert f'href="{WAY_OUT}"' in html
    assert text.endswith("Unsubscribe: {{ office.unsubscribe }}\n")
    html, text = sent(themes.THEMES["appointment"])
    assert "unsubscribe" not in (html + text).lower()
