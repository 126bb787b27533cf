"""Steps that are switched off, and connectors that are cut."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt

from rally_desktop.canvas import edits
from rally_desktop.canvas.plan import Spot
from rally_desktop.canvas.tips import tip_of
from tests.canvas.flows import CHAIN


def cards(*keys):
    """These steps."""
    return [Spot("step", key) for key in keys]


def test_d_switches_all_selected_steps_off_and_on(bench):
    """Off where one of them is on; the tip says what that means."""
    made = bench(CHAIN)
    said = []
    made.editor.said.connect(said.append)
    made.editor.choose(cards("a", "b"))
    made.key(Qt.Key.Key_D)
    assert [made.graph.steps[key].disabled for key in "abc"] == [True, True, False]
    assert made.draft.stack.undoText() == "Disable 2 steps"
    assert said[-1] == "Disabled 2 steps: passed by."
    assert "goes on at once" in tip_of(made.view.flow.plan, Spot("step", "a"))
    made.editor.choose(cards("a", "b"))
    made.key(Qt.Key.Key_D)
    assert made.graph == CHAIN


def test_a_connector_runs_past_a_step_that_is_off(bench):
    """It can be seen beside the card, where there is nothing for one that is on."""
    beside = []
    for off in (False, True):
        made = bench(edits.switched(CHAIN, ["b"], off))
        box = made.view.flow.plan.boxes[Spot("step", "b")]
        image = made.view.grab().toImage()
        point = made.view.mapFromScene(box.x + box.width + 12, box.y + 4)
        colours = {image.pixel(point + QPoint(x, 0)) for x in range(-3, 4)}
        beside.append(len(colours))
    assert beside[0] < beside[1]


def test_delete_on_a_plus_cuts_its_connector(bench):
    """What followed hangs loose, and one undo joins it again."""
    made = bench(CHAIN)
    made.editor.select(made.plus("a"))
    made.key(Qt.Key.Key_Delete)
    assert made.graph.steps["a"].exits == {}
    made.draft.undo()
    assert made.graph == CHAIN
