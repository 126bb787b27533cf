"""Placing steps by hand, snapping them into line, tidying up."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from rally_desktop.canvas.plan import Spot
from tests.canvas.flows import CHAIN

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def card(key):
    """A step on the sheet."""
    return Spot("step", key)


def ground(bench):
    """A point of the window beside everything."""
    return QPoint(bench.view.viewport().width() - 160, 400)


def test_a_step_dropped_on_the_ground_stands_there(bench):
    """Its place is kept with the workflow, on the grid; one undo puts it back."""
    made = bench(CHAIN)
    made.drag("z", ground(made))
    x, y = made.graph.layout["z"]
    box = made.view.flow.plan.boxes[card("z")]
    assert (box.x, box.y, box.pinned) == (x, y, True)
    assert made.said[-1] == "Placed End by hand."
    made.key(Qt.Key.Key_Z, CTRL)
    assert made.graph is CHAIN


def test_a_step_dropped_near_where_it_stood_goes_back(bench):
    """A slip of the hand places nothing by hand."""
    made = bench(CHAIN)
    made.drag("b", made.at("b", 9, 6))
    assert made.graph is CHAIN


def test_a_step_snaps_into_line_and_shows_by_which_line(bench):
    """Within six pixels of another's middle it comes to rest there; Ctrl keeps it free."""
    made = bench(CHAIN)
    made.drag("z", ground(made))
    middle = made.view.flow.plan.boxes[card("a")]
    end = made.at("a", 300, 3)
    made.carry("z", end)
    assert made.editor.guides._item is not None
    made.release(end)
    box = made.view.flow.plan.boxes[card("z")]
    assert box.y + box.height / 2 == middle.y + middle.height / 2
    made.press(made.at("z"))
    made.move(made.at("z", 8, 8), CTRL)
    assert made.editor.guides._item is None
    made.key(Qt.Key.Key_Escape)


def test_selected_steps_apart_are_placed_by_hand_together(bench):
    """On the ground they need not follow one another; each moves as far as the others."""
    made = bench(CHAIN)
    before = {key: made.view.flow.plan.boxes[card(key)] for key in "az"}
    made.editor.choose([card("a"), card("z")])
    made.drag("a", ground(made))
    by = {
        (made.graph.layout[key][0] - box.x, made.graph.layout[key][1] - box.y)
        for key, box in before.items()
    }
    assert len(by) == 1
    assert made.said[-1] == "Placed 2 steps by hand."


def test_a_click_on_the_pin_puts_a_step_back(bench):
    """The sign of a step placed by hand is seen when one points at it."""
    made = bench(CHAIN)
    made.drag("z", ground(made))
    made.hover("z")
    made.hover(made.handle("z", "pin"))
    assert "placed by hand" in made.hands.tip.text.lower()
    made.bot.mouseClick(
        made.view.viewport(), Qt.MouseButton.LeftButton, pos=made.handle("z", "pin")
    )
    assert made.graph.layout == {}


def test_a_step_put_onto_a_connector_is_no_longer_placed_by_hand(bench):
    """Wired in elsewhere, it stands where the tidy layout puts it."""
    made = bench(CHAIN)
    made.drag("b", ground(made))
    assert "b" in made.graph.layout
    made.drag("b", made.plus("start"))
    assert made.path() == ["b", "a", "c", "z"]
    assert made.graph.layout == {}


def test_tidy_up_asks_before_it_undoes_somebodys_work(bench):
    """With nothing selected it asks; answered, all goes back in one step of history."""
    made = bench(CHAIN)
    made.drag("z", ground(made))
    made.editor.select(None)
    made.key(Qt.Key.Key_T, ALT | SHIFT)
    assert "placed by hand" in made.editor.question.text.text()
    made.bot.keyClick(made.editor.question.buttons()[0], Qt.Key.Key_Return)
    assert made.graph.layout == {}
    assert made.draft.stack.undoText() == "Tidy up"


def test_tidy_up_puts_back_what_is_selected_and_keeps_the_rest(bench):
    """Of two steps placed by hand, the one that is not selected stays where it is."""
    made = bench(CHAIN.with_(layout={"z": (400.0, 400.0), "a": (-500.0, 140.0)}))
    made.editor.select(card("z"))
    made.key(Qt.Key.Key_T, ALT | SHIFT)
    assert list(made.graph.layout) == ["a"]


@pytest.mark.parametrize("motion", [False, True])
def test_while_tidying_the_selected_step_keeps_its_place_on_screen(bench, motion):
    """The sheet moves below it, so one does not lose sight of it."""
    made = bench(CHAIN.with_(layout={"a": (300.0, 200.0)}))
    made.view.go_to(1.0, QPointF(250, 300), glide=False)
    made.view.motion = motion
    made.editor.scene.select(card("a"))
    before = made.at("a")
    made.key(Qt.Key.Key_T, ALT | SHIFT)
    assert (made.at("a") - before).manhattanLength() <= 2
    item = made.view.flow.stage.cards[card("a")]
    assert (made.view.mapFromScene(item.pos() + QPointF(136, 36)) - before).manhattanLength() <= 2


def test_alt_and_arrows_nudge_what_was_placed_by_hand(bench):
    """By eight pixels, with Shift by one; pushes in a row are undone together."""
    made = bench(CHAIN.with_(layout={"z": (400.0, 400.0)}))
    made.editor.select(card("z"))
    for key, keys in (
        (Qt.Key.Key_Right, ALT),
        (Qt.Key.Key_Down, ALT),
        (Qt.Key.Key_Up, ALT | SHIFT),
    ):
        made.key(key, keys)
    assert made.graph.layout["z"] == (408.0, 407.0)
    made.key(Qt.Key.Key_Z, CTRL)
    assert made.graph.layout["z"] == (400.0, 400.0)


def test_a_step_is_placed_by_hand_and_put_back_by_keys(bench):
    """P keeps it where it stands, so that arrows can move it; Shift+P lets go of it."""
    made = bench(CHAIN)
    made.editor.select(card("b"))
    box = made.view.flow.plan.boxes[card("b")]
    made.key(Qt.Key.Key_P)
    assert made.graph.layout == {"b": (box.x, box.y)}
    made.key(Qt.Key.Key_P, SHIFT)
    assert made.graph.layout == {}
