"""Looking around: wheel and touchpad, the way back, Tab and problems by key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu

from rally_desktop.canvas.plan import Spot
from rally_desktop.canvas.trail import Look, Trail
from rally_desktop.model.graph import Frame, Note
from tests.canvas.flows import CHAIN, SPLIT, random_graph

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier
KEY = Qt.Key


def turn(bench, delta, keys=NONE, pixels=QPoint(), phase=Qt.ScrollPhase.NoScrollPhase):  # noqa: B008
    """Turn the wheel, or scroll by pixels as a touchpad does."""
    view, at = bench.view.viewport(), QPoint(300, 300)
    none = Qt.MouseButton.NoButton
    event = QWheelEvent(
        QPointF(at),
        QPointF(view.mapToGlobal(at)),
        pixels,
        QPoint(0, delta),
        none,
        keys,
        phase,
        False,
    )
    QApplication.sendEvent(view, event)


def touch(bench, kind, value=0.0, at=QPoint(300, 300)):  # noqa: B008
    """Use two fingers on a touchpad."""
    view = bench.view.viewport()
    spot, whole = QPointF(at), QPointF(view.mapToGlobal(at))
    device = QPointingDevice.primaryPointingDevice()
    event = QNativeGestureEvent(kind, device, 2, spot, spot, whole, value, QPointF())
    QApplication.sendEvent(view, event)


def place(bench):
    """Where one looks."""
    return bench.view.heading()


def test_a_pinch_zooms_at_the_fingers(bench):
    """What is below the fingers stays there, also while they drift a little."""
    made = bench()
    made.view.go_to(1.0, QPointF(0, 300), glide=False)
    at = QPoint(420, 260)
    before = made.view.mapToScene(at)
    for _ in range(5):
        touch(made, Qt.NativeGestureType.ZoomNativeGesture, 0.1, at)
    assert made.view.zoom == pytest.approx(1.1**5)
    assert (made.view.mapToScene(at) - before).manhattanLength() < 2


def test_two_taps_fit_the_step_below_and_two_more_go_back(bench):
    """As in a reader of documents on a touchpad."""
    made = bench(random_graph(80, 2))
    made.view.go_to(0.8, QPointF(0, 400), glide=False)
    before = place(made)
    at = made.at(made.graph.start)
    touch(made, Qt.NativeGestureType.SmartZoomNativeGesture, at=at)
    assert made.view.zoom == 1.5
    assert (made.at(made.graph.start) - made.view.viewport().rect().center()).manhattanLength() < 4
    touch(made, Qt.NativeGestureType.SmartZoomNativeGesture, at=at)
    assert place(made).is_near(before)


def test_who_wishes_zooms_by_the_wheel_alone(bench):
    """Then a mouse wheel zooms, with Ctrl it pans; a touchpad goes on panning."""
    made = bench()
    made.view.go_to(1.0, QPointF(0, 300), glide=False)
    made.view.wheel.zooms = True
    turn(made, 120)
    assert made.view.zoom == pytest.approx(2 ** (120 / 480))
    turn(made, 40, pixels=QPoint(0, 5))
    turn(made, 120, keys=CTRL)
    assert made.view.zoom == pytest.approx(2 ** (120 / 480))


def test_a_fine_wheel_loses_nothing(bench):
    """Thirty turns of a thirtieth of a notch pan as far as one notch."""
    made = bench(random_graph(80, 2))
    made.view.go_to(1.0, QPointF(0, 400), glide=False)
    before = place(made).y
    for _ in range(30):
        turn(made, -4)
    assert place(made).y - before == pytest.approx(40, abs=1)


def test_ctrl_pressed_while_the_sheet_still_rolls_does_not_zoom(bench):
    """The system's own momentum goes on panning."""
    made = bench()
    made.view.go_to(1.0, QPointF(0, 300), glide=False)
    turn(made, 30, CTRL, phase=Qt.ScrollPhase.ScrollMomentum)
    assert made.view.zoom == 1.0


def test_back_and_forward_go_along_the_places_where_one_was(bench):
    """A jump can be taken back; Alt+Right makes it again."""
    made = bench(random_graph(200, 1))
    made.view.go_to(1.0, QPointF(0, 300), glide=False)
    first = place(made)
    made.key(KEY.Key_End)
    made.key(KEY.Key_1, CTRL)
    whole = place(made)
    made.key(KEY.Key_Left, ALT)
    made.key(KEY.Key_Left, ALT)
    assert place(made).is_near(first)
    made.key(KEY.Key_Right, ALT)
    made.key(KEY.Key_Right, ALT)
    assert place(made).is_near(whole)


