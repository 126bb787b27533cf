"""The office's own HTML: cleaned with a word for each line, its merge fields untouched."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rally_desktop.core.errors import BadTemplate, RallyError
from rally_desktop.core.merge import compile_template
from rally_desktop.outside.mail import own_html
from rally_desktop.outside.mail.markup import pieces

HOSTILE = [
    ("<p>x</p>\n<script>alert(1)</script>", 2, "<script>", "alert"),
    ('<p onclick="steal()">x</p>', 1, "onclick", "steal"),
    ('a\n\n<a href="javascript:steal()">x</a>', 3, "javascript:", "steal"),
    ('<a href="data:text/html,steal">x</a>', 1, "data:", "steal"),
    ("<style>@import url(//x.test/steal.css);</style><p>x</p>", 1, "@import", "steal"),
    ('<link rel="stylesheet" href="https://x.test/steal.css">', 1, "<link>", "steal"),
    ('<p style="background:url(https://x.test/steal)">x</p>', 1, "style", "steal"),
    ('<iframe src="https://x.test/steal"></iframe>', 1, "<iframe>", "steal"),
    ('<form action="https://x.test/steal"><input name="p"></form>', 1, "<form>", "steal"),
    ("<!-- steal -->x", 1, "comment", "steal"),
    ("<svg><script>steal()</script></svg>", 1, "<svg>", "steal"),
]
BOMBS = [
    '<a "' * 16_000, "<!--" * 16_000, "</a>" * 16_000, "<" * 65_000, "{{" * 32_000,
    "<style>" * 9_000, "<p " + "a=1 " * 16_000, "<style>" + "a b " * 15_000 + "{}</style>",
    "<b><i></b>" * 900, "{% if a %}<b>" * 4_000, '<p style="' + "a:b;" * 15_000 + '">',
]  # fmt: skip


@pytest.mark.parametrize(("source", "line", "word", "gone"), HOSTILE)
def test_what_mail_programs_refuse_is_left_out_with_a_word(source, line, word, gone):
    """It is not sent, and whoever pasted it reads on which line it was."""
    assert gone not in own_html.cleaned(source)
    assert any(one.line == line and word in one.text for one in own_html.removed(source))


def test_merge_fields_go_through_unharmed():
    """They may stand in a text, an attribute or between the rows of a table."""
    source = (
        '<a href="{{ contact.linkedin | default("https://hill.dental") }}">{{ contact.city }}</a>'
        "<table>{% for tag in contact.tags %}<tr><td>{{ tag }}</td></tr>{% endfor %}</table>"
        "{% if contact.score > 3 %}<b>warm</b>{% endif %}"
    )
    made = compile_template(own_html.cleaned(source), True)
    html = made.render({"contact": {"city": "<Bern>", "tags": ["A", "B"], "score": 4}})
    assert 'href="https://hill.dental"' in html
    assert "&lt;Bern&gt;" in html
    assert (html.count("<td>"), "<b>warm</b>" in html) == (2, True)


def test_styles_go_into_the_tags_and_rules_for_phones_stay():
    """Programs that drop a sheet of styles show the same; the others know small screens."""
    html = own_html.cleaned(
        "<style>p { color: red } @media (max-width: 400px) { p { color: blue } }</style><p>x</p>"
    )
    assert '<p style="color: red' in html
    assert "@media (max-width: 400px)" in html


def test_what_is_kept_from_jinja_is_refused():
    """‘raw’ would let a script through that looks like part of a field."""
    source = "{% raw %}{{{% endraw %}<script>steal()</script>{{ contact.city }}"
    for made in (own_html.cleaned, own_html.inlined):
        with pytest.raises(BadTemplate, match="‘raw’"):
            made(source)


def test_tags_that_are_not_closed_are_named_by_their_line():
    """A tag that is left open, one that closes nothing, and one without its end."""
    said = {one.line: one.text for one in own_html.wrong("<div>\n<p>x\n</b>\n<a href='x'>{{ a }}")}
    assert said == {
        1: "‘<div>’ is not closed.",
        3: "‘</b>’ closes what was not opened.",
        4: "‘<a>’ is not closed.",
    }


@pytest.mark.parametrize("source", BOMBS, ids=lambda source: ascii(source)[:12])
def test_no_source_takes_long(source):
    """The worst of 64 KiB is looked at, and cleaned or refused, within a second."""
    began = time.thread_time()
    own_html.wrong(source)
    own_html.removed(source)
    try:
        own_html.cleaned(source)
    except BadTemplate:
        pass
    assert time.thread_time() - began < 1


def test_tables_that_would_freeze_a_program_are_refused():
    """Eleven tables in each other are more than anybody needs."""
    with pytest.raises(BadTemplate, match="tables lie in each other"):
        own_html.cleaned("<table><tr><td>" * 11)
    assert not own_html.drawable("<table><tr><td>" * 11)


@given(st.text(alphabet="<>/!-\"'= abstyle\n{}", max_size=60))
def test_pieces_put_together_are_the_source(source):
    """Reading a source loses nothing and counts its lines, however broken it is."""
    found = list(pieces(source))
    assert "".join(one.text for one in found) == source
    assert all(one.line <= source.count("\n") + 1 for one in found)


SHARDS = [
    "<script>", "</script>", "<style>", "</style>", "<!--", "-->", "<a href='", '<img src="x" ',
    "onerror=steal()", "javascript:steal()", "'", '"', ">", "<", "/>", "<svg>", "<math>", "</p>",
    "<table>", "<tr>", "<td>", "<noscript>", "<p title='", "{{ contact.city }}", "{% if a %}",
    "{% endif %}", "{{", "}}", "<title>", "<textarea>", "</title>", "\0", "\n", "zqfield0z",
    "@media x {", "}", "p{color:red}", "url(//x.test)", "&lt;", "&#106;avascript:",
    "<body onload=x>", "{% raw %}", "{% endraw %}", "{#", "#}", "{{ '<script>' }}",
]  # fmt: skip


class _Told(HTMLParser):
    """Notes the tags and attributes that a reader would see."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen += [(tag, name, value or "") for name, value in attrs] or [(tag, "", "")]


@given(st.lists(st.sampled_from(SHARDS), max_size=24).map("".join))
def test_nothing_that_runs_survives_whatever_it_is_broken_into(source):
    """Of shards of hostile HTML nothing comes through that a program would run or fetch."""
    try:
        template = compile_template(own_html.cleaned(source), True)
        sent = template.render({"contact": {"city": "<Bern onload=x>"}, "a": True})
    except RallyError:
        return
    told = _Told()
    told.feed(sent)
    tags = {tag for tag, _, _ in told.seen}
    assert tags <= own_html.ALLOWED | {"html", "head", "meta", "body", "style"}
    assert not any(name.startswith("on") for _, name, _ in told.seen)
    links = [value.strip() for _, name, value in told.seen if name in ("href", "src")]
    assert not any(link.startswith("javascript:") for link in links)


def test_the_plain_part_keeps_merge_fields():
    """What is made from HTML can be filled in as the HTML can."""
    plain = own_html.plain("<p>Dear {{ contact.first_name | default('you') }}</p><ul><li>A</ul>")
    assert plain == "Dear {{ contact.first_name | default('you') }}\n\n- A\n"
