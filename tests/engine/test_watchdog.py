"""What only time does: pauses end, nobody is forgotten, and old refusals go."""

from __future__ import annotations

from datetime import timedelta

from rally_desktop.engine import control
from rally_desktop.engine.heart import Heart
from rally_desktop.model.changes import RowChanged
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import runs, verdicts

WAIT = Step("wait", "wait", {"amount": 60, "unit": "days"})
TAG = Step("tag", "add_tag", {"tag": "Seen"})
TELL = Step("tell", "notify", {"text": "Hi", "user": ""})


def states(world):
    """Return (state, reason) of every run."""
    return [tuple(row) for row in world.rows("select state, reason from run order by id")]


def spoil(world, **values):
    """Change Ana's run behind everybody's back, as a bug would."""
    (number,) = world.ask(runs.numbers)
    world.do(lambda work: work.change(RowChanged("run", number, values)))


def test_a_run_that_nothing_would_move_is_shown_within_a_minute(world):
    """Without a time, an event or a person it needs attention, and a person can go on with it."""
    world.publish(WAIT, TAG)
    ana = world.contact()
    world.tick()
    spoil(world, due_at=None, awaited=None)
    world.leap(world.clock.now() + timedelta(seconds=60))
    assert states(world) == [("needs_attention", "stranded")]
    world.do(control.skip, world.ask(runs.numbers))
    world.tick()
    assert world.record(ana)["tags"] == {"Seen"}


def test_runs_that_wait_for_something_are_left_alone(world):
    """A time, an awaited event or a person's decision is enough."""
    world.publish(WAIT, settings=Rules(inside="parallel", again="every_event"))
    world.publish(TAG, settings=Rules(review=True))
    world.contact()
    world.tick()
    first, _ = world.ask(runs.numbers)
    awaits = {"due_at": None, "awaited": "task:7"}
    world.do(lambda work: work.change(RowChanged("run", first, awaits)))
    world.turn(minutes=5)
    assert sorted(states(world)) == [("active", ""), ("in_review", "")]


def test_a_pause_of_thirty_days_ends_the_run(world):
    """Nobody is written to out of nowhere a season later."""
    world.publish(WAIT, TAG)
    world.contact()
    world.tick()
    world.do(control.pause, world.ask(runs.numbers))
    world.turn(days=29, hours=23)
    assert states(world) == [("paused", "paused_by_hand")]
    world.turn(hours=1, minutes=1)
    assert states(world) == [("cancelled", "paused_too_long")]
    assert world.visits() == [("wait", "stopped", "paused_too_long")]


def test_after_seven_days_without_a_look_a_run_has_failed(world):
    """It keeps its reason and its step, so that it can still be tried again."""
    world.publish(TELL)
    world.contact()
    world.tick()
    world.turn(days=6, hours=23)
    assert states(world) == [("needs_attention", "no_owner")]
    world.turn(hours=2)
    assert states(world) == [("failed", "no_owner")]


def test_it_looks_once_a_minute_and_no_more(world):
    """What it costs does not depend on how often the heart beats."""
    heart = Heart(world.store)
    heart.tick()
    world.publish(WAIT)
    world.contact()
    heart.tick()
    spoil(world, due_at=None)
    world.clock.advance(seconds=59)
    heart.tick()
    assert world.run_states() == ["active"]
    world.clock.advance(seconds=1)
    heart.tick()
    assert world.run_states() == ["needs_attention"]


def test_refusals_are_kept_for_half_a_year(world):
    """After 180 days nobody can ask any more why somebody did not enter."""
    world.publish(TAG, audience={"field": "city", "op": "is", "value": "Porto"})
    ana = world.contact()
    world.tick()
    world.turn(days=180)
    assert [one.reason for one in world.ask(verdicts.about, ana)] == ["audience"]
    world.turn(minutes=2)
    assert world.ask(verdicts.about, ana) == []
