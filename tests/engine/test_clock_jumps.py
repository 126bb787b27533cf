"""A database clock that jumps: nothing is done twice, and nothing sleeps until it is so late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rally_desktop.engine import lease
from rally_desktop.model.graph import Rules, Step

TAG, END = Step("tag", "add_tag", {"tag": "Seen"}), Step("end", "end")
DAILY = {"every": "day", "at": "09:00"}
OLD = {"field": "created_at", "op": "more_than_days_ago", "value": 5}


def jump(world, **by):
    """Put the clock somewhere else in one go, and let the engine look at it."""
    world.clock.advance(**by)
    return world.tick()


@pytest.mark.parametrize("far", [1, 400])
def test_a_schedule_goes_on_after_the_clock_was_wrong(world, far):
    """The clock was days ahead and is put right: the next morning it starts as ever."""
    world.publish(
        END, trigger="schedule", trigger_settings=DAILY, settings=Rules(again="every_event")
    )
    world.contact()
    world.turn(hours=1)
    jump(world, days=far)
    before = len(world.run_states())
    jump(world, days=-far)
    world.turn(days=3)
    assert len(world.run_states()) - before == 3 - (far == 1)


def test_a_filter_that_turns_by_the_clock_is_looked_at_again(world):
    """After the clock was a year ahead for a moment, dates turn within a quarter of an hour."""
    world.publish(END, trigger="starts_to_match", trigger_settings={"filter": OLD})
    jump(world, days=365)
    jump(world, days=-365)
    world.contact()
    world.turn(days=6)
    assert world.run_states() == ["done"]


def test_nothing_is_done_twice(world):
    """A wait that was over stays over, and a wait that was not takes as long as it says."""
    world.publish(TAG, Step("wait", "wait", {"amount": 2, "unit": "days"}), END)
    world.contact("Ana")
    world.tick()
    jump(world, hours=47)
    jump(world, hours=-40)
    assert world.run_states() == ["active"]
    world.turn(hours=42)
    jump(world, hours=-30)
    assert world.run_states() == ["done"]
    assert world.visits() == [("tag", "done", ""), ("wait", "done", ""), ("end", "done", "")]


def test_a_lease_from_the_future_holds_nobody_up(world):
    """Whoever held it when the clock was wrong is not waited for; the token tells them apart."""
    minute = timedelta(minutes=1)
    world.clock.advance(days=30)
    assert world.do(lease.take, "mail", "first", minute) == 1
    world.clock.advance(days=-30)
    assert world.do(lease.take, "mail", "second", minute) == 2
    assert world.do(lease.take, "mail", "first", minute) is None
