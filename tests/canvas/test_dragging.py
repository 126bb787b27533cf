"""Dragging steps, branches and selections with the mouse, and the same by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QLineEdit

from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.model import joining
from tests.canvas.flows import CHAIN, SPLIT, graph, step

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
TWO = graph(
    step("if", "branch", yes="y", else_="n"), step("y"), step("n", next="o"),
    step("o", "wait", next="p"), step("p", "task"),
)  # fmt: skip


def card(key):
    """A step on the sheet."""
    return Spot("step", key)


def ground(bench):
    """A point of the window beside everything."""
    return QPoint(bench.view.viewport().width() - 160, 400)


# -- onto connectors ---------------------------------------------------------------------------


def test_dragging_a_step_onto_a_connector_puts_it_there(bench):
    """It is named in the undo menu and told by where it came to stand."""
    made = bench(CHAIN)
    made.drag("b", made.plus("c"))
    assert made.path() == ["a", "c", "b", "z"]
    assert made.draft.stack.undoText() == "Move Wait below Mail"
    assert made.said[-1] == "Moved Wait below Mail."


def test_dropping_on_an_end_goes_before_it(bench):
    """A step let go over an End comes between it and what led there."""
    made = bench(CHAIN)
    made.drag("a", "z")
    assert made.path() == ["b", "c", "a", "z"]


def test_dropping_on_the_upper_half_of_a_card_goes_above_it(bench):
    """The half of a card that is pointed at tells on which side of it."""
    made = bench(CHAIN)
    made.drag("c", made.at("a", 90, -20))
    assert made.path() == ["c", "a", "b", "z"]


def test_with_alt_held_on_the_way_a_step_goes_to_no_connector(bench):
    """It is placed by hand right there; nothing is wired anew."""
    made = bench(CHAIN)
    start, end = made.at("b"), made.at(made.plus("c"), 30, 0)
    made.press(start)
    made.move(start + QPoint(6, 6))
    made.move(end, ALT)
    assert made.view.flow.preview.slot is None
    made.release(end, ALT)


def test_pressing_alt_while_dragging_closes_the_place_again(bench):
    """The pointer need not move for the key to be heard."""
    made = bench(CHAIN)
    made.carry("b", made.plus("c"))
    made.bot.keyPress(made.view, Qt.Key.Key_Alt)
    assert made.view.flow.preview.slot is None
    made.bot.keyRelease(made.view, Qt.Key.Key_Alt)
    assert made.view.flow.preview.slot == made.plus("c")


def test_shift_takes_the_whole_branch_along(bench):
    """A step and what only it leads to go together onto another connector."""
    made = bench(TWO)
    made.drag("n", made.plus("if", "yes"), SHIFT)
    assert made.path("yes") == ["if", "n", "o", "p", "y"]
    assert made.draft.stack.undoText() == "Move 3 steps below Branch, Yes"


def test_the_grip_takes_the_whole_branch_along(bench):
    """The dots at the left edge of a card do the same as Shift."""
    made = bench(TWO)
    made.pull("n", made.at(made.plus("y")), "grip")
    assert made.path("yes") == ["if", "y", "n", "o", "p"]
    assert "else" not in made.graph.steps["if"].exits


def test_a_step_with_several_paths_takes_them_along(bench):
    """A branch dragged to an open end brings all that hangs below it."""
    made = bench(graph(
        step("if", "branch", yes="in", else_="n"), step("n"),
        step("in", "branch", yes="y"), step("y", "end"),
    ))  # fmt: skip
    made.drag("in", made.plus("n"))
    assert made.graph.steps["n"].exits == {"next": "in"}
    assert made.graph.steps["in"].exits == {"yes": "y"}


def test_a_branch_that_ends_is_not_put_in_the_middle(bench):
    """It says why, and nothing has happened."""
    made = bench()
    made.drag("m", made.plus("a"), SHIFT)
    assert made.graph is SPLIT
    assert "end" in made.said[-1]


def test_selected_steps_in_a_row_move_together(bench):
    """Dragging one of them takes them all, in their order, as one step of history."""
    made = bench(CHAIN)
    made.editor.choose([card("b"), card("c")])
    made.drag("c", made.plus("start"))
    assert made.path() == ["b", "c", "a", "z"]
    assert made.view.flow.chosen == {card("b"), card("c")}
    assert made.draft.stack.undoText() == "Move 2 steps to the top"


def test_selected_steps_apart_do_not_go_to_a_connector(bench):
    """It says why they cannot go together."""
    made = bench(CHAIN)
    made.editor.choose([card("a"), card("c")])
    made.drag("c", made.plus("b"))
    assert made.graph is CHAIN
    assert "do not follow one another" in made.said[-1]


def test_a_trigger_stays_at_the_top(bench):
    """It is not dragged, and says so."""
    made = bench()
    made.drag(Spot("trigger", "t1"), made.plus("y"))
    assert made.graph is SPLIT
    assert made.said[-1] == "Triggers stay at the top."


def test_alt_takes_a_copy_along(bench):
    """A step dragged with Alt stays, and its copy is wired in where it is dropped."""
    made = bench(CHAIN)
    made.drag("b", made.plus("c"), ALT)
    assert made.path() == ["a", "b", "c", "wait1", "z"]
    assert made.draft.stack.undoText() == "Duplicate Wait"


def test_a_place_opens_for_a_copy_too(bench):
    """Neighbours make room, and the step itself stays as it is."""
    made = bench(CHAIN)
    end = made.carry("b", made.plus("c"), ALT)
    assert "wait1" in made.view.flow.stage.plan.graph.steps
    assert made.view.flow.faint == {card("wait1")}
    made.key(Qt.Key.Key_Escape)
    made.release(end, ALT)
    assert made.graph is CHAIN


def test_copies_that_end_are_not_put_in_the_middle(bench):
    """An End dragged with Alt onto a connector that leads on says why not."""
    made = bench(CHAIN)
    made.drag("z", made.plus("a"), ALT)
    assert made.graph is CHAIN
    assert "where nothing follows" in made.said[-1]


def test_a_copy_dropped_on_the_ground_hangs_loose_there(bench):
    """It stands where it was dropped, and nothing leads to it."""
    made = bench(CHAIN)
    made.drag("b", ground(made), ALT)
    assert made.path() == ["a", "b", "c", "z"]
    assert list(made.graph.layout) == ["wait1"]
    assert made.graph.entrances("wait1") == ()


# -- by keys -----------------------------------------------------------------------------------


def test_ctrl_shift_up_and_down_swap_with_the_neighbour(bench):
    """The step goes past the one above, and back."""
    made = bench(CHAIN)
    made.editor.select(card("b"))
    made.key(Qt.Key.Key_Up, CTRL | SHIFT)
    assert made.path() == ["b", "a", "c", "z"]
    made.key(Qt.Key.Key_Down, CTRL | SHIFT)
    made.key(Qt.Key.Key_Down, CTRL | SHIFT)
    assert made.path() == ["a", "c", "b", "z"]
    assert made.said[-1] == "Moved Wait below Mail."


def test_ctrl_shift_left_and_right_swap_paths(bench):
    """What hangs below Yes hangs below Else, and the other way round."""
    made = bench(TWO)
    made.editor.select(card("o"))
    made.key(Qt.Key.Key_Left, CTRL | SHIFT)
    assert made.graph.steps["if"].exits == {"yes": "n", "else": "y"}
    assert made.said[-1] == "Moved the path of Wait to Branch, Yes."
    made.key(Qt.Key.Key_Left, CTRL | SHIFT)
    assert made.said[-1] == "There is no path to the left to swap with."


def test_move_to_by_keys(bench):
    """Ctrl+M, an arrow, Enter: the place opens while one chooses."""
    made = bench(CHAIN)
    made.editor.select(card("b"))
    made.key(Qt.Key.Key_M, CTRL)
    made.key(Qt.Key.Key_End)
    assert made.view.flow.preview.slot == made.plus("c")
    assert "Enter" in made.said[-1]
    made.key(Qt.Key.Key_Up)
    made.key(Qt.Key.Key_Home)
    assert made.view.flow.preview.slot == made.plus("start")
    made.key(Qt.Key.Key_Return)
    assert made.path() == ["b", "a", "c", "z"]


def test_move_to_takes_the_keys_wherever_it_was_asked_for(bench, qtbot):
    """Asked for in the outline, the arrows choose on the sheet; going elsewhere leaves it."""
    made = bench(CHAIN)
    beside = QLineEdit(made.view)
    beside.show()
    beside.setFocus()
    made.editor.scene.select(card("b"))
    made.hands.do("move_to")
    assert made.view.hasFocus()
    beside.setFocus()
    assert made.view.gesture is None
    assert made.graph is CHAIN


def test_escape_leaves_move_to(bench):
    """The place closes, and arrows walk the cards again."""
    made = bench(CHAIN)
    made.editor.select(card("b"))
    made.key(Qt.Key.Key_M, CTRL)
    made.key(Qt.Key.Key_Escape)
    assert made.view.flow.preview.slot is None
    made.key(Qt.Key.Key_Down)
    assert (made.graph, made.selected) == (CHAIN, card("c"))


def test_a_branch_is_moved_by_keys(bench):
    """Ctrl+Shift+M takes along what hangs below the step."""
    made = bench(TWO)
    made.editor.select(card("n"))
    made.key(Qt.Key.Key_M, CTRL | SHIFT)
    made.key(Qt.Key.Key_Left)
    made.key(Qt.Key.Key_Return)
    assert {"n", "o", "p"} <= set(made.path("yes"))


# -- circumstances -----------------------------------------------------------------------------


def test_a_drag_near_the_border_scrolls_the_sheet(bench):
    """Within 24 pixels of the border the sheet moves, and what is dragged with it."""
    steps = [step(f"s{n}", next=f"s{n + 1}") for n in range(30)] + [step("s30")]
    made = bench(graph(*steps))
    made.view.go_to(1.0, QPointF(0, 400), glide=False)
    before = made.view.verticalScrollBar().value()
    end = made.carry("s1", QPoint(700, made.view.viewport().height() - 10))
    for _ in range(20):
        made.view._edge.step()
    assert made.view.verticalScrollBar().value() > before + 100
    made.key(Qt.Key.Key_Escape)
    made.release(end)


@pytest.mark.parametrize("zoom", [0.4, 1.6])
def test_a_step_is_dragged_onto_a_connector_at_any_zoom(bench, zoom):
    """From afar, where cards are blocks, as well as from near."""
    made = bench(CHAIN)
    made.view.go_to(zoom, QPointF(0, 400), glide=False)
    made.carry("b", made.plus("c"))
    assert made.view.flow.preview.slot == made.plus("c")
    made.view.viewport().grab()
    made.release(made.at(made.plus("c")))
    assert made.path() == ["a", "c", "b", "z"]


def test_the_wheel_may_be_turned_while_dragging(bench):
    """What is dragged stays below the pointer when the sheet zooms under it."""
    made = bench(CHAIN)
    end = made.carry("b", made.plus("c"))
    made.view.zoom_to(made.view.zoom * 1.5, end)
    made.move(made.at(made.plus("c")))
    made.release(made.at(made.plus("c")))
    assert made.path() == ["a", "c", "b", "z"]


def test_with_motion_a_drop_is_a_drop(bench):
    """Neighbours that still glide aside do not change where a step goes."""
    made = bench(CHAIN)
    made.view.motion = True
    made.drag("b", made.plus("c"))
    assert made.path() == ["a", "c", "b", "z"]
    made.bot.waitUntil(lambda: not made.view.flow.glide._moves)
    item = made.view.flow.stage.cards[card("b")]
    assert item.y() == made.view.flow.plan.boxes[card("b")].y


def test_a_dropped_step_glides_out_of_the_hand_and_nothing_else_jumps(bench):
    """The neighbours made room already; the step starts where it was let go."""
    made = bench(CHAIN)
    made.view.motion = True
    flow = made.view.flow
    end = made.carry("b", made.plus("c"))
    made.bot.waitUntil(lambda: not flow.glide._moves)
    corner = made.view.mapToScene(end) - made.view.gesture._held
    before = flow.stage.cards[card("c")].pos()
    made.release(end)
    assert flow.stage.cards[card("c")].pos() == before
    assert (flow.stage.cards[card("b")].pos() - corner).manhattanLength() < 2


def test_in_a_locked_workflow_nothing_is_dragged(bench):
    """It says why, cards can be selected, and no handles are shown."""
    made = bench(CHAIN)
    made.draft.lock("This is the published version.")
    made.drag("b", made.plus("c"))
    assert (made.graph, made.selected) == (CHAIN, card("b"))
    assert made.said[-1] == "This is the published version."
    made.hover("b")
    assert made.view.flow.handles._items == []


def test_a_change_from_elsewhere_calls_a_drag_off(bench):
    """What is dragged may not be there any more."""
    made = bench(CHAIN)
    end = made.carry("b", made.plus("c"))
    made.draft.edit("Edit", joining.without(CHAIN, {"b"}, {}))
    assert made.view.gesture is None
    made.release(end)
    assert made.path() == ["a", "c", "z"]
    assert made.view.flow.afloat._items == []


def test_no_tip_comes_up_over_what_is_dragged(bench):
    """The one that was about to appear when the button went down does not."""
    made = bench(CHAIN)
    made.hover("b")
    assert made.hands.tip.soon.isActive()
    end = made.carry("b", made.plus("c"))
    assert not made.hands.tip.soon.isActive()
    made.release(end)


def test_another_button_calls_a_drag_off(bench):
    """A press of the right button while dragging leaves all as it was, and opens no menu."""
    made = bench(CHAIN)
    end = made.carry("b", made.plus("c"))
    made.bot.mousePress(made.view.viewport(), Qt.MouseButton.RightButton, pos=end)
    made.bot.mouseRelease(made.view.viewport(), Qt.MouseButton.RightButton, pos=end)
    made.release(end)
    assert made.graph is CHAIN
    assert made.view.flow.faint == frozenset()


def test_the_meeting_takes_a_step_for_all_paths(bench):
    """Dropped above where paths meet, a step is on all of them."""
    made = bench()
    made.drag("a", Slot("meeting", before="m"))
    assert {made.graph.steps[key].exits["next"] for key in "yn"} == {"a"}
