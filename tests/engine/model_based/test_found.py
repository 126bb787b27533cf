"""What the comparison with the reference has found: one small office each."""

from __future__ import annotations

from rally_desktop.model.graph import Rules, Step, Trigger
from rally_desktop.services import records

WAIT = Step("wait", "wait", {"amount": 1, "unit": "hours"})
GO = {"trigger": "tag_added", "trigger_settings": {"tags": ["Go"]}}
STOPS = (Trigger("stop", "tag_added", {"tags": ["Stop"]}),)


def test_whoever_is_stopped_may_enter_at_once(world):
    """A run is stopped and its record wants in again, in one batch: it is not inside any more."""
    world.publish(WAIT, stop_on=STOPS, settings=Rules(again="every_event"), **GO)
    ana = world.contact(tags=("Go",))
    world.tick()
    world.do(records.remove_tag, ana, "Go")
    world.do(records.add_tag, ana, "Stop")
    world.do(records.add_tag, ana, "Go")

    world.tick()

    assert world.run_states() == ["stopped", "active"]
    assert world.refusals() == []


def test_a_stopped_sequence_does_not_keep_others_out(world):
    """The exclusive workflow that Ana was in is stopped in the batch in which another begins."""
    alone = Rules(again="every_event", exclusive=True)
    world.publish(WAIT, stop_on=STOPS, settings=alone, **GO)
    world.publish(WAIT, settings=alone, trigger="tag_added", trigger_settings={"tags": ["Stop"]})
    ana = world.contact(tags=("Go",))
    world.tick()
    world.do(records.add_tag, ana, "Stop")

    world.tick()

    assert world.run_states() == ["stopped", "active"]


def test_nobody_queues_behind_a_run_that_has_ended(world):
    """Ana queues in the very batch in which her run ends: she is let in all the same."""
    world.publish(WAIT, settings=Rules(again="every_event", inside="queue"), **GO)
    ana = world.contact(tags=("Go",))
    world.tick()
    world.clock.advance(hours=1)
    world.do(records.remove_tag, ana, "Go")
    world.do(records.add_tag, ana, "Go")

    world.tick()

    assert world.run_states() == ["done", "active"]


def test_no_reason_is_lost_when_a_cause_is_looked_at_again(world):
    """One workflow refuses Ana at once, another only after she queued: both reasons stay."""
    nobody = {"field": "city", "op": "is", "value": "Faro"}
    world.publish(WAIT, audience=nobody, **GO)
    world.publish(WAIT, settings=Rules(again="after_days", inside="queue"), **GO)
    ana = world.contact(tags=("Go",))
    world.tick()
    world.do(records.remove_tag, ana, "Go")
    world.do(records.add_tag, ana, "Go")
    world.turn(hours=2)
    assert sorted(world.refusals()) == ["audience", "audience", "cooldown"]
