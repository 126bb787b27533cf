"""The trigger that starts a set time after a record entered another workflow."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rally_desktop.engine.nodes.triggers.after_enrolment import AfterEnrolment
from rally_desktop.engine.publishing import publish
from rally_desktop.model.graph import Graph, Rules, Step, Trigger
from rally_desktop.services import contacts, records, workflows
from tests.world import chain

pytestmark = pytest.mark.slow


def follow(world, **settings):
    """Publish «Welcome», which tags lead into, and what follows so long after it."""
    world.publish(Step("end", "end"), trigger="tag_added", trigger_settings={"tags": ["Go"]},
                  settings=Rules(again="every_event"))  # fmt: skip
    after = Graph(
        name="After", start="tag", steps=chain(Step("tag", "add_tag", {"tag": "Asked"})),
        triggers=(Trigger("t", "after_enrolment", {"workflow": "Test", **settings}),),
        settings=Rules(again="every_event"),
    )  # fmt: skip
    world.do(publish, world.do(workflows.create, after))
    ana = world.contact("Ana", time_zone="Europe/Paris")
    world.do(records.add_tag, ana, "Go")
    world.tick()
    return ana


def asked(world, ref):
    """Say whether what follows has happened."""
    return "Asked" in world.record(ref)["tags"]


@pytest.mark.parametrize(
    ("settings", "before", "after"),
    [
        ({"amount": 5, "unit": "hours"}, {"hours": 4, "minutes": 58}, {"minutes": 4}),
        ({"amount": 3}, {"hours": 71}, {"hours": 1, "minutes": 2}),
        ({"amount": 2, "unit": "weeks"}, {"days": 13, "hours": 23}, {"hours": 1, "minutes": 2}),
    ],
)
def test_it_starts_so_long_after(world, settings, before, after):
    """Not before, and once."""
    ana = follow(world, **settings)
    world.turn(**before)
    assert not asked(world, ana)
    world.turn(**after)
    assert asked(world, ana)
    world.turn(days=30)
    assert world.run_states() == ["done", "done"]


def test_each_entry_counts(world):
    """Who enters again is followed again; who only was refused is not."""
    ana = follow(world, amount=3)
    world.turn(days=2)
    world.do(records.remove_tag, ana, "Go")
    world.do(records.add_tag, ana, "Go")
    world.turn(days=10)
    assert len(world.run_states()) == 4


def test_days_keep_the_time_of_day_of_the_place(world):
    """Over the change of the clocks in Paris it is at the same time on the wall."""
    ana = follow(world, amount=22, unit="weeks")
    world.turn(weeks=22, minutes=58)
    assert not asked(world, ana)
    world.turn(minutes=4)
    assert asked(world, ana)


def test_a_computer_that_was_off_catches_up_once(world):
    """Back after a week, it starts once."""
    ana = follow(world, amount=3)
    world.leap(world.clock.now() + timedelta(days=7))
    world.turn(days=7)
    states = [row[0] for row in world.rows("select state from run where cause like 'entry:%'")]
    assert states == ["held"]
    assert not asked(world, ana)


def test_who_was_deleted_meanwhile_is_left_alone(world):
    """A record in the trash starts nothing."""
    ana = follow(world, amount=3)
    world.do(contacts.delete, ana)
    world.turn(days=5)
    assert world.run_states() == ["done"]


def test_it_is_said_in_the_singular_for_one():
    """A sentence for the card."""
    said = [AfterEnrolment(workflow="Welcome", amount=number).sentence() for number in (1, 3)]
    assert said == ["1 day after it entered “Welcome”", "3 days after it entered “Welcome”"]
