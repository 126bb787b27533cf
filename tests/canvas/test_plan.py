"""What the sheet shows for a workflow, as plain values."""

from __future__ import annotations

from itertools import pairwise

from rally_desktop.canvas.plan import Slot, Spot, plan
from rally_desktop.model.graph import START, STOP, Graph
from tests.canvas.flows import CHAIN, OPEN, SPLIT, PlainFaces, graph, random_graph, step


def shown(workflow):
    """What the sheet shows."""
    return plan(workflow, PlainFaces())


def test_every_connector_has_its_plus():
    """Each exit, also one that leads nowhere, and the start have a '+' to add something at."""
    for seed in range(20):
        workflow = random_graph(60, seed)
        slots = {slot for slot in shown(workflow).pluses if slot.kind == "connector"}
        exits = {
            (key, name)
            for key, each in workflow.steps.items()
            for name, _ in PlainFaces().face(each).exits
        }
        assert {(slot.source, slot.exit) for slot in slots} == exits | {(START, "next")}


def test_where_branches_meet_has_a_plus_of_its_own():
    """Before and after the meeting one can add a step."""
    slots = shown(SPLIT).pluses
    assert {Slot("connector", "y", "next"), Slot("connector", "n", "next")} <= slots.keys()
    assert Slot("meeting", before="m") in slots


def test_branches_carry_their_labels():
    """Each path of a branch has its name on its connector."""
    labels = {(item.place.exit, item.text, item.tone) for item in shown(SPLIT).labels}
    assert labels == {("yes", "Yes", "ok"), ("else", "Else", "flow")}


def test_an_exit_that_leads_nowhere_ends_in_a_plus():
    """An open path is drawn to its '+', without an arrow head."""
    made = shown(OPEN)
    wire = next(w for w in made.wires if w.slot == Slot("connector", "if", "else"))
    assert wire.points[-1] == made.pluses[wire.slot]
    assert not wire.arrow


def test_an_empty_workflow_shows_what_to_do_first():
    """Without triggers there is an empty card, and a '+' below it."""
    made = shown(Graph("New"))
    assert list(made.boxes) == [Spot("trigger", "")]
    assert Slot("connector", START, "next") in made.pluses


def test_several_triggers_are_joined_by_or():
    """Two triggers stand beside each other with ‘or’ between them and one connector below."""
    made = shown(graph(step("a"), triggers=("t1", "t2")))
    first, second = made.boxes[Spot("trigger", "t1")], made.boxes[Spot("trigger", "t2")]
    assert (second.x - first.x, second.y) == (320, first.y)
    assert [word for word, _ in made.words] == ["or"]
    assert made.boxes[Spot("step", "a")].top[0] == (first.top[0] + second.top[0]) / 2


def test_connectors_run_only_across_and_down():
    """Every piece of a connector is level or upright, and none runs up."""
    for seed in range(20):
        for wire in shown(random_graph(80, seed)).wires:
            for (x0, y0), (x1, y1) in pairwise(wire.points):
                assert min(abs(x0 - x1), abs(y0 - y1)) < 1e-6
                assert y1 >= y0 - 1e-6


def test_connectors_end_where_the_next_card_begins():
    """The last connector into a card touches the middle of its upper edge."""
    made = shown(CHAIN)
    for wire in made.wires:
        if wire.arrow:
            assert wire.points[-1] == made.boxes[Spot("step", wire.target)].top


def test_stop_steps_stand_beside_under_their_own_words():
    """What is done when a run is stopped is drawn to the right, and says so."""
    workflow = graph(step("a"), step("s")).with_(stop_start="s")
    made = shown(workflow)
    assert made.words[0][0] == "When stopped"
    assert made.boxes[Spot("step", "s")].x > made.boxes[Spot("step", "a")].x + 272


def test_the_stop_steps_have_a_plus_above_the_first():
    """The '+' between the words and the first stop step stands below the one, above the other."""
    made = shown(graph(step("a"), step("s")).with_(stop_start="s"))
    _, y = made.pluses[Slot("connector", STOP, "next")]
    assert made.words[0][1][1] < y < made.boxes[Spot("step", "s")].y


def test_an_exit_the_kind_no_longer_knows_is_still_drawn():
    """Steps behind an exit that settings have lost stay in sight."""
    workflow = graph(step("if", "branch", yes="a", gone="b"), step("a"), step("b"))
    made = shown(workflow)
    assert Spot("step", "b") in made.boxes
    assert [item.text for item in made.labels] == ["Yes", "Else", "Gone"]
