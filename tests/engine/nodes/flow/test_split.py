"""The step that sends records down paths by percentages."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rally_desktop.core.errors import BadSettings
from rally_desktop.engine.nodes.flow.split import Split
from rally_desktop.model.graph import Rules, Step
from rally_desktop.model.ref import Ref
from rally_desktop.services import records

pytestmark = pytest.mark.slow

LETTERS = ("a", "b", "c")


def shares(*percents):
    """Return a split of these percentages."""
    return Split.load(
        {
            "paths": [
                {"name": f"Path {exit_}", "exit": exit_, "percent": percent}
                for exit_, percent in zip(LETTERS, percents, strict=False)
            ]
        }
    )


def way(split, number, step="split", workflow=1):
    """Return the exit that a contact takes."""
    here = SimpleNamespace(workflow_id=workflow, step_id=step, ref=Ref("contact", number))
    return split.run(None, here).exit


@pytest.mark.parametrize("percents", [(50, 50), (90, 10), (20, 30, 50), (0, 100)])
def test_the_shares_are_what_was_asked_for(percents):
    """Of ten thousand contacts each path takes its percentage, give or take two."""
    taken = Counter(way(shares(*percents), number) for number in range(10_000))
    for exit_, percent in zip(LETTERS, percents, strict=False):
        assert abs(taken[exit_] - percent * 100) <= (200 if percent else 0)


@given(st.integers(1), st.text(min_size=1), st.integers(1), st.integers(0, 100))
def test_the_same_record_takes_the_same_path(number, step, workflow, percent):
    """Whenever it comes by, and whatever the path is called by then."""
    first, again = shares(percent, 100 - percent), shares(percent, 100 - percent)
    assert way(first, number, step, workflow) == way(again, number, step, workflow)


def test_a_larger_share_keeps_those_it_has():
    """Raising the first path from 30 to 60 moves people into it, and nobody out of it."""
    before = {n for n in range(1_000) if way(shares(30, 70), n) == "a"}
    after = {n for n in range(1_000) if way(shares(60, 40), n) == "a"}
    assert before < after


def test_two_splits_divide_differently():
    """Half of those on the left of one split are on the left of another."""
    left = [n for n in range(10_000) if way(shares(50, 50), n) == "a"]
    both = [n for n in left if way(shares(50, 50), n, "other") == "a"]
    assert 0.46 < len(both) / len(left) < 0.54


@pytest.mark.parametrize(
    ("paths", "problem"),
    [
        ([("A", "a", 50), ("B", "b", 40)], "must add up to 100 %, and now make 90 %"),
        ([("A", "a", 50), ("B", "a", 50)], "exit of its own"),
        ([("A", "a", 50), (" ", "b", 50)], "needs a name"),
        ([], "is required|add up"),
        ([("A", "a", 150), ("B", "b", -50)], "paths"),
    ],
)
def test_shares_that_make_no_whole_are_refused(paths, problem):
    """A split is published only where every record has one way to go."""
    stored = [{"name": n, "exit": e, "percent": p} for n, e, p in paths]
    with pytest.raises(BadSettings, match=problem):
        Split.load({"paths": stored})


def test_a_record_that_comes_again_goes_the_same_way(world):
    """Story: twenty contacts come by twice; each has the same note twice."""
    split = {"a": "short", "b": "long"}
    world.publish(
        Step("split", "split", {}, split),
        Step("short", "create_note", {"text": "short"}, {"next": "end"}),
        Step("long", "create_note", {"text": "long"}),
        Step("end", "end"),
        trigger="tag_added", trigger_settings={"tags": ["Go"]}, settings=Rules(again="every_event"),
    )  # fmt: skip
    people = [world.contact(f"Ana {number}") for number in range(20)]
    for _ in range(2):
        for ref in people:
            world.do(records.add_tag, ref, "Go")
        world.tick()
        for ref in people:
            world.do(records.remove_tag, ref, "Go")
        world.turn(hours=1)
    found = world.rows("select record_id, text from note")
    assert len(found) == 40
    assert len(set(found)) == 20
    assert {text for _, text in found} == {"short", "long"}
