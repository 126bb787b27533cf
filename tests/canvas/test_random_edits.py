"""Whatever hands do to a workflow, it stays sound, and undo leads back to the very first."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QPoint, Qt

from rally_desktop.canvas import keys
from rally_desktop.model.graph import Graph
from tests.canvas.flows import random_graph
from tests.canvas.test_edits import random_edit

pytestmark = pytest.mark.slow

NONE, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)
STEPS = 45
EDITS = sorted(key.command for key in keys.KEYS if key.edits or key.command.startswith("select"))


class Monkey:
    """Somebody who presses keys and drags things about without any thought."""

    def __init__(self, bench, seed):
        self.bench, self.dice = bench, random.Random(seed)
        bench.view.fit(bench.view.flow.sceneRect(), glide=False)

    def act(self):
        """Do one thing, and answer whatever comes up."""
        acts = (self.edit, self.command, self.command, self.drag, self.drag, self.pull)
        self.dice.choice(acts)()
        self.answer()

    def edit(self):
        """Change the workflow as something beside the canvas would."""
        graph = self.bench.graph
        self.bench.draft.edit("Edit", random_edit(graph, self.dice))

    def command(self):
        """Select something and give a command."""
        plan, editor = self.bench.view.flow.plan, self.bench.editor
        some = self.dice.sample(list(plan.boxes), min(len(plan.boxes), self.dice.choice((1, 1, 3))))
        if self.dice.random() < 0.3:
            editor.select(self.dice.choice(list(plan.pluses)))
        else:
            editor.choose(some)
        self.bench.hands.do(self.dice.choice(EDITS))

    def drag(self):
        """Drag a card, a '+' or the ground to anywhere."""
        held = self.dice.choice((NONE, NONE, NONE, SHIFT, ALT, CTRL))
        self.bench.drag(self.somewhere(), self.somewhere(), held)

    def pull(self):
        """Drag a handle of a card to anywhere."""
        spot = self.dice.choice(list(self.bench.view.flow.plan.boxes))
        self.bench.hover(spot)
        items = self.bench.view.flow.handles._items
        if items:
            at = self.dice.choice(items).handle.at
            self.bench.drag(self.bench.view.mapFromScene(*at), self.somewhere())

    def somewhere(self):
        """A point of the window: of a card, a '+', or any other."""
        plan, port = self.bench.view.flow.plan, self.bench.view.viewport()
        what = self.dice.choice((*plan.boxes, *plan.pluses, None))
        if what is not None:
            return self.bench.at(what, self.dice.randint(-20, 20), self.dice.randint(-12, 12))
        return QPoint(self.dice.randrange(port.width()), self.dice.randrange(port.height()))

    def answer(self):
        """Choose among what is asked."""
        bench = self.bench
        if bench.view.gesture is not None:
            for _ in range(self.dice.randrange(4)):
                bench.key(self.dice.choice(ARROWS))
            bench.key(self.dice.choice((Qt.Key.Key_Return, Qt.Key.Key_Escape)))
        if bench.editor.quick_add.isVisible():
            offer = bench.editor.quick_add.list.current()
            bench.editor.quick_add.hide()
            if offer is not None:
                bench.editor.quick_add.chosen.emit(offer)
        if bench.editor.question is not None:
            self.dice.choice(bench.editor.question.buttons()).click()


def check(bench):
    """The workflow is sound, and the sheet shows it."""
    graph, plan = bench.graph, bench.view.flow.plan
    assert Graph.load(graph.dump()) == graph
    assert graph.find_cycle() == []
    assert all(graph.target(place) in graph.steps for place in graph.places())
    assert graph.layout.keys() <= graph.steps.keys()
    assert plan.graph is graph
    assert {plan.card_of(key) for key in graph.steps} <= plan.boxes.keys()
    assert all(spot in plan.boxes or plan.shape(spot) for spot in bench.view.flow.chosen)
    assert bench.view.flow.preview.slot is None


@pytest.mark.parametrize("seed", range(10))
def test_whatever_hands_do_the_workflow_stays_sound_and_can_be_undone(bench, seed):
    """After each of many random deeds it is valid; undo and redo lead through the very same."""
    first = random_graph(12, seed)
    made = bench(first)
    monkey = Monkey(made, seed)
    for _ in range(STEPS):
        monkey.act()
        check(made)
    last, deeds = made.graph, made.draft.stack.index()
    while made.draft.stack.canUndo():
        made.draft.undo()
        check(made)
    assert made.graph is first
    for _ in range(deeds):
        made.draft.redo()
    assert made.graph is last
