"""Leads that nobody talks to, as a customer would tell it."""

from __future__ import annotations

from rally_desktop.model.graph import Step
from rally_desktop.services import calls

LEADS = {"where": "Lifecycle stage", "lifecycle_stages": ["Lead"], "days": 14}


def remind(world):
    """Remind the owner of leads that were left alone for two weeks, two days later again."""
    world.publish(
        Step("wait", "wait", {"amount": 1, "unit": "business days"}),
        Step("task", "create_task", {"task": "Call {{ contact.first_name }}"}),
        Step("until", "wait_until", {"what": "a task done", "amount": 2},
             {"timed_out": "tell", "happened": "end"}),
        Step("tell", "notify", {"text": "Still nobody called."}),
        Step("end", "end"),
        trigger="stale", trigger_settings=LEADS,
    )  # fmt: skip
    world.tick()


def test_a_lead_that_nobody_calls_is_brought_up(world):
    """After two weeks and a business day there is a task, and two days later a word."""
    remind(world)
    world.contact("Ana", lifecycle_stage="Lead", owner_id=world.user("Maria"))
    world.turn(days=14)
    assert world.rows("select title from task") == []
    world.turn(days=1)
    assert world.rows("select title from task") == [("Call Ana",)]
    world.turn(days=2)
    assert world.rows("select text from notification") == [("Still nobody called.",)]
    assert world.run_states() == ["done"]


def test_a_lead_that_writes_or_is_called_is_left_in_peace(world):
    """A call on the last day takes back what had not begun, and two quiet weeks start anew."""
    remind(world)
    ana = world.contact("Ana", lifecycle_stage="Lead", owner_id=world.user("Maria"))
    world.turn(days=14, hours=3)
    assert world.run_states() == ["active"]
    world.do(calls.log, ana, direction="in", outcome="Reached")
    world.turn(days=10)
    assert world.run_states() == ["cancelled"]
    assert world.rows("select title from task") == []
