"""An editor on screen, as one works with it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from rally_desktop.canvas.draft import Draft
from rally_desktop.canvas.editor import FlowEditor
from rally_desktop.canvas.handles import handles_of
from rally_desktop.canvas.hands import EditorHands
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.canvas.view import FlowView
from rally_desktop.ui import fonts, icons
from tests.canvas.flows import SPLIT, PlainCatalogue, PlainFaces


class Kit:
    """The program's typeface and icons."""

    font = staticmethod(fonts.font)
    picture = staticmethod(icons.pixmap)


class Bench:
    """An editor, and short ways to use mouse and keys on it."""

    def __init__(self, qtbot, graph, size=(1000, 900)):
        self.bot = qtbot
        self.view = FlowView("light", Kit())
        self.view.motion = False
        self.draft = Draft(graph)
        self.faces = PlainFaces()
        self.editor = FlowEditor(self.draft, self.faces, PlainCatalogue(), self.view)
        self.hands = EditorHands(self.editor)
        self.said = []
        self.editor.said.connect(self.said.append)
        self.view.resize(*size)
        self.window = self.view
        self.show(self.view)

    def show(self, window):
        """Put the window on screen, with the whole workflow in view."""
        self.window = window
        with self.bot.waitExposed(window):
            window.show()
        self.view.look_at_start()

    @property
    def graph(self):
        return self.draft.graph

    @property
    def selected(self):
        return self.view.flow.selected

    def at(self, what, dx=0, dy=0):
        """The point of the window where a card or '+' is."""
        plan = self.view.flow.plan
        if isinstance(what, Slot):
            x, y = plan.pluses[what]
        else:
            box = plan.boxes[what if isinstance(what, Spot) else Spot("step", what)]
            x, y = box.x + box.width / 2, box.y + box.height / 2
        return self.view.mapFromScene(x, y) + QPoint(dx, dy)

    def plus(self, source, exit_name="next"):
        return Slot("connector", source, exit_name)

    def click(self, what, button=Qt.MouseButton.LeftButton):
        self.bot.mouseClick(self.view.viewport(), button, pos=self.at(what))

    def press(self, at, keys=Qt.KeyboardModifier.NoModifier):
        self.bot.mousePress(self.view.viewport(), Qt.MouseButton.LeftButton, keys, at)

    def move(self, at, keys=Qt.KeyboardModifier.NoModifier):
        """Move the pointer with the left button held."""
        self._send_move(at, Qt.MouseButton.LeftButton, keys)

    def hover(self, what):
        """Point at something, no button held."""
        at = what if isinstance(what, QPoint) else self.at(what)
        self._send_move(at, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier)

    def _send_move(self, at, held, keys):
        port, none = self.view.viewport(), Qt.MouseButton.NoButton
        there = port.mapToGlobal(QPointF(at))
        event = QMouseEvent(QEvent.Type.MouseMove, QPointF(at), there, none, held, keys)
        QApplication.sendEvent(port, event)

    def release(self, at, keys=Qt.KeyboardModifier.NoModifier):
        self.bot.mouseRelease(self.view.viewport(), Qt.MouseButton.LeftButton, keys, at)

    def carry(self, what, to, keys=Qt.KeyboardModifier.NoModifier):
        """Press on something and move in steps, without letting go; return where it is."""
        start = what if isinstance(what, QPoint) else self.at(what)
        end = to if isinstance(to, QPoint) else self.at(to)
        self.press(start, keys)
        self.move(start + QPoint(6, 6), keys)
        self.move((start + end) / 2, keys)
        self.move(end, keys)
        return end

    def drag(self, what, to, keys=Qt.KeyboardModifier.NoModifier):
        """Press on something, move and let go."""
        self.release(self.carry(what, to, keys), keys)

    def handle(self, key, kind, name=""):
        """The point of the window where one takes hold of a card."""
        spot = key if isinstance(key, Spot) else Spot("step", key)
        found = handles_of(self.view.flow.plan, spot)
        at = next(h.at for h in found if h.kind == kind and name in ("", h.place.exit))
        return self.view.mapFromScene(*at)

    def pull(self, key, to, kind="port", name=""):
        """Point at a card, take it by one of its handles, and drag that somewhere."""
        self.hover(key)
        self.drag(self.handle(key, kind, name), to)

    def key(self, key, keys=Qt.KeyboardModifier.NoModifier):
        self.bot.keyClick(self.view, key, keys)

    def path(self, *exits):
        """The ids along the first path, or along the named exits."""
        here, found = self.graph.start, []
        while here is not None:
            found.append(here)
            leads = self.graph.steps[here].exits
            here = next((leads[name] for name in (*exits, *leads) if name in leads), None)
        return found


@pytest.fixture
def bench(qtbot):
    """Make an editor for a workflow."""
    made = []

    def make(graph=SPLIT, **more):
        made.append(Bench(qtbot, graph, **more))
        return made[-1]

    yield make
    for each in made:
        each.editor.quick_add.hide()
        each.window.close()
        each.window.deleteLater()
