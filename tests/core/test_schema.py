"""Settings described once: read off a class, checked, stored, said."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

import pytest

from rally_desktop.core.errors import BadSettings
from rally_desktop.core.schema import (
    Choice,
    Described,
    Duration,
    Number,
    Pick,
    Setting,
    Text,
    YesNo,
)


class Gift(Described, frozen=True):
    """Something with settings."""

    what: Annotated[str, Text("What")] = ""
    size: Annotated[Literal["small", "large"], Choice("Size")] = "small"
    count: Annotated[int | None, Number("Count", required=False, least=1, most=9)] = None
    hidden: int = 0


def test_settings_are_those_with_a_field():
    """The settings are the attributes that say how they look, in the order written."""
    assert [setting.name for setting in Gift.settings()] == ["what", "size", "count"]
    assert Gift.settings()[1].options == ("small", "large")


def test_what_is_stored_comes_back():
    """Dumping and loading gives the same value."""
    gift = Gift(what="Book", count=3)
    assert Gift.load(gift.dump()) == gift


@pytest.mark.parametrize(
    ("stored", "name", "what"),
    [
        ({}, "what", "is required"),
        ({"what": "Book", "count": 10}, "count", "must be at most 9"),
        ({"what": "Book", "count": 0}, "count", "must be at least 1"),
        ({"what": "Book", "size": "huge"}, "size", "Invalid enum value 'huge'"),
        ({"what": 5}, "what", "Expected `str`, got `int`"),
    ],
)
def test_bad_settings_are_named(stored, name, what):
    """What is wrong is said by the name of the setting."""
    with pytest.raises(BadSettings) as caught:
        Gift.load(stored)
    assert caught.value.problems == {name: what}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        (Duration("Wait"), timedelta(days=2), "2 days"),
        (Duration("Wait"), timedelta(hours=36), "36 hours"),
        (Duration("Wait"), timedelta(minutes=1), "1 minute"),
        (Duration("Wait"), timedelta(seconds=61), "61 seconds"),
        (YesNo("Open"), True, "yes"),
        (Number("Count", unit="days"), 3, "3 days"),
        (Pick("Tags", many=True), ("a", "b", "c"), "a, b or c"),
        (Pick("Tags", many=True), (), "any"),
        (Text("Name"), None, ""),
    ],
)
def test_values_can_be_said(field, value, said):
    """Each kind of field puts its values into words."""
    assert field.say(value) == said


def test_a_merge_field_is_said_by_its_name():
    """On a card a person reads ‘Call [First name]’, not how a template writes it."""
    field = Text("Title", merge=True)
    assert field.say("Call {{ contact.first_name | default('you') }}!") == "Call [First name]!"
    assert Text("Title").say("{{ x }}") == "{{ x }}"


def test_a_duration_has_bounds():
    """A task due in a thousand years, or yesterday, is a slip of the finger."""
    setting = Setting("due", timedelta, Duration("Due in"), None)
    assert setting.problem(timedelta(days=2)) is None
    assert setting.problem(timedelta(days=10**6)) == "must be between nothing and ten years"
    assert setting.problem(-timedelta(days=1)) == "must be between nothing and ten years"