def test_fit_all_pressed_again_goes_back(bench):
    """One looks at the whole for a moment, and is back where one worked."""
    made = bench(random_graph(200, 1))
    made.view.go_to(1.0, QPointF(0, 300), glide=False)
    first = place(made)
    made.key(KEY.Key_1, CTRL)
    assert not place(made).is_near(first)
    made.key(KEY.Key_1, CTRL)
    assert place(made).is_near(first)


def test_zoom_keys_pressed_quickly_count_each(bench):
    """While the camera is still on its way, the next press goes on from where it will be."""
    made = bench()
    made.view.go_to(1.0, QPointF(0, 300), glide=False)
    made.view.motion = True
    for _ in range(3):
        made.key(KEY.Key_Minus, CTRL)
    assert place(made).zoom == pytest.approx(0.7)
    made.bot.waitUntil(lambda: made.view.zoom == pytest.approx(0.7))


def test_page_keys_move_the_sheet_by_most_of_a_window(bench):
    """Down and up, with Shift to the sides; what is selected stays selected."""
    made = bench(random_graph(200, 1))
    made.view.go_to(1.0, QPointF(0, 3000), glide=False)
    before, size = place(made), made.view.viewport().size()
    made.key(KEY.Key_PageDown)
    assert place(made).y - before.y == pytest.approx(size.height() * 0.8, abs=2)
    made.key(KEY.Key_PageUp)
    made.key(KEY.Key_PageDown, SHIFT)
    assert place(made).x - before.x == pytest.approx(size.width() * 0.8, abs=2)
    made.key(KEY.Key_PageUp, SHIFT)
    assert place(made).is_near(before)


def test_nothing_is_remembered_twice():
    """A trail holds places, not every press; a new jump forgets what was ahead."""
    trail, one, two = Trail(), Look(1, 0, 0), Look(1, 500, 0)
    trail.leave(one)
    trail.leave(Look(1, 1, 1))
    assert trail.back(two) == one
    assert trail.back(one) is None
    trail.leave(one)
    assert trail.forward(two) is None


def test_tab_walks_the_cards_in_reading_order_and_then_leaves(bench):
    """It goes through every card once, paths from left to right; Shift+Tab goes back."""
    made = bench()
    seen = []
    while made.view.focusNextPrevChild(True):
        seen.append(made.selected.id)
    assert seen == ["t1", "a", "if", "y", "n", "m", "z"]
    assert made.view.focusNextPrevChild(False)
    assert made.selected == Spot("step", "m")


def test_tab_comes_to_notes_and_groups_too(bench):
    """A note after what it stands beside, groups at the end."""
    frame = Frame("f1", "Greeting", ("a",))
    made = bench(CHAIN.with_(notes=(Note("n1", "Ask Ana", "a"),), frames=(frame,)))
    seen = []
    while made.view.focusNextPrevChild(True):
        seen.append(made.selected.id)
    assert seen == ["t1", "a", "n1", "b", "c", "z", "f1"]


def test_f8_goes_from_problem_to_problem_and_round(bench):
    """It says what is wrong there; without problems it says so."""
    made = bench()
    said = []
    made.editor.said.connect(said.append)
    made.key(KEY.Key_F8)
    made.faces.problems.update(y="Text is required.", m="Too long.")
    made.editor.refresh()
    seen = []
    for keys in (NONE, NONE, NONE, SHIFT):
        made.key(KEY.Key_F8, keys)
        seen.append(made.selected.id)
    assert seen == ["y", "m", "y", "m"]
    assert said[:2] == ["No step has a problem.", "Mail: Text is required."]


def test_the_menu_key_opens_the_menu_of_what_is_selected(bench):
    """Wherever the pointer is, it is about the selected step, beside it."""
    made = bench(SPLIT)
    made.editor.select(Spot("step", "y"), by_keys=True)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(2, 2), QPoint(2, 2), NONE)
    assert event.type() is QEvent.Type.ContextMenu
    QApplication.sendEvent(made.view.viewport(), event)
    menu = made.view.findChild(QMenu, "sheet_menu")
    assert made.selected == Spot("step", "y")
    assert any("Disable" in action.text() for action in menu.actions())
    menu.close()
