"""The camera: panning, zooming, what is painted near and far."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from rally_desktop.canvas import camera
from rally_desktop.canvas.items.card import Card
from rally_desktop.canvas.overlay import Overlay
from rally_desktop.canvas.plan import Spot
from rally_desktop.model.graph import Place
from tests.canvas.flows import graph, random_graph, step

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


def turn(bench, delta, at=QPoint(300, 300), keys=NONE, pixels=QPoint()):  # noqa: B008
    """Turn the wheel, or scroll by pixels as a touchpad does."""
    view = bench.view.viewport()
    event = QWheelEvent(
        QPointF(at), QPointF(view.mapToGlobal(at)), pixels, QPoint(0, delta),
        Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


def corner(bench):
    """What is in the upper left corner of the window."""
    return bench.view.mapToScene(QPoint(0, 0))


def test_the_wheel_pans_and_with_shift_sideways(bench):
    """One notch moves the sheet 40 pixels up, with Shift to the left."""
    made = bench()
    made.view.go_to(1.0, QPointF(0, 300), glide=False)
    before = corner(made)
    turn(made, -120)
    assert corner(made) - before == QPointF(0, 40)
    turn(made, -120, keys=SHIFT)
    assert corner(made) - before == QPointF(40, 40)


def test_a_touchpad_pans_by_its_own_pixels(bench):
    """Two fingers move the sheet exactly as far as they say."""
    made = bench()
    made.view.go_to(1.0, QPointF(0, 300), glide=False)
    before = corner(made)
    turn(made, -8, pixels=QPoint(-3, -5))
    assert corner(made) - before == QPointF(3, 5)


def test_ctrl_and_wheel_zoom_at_the_pointer(bench):
    """A notch zooms by 2^(120/480), and what is below the pointer stays there."""
    made = bench()
    made.view.go_to(1.0, QPointF(0, 300), glide=False)
    at = QPoint(420, 260)
    before = made.view.mapToScene(at)
    for _ in range(3):
        turn(made, 120, at, CTRL)
    assert made.view.zoom == pytest.approx(2 ** (360 / 480))
    away = made.view.mapToScene(at) - before
    assert abs(away.x()) + abs(away.y()) < 2


def test_zooming_out_and_in_again_comes_back(bench):
    """Ten notches out and ten in: the same zoom, the same place."""
    made = bench()
    made.view.go_to(1.0, QPointF(0, 300), glide=False)
    before = corner(made)
    for delta in [-120] * 10 + [120] * 10:
        turn(made, delta, keys=CTRL)
    assert made.view.zoom == pytest.approx(1.0)
    assert (corner(made) - before).manhattanLength() < 3


def test_the_middle_button_pans_also_over_cards(bench):
    """Held on a card, it moves the sheet, not the card."""
    made = bench()
    before, at = corner(made), made.at("y")
    made.bot.mousePress(made.view.viewport(), Qt.MouseButton.MiddleButton, pos=at)
    made.move(at + QPoint(30, 20))
    made.bot.mouseRelease(made.view.viewport(), Qt.MouseButton.MiddleButton, pos=at)
    scale = made.view.zoom
    assert (before - corner(made)) * scale == QPointF(30, 20)


def test_space_and_drag_pan(bench):
    """With Space held the left button moves the sheet."""
    made = bench()
    before, at = corner(made), made.at("y")
    made.bot.keyPress(made.view, Qt.Key.Key_Space)
    made.press(at)
    made.move(at + QPoint(-25, 0))
    made.release(at + QPoint(-25, 0))
    made.bot.keyRelease(made.view, Qt.Key.Key_Space)
    assert ((corner(made) - before) * made.view.zoom).x() == pytest.approx(25, abs=1)


def test_keys_zoom_and_fit(bench):
    """Ctrl+0 is 100 %, Ctrl+1 shows all, Ctrl+2 what is selected, + and − step."""
    made = bench(random_graph(200, 1))
    made.key(Qt.Key.Key_1, CTRL)
    assert made.view.seen().contains(made.view.flow.sceneRect().adjusted(40, 40, -40, -40))
    made.key(Qt.Key.Key_0, CTRL)
    assert made.view.zoom == 1.0
    made.key(Qt.Key.Key_Minus, CTRL)
    assert made.view.zoom == pytest.approx(0.9)
    made.key(Qt.Key.Key_Plus, CTRL)
    assert made.view.zoom == pytest.approx(1.0)


def test_even_zooms_are_close_together_near_the_middle():
    """Steps are 10 % near 100 %, and end at the limits."""
    assert camera.stepped(0.93, up=True) == 1.0
    assert camera.stepped(2.5, up=True) == 2.5
    assert camera.bounded(9.0) == 2.5


def test_everything_always_fits(bench):
    """However large a workflow is, fit all shows all of it."""
    made = bench(random_graph(1500, 4), size=(400, 300))
    made.key(Qt.Key.Key_1, CTRL)
    left, top, right, bottom = made.view.flow.plan.bounds
    seen = made.view.seen()
    assert seen.left() <= left
    assert seen.right() >= right
    assert seen.top() <= top
    assert seen.bottom() >= bottom


def cards(bench):
    """The cards that are made."""
    return {item.spot for item in bench.view.flow.items() if isinstance(item, Card)}


def test_what_is_in_view_is_on_the_scene_and_the_rest_is_not(bench):
    """Of a large workflow only the cards near the window are made."""
    made = bench(random_graph(1500, 4))
    made.view.go_to(1.0, QPointF(0, 400), glide=False)
    boxes = made.view.flow.plan.boxes
    seen = made.view.seen()
    wanted = {spot for spot, box in boxes.items() if seen.contains(*box.top)}
    assert wanted <= cards(made)
    assert len(cards(made)) < len(boxes) / 3


def test_from_afar_no_item_is_asked_to_paint(bench):
    """Below the size at which titles can be read, blocks are painted instead of cards."""
    made = bench(random_graph(300, 2))
    made.view.go_to(0.3, QPointF(0, 400), glide=False)
    painted, far = made.view.flow.stage.painted, made.view.far_paints
    made.view.viewport().repaint()
    assert made.view.is_far()
    assert made.view.far_paints > far
    assert made.view.flow.stage.painted == painted


def test_clicks_meet_cards_also_from_afar(bench):
    """A block is selected like the card it stands for."""
    made = bench()
    made.view.go_to(0.4, QPointF(0, 400), glide=False)
    made.click("m")
    assert made.selected == Spot("step", "m")


def test_the_smallest_card_is_met_within_sixteen_pixels(bench):
    """An End that is ten pixels high from afar is met a little beside it too."""
    made = bench()
    made.view.go_to(0.25, QPointF(0, 400), glide=False)
    made.bot.mouseClick(made.view.viewport(), Qt.MouseButton.LeftButton, pos=made.at("z", 0, 7))
    assert made.selected == Spot("step", "z")


def test_panning_paints_only_what_comes_into_view(bench):
    """A pan of some pixels paints no card anew that was there."""
    made = bench(random_graph(300, 2))
    made.view.go_to(1.0, QPointF(0, 2000), glide=False)
    made.bot.waitUntil(lambda: not made.view.flow.stage.card_keeper.waiting)
    before = made.view.flow.stage.painted
    made.view.shift(0, 24)
    assert made.view.flow.stage.painted == before


def test_hovering_paints_one_card(bench):
    """Pointing at a card paints that card, and the one left, and no other."""
    made = bench()
    before = made.view.flow.stage.painted
    made.hover("y")
    made.hover("n")
    assert made.view.flow.stage.painted - before == 3


def test_a_zoom_gesture_paints_cards_once_at_its_end(bench):
    """While the wheel turns pictures are scaled; afterwards each card is painted once."""
    made = bench()
    before = made.view.flow.stage.painted
    for _ in range(6):
        turn(made, 20, keys=CTRL)
    assert made.view.flow.stage.painted == before
    made.view.sharpen()
    assert made.view.flow.stage.painted - before <= len(made.view.flow.plan.boxes)


def test_numbers_lie_over_cards_and_labels(bench):
    """An overlay shows how many came by, without touching the workflow."""
    made = bench()
    made.view.flow.set_overlay(Overlay({"y": "94"}, {Place("if", "yes"): "94"}))
    stage = made.view.flow.stage
    assert stage.cards[Spot("step", "y")].state.count == "94"
    assert stage.pills[Place("if", "yes")].text == "Yes · 94"


def test_the_sheet_turns_dark(bench):
    """Another scheme paints everything anew."""
    made = bench()
    made.view.set_scheme("dark")
    picture = made.view.viewport().grab().toImage()
    assert picture.pixelColor(3, 3).lightness() < 60


def test_steps_glide_to_their_new_places(bench):
    """With motion, a card starts where it was and ends where the plan says."""
    made = bench(graph(step("a", next="b"), step("b")))
    made.view.motion = True
    made.click(made.plus("a"))
    made.editor.quick_add.list.wanted.emit(made.editor.offers_at(made.plus("a"))[0])
    made.editor.quick_add.hide()
    item = made.view.flow.stage.cards[Spot("step", "b")]
    end = made.view.flow.plan.boxes[Spot("step", "b")].y
    assert item.y() < end
    made.bot.waitUntil(lambda: item.y() == end)


def test_another_screen_gets_pictures_of_its_own_density(bench, monkeypatch):
    """Moved to a screen with twice the pixels, cards and pills are painted anew for it."""
    made = bench()
    monkeypatch.setattr(made.view, "devicePixelRatioF", lambda: 2.0)
    QApplication.sendEvent(made.view, QEvent(QEvent.Type.DevicePixelRatioChange))
    made.bot.waitUntil(lambda: not made.view.flow.stage.card_keeper.waiting)
    card = made.view.flow.stage.cards[Spot("step", "a")]
    assert card.pixmap().devicePixelRatio() == pytest.approx(2.0 * made.view.zoom)


def test_a_window_that_grows_goes_on_looking_at_the_start(bench):
    """As long as nobody looked elsewhere the workflow stays in the middle; after that it stays."""
    made = bench(random_graph(60, 3), size=(700, 600))
    made.view.resize(1400, 600)
    assert abs(made.view.mapToScene(made.view.viewport().rect().center()).x()) < 2
    made.view.shift(300, 0)
    where = made.view.mapToScene(0, 0)
    made.view.resize(1500, 600)
    assert abs(made.view.mapToScene(0, 0).x() - where.x()) < 120
