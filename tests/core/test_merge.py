"""Merge fields: what is filled in, what is refused, and that data stays data."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rally_desktop.core.errors import BadTemplate, MissingValue, RallyError
from rally_desktop.core.fold import fold
from rally_desktop.core.merge import compile_template, fields_used, unknown_fields
from tests.core.hostile import HARMLESS, REFUSED

DATA = {
    "contact": {
        "first_name": "Ana",
        "last_name": " \u00a0",
        "html": "<b>x</b>",
        "score": 12,
        "tags": frozenset({"vip", "new"}),
        "note": "long text " * 5_000,
        "phone": None,
    },
    "deal": {
        "amount": Decimal("1234.5"),
        "when": datetime(2026, 3, 4, 15, 5, tzinfo=UTC),
        "lines": [{"q": 1}, {"q": 2}],
    },
    "lines": list(range(1000)),
}


def filled(source, html=False, data=None):
    """Fill a template in with the data above."""
    return compile_template(source, html).render(DATA if data is None else data)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""),
        ("Dear {{ contact.first_name }},\r\nhello", "Dear Ana,\nhello"),
        ("{{contact.first_name}}{{ contact.score }}", "Ana12"),
        ("{{ contact.phone | default('none') }}", "none"),
        ('{{ contact.last_name|default("friend") }}', "friend"),
        ("{{ contact.nick | default(contact.first_name) }}", "Ana"),
        ("{{ contact.nick or 'friend' }}", "friend"),
        ("{{ contact.first_name | upper }}", "ANA"),
        ("{{ contact.phone | upper | default('-') }}", "-"),
        ("{{ contact.tags }}", "new, vip"),
        ("{{ contact.tags | join(' & ') }} {{ contact.tags|length }}", "new & vip 2"),
        ("{{ deal.when }} {{ deal.when|date('%d.%m.%y %H:%M %a %-I %p') }}",
         "4 March 2026 04.03.26 15:05 Wed 3 pm"),
        ("{{ deal.amount|money('€') }} {{ deal.amount|money('EUR') }} {{ deal.amount }}",
         "€1,234.50 1,234.50 EUR 1234.5"),
        ("{{ contact.score + 1 }} {{ 'No. ' + contact.score }}", "13 No. 12"),
        ("{% if contact.score > 10 %}hot{% else %}cold{% endif %}", "hot"),
        ("{% if contact.first_name == ' ANA' and not contact.last_name %}x{% endif %}", "x"),
        ("{% if 'VIP' in contact.tags %}vip{% endif %}", "vip"),
        ("{% if contact.phone is empty %}no phone{% endif %}", "no phone"),
        ("{% for l in deal.lines %}{{ l.q }}{% if not loop.last %}, {% endif %}{% endfor %}",
         "1, 2"),
        ("{{ deal.lines[1].q }}{{ contact['first_name'] }}", "2Ana"),
        ("{% raw %}{{ x }}{% endraw %}{# nothing #}", "{{ x }}"),
        ("{{ 'o’neil smith'|title }}", "O’neil Smith"),
        ("a } b }} c { d", "a } b }} c { d"),
    ],
)  # fmt: skip
def test_fields_are_filled_in(source, text):
    """A template gives the text a person would expect."""
    assert filled(source) == text


@pytest.mark.parametrize(
    "source",
    [
        "{{ contact.last_name }}",
        "{{ contact.last_name | default('') }}",
        "{{ contact.last_name | upper }}",
        "{{ contact.last_name if contact.score }}",
        "{{ contact.last_name + 'x' }}",
        "{{ 1 + contact.last_name }}",
        "{% if 1 %}{{ contact.last_name }}{% endif %}",
    ],
)
def test_a_missing_value_is_refused_by_name(source):
    """An empty field without a fallback fails with its name; nothing half-filled comes out."""
    with pytest.raises(MissingValue) as caught:
        filled(source)
    assert caught.value.field == "contact.last_name"


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_templates_are_refused_when_saved(name):
    """What a template must not do is refused before it is ever filled in."""
    with pytest.raises(BadTemplate):
        compile_template(REFUSED[name])


@pytest.mark.slow
@pytest.mark.parametrize("html", [False, True])
@pytest.mark.parametrize("name", HARMLESS)
def test_strange_templates_do_no_harm(name, html):
    """What may be saved ends in a text or an error of ours, and leaves the data as it was."""
    before = repr(DATA)
    try:
        text = filled(HARMLESS[name], html)
    except RallyError:
        text = ""
    assert " at 0x" not in text
    assert "<built-in" not in text
    assert repr(DATA) == before


@pytest.mark.parametrize(
    ("source", "line"),
    [("a\n\n{% set x = 1 %}", 3), ("a\n{{ b|nothing }}", 2), ("\n{{ a", 2), ("\n{{ 1 < }}", 2)],
)
def test_an_error_names_its_line(source, line):
    """Whoever writes a template learns in which line to look."""
    with pytest.raises(BadTemplate) as caught:
        compile_template(source)
    assert caught.value.line == line


@pytest.mark.parametrize("suffix", ["", "{% if 1 %}{% endif %}"])
def test_data_is_never_a_template(suffix):
    """Data that looks like a template comes out as it is, escaped in HTML alone."""
    data = {"a": {"b": "{{ c.d }}{% raw %}<script>"}}
    assert filled("{{ a.b }}" + suffix, data=data) == "{{ c.d }}{% raw %}<script>"
    assert filled("<i>{{ a.b }}</i>" + suffix, True, data) == (
        "<i>{{ c.d }}{% raw %}&lt;script&gt;</i>"
    )


@pytest.mark.parametrize("shape", ["default('<b>')", "default('<b>') | upper | lower"])
def test_fallbacks_are_escaped_too(shape):
    """A fallback is text like any other."""
    assert filled(f"{{{{ a.b | {shape} }}}}", html=True) == "&lt;b&gt;"


def test_objects_do_not_reach_a_template():
    """Only plain data can be given to a template that may do more than look up."""
    with pytest.raises(TypeError):
        filled("{% if a %}x{% endif %}", data={"a": object()})
    with pytest.raises(BadTemplate):
        filled("{{ a.b }}", data={"a": {"b": object()}})


def test_fields_used_are_listed():
    """The fields of a template are known, those of its loops left out."""
    source = (
        "{{ contact.first_name|default(owner.name) }}{% for l in deal.lines %}{{ l.q }}"
        "{% if company['name'] == 'x' %}{{ loop.index }}{% endif %}{% endfor %}"
    )
    assert set(fields_used(source)) == {
        "contact.first_name", "owner.name", "deal.lines", "company.name",
    }  # fmt: skip
    assert fields_used("{{ a.b }} {{ c.d }} {{ a.b }}") == ("a.b", "c.d")


def test_unknown_fields_suggest_the_nearest():
    """A field that is not there is named with the one that was probably meant."""
    (error,) = unknown_fields("{{ contact.fist_name }}", ["contact.first_name", "contact.city"])
    assert str(error) == "No field ‘contact.fist_name’; did you mean ‘contact.first_name’?"


NAMES = st.sampled_from(["contact.first_name", "contact.last_name", "a.b", "contact.score", "x"])
PIECES = st.one_of(
    st.sampled_from(["{{", "}}", "{", "}", "\r\n", "\r", " ", "{% ", "|", "<b>", "'"]),
    NAMES.map(lambda name: f"{{{{ {name} }}}}"),
    NAMES.map(lambda name: f"{{{{{name}|default('x y')}}}}"),
    st.text(max_size=3),
)


@given(st.lists(PIECES, max_size=6).map("".join), st.booleans())
def test_simple_templates_read_as_jinja_reads_them(source, html):
    """A template kept as parts gives what the same template gives by way of Jinja2."""
    assert _outcome(source, html) == _outcome("{% if 1 %}{% endif %}" + source, html)


def _outcome(source, html):
    try:
        return filled(source, html)
    except RallyError as error:
        return type(error)


EXPRESSIONS = st.recursive(
    st.sampled_from(
        "contact contact.first_name deal.amount deal.when lines x loop.index 'a' 1 -3 1.5 true "
        "none '' 999999999 [1,2] ('a',1)".split()
    ),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+ - * / % ~ == < != in and or **".split()), inner).map(
            " ".join
        ),
        st.tuples(inner, st.sampled_from(["upper", "money('E')", "date('%d')", "first", "join",
                                          "length", "default(1)", "attr('x')", "round(2)"]))
        .map("|".join),
        inner.map(lambda one: f"({one})"),
        inner.map(lambda one: f"{one} is empty"),
        inner.map(lambda one: f"{one}[0]"),
        inner.map(lambda one: f"{one}()"),
        st.tuples(inner, inner).map(lambda two: f"{two[0]} if {two[1]}"),
    ),
    max_leaves=6,
)  # fmt: skip
TEMPLATES = st.recursive(
    st.one_of(
        EXPRESSIONS.map(lambda one: f"{{{{ {one} }}}}"),
        st.text(max_size=4),
        st.lists(st.sampled_from("{{ }} {% %} {# #} if for in else set | . ( \\ '".split())).map(
            " ".join
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map("".join),
        st.tuples(EXPRESSIONS, inner).map(lambda two: f"{{% if {two[0]} %}}{two[1]}{{% endif %}}"),
        st.tuples(EXPRESSIONS, inner).map(
            lambda two: f"{{% for x in {two[0]} %}}{two[1]}{{% endfor %}}"
        ),
    ),
    max_leaves=6,
)


@pytest.mark.slow
@settings(max_examples=600)
@given(TEMPLATES, st.booleans())
def test_any_template_ends_in_text_or_an_error_of_ours(source, html):
    """Whatever is written as a template, the outcome is a text or an error one can act on."""
    assert _outcome(source, html) is not None


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                    lambda inner: st.lists(inner, max_size=3), max_leaves=5))  # fmt: skip
def test_any_value_can_be_written(value):
    """Any plain value comes out as text, or is missing; what is there is not lost."""
    try:
        text = filled("{{ a.b }}", data={"a": {"b": value}})
    except MissingValue:
        assert not fold(str(value or "").strip("[], None"))
    else:
        assert text is not None
