"""Templates: checked when they are saved, kept exactly, found by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rally_desktop.core.errors import BadSettings, BadTemplate, NotFound, Refused
from rally_desktop.engine import erasing, exchange, template_use
from rally_desktop.model.graph import Graph, Step
from rally_desktop.services import template_versions, templates, trash, workflows
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


LETTER = {"theme": "letter", "slots": {"body": "Dear {{ contact.first_name }}", "small": "Bye"}}


def test_a_design_is_made_ready_when_it_is_saved(world):
    """For each message only the fields are left to fill in, in text as in HTML."""
    world.do(templates.save, "Hello", subject="A", **LETTER)
    found = world.ask(templates.named, "Hello")
    assert found.text == "Dear {{ contact.first_name }}\n\nBye\n"
    assert "style=" in found.html
    assert "{{ contact.first_name }}" in found.html
    assert (found.family, found.slots) == ("theme", LETTER["slots"])


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ({"body": "{{ contact.fist_name }}"}, "Text: No field"),
        ({"small": "{% for"}, "Small print: Line 1"),
        ({"brand": "Hill", "kicker": "x"}, "no place called ‘kicker’"),
    ],
)
def test_a_mistake_in_a_design_names_its_place(world, slots, said):
    """Whoever wrote it is told which box to look at."""
    with pytest.raises(BadTemplate, match=said):
        world.do(templates.save, "Hello", subject="", theme="letter", slots=slots)


def test_each_save_that_changes_something_is_a_version(world):
    """Saving the same again is none; going back to one is a new one."""
    number = world.do(templates.save, "Hello", subject="A", text="one")
    world.do(templates.save, "Hello", subject="A", text="one")
    world.do(templates.save, "Hello", subject="A", **LETTER)
    world.do(templates.go_back, number, 1)
    found = world.ask(templates.named, "Hello")
    assert (found.text, found.html, found.version) == ("one", "", 3)
    versions = world.ask(template_versions.listed, number)
    assert [one.number for one in versions] == [3, 2, 1]


def test_two_versions_are_compared_line_by_line(world):
    """What is in both, in the old one alone and in the new one alone is told apart."""
    number = world.do(templates.save, "Hello", subject="A", text="one\ntwo")
    world.do(templates.save, "Hello", subject="A", text="one\nthree")
    new, old = (one.content for one in world.ask(template_versions.listed, number))
    found = [(one.side, one.text) for one in template_versions.compared(old, new)]
    assert ("both", "one") in found
    assert ("old", "two") in found
    assert ("new", "three") in found


def test_a_name_is_free_while_its_template_is_in_the_trash(world):
    """Another may take it; the one that comes back then gets the next free one."""
    first = world.do(templates.save, "Hello", subject="A", text="A")
    world.do(templates.delete, first)
    world.do(templates.save, "Hello", subject="B", text="B")
    world.do(trash.restore, "template", first)
    assert [one.name for one in world.ask(templates.listed)] == ["Hello", "Hello (2)"]


def test_the_versions_go_with_their_template(world):
    """What was deleted for good is nowhere any more."""
    number = world.do(templates.save, "Hello", subject="A", text="A")
    world.do(templates.delete, number)
    erasing.empty(world.store, [("template", number)])
    assert world.rows("select id from template_version") == []


def test_a_copy_is_a_template_of_its_own(world):
    """It has the next free name and begins with its first version."""
    first = world.do(templates.save, "Hello", subject="A", **LETTER)
    world.do(templates.save, "Hello", subject="B", **LETTER)
    copy = world.ask(templates.of, world.do(templates.duplicate, first))
    assert (copy.name, copy.subject, copy.version) == ("Hello (2)", "B", 1)


def test_a_template_that_workflows_know_keeps_its_name(world):
    """Another name would leave them without it: it is refused, with the workflow's name."""
    number = world.do(templates.save, "Hello", subject="A", text="A")
    made = replace(world.ask(templates.of, number), name="Hi")
    world.do(template_use.keep, made)
    step = Step("m", "send_email", {"template": "Hi"})
    world.do(workflows.create, Graph(name="Test", steps={"m": step}, start="m"))
    with pytest.raises(Refused, match="‘Test’ knows it as ‘Hi’"):
        world.do(template_use.keep, replace(made, name="Hey"))


def test_a_design_travels_with_its_workflow(world):
    """What is taken out and in again is the same template, not a second one."""
    world.do(templates.save, "Hello", subject="A", preheader="In short", **LETTER)
    step = Step("m", "send_email", {"template": "Hello"})
    packed = world.ask(exchange.packed, Graph(name="T", steps={"m": step}, start="m"))
    assert world.do(exchange.unpacked, packed).added == ()
    world.do(templates.delete, world.ask(templates.named, "Hello").id)
    assert world.do(exchange.unpacked, packed).added == ("Hello",)
    assert world.ask(templates.named, "Hello").slots == LETTER["slots"]
