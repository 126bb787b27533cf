"""The overview beside the sheet."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from rally_desktop.canvas.minimap import MiniMap
from tests.canvas.flows import CHAIN, random_graph

pytestmark = pytest.mark.slow

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def mapped(bench):
    """Make a canvas with its overview beside it."""

    def make(graph):
        made = bench(graph)
        window = QWidget()
        row = QHBoxLayout(window)
        made.map = MiniMap(made.view)
        row.addWidget(made.map)
        row.addWidget(made.view)
        window.resize(1200, 700)
        made.show(window)
        return made

    return make


def large(mapped):
    """A workflow of which a small part is in view."""
    made = mapped(random_graph(300, 2))
    made.view.go_to(1.0, made.view.flow.sceneRect().center(), glide=False)
    made.bot.waitUntil(made.map.isVisible)
    return made


def middle(made):
    """The point of the sheet in the middle of the window."""
    look = made.view.heading()
    return QPointF(look.x, look.y)


def test_it_comes_only_where_little_is_in_view(mapped):
    """A short workflow needs no map; a long one has it until all of it is in view."""
    small = mapped(CHAIN)
    small.map.decide()
    assert not small.map.isVisible()
    made = large(mapped)
    made.view.fit(made.view.flow.sceneRect())
    made.bot.waitUntil(lambda: not made.map.isVisible())


def test_it_fades_in_and_out(mapped):
    """With motion it takes a moment; it never jumps."""
    made = large(mapped)
    made.view.motion = True
    made.map.want(False)
    assert made.map.isVisible()
    made.bot.waitUntil(lambda: not made.map.isVisible())


def test_who_does_not_want_it_never_sees_it(mapped):
    """However little is in view."""
    made = large(mapped)
    made.map.want(False)
    assert not made.map.isVisible()
    made.map.want(True)
    assert made.map.isVisible()


def test_a_click_looks_there_and_the_way_back_is_kept(mapped):
    """What was clicked is in the middle of the window; Alt+Left goes back."""
    made = large(mapped)
    before = made.view.heading()
    made.bot.mouseClick(made.map, LEFT, pos=made.map.frame().center().toPoint() + QPoint(0, 25))
    assert middle(made).y() > before.y + 200
    assert made.view.look_back()
    assert made.view.heading().is_near(before)


def test_the_frame_is_dragged_along(mapped):
    """The sheet follows the hand on the map."""
    made = large(mapped)
    start = made.map.frame().center().toPoint()
    before = middle(made)
    made.bot.mousePress(made.map, LEFT, pos=start)
    made.bot.mouseMove(made.map, start - QPoint(0, 30))
    made.bot.mouseRelease(made.map, LEFT, pos=start - QPoint(0, 30))
    assert middle(made).y() < before.y() - 200


def test_the_frame_stays_in_the_hand_where_it_was_taken(mapped):
    """A press near its edge moves nothing yet."""
    made = large(mapped)
    before = made.view.heading()
    edge = made.map.frame().center().toPoint() + QPoint(0, int(made.map.frame().height() / 2) - 1)
    made.bot.mousePress(made.map, LEFT, pos=edge)
    assert abs(middle(made).y() - before.y) < 60
    made.bot.mouseRelease(made.map, LEFT, pos=edge)


def test_the_wheel_zooms_and_arrow_keys_move(mapped):
    """On the map, the wheel zooms about the middle; with the focus there, arrows pan."""
    made = large(mapped)
    at, none = QPointF(50, 50), Qt.MouseButton.NoButton
    turn = QWheelEvent(
        at, QPointF(made.map.mapToGlobal(at)), QPoint(), QPoint(0, 120), none,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(made.map, turn)
    assert made.view.zoom == pytest.approx(2 ** (120 / 480))
    before = middle(made)
    made.bot.keyClick(made.map, Qt.Key.Key_Down)
    assert middle(made).y() > before.y() + 50


def test_problems_are_dots_on_it(mapped):
    """Where something is wrong there is a red dot."""
    made = large(mapped)
    before = made.map.grab().toImage()
    key = next(iter(made.graph.steps))
    made.faces.problems[key] = "Text is required."
    made.editor.refresh()
    assert made.map.grab().toImage() != before
