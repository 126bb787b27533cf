"""What merge fields stand for: the office's own fields, too, and those of related records."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import BadTemplate
from rally_desktop.core.merge import compile_template
from rally_desktop.model.changes import RowAdded, RowChanged
from rally_desktop.services import merging, templates

HELD = {"shoe_size": 42, "since": "2020-02-29", "vip": True, "motto": "Onwards"}
KINDS = {"shoe_size": "number", "since": "date", "vip": "yes_no", "motto": "text"}


@pytest.fixture
def deal(world):
    """A deal with a contact, of whom the office keeps fields of its own."""
    ana = world.contact("Ana")

    def make(work):
        for position, (name, kind) in enumerate(KINDS.items()):
            row = {"record_kind": "contact", "label": name, "kind": kind, "position": position}
            key = work.new_id("custom_field")
            work.change(RowAdded("custom_field", {"id": key, "name": name, **row}))
        work.change(RowChanged("contact", ana.id, {"custom": HELD}))

    world.do(make)
    return world.deal(contact_id=ana.id)


def filled(world, ref, source):
    """A text, filled in from a record and what belongs to it."""
    template = compile_template(source)
    return template.render(world.ask(merging.data, ref, template.fields))


@pytest.mark.parametrize(
    ("name", "text"),
    [("shoe_size", "42"), ("since", "29 February 2020"), ("vip", "yes"), ("motto", "Onwards")],
)
def test_an_own_field_is_filled_in(world, deal, name, text):
    """A deal's letter says what the office keeps of the deal's contact."""
    assert filled(world, deal, f"{{{{ contact.custom.{name} }}}}") == text


def test_an_own_field_may_be_asked_in_a_condition(world, deal):
    """A template may say one thing or another by it."""
    source = "{% if contact.custom.vip %}Dear {{ contact.first_name }}{% else %}Hi{% endif %}"
    assert filled(world, deal, source) == "Dear Ana"


def test_an_own_field_is_known_when_a_template_is_saved(world, deal):
    """It is offered by its name; one that the office does not have is refused."""
    assert "contact.custom.motto" in world.ask(merging.known_fields)
    world.do(templates.save, "Own", subject="{{ contact.custom.motto }}", text="Hi")
    with pytest.raises(BadTemplate, match=r"No field ‘deal\.custom\.motto’"):
        world.do(templates.save, "Own", subject="{{ deal.custom.motto }}", text="Hi")


def test_an_own_field_that_is_gone_is_empty(world, deal):
    """Its fallback is taken, and what was kept of it is not shown."""
    world.do(lambda work: work.change(RowChanged("custom_field", 4, {"archived": True})))
    assert filled(world, deal, '{{ contact.custom.motto | default("none") }}') == "none"
