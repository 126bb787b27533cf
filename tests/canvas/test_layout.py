"""The tidy layout: nothing overlaps, order is kept, the same graph gets the same places."""

from __future__ import annotations

import pytest

from rally_desktop.canvas.layout import Size, tidy
from rally_desktop.canvas.plan import Spot, plan
from tests.canvas.flows import CHAIN, SPLIT, PlainFaces, graph, random_graph, step

pytestmark = pytest.mark.slow

CARD = Size(272, 72)


def overlaps(boxes):
    """Pairs of cards that cover each other."""
    found, near = [], []
    for box in sorted(boxes, key=lambda item: item.x):
        near = [other for other in near if other.x + other.width > box.x + 0.5]
        for other in near:
            above = box.y < other.y + other.height - 0.5
            if above and other.y < box.y + box.height - 0.5:
                found.append((box.spot.id, other.spot.id))
        near.append(box)
    return found


@pytest.mark.parametrize("seed", range(120))
def test_no_card_covers_another(seed):
    """In 120 random workflows of 60, 200 and 600 steps no card covers another."""
    made = plan(random_graph((60, 200, 600)[seed % 3], seed), PlainFaces())
    assert overlaps(made.boxes.values()) == []


@pytest.mark.parametrize("seed", range(60))
def test_branches_keep_their_order(seed):
    """The steps that only one branch leads to stand from left to right in the order of exits."""
    workflow = random_graph(120, seed)
    boxes = plan(workflow, PlainFaces()).boxes
    for each in workflow.steps.values():
        order = [name for name, _ in PlainFaces().face(each).exits if name in each.exits]
        heads = [
            each.exits[name] for name in order if len(workflow.entrances(each.exits[name])) == 1
        ]
        across = [boxes[Spot("step", key)].top[0] for key in heads]
        assert across == sorted(across)


def test_every_step_is_below_the_one_before():
    """Whatever leads to a step stands above it."""
    workflow = random_graph(300, 7)
    boxes = plan(workflow, PlainFaces()).boxes
    for place in workflow.places():
        if place.source in workflow.steps:
            above = boxes[Spot("step", place.source)].bottom[1]
            assert boxes[Spot("step", workflow.target(place))].y >= above + 50


def test_a_chain_is_one_straight_column():
    """Steps one after another stand exactly below each other, 56 apart."""
    boxes = plan(CHAIN, PlainFaces()).boxes
    assert {box.top[0] for box in boxes.values()} == {0.0}
    assert boxes[Spot("step", "b")].y - boxes[Spot("step", "a")].bottom[1] == 56


def test_where_branches_meet_is_centred_under_them():
    """The step where two branches meet stands in the middle below both."""
    boxes = plan(SPLIT, PlainFaces()).boxes
    left, right = boxes[Spot("step", "y")].top[0], boxes[Spot("step", "n")].top[0]
    assert boxes[Spot("step", "m")].top[0] == pytest.approx((left + right) / 2)


def test_the_same_graph_gets_the_same_places():
    """The layout has no chance in it."""
    workflow = random_graph(400, 3)
    assert plan(workflow, PlainFaces()).boxes == plan(workflow, PlainFaces()).boxes


def test_boxes_without_an_entrance_stand_beside_each_other():
    """What hangs loose is laid out to the right, not over the rest."""
    places = tidy([CARD, CARD, CARD], [(0, 1, 56)]).at
    assert places[2][0] > places[0][0] + 272


def test_a_connector_past_a_longer_branch_keeps_its_own_room():
    """A branch that leads straight on to where others meet runs beside their cards."""
    workflow = graph(
        step("if", "branch", yes="y", else_="m"),
        step("y", next="w"),
        step("w", next="m"),
        step("m"),
    )
    made = plan(workflow, PlainFaces())
    wire = next(w for w in made.wires if w.slot and w.slot.exit == "else")
    lane = wire.points[2][0]
    edge = made.boxes[Spot("step", "y")].x + 272
    assert lane > edge
