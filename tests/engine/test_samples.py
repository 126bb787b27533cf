"""Whom texts are shown for while they are written, and how many a filter lets in now."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import BadFilter
from rally_desktop.engine import samples
from rally_desktop.model.graph import Graph, Trigger

LEEDS = {"field": "city", "op": "is", "value": "Leeds"}
ENTERED = {"field": "entered_by", "op": "is", "value": "t1"}
UNFINISHED = {"field": "city", "op": "is"}


@pytest.fixture
def people(world):
    """Ana of York and Ben of Leeds."""
    ana = world.contact("Ana", last_name="Alvarez", email="ana@example.org", city="York")
    return ana, world.contact("Ben", last_name="Berger", city="Leeds")


@pytest.mark.parametrize(
    ("audience", "name"),
    [(None, "Ana Alvarez"), (LEEDS, "Ben Berger"), (UNFINISHED, "Ana Alvarez"),
     (ENTERED, "Ana Alvarez"), ({**LEEDS, "value": "Hull"}, "Ana Alvarez")],
)  # fmt: skip
def test_the_first_of_the_audience_is_taken(world, people, audience, name):
    """Where it lets nobody in, is not finished or asks what a run knows, the first of all."""
    assert world.ask(samples.first, "contact", audience).name == name


def test_an_empty_office_has_nobody_to_show(world):
    """Then the texts are shown as they are."""
    assert world.ask(samples.first, "contact", None) is None


def test_somebody_is_found_by_what_was_typed(world, people):
    """The address tells those of one name apart."""
    found = world.ask(samples.found, "contact", "alva")
    assert [(one.name, one.about) for one in found] == [("Ana Alvarez", "ana@example.org")]


def test_each_field_says_what_it_would_write(world, people):
    """Nothing where it is empty; of the run what the first trigger would make of it."""
    names = ["contact.city", "contact.phone", "office.name", "trigger.name"]
    graph = Graph("Call", triggers=(Trigger("t1", "record_created"),))
    said = world.ask(samples.values, people[0], names, graph)
    assert (said["contact.city"], said["contact.phone"]) == ("York", "")
    assert said["trigger.name"] == "Record created"


def test_a_secret_stays_closed(world, people):
    """A request is shown with the name of its secret."""
    filled = world.ask(samples.fill, people[0], "Bearer {{ secret.KEY }} {{ contact.city }}")
    assert filled.text == "Bearer ‹KEY› York"


def test_how_many_match_now_is_counted(world, people):
    """All without a filter; a filter that asks for the trigger cannot be counted."""
    count = [world.ask(samples.count, "contact", one) for one in (None, LEEDS, ENTERED)]
    assert count == [2, 1, None]
    with pytest.raises(BadFilter):
        world.ask(samples.count, "contact", UNFINISHED)
