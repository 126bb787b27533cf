"""Publishing over people, and taking out of service: who stays, who moves, who ends."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import Refused
from rally_desktop.engine.publishing import publish, unpublish
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import runs, workflows

pytestmark = pytest.mark.slow

WAIT = Step("wait", "wait", {"amount": 2, "unit": "days"}, {"next": "tag"})
TAG = Step("tag", "add_tag", {"tag": "Old"}, {"next": "end"})
BYE = Step("bye", "add_tag", {"tag": "Bye"}, {"next": "end"})
STEPS = (WAIT, TAG, BYE, Step("end", "end"))


@pytest.fixture
def inside(world):
    """A workflow with Ana waiting in it, and a draft that tags otherwise."""
    number = world.publish(*STEPS, stop_start="bye")
    world.ana = world.contact()
    world.tick()
    graph = world.ask(workflows.draft, number).graph
    world.do(workflows.save_draft, number, graph.with_settings("tag", {"tag": "New"}))
    return number


def tags(world):
    """Return Ana's tags."""
    return world.record(world.ana)["tags"]


def test_whoever_is_inside_stays_unless_told_otherwise(world, inside):
    """They finish the version they began with; the number of those who stayed is given back."""
    done = world.do(publish, inside)
    assert (done, done.stayed, done.moved, done.ended) == (2, 1, 0, 0)
    world.turn(days=3)
    assert tags(world) == {"Old"}


def test_moving_puts_them_before_the_same_step_of_the_new_version(world, inside):
    """Ana keeps her place and her moment, and goes on by the new definition."""
    done = world.do(publish, inside, "move")
    assert (done.stayed, done.moved) == (0, 1)
    (one,) = world.ask(runs.listed).rows
    assert (one.version, one.state, one.step.kind) == (2, "active", "wait")
    (version,) = world.rows("select id from workflow_version where number = 2")
    assert world.ask(runs.counts, version[0])["wait"].waiting == 1
    world.turn(days=3)
    assert tags(world) == {"New"}
    assert world.visits() == [("wait", "done", ""), ("tag", "done", ""), ("end", "done", "")]


@pytest.mark.parametrize("change", ["gone", "another kind"])
def test_who_has_no_step_to_move_to_stays(world, inside, change):
    """A step that was taken out, or turned into another kind, keeps its people on the old one."""
    graph = world.ask(workflows.draft, inside).graph
    steps = {key: step for key, step in graph.steps.items() if key != "wait"}
    other = Step("wait", "add_tag", {"tag": "X"}, {"next": "tag"})
    start = "tag" if change == "gone" else "wait"
    kept = steps if change == "gone" else {**steps, "wait": other}
    world.do(workflows.save_draft, inside, graph.with_(steps=kept, start=start))
    done = world.do(publish, inside, "move")
    assert (done.stayed, done.moved) == (1, 0)
    world.turn(days=3)
    assert tags(world) == {"Old"}


def test_who_is_in_review_moves_to_the_new_start(world):
    """Nothing has happened yet, so they begin where the new version begins."""
    number = world.publish(TAG, Step("end", "end"), settings=Rules(review=True))
    world.contact()
    world.tick()
    graph = world.ask(workflows.draft, number).graph
    first = Step("first", "add_tag", {"tag": "First"}, {"next": "tag"})
    world.do(workflows.save_draft, number, graph.with_step(first).with_(start="first"))
    assert world.do(publish, number, "move").moved == 1
    assert world.rows("select state, step from run") == [("in_review", "first")]


def test_ending_them_does_the_stop_actions(world, inside):
    """They leave, by the chain of the version that they were on."""
    assert world.do(publish, inside, "end").ended == 1
    assert world.rows("select state, reason from run") == [("stopped", "new_version")]
    assert tags(world) == {"Bye"}


def test_unpublishing_holds_lets_finish_or_stops(world, inside):
    """Nobody enters; those inside stand still, go on to the end, or stop."""
    assert world.do(unpublish, inside) == 1
    world.turn(days=3)
    assert (world.run_states(), tags(world)) == (["active"], set())
    world.do(publish, inside)
    assert world.do(unpublish, inside, "stop") == 1
    assert world.rows("select state, reason from run") == [("stopped", "unpublished")]
    assert tags(world) == {"Bye"}


def test_a_workflow_that_finishes_becomes_a_draft(world, inside):
    """Nobody new enters, Ana goes on, and once she has left it is out of service."""
    assert world.do(unpublish, inside, "finish") == 1
    world.contact("Ben")
    world.turn(days=1)
    assert world.ask(workflows.draft, inside).state == "finishing"
    world.turn(days=2)
    world.turn(minutes=2)
    assert world.run_states() == ["done"]
    assert tags(world) == {"Old"}
    assert world.ask(workflows.draft, inside).state == "draft"
    with pytest.raises(Refused, match="not published"):
        world.do(workflows.finish, inside)


def test_the_numbers_are_shown_first(world, inside):
    """Before anybody is held, moved or stopped one sees how many stand where."""
    world.contact("Ben")
    world.tick()
    assert world.ask(workflows.inside, inside) == [
        workflows.Standing(1, "wait", "Wait", "active", 2)
    ]
    assert world.ask(workflows.inside, world.do(workflows.create, world_graph(world, inside))) == []


def world_graph(world, number):
    """Return the draft of a workflow."""
    return world.ask(workflows.draft, number).graph
