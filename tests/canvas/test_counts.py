"""What work a large workflow makes, counted: the same on every machine, unlike the time."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF

from rally_desktop.canvas.plan import Spot, plan
from rally_desktop.model.graph import Place
from rally_desktop.model.joining import without
from tests.canvas.flows import PlainFaces, graph, random_graph, step

pytestmark = pytest.mark.slow

CARD = 272 * 72
LONG = graph(*(step(f"s{n}", next=f"s{n + 1}") for n in range(999)), step("s999"))


class Painted(QObject):
    """Adds up how many pixels of a window are painted."""

    def __init__(self, port):
        super().__init__(port)
        self.pixels = []
        port.installEventFilter(self)

    def eventFilter(self, port, event):
        """Look at what is painted next."""
        if event.type() == QEvent.Type.Paint:
            self.pixels.append(sum(part.width() * part.height() for part in event.region()))
        return False


@pytest.fixture
def large(bench, qapp):
    """A workflow of 300 steps at 100 %, and what of it is painted from now on."""
    made = bench(random_graph(300, 5), size=(1200, 900))
    made.view.go_to(1.0, QPointF(0, 800), glide=False)
    made.view.sharpen()
    for _ in range(60):
        qapp.processEvents()
    made.painted = Painted(made.view.viewport())
    made.stage = made.view.flow.stage
    return made


def in_view(made):
    """A step that can be seen whole, with room around it."""
    seen = made.view.seen().adjusted(40, 40, -400, -200)
    boxes = made.view.flow.plan.boxes
    return next(
        box.spot
        for box in boxes.values()
        if box.spot.kind == "step" and seen.contains(box.x, box.y) and seen.contains(*box.bottom)
    )


def shown(workflow, before=None):
    """What the sheet shows."""
    return plan(workflow, PlainFaces(), before=before)


@pytest.mark.parametrize(("at", "most"), [("s0", 3), ("s500", 503), ("s998", 1001)])
def test_a_change_lays_out_anew_only_what_is_above_it(at, most):
    """In a chain of a thousand steps a new one costs as much as there are steps above it."""
    before = shown(LONG)
    after = shown(LONG.inserted(step("new"), Place(at)), before)
    kept = {id(region) for region in before.memory.regions.values()}
    anew = [one for one in after.memory.regions.values() if id(one) not in kept]
    assert len(anew) <= most


def test_a_change_takes_over_all_other_cards():
    """Only the card that is new and the one whose exit leads to it are looked at again."""
    before = shown(LONG)
    after = shown(LONG.inserted(step("new"), Place("s500")), before)
    nodes = before.memory.nodes
    anew = [key for key, node in after.memory.nodes.items() if nodes.get(key) is not node]
    assert sorted(key for key in anew if key != "start") == ["new", "s500"]


def test_what_was_known_makes_no_difference():
    """A plan made from an earlier one is the same as one made from nothing."""
    for seed in range(20):
        workflow = random_graph(80, seed)
        first = next(iter(workflow.steps))
        changed = without(workflow.inserted(step("new"), Place("start")), {first}, {})
        known = shown(changed, before=shown(workflow))
        fresh = shown(changed)
        assert (known.boxes, known.wires) == (fresh.boxes, fresh.wires)
        assert (known.labels, known.pluses) == (fresh.labels, fresh.pluses)


def test_a_pan_step_paints_the_cards_that_come_near_and_no_more(large, qapp):
    """Each step of a pan paints two strips of the window, and hardly a card."""
    for _ in range(20):
        cards, before = set(large.stage.cards), large.stage.painted
        large.painted.pixels.clear()
        large.view.shift(24, 12)
        qapp.processEvents()
        come = set(large.stage.cards) - cards
        assert large.stage.painted - before <= len(come) + 4
        assert sum(large.painted.pixels) <= 2 * (24 * 900 + 12 * 1200)


def test_pointing_at_a_card_paints_little_more_than_it(large, qapp):
    """No pointing paints the whole window."""
    large.hover(in_view(large))
    qapp.processEvents()
    assert 0 < sum(large.painted.pixels) <= 4 * CARD


def test_dragging_a_card_paints_little_more_than_it(large, qapp):
    """No step of a drag paints the whole window."""
    boxes = large.view.flow.plan.boxes
    last = next(key for key, each in large.graph.steps.items() if not each.exits)
    large.view.go_to(1.0, QPointF(*boxes[Spot("step", last)].top), glide=False)
    start = large.at(last)
    large.press(start)
    large.move(start + QPoint(180, 30))
    qapp.processEvents()
    for number in range(8):
        large.painted.pixels.clear()
        large.move(start + QPoint(180 + 3 * number, 30 + 2 * number))
        qapp.processEvents()
        assert sum(large.painted.pixels) <= 4 * CARD
    large.view.cancel()
