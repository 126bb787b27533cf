"""Merge fields of a run: the workflow, what started it, the day it has come to."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from rally_desktop.core.wording import as_text
from rally_desktop.engine import runfacts
from rally_desktop.model.graph import Graph, Step

SAID = "{{ run.workflow }}, {{ trigger.name }}, {{ run.today }}"


def titles(world):
    """The tasks there are, by their titles."""
    return [row[0] for row in world.rows("select title from task order by id")]


def day(clock, zone):
    """Write the day that it is in a zone."""
    return as_text(clock.now().astimezone(ZoneInfo(zone)).date())


def test_a_step_may_say_where_it_is_what_started_it_and_which_day_it_is(world, clock):
    """The day is the one that the run has come to, where the record lives."""
    world.publish(
        Step("a", "create_task", {"task": SAID}),
        Step("b", "wait", {"amount": 2, "unit": "days"}),
        Step("c", "create_task", {"task": "{{ run.today }}"}),
    )
    world.contact("Ana", time_zone="Pacific/Auckland")
    world.tick()
    assert titles(world) == [f"Test, Record created, {day(clock, 'Pacific/Auckland')}"]
    world.turn(days=2)
    assert titles(world)[1] == day(clock, "Pacific/Auckland")


def test_what_a_run_does_not_know_has_its_fallback(world):
    """A trigger that is not there any more has no name."""
    ana = world.record(world.contact("Ana"))
    assert world.ask(runfacts.about, Graph("Test"), "gone", ana)["trigger"] == {"name": ""}
