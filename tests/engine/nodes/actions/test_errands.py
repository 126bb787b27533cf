"""Call and LinkedIn steps: a task with the words to say, and the wait for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rally_desktop.engine import control, nodes
from rally_desktop.model.graph import Step
from rally_desktop.model.ref import Ref
from rally_desktop.services import tasks, users

pytestmark = pytest.mark.slow

NOTED = ("done", "late", "nobody")
BOTH = pytest.mark.parametrize("kind", ["call_step", "linkedin_step"])


def reach(world, kind, **settings):
    """Publish «the step, then a note for each way», and let Ana in; return the task."""
    ways = {"next": "done", "timed_out": "late", "failed": "nobody"}
    if not settings.get("waits", True):
        del ways["timed_out"]
    noted = [Step(way, "create_note", {"text": way}, {"next": "end"}) for way in NOTED]
    world.publish(Step("it", kind, settings, ways), *noted, Step("end", "end"))
    world.contact("Ana", owner_id=1, linkedin="https://linkedin.example/ana")
    world.tick()
    return world.rows("select id, type, title, description, assignee_id, due_at from task")


def notes(world):
    """Return which ways were taken."""
    return [row[0] for row in world.rows("select text from note")]


def test_a_call_step_waits_until_the_call_is_made(world):
    """Story: the owner has a call to make; two days later it is done, and the run goes on."""
    ((number, *task),) = reach(
        world,
        "call_step",
        task="Call {{ contact.first_name }}",
        text="Hello {{ contact.first_name }}",
    )
    due = int(datetime(2026, 6, 3, 9, tzinfo=UTC).timestamp() * 1e6)
    assert task == ["Call", "Call Ana", "Hello Ana", 1, due]
    world.turn(days=2)
    assert (notes(world), world.run_states()) == ([], ["active"])
    world.do(tasks.complete, number)
    world.tick()
    assert (notes(world), world.run_states()) == (["done"], ["done"])


@BOTH
def test_what_is_not_done_in_time_goes_another_way(world, kind):
    """After the longest wait the run goes on; the task stays open, and done late it is no news."""
    ((number, *_),) = reach(world, kind, task="Reach Ana", at_most="P3D")
    world.turn(days=2, hours=23)
    assert notes(world) == []
    world.turn(hours=2)
    assert notes(world) == ["late"]
    world.do(tasks.complete, number)
    world.tick()
    assert (notes(world), world.run_states()) == (["late"], ["done"])


@BOTH
def test_without_waiting_the_run_goes_on_at_once(world, kind):
    """The task is made, and nothing waits for it."""
    assert len(reach(world, kind, task="Reach Ana", waits=False)) == 1
    assert (notes(world), world.run_states()) == (["done"], ["done"])


def test_another_task_does_not_end_the_wait(world):
    """Only the step's own task counts, not one that somebody made by hand."""
    reach(world, "call_step", task="Call")
    ((kind, number),) = world.rows("select record_kind, record_id from task")
    other = world.do(tasks.create, Ref(kind, number), title="Call", type="Call")
    world.do(tasks.complete, other)
    world.tick()
    assert (notes(world), world.run_states()) == ([], ["active"])


def test_a_linkedin_task_has_the_profile_and_the_words(world):
    """Whoever does it finds the page to open and the text to paste."""
    ((_, type_, _, text, *_),) = reach(
        world, "linkedin_step", task="Invite", text="Good to meet you"
    )
    assert (type_, text) == ("LinkedIn", "https://linkedin.example/ana\n\nGood to meet you")


@BOTH
def test_nobody_to_do_it_is_a_failure(world, kind):
    """A pool on holiday takes the run the third way, without a task."""
    world.do(users.set_away, world.user("Ben"), world.clock.now() + timedelta(days=1))
    settings = {"task": "Reach Ana", "assign": "round robin", "pool": ["Ben"]}
    assert reach(world, kind, **settings) == []
    assert notes(world) == ["nobody"]


@BOTH
def test_the_ways_on_depend_on_the_waiting(kind):
    """Only a step that waits can be too late."""
    made = nodes.step_kinds()[kind]
    exits = [name for name, _ in made.load({"task": "x"}).exits()]
    assert exits == ["next", "timed_out", "failed"]
    assert [name for name, _ in made.load({"task": "x", "waits": False}).exits()] == [
        "next",
        "failed",
    ]


@BOTH
def test_what_was_done_during_a_pause_is_not_lost(world, kind):
    """The run is paused when the task is done; resumed, it goes on within a day."""
    ((number, *_),) = reach(world, kind, task="Reach Ana", at_most="P30D")
    world.do(control.pause, [1])
    world.do(tasks.complete, number)
    world.turn(days=2)
    assert notes(world) == []
    world.do(control.resume, [1])
    world.turn(days=1)
    assert notes(world) == ["done"]
