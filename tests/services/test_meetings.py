"""Meetings are planned, held or cancelled, and the timeline says which."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.services import meetings


def plan(world, ana, **values):
    """Book a meeting with Ana for tomorrow."""
    starts = world.clock.now() + timedelta(days=1)
    return world.do(meetings.plan, ana, **{"title": "Demo", "starts_at": starts, **values})


def test_a_meeting_is_planned_and_held(world):
    """A planned meeting is a line, and so is its end; ending it twice changes nothing."""
    ana = world.contact()
    number = plan(world, ana, type="Demo")
    assert world.happened(ana)[-1] == "meeting_planned"
    world.do(meetings.complete, number)
    world.do(meetings.complete, number)
    world.do(meetings.cancel, number)
    assert world.happened(ana)[-2:] == ["meeting_planned", "meeting_completed"]
    (row,) = world.rows("select type, title, done_at, cancelled from meeting")
    assert (row[0], row[1], bool(row[2]), bool(row[3])) == ("Demo", "Demo", True, False)
    assert world.record(ana)["last_activity_at"] == world.clock.now()


def test_a_meeting_is_called_off_once(world):
    """A cancelled meeting is a line; it cannot be held any more."""
    ana = world.contact()
    number = plan(world, ana)
    world.do(meetings.cancel, number)
    world.do(meetings.cancel, number)
    assert world.happened(ana)[-2:] == ["meeting_planned", "meeting_cancelled"]
    with pytest.raises(Refused, match="cancelled"):
        world.do(meetings.complete, number)


def test_a_meeting_makes_sense(world):
    """Without a title, ending before it begins, or with nobody there, it is refused."""
    ana = world.contact()
    with pytest.raises(Refused, match="title"):
        plan(world, ana, title=" ")
    with pytest.raises(Refused, match="before it begins"):
        plan(world, ana, ends_at=world.clock.now())
    with pytest.raises(NotFound):
        world.do(meetings.complete, 7)


def test_a_planned_meeting_is_put_off_or_planned_again(world):
    """It keeps its length; what is over stays as it is; what was called off is planned anew."""
    ana, hour = world.contact(), timedelta(hours=1)
    starts = world.clock.now() + timedelta(days=1)
    number = plan(world, ana, ends_at=starts + hour)
    assert world.do(meetings.move, number, starts + 3 * hour) == starts
    (one,) = world.ask(meetings.planned, ana)
    assert (one.starts_at, one.ends_at) == (starts + 3 * hour, starts + 4 * hour)
    world.do(meetings.cancel, number)
    assert world.ask(meetings.planned, ana) == ()
    with pytest.raises(Refused, match="was cancelled"):
        world.do(meetings.move, number, starts)
    world.do(meetings.plan_again, number)
    assert [one.title for one in world.ask(meetings.planned, ana)] == ["Demo"]
