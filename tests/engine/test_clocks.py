"""Looking by the clock: once a minute, nothing twice, nothing lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rally_desktop.engine.heart import Heart
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import safeguards, workflows
from rally_desktop.services.safeguards import Safeguards

pytestmark = pytest.mark.slow

HOURLY = {"amount": 1, "unit": "hours", "when": "after", "field": "created_at"}
ALWAYS = Rules(again="every_event", late="run")


def watch(world, **graph):
    """Publish a workflow that starts an hour after a contact was added."""
    number = world.publish(
        Step("end", "end"), trigger="date_field", trigger_settings=HOURLY,
        **{"settings": ALWAYS, **graph},
    )  # fmt: skip
    world.tick()
    return number


def people(world, count):
    """Add so many contacts."""
    return [world.contact(f"Person {number}") for number in range(count)]


def looks(world):
    """Return up to when each trigger has looked."""
    return world.rows('select workflow_id, "trigger", until from watermark')


def test_a_trigger_looks_at_most_once_a_minute(world):
    """However often the engine ticks, the database is asked once."""
    watch(world)
    world.clock.advance(minutes=5)
    world.tick()
    before = looks(world)
    for _ in range(10):
        world.clock.advance(seconds=5)
        world.tick()
    assert looks(world) == before
    world.clock.advance(seconds=10)
    world.tick()
    assert looks(world) != before


def test_the_first_look_goes_back_to_the_publishing(world):
    """What comes due between publishing and the first look is not lost; what was before is."""
    people(world, 1)
    world.clock.advance(hours=2)
    world.publish(
        Step("end", "end"), trigger="date_field", trigger_settings=HOURLY, settings=ALWAYS
    )
    people(world, 1)
    world.leap(world.clock.now() + timedelta(hours=2))
    assert world.rows("select record_id from run") == [(2,)]


def test_nobody_enters_twice_whatever_crashed(world):
    """A look that is done again, its mark lost, finds the same causes and starts nobody."""
    watch(world)
    people(world, 3)
    world.turn(hours=2)
    world.do(lambda work: work.connection.exec_driver_sql("update watermark set until = 0"))
    world.heart = Heart(world.store)
    world.turn(hours=2)
    assert len(world.run_states()) == 3


def test_more_than_a_minute_takes_come_one_after_the_other(world):
    """The first enter at once, the others minute by minute, and nobody is forgotten."""
    world.do(safeguards.save, Safeguards(enrolments_a_minute=2, enrolments_at_once=0))
    watch(world)
    people(world, 7)
    world.leap(world.clock.now() + timedelta(minutes=61))
    assert len(world.run_states()) == 2
    assert world.rows("select state, count(*) from enrolment group by state") == [("throttled", 5)]
    world.turn(minutes=10)
    found = world.rows("select count(*) from run group by started_at order by started_at")
    assert sorted(found, reverse=True) == [(2,), (2,), (2,), (1,)]


def test_more_at_once_than_the_office_likes_are_asked_about(world):
    """They wait until somebody lets them in; who does not match the audience does not count."""
    world.do(safeguards.save, Safeguards(enrolments_a_minute=2, enrolments_at_once=3))
    leads = {"field": "lifecycle_stage", "op": "is", "value": "Customer"}
    watch(world, audience=leads)
    people(world, 4)
    for number in range(4):
        world.contact(f"Customer {number}", lifecycle_stage="Customer")
    world.leap(world.clock.now() + timedelta(minutes=61))
    assert world.run_states() == []
    assert world.rows("select state, due_at, count(*) from enrolment group by state, due_at") == [
        ("asked", None, 4)
    ]


def test_many_that_are_late_are_asked_about(world):
    """What a minute does not take and was due long ago waits for a word."""
    world.do(safeguards.save, Safeguards(enrolments_a_minute=2, enrolments_at_once=0))
    watch(world, settings=Rules(again="every_event", late="ask"))
    people(world, 4)
    world.leap(world.clock.now() + timedelta(days=3))
    assert sorted(world.run_states()) == ["held", "held"]
    assert world.rows("select state, count(*) from enrolment group by state") == [("asked", 2)]


def test_what_is_not_published_lets_the_time_pass(world):
    """Published again, it does not catch up on what came due in between."""
    number = watch(world)
    people(world, 1)
    world.do(workflows.pause, number, "A test.")
    other = watch(world)
    world.turn(hours=5)
    world.do(workflows.resume, number)
    world.turn(hours=5)
    assert world.rows("select workflow_id from run") == [(other,)]


def test_two_computers_look_once(world):
    """Whoever looks first looks for both."""
    watch(world)
    people(world, 5)
    other = Heart(world.store)
    other.tick()
    world.clock.advance(hours=1)
    other.tick()
    world.tick()
    assert len(world.run_states()) == 5


@pytest.mark.parametrize("count", [0, 1])
def test_the_engine_wakes_when_somebody_is_due(world, count):
    """The next moment is known, and is not far off where nobody is."""
    watch(world)
    people(world, count)
    due = world.heart.next_due()
    expected = timedelta(hours=1) if count else timedelta(days=31)
    assert due - world.clock.now() == expected
