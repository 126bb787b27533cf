"""Steps placed by hand: they stand exactly there, and all else makes room."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from rally_desktop.canvas.plan import Spot, plan
from tests.canvas.flows import CHAIN, SPLIT, PlainFaces, graph, random_graph, step
from tests.canvas.test_layout import overlaps

pytestmark = pytest.mark.slow


def shown(workflow, **pins):
    """What the sheet shows with some steps placed by hand."""
    return plan(workflow.with_(layout=pins), PlainFaces())


def at(made, key):
    """The upper left corner of a step's card."""
    box = made.boxes[Spot("step", key)]
    return (box.x, box.y)


def scattered(seed):
    """A random workflow with a tenth of its steps placed near where they stood, or anywhere."""
    dice = random.Random(seed)
    workflow = random_graph((30, 80, 200)[seed % 3], seed)
    boxes = plan(workflow, PlainFaces()).boxes
    pins = {}
    for number, key in enumerate(dice.sample(list(workflow.steps), len(workflow.steps) // 10)):
        box, reach = boxes[Spot("step", key)], dice.choice((60, 400, 3000))
        # No two of them on top of each other: that would be as somebody wants it.
        pins[key] = (box.x + dice.randint(-reach, reach), box.y + 4000 * number)
        if dice.random() < 0.5:
            pins[key] = (3000.0 * number - 9000, box.y + dice.randint(-reach, reach))
    return workflow, pins


@pytest.mark.parametrize("seed", range(60))
def test_pinned_cards_stand_exactly_there(seed):
    """Wherever steps are placed, they stand just there, whatever else there is."""
    workflow, pins = scattered(seed)
    made = shown(workflow, **pins)
    assert {key: at(made, key) for key in pins} == pins


@pytest.mark.parametrize("seed", range(60))
def test_no_card_lies_under_another(seed):
    """All that is not placed by hand makes room for what is."""
    workflow, pins = scattered(seed)
    covered = overlaps(shown(workflow, **pins).boxes.values())
    assert [pair for pair in covered if not set(pair) <= pins.keys()] == []


@pytest.mark.parametrize("seed", range(30))
def test_branches_keep_their_order(seed):
    """Branches that are not placed by hand stay in the order of the exits."""
    workflow, pins = scattered(seed)
    boxes = shown(workflow, **pins).boxes
    for each in workflow.steps.values():
        order = [name for name, _ in PlainFaces().face(each).exits if name in each.exits]
        heads = [each.exits[name] for name in order]
        free = [key for key in heads if key not in pins and len(workflow.entrances(key)) == 1]
        across = [boxes[Spot("step", key)].top[0] for key in free]
        assert across == sorted(across)


@pytest.mark.parametrize("seed", range(30))
def test_what_is_not_pinned_stands_below_what_leads_to_it(seed):
    """Only to steps placed by hand may a connector lead up."""
    workflow, pins = scattered(seed)
    boxes = shown(workflow, **pins).boxes
    for place in workflow.places():
        target = workflow.target(place)
        if place.source in workflow.steps and target not in pins:
            above = boxes[Spot("step", place.source)].bottom[1]
            assert boxes[Spot("step", target)].y >= above + 50


def test_the_same_pins_give_the_same_places():
    """The layout has no chance in it."""
    workflow, pins = scattered(7)
    assert shown(workflow, **pins).boxes == shown(workflow, **pins).boxes


def test_what_hangs_below_a_pinned_step_goes_with_it():
    """A branch moves with its head, and the rest stays."""
    last = next(place for place in SPLIT.places() if place.source == "n")
    workflow = graph(*SPLIT.steps.values(), step("k")).connected(last, "k")
    before = shown(workflow)
    x, y = at(before, "n")
    made = shown(workflow, n=(x + 600, y + 100))
    assert at(made, "k") == (x + 600 - 32, y + 100 + 48 + 56)
    assert at(made, "y") == at(before, "y")


def test_a_pinned_step_elsewhere_leaves_the_others_in_place():
    """What stands clear of it does not move."""
    before, made = shown(SPLIT), shown(SPLIT, y=(-900.0, 300.0))
    assert [at(made, key) for key in ("a", "if", "n")] == [
        at(before, key) for key in ("a", "if", "n")
    ]


def test_a_branch_makes_room_for_its_neighbour():
    """A branch that is moved onto the next pushes that one to the right as a whole."""
    workflow = graph(
        step("if", "branch", yes="a", else_="b"), step("a", next="c"), step("c"),
        step("b", next="d"), step("d"),
    )  # fmt: skip
    x, y = at(shown(workflow), "a")
    made = shown(workflow, a=(x + 100, y))
    assert at(made, "c")[0] == x + 100
    assert at(made, "b")[0] == at(made, "d")[0] == x + 100 + 272 + 48


@pytest.mark.parametrize("where", [(0, -200), (900, 0), (-900, 0), (0, 500), (700, 900), (-60, 60)])
def test_connectors_find_their_way_to_a_pinned_step(where):
    """Above, beside or below: lines are level or upright, leave downwards and arrive from above."""
    x, y = at(shown(CHAIN), "b")
    made = shown(CHAIN, b=(x + where[0], y + where[1]))
    wire = next(wire for wire in made.wires if wire.target == "b")
    assert wire.points[0] == made.boxes[Spot("step", "a")].bottom
    assert wire.points[-1] == made.boxes[Spot("step", "b")].top
    assert all(x0 == x1 or y0 == y1 for (x0, y0), (x1, y1) in pairwise(wire.points))
    assert wire.points[1][1] > wire.points[0][1]
    assert wire.points[-2][1] < wire.points[-1][1]


def test_a_connector_goes_round_the_cards():
    """Leading back up to a step above, it does not run behind the cards on the way."""
    made = shown(CHAIN, c=(-136.0, -300.0))
    wire = next(wire for wire in made.wires if wire.target == "c")
    for box in made.boxes.values():
        for (x0, y0), (x1, y1) in pairwise(wire.points):
            beside = max(x0, x1) <= box.x or min(x0, x1) >= box.x + box.width
            assert beside or max(y0, y1) <= box.y or min(y0, y1) >= box.y + box.height


def test_the_plus_sits_on_its_connector():
    """Wherever a connector runs, its '+' and its label are on it."""
    for seed in range(10):
        workflow, pins = scattered(seed)
        made = shown(workflow, **pins)
        labels = {item.place: item.at for item in made.labels}
        for wire in (wire for wire in made.wires if wire.slot and wire.slot.kind == "connector"):
            spots = [made.pluses[wire.slot]]
            spots += [labels[wire.slot.place]] if wire.slot.place in labels else []
            assert all(_on(wire.points, spot) for spot in spots)


def _on(points, at):
    return any(
        min(x0, x1) - 0.5 <= at[0] <= max(x0, x1) + 0.5
        and min(y0, y1) - 0.5 <= at[1] <= max(y0, y1) + 0.5
        for (x0, y0), (x1, y1) in pairwise(points)
    )
