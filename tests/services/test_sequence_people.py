"""Who is in a sequence: where each stands, what comes next, and why one rests."""

from __future__ import annotations

import pytest

from rally_desktop.engine import by_hand, control
from rally_desktop.engine.recipes.outreach import Outreach
from rally_desktop.services import sequence_people
from rally_desktop.services.sequence_people import Wanted


@pytest.fixture
def number(world):
    """A sequence that wrote to Ana and Ben, who wait for their call."""
    world.mailbox()
    made = world.switch_on(Outreach)
    owner = world.user("Nora")
    refs = [
        world.contact(name, email=f"{name}@example.org", owner_id=owner) for name in ("Ana", "Ben")
    ]
    world.do(by_hand.enrol, made, refs)
    world.tick()
    return made


def listed(world, number, **wanted):
    """Those who are listed, in order."""
    ids = world.ask(sequence_people.numbers, number, Wanted(**wanted))
    return world.ask(sequence_people.people, ids)


def test_each_says_where_it_stands_and_what_comes_next(world, number):
    """Who waits is told with the step after the wait, and when that comes."""
    ana, ben = listed(world, number)
    assert (ana.run.record, ben.run.record) == ("Ana", "Ben")
    assert (ana.here.id, ana.next.id, ana.waits_for) == ("pause", "call", "time")
    assert ana.run.due_at > world.clock.now()


def test_who_waits_for_a_task_says_so(world, number):
    """At the call, what comes next comes once the task is done."""
    world.turn(days=4)
    ana = listed(world, number)[0]
    assert (ana.here.id, ana.next.id, ana.waits_for) == ("call", "rest", "task")


def test_people_are_narrowed_by_state_step_reason_and_name(world, number):
    """A pause of one of them leaves the other on the way, and each can be asked for."""
    ana = listed(world, number)[0].run.id
    world.do(control.pause, [ana])
    assert [one.run.record for one in listed(world, number, group="resting")] == ["Ana"]
    assert [one.run.record for one in listed(world, number, group="under_way")] == ["Ben"]
    assert [one.run.record for one in listed(world, number, reason="paused_by_hand")] == ["Ana"]
    assert [one.run.record for one in listed(world, number, text="be")] == ["Ben"]
    assert not listed(world, number, step="call")


def test_who_has_left_is_listed_apart(world, number):
    """A run that was stopped is nobody inside any more, and says why it ended."""
    ana = listed(world, number)[0].run.id
    world.do(control.stop, [ana])
    assert [one.run.record for one in listed(world, number)] == ["Ben"]
    (gone,) = listed(world, number, group="ended")
    assert (gone.run.reason, gone.run.ended_at) == ("stopped_by_hand", world.clock.now())


def test_how_many_stand_where_is_counted(world, number):
    """Both wait at the same step, in the same state."""
    (one,) = world.ask(sequence_people.standing, number)
    assert (one.state, one.step, one.count) == ("active", "pause", 2)
    assert "last" in world.ask(sequence_people.steps, number)
