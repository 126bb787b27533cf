"""Whatever one does on the canvas, notes and groups stay with what they belong to."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from rally_desktop.canvas.plan import Spot
from rally_desktop.model.graph import Graph
from tests.canvas.flows import random_graph

pytestmark = pytest.mark.slow

COMMANDS = (
    "add_note", "group", "ungroup", "fold", "remove", "remove_after", "cut", "copy", "paste",
    "duplicate", "switch", "give_note", "release_note", "wider", "undo", "redo", "cut_connector",
    "move_down", "move_up", "nudge_right",
)  # fmt: skip
DEED = some.tuples(
    some.sampled_from(COMMANDS), some.lists(some.integers(0, 99), min_size=1, max_size=3)
)


def do(bench, command, numbers):
    """Select some of what there is, do a command, and take the first answer to what is asked."""
    shown = bench.view.flow.plan
    there = [*shown.boxes, *shown.notes, *shown.frames]
    spots = [there[number % len(there)] for number in numbers]
    if command == "cut_connector":
        slots = list(shown.pluses)
        bench.editor.select(slots[numbers[0] % len(slots)])
    else:
        bench.editor.choose([spot for spot in spots if spot.id])
    bench.hands.do(command)
    for _ in range(20):
        if bench.editor.question is not None:
            bench.editor.question.buttons()[0].click()
    bench.view.cancel()
    bench.view.setFocus()


def check(graph):
    """Everything that is named is there, once, and the workflow can be saved and read."""
    assert Graph.load(graph.dump()) == graph
    cards = {*graph.steps, *(one.id for one in graph.triggers)}
    assert all(not note.step or note.step in cards for note in graph.notes)
    framed = [key for frame in graph.frames for key in frame.steps]
    assert len(framed) == len(set(framed))
    assert graph.steps.keys() >= set(framed)
    for things in (graph.notes, graph.frames):
        assert len({one.id for one in things}) == len(things)


@pytest.mark.usefixtures("qapp")
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(some.integers(0, 10**6), some.lists(DEED, min_size=1, max_size=14))
def test_notes_and_groups_always_belong_to_what_is_there(bench, seed, deeds):
    """Random commands on random workflows; undoing them all restores the first one exactly."""
    whole = random_graph(12, seed)
    made = bench(whole)
    for command, numbers in deeds:
        do(made, command, numbers)
        check(made.graph)
        chosen = made.view.flow.chosen
        assert all(made.view.flow.plan.shape(spot) is not None for spot in chosen)
    while made.draft.stack.canUndo():
        made.draft.undo()
    assert made.graph == whole
    assert Spot("note", "note1") not in made.view.flow.stage.notes
