"""Templates: checked when they are saved, kept exactly, found by name."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import BadSettings, BadTemplate, NotFound, Refused
from rally_desktop.services import templates
from tests.services.hostile import UNKEPT


def test_a_template_is_kept_exactly(world):
    """Subject, text and HTML come back as they were written."""
    made = {"subject": "Привет {{ contact.first_name }}", "text": " a\n\n b ", "html": "<p>ö</p>"}
    world.do(templates.save, " Hello ", **made, transactional=True)
    found = world.ask(templates.named, "Hello")
    assert (found.subject, found.text, found.source) == tuple(made.values())
    assert (found.channel, found.transactional, found.family) == ("email", True, "custom")


def test_a_name_is_saved_under_once(world):
    """Saving under a known name changes that template and makes no second one."""
    first = world.do(templates.save, "Hello", subject="A", text="A")
    assert world.do(templates.save, "Hello ", subject="B", text="B") == first
    assert [one.subject for one in world.ask(templates.listed)] == ["B"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ contact.fist_name }}", "did you mean ‘contact.first_name’"),
        ("{{ contact.first_name", "Line 1"),
        ("a\n{% for x in y %}", "Line 2"),
        ("{{ contact.__class__ }}", None),
        ("{{ contact.owner_id }}", "No field"),
        ("x" * 65_537, "longer than 65,536"),
        ("{% include 'x' %}", None),
        *((text, "character that cannot be sent") for text in UNKEPT),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_what_cannot_be_filled_in_is_refused_when_saved(world, text, said):
    """A template that would fail later is refused now, wherever the mistake stands."""
    for part in ("subject", "text", "html"):
        with pytest.raises(BadTemplate, match=said):
            world.do(templates.save, "Hello", **{"subject": "", "text": "", part: text})


def test_a_template_needs_a_name_that_can_be_kept(world):
    """No name, an overlong one, or one with impossible characters is refused."""
    with pytest.raises(Refused, match="needs a name"):
        world.do(templates.save, " ", subject="", text="")
    for name in ("x" * 201, UNKEPT[0]):
        with pytest.raises(BadSettings, match="Name"):
            world.do(templates.save, name, subject="", text="")


def test_templates_are_listed_by_name(world):
    """The list is in the order of names; what is not there is not found."""
    for name in ("Welcome", "Goodbye"):
        world.do(templates.save, name, subject="", text="")
    assert [one.name for one in world.ask(templates.listed)] == ["Goodbye", "Welcome"]
    with pytest.raises(NotFound, match="no template ‘Nothing’"):
        world.ask(templates.named, "Nothing")
