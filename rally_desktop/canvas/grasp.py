"""One gesture at a time on the sheet: begun, followed, finished or called off."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from rally_desktop.canvas.edge_scroll import EdgeScroll
from rally_desktop.canvas.gesture import Gesture, Pointer
from rally_desktop.canvas.look import Kit
from rally_desktop.canvas.sheet import Sheet
from rally_desktop.canvas.tokens import Scheme

HELD: dict[int, Qt.KeyboardModifier] = {
    Qt.Key.Key_Alt: Qt.KeyboardModifier.AltModifier,
    Qt.Key.Key_Control: Qt.KeyboardModifier.ControlModifier,
    Qt.Key.Key_Shift: Qt.KeyboardModifier.ShiftModifier,
}


class Grasp(Sheet):
    """The sheet below a hand; ``button`` is the one that is held, if the mouse began it."""

    def __init__(self, scheme: Scheme, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(scheme, kit, parent)
        self.gesture: Gesture | None = None
        self.button = Qt.MouseButton.NoButton
        self.space = False
        self._began = self.last = Pointer(QPoint(), QPointF())
        self._edge = EdgeScroll(self, self.shift, self.slid)
        self._pointed: Qt.CursorShape | None = None

    def pointer(self, at: QPointF | QPoint, keys: Qt.KeyboardModifier) -> Pointer:
        """Return a point of the window with its place on the sheet."""
        window = at.toPoint() if isinstance(at, QPointF) else at
        return Pointer(window, self.mapToScene(window), keys)

    def begin(self, gesture: Gesture, at: Pointer) -> None:
        """Start a gesture; one at a time."""
        self.cancel()
        self.gesture, self._began, self.last = gesture, at, at
        gesture.start(at)
        self._show_cursor()

    def cancel(self) -> bool:
        """Call off the gesture, if there is one."""
        gesture = self._end()
        if gesture is not None:
            gesture.cancel()
        self._show_cursor()
        return gesture is not None

    def follow(self, at: Pointer) -> None:
        """Go on with the gesture; one that takes over starts where the first one did."""
        if self.gesture is None:
            return
        self.last = at
        after = self.gesture.move(at)
        if after is not None:
            self.gesture = after
            after.start(self._began)
            after.move(at)
        if self.gesture.scrolls:
            self._edge.follow(at.window, self.viewport().rect())
        self._show_cursor()

    def finish(self, at: Pointer) -> None:
        """Let the gesture do what it was for."""
        gesture = self._end()
        if gesture is not None:
            gesture.finish(at)
        self._show_cursor()

    def _end(self) -> Gesture | None:
        self._edge.stop()
        self.button = Qt.MouseButton.NoButton
        gesture, self.gesture = self.gesture, None
        return gesture

    def slid(self, window: QPoint) -> None:
        """Go on with the gesture after the sheet moved below the pointer."""
        self.follow(self.pointer(window, self.last.keys))

    def hold(self, key: int, down: bool) -> None:
        """Go on with the gesture with another key held, though the pointer rests."""
        if key in HELD and self.gesture is not None:
            keys = self.last.keys | HELD[key] if down else self.last.keys & ~HELD[key]
            self.follow(self.pointer(self.last.window, keys))

    def point_with(self, shape: Qt.CursorShape | None) -> None:
        """Show a cursor while no gesture is under way, None for the usual one."""
        if shape is not self._pointed:
            self._pointed = shape
            self._show_cursor()

    def _show_cursor(self) -> None:
        shape = self.gesture.cursor if self.gesture else self._pointed
        if shape is None and self.space:
            shape = Qt.CursorShape.OpenHandCursor
        if shape is None:
            self.viewport().unsetCursor()
        else:
            self.viewport().setCursor(shape)

    def take_space(self, down: bool) -> None:
        """Take hold of the sheet by the space bar, or let go."""
        if down != self.space:
            self.space = down
            self._show_cursor()

    def hideEvent(self, event: QHideEvent) -> None:
        """Call off what was under way when another page comes to the front."""
        super().hideEvent(event)
        self.cancel()
