"""What hands do on the sheet: wheel, touchpad, mouse and keys."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from rally_desktop.canvas.edge_scroll import EdgeScroll
from rally_desktop.canvas.faces import Offer
from rally_desktop.canvas.gesture import Gesture, Pointer
from rally_desktop.canvas.look import Kit
from rally_desktop.canvas.pan import Pan, PanOrMenu
from rally_desktop.canvas.sheet import Sheet
from rally_desktop.canvas.tokens import Scheme
from rally_desktop.canvas.wheel import Wheel

HELD: dict[int, Qt.KeyboardModifier] = {
    Qt.Key.Key_Alt: Qt.KeyboardModifier.AltModifier,
    Qt.Key.Key_Control: Qt.KeyboardModifier.ControlModifier,
    Qt.Key.Key_Shift: Qt.KeyboardModifier.ShiftModifier,
}


class Hands(Protocol):
    """Whoever decides what presses, keys and drops on the sheet mean."""

    def press(self, at: Pointer) -> Gesture | None:
        """Return the gesture that a left press begins."""
        ...

    def double_click(self, at: Pointer) -> None:
        """Answer a double click."""
        ...

    def hover(self, at: Pointer | None) -> None:
        """Hear where the pointer is, or that it left."""
        ...

    def menu(self, at: Pointer) -> None:
        """Answer a right click."""
        ...

    def menu_here(self) -> None:
        """Answer the menu key."""
        ...

    def key(self, event: QKeyEvent) -> bool:
        """Answer a key; return whether it meant something."""
        ...

    def knows(self, event: QKeyEvent) -> bool:
        """Say whether a key means something here."""
        ...

    def walk(self, forward: bool) -> bool:
        """Go to the next card in reading order; return whether there was one."""
        ...

    def carry(self, offer: Offer) -> Gesture:
        """Return the gesture for a kind that is brought from the palette."""
        ...


class FlowView(Sheet):
    """The sheet as one works on it."""

    def __init__(self, scheme: Scheme, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(scheme, kit, parent)
        self.hands: Hands | None = None
        self.gesture: Gesture | None = None
        self.wheel = Wheel(self)
        self._began = Pointer(QPoint(), QPointF())
        self._last = self._began
        self._button = Qt.MouseButton.NoButton
        self._edge = EdgeScroll(self, self.shift, self._slid)
        self._pointed: Qt.CursorShape | None = None
        self._space = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Workflow")

    def pointer(self, at: QPointF | QPoint, keys: Qt.KeyboardModifier) -> Pointer:
        """Return a point of the window with its place on the sheet."""
        window = at.toPoint() if isinstance(at, QPointF) else at
        return Pointer(window, self.mapToScene(window), keys)

    # -- gestures -------------------------------------------------------------------------

    def begin(self, gesture: Gesture, at: Pointer) -> None:
        """Start a gesture; one at a time."""
        self.cancel()
        self.gesture, self._began, self._last = gesture, at, at
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
        self._last = at
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
        self._button = Qt.MouseButton.NoButton
        gesture, self.gesture = self.gesture, None
        return gesture

    def _slid(self, window: QPoint) -> None:
        """Go on with the gesture after the sheet moved below the pointer."""
        self.follow(self.pointer(window, self._last.keys))

    def _hold(self, key: int, down: bool) -> None:
        """Go on with the gesture with another key held, though the pointer rests."""
        if key in HELD and self.gesture is not None:
            keys = self._last.keys | HELD[key] if down else self._last.keys & ~HELD[key]
            self.follow(self.pointer(self._last.window, keys))

    def point_with(self, shape: Qt.CursorShape | None) -> None:
        """Show a cursor while no gesture is under way, None for the usual one."""
        if shape is not self._pointed:
            self._pointed = shape
            self._show_cursor()

    def _show_cursor(self) -> None:
        shape = self.gesture.cursor if self.gesture else self._pointed
        if shape is None and self._space:
            shape = Qt.CursorShape.OpenHandCursor
        if shape is None:
            self.viewport().unsetCursor()
        else:
            self.viewport().setCursor(shape)

    # -- mouse ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture; another button calls off the one that is under way."""
        if self._button is not Qt.MouseButton.NoButton:
            self.cancel()
            return
        at = self.pointer(event.position(), event.modifiers())
        gesture = self._gesture_of(event.button(), at)
        if gesture is not None:
            self.begin(gesture, at)
            self._button = event.button()

    def _gesture_of(self, button: Qt.MouseButton, at: Pointer) -> Gesture | None:
        left = button is Qt.MouseButton.LeftButton
        if button is Qt.MouseButton.MiddleButton or (left and self._space):
            return Pan(self.shift)
        if self.hands is None:
            return None
        if button is Qt.MouseButton.RightButton:
            return PanOrMenu(self.shift, self.hands.menu)
        return self.hands.press(at) if left else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the gesture, or light up what is below the pointer."""
        at = self.pointer(event.position(), event.modifiers())
        if self.gesture is not None:
            self.follow(at)
        elif self.hands is not None:
            self.hands.hover(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Finish the gesture."""
        if event.button() is self._button:
            self.finish(self.pointer(event.position(), event.modifiers()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open what is below the pointer."""
        if event.button() is Qt.MouseButton.LeftButton and self.hands is not None:
            self.hands.double_click(self.pointer(event.position(), event.modifiers()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with what is selected; the mouse asks by its button."""
        if self.hands is not None and event.reason() is QContextMenuEvent.Reason.Keyboard:
            self.hands.menu_here()

    def leaveEvent(self, event: QEvent) -> None:
        """Let go of what was lit up."""
        super().leaveEvent(event)
        if self.hands is not None and self.gesture is None:
            self.hands.hover(None)

    # -- wheel and touchpad ---------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Pan or zoom."""
        self.wheel.turn(event)
        self._slid(self._last.window)

    def viewportEvent(self, event: QEvent) -> bool:
        """Zoom by a pinch on a touchpad."""
        if isinstance(event, QNativeGestureEvent) and self.wheel.pinch(event):
            return True
        return super().viewportEvent(event)

    # -- keys -----------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep keys that mean something here from menus and from leaving the sheet."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self.hands is not None and self.hands.knows(event):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Call a gesture off, take hold for panning, or do what the key says."""
        if event.key() == Qt.Key.Key_Escape and self.cancel():
            return
        self._hold(event.key(), down=True)
        if self.gesture is not None:
            self.gesture.key(event)
            return
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            self._space = True
            self._show_cursor()
            return
        if self.hands is None or not self.hands.key(event):
            event.ignore()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Walk the cards by Tab, then leave the sheet."""
        if self.hands is not None and self.hands.walk(next):
            return True
        return super().focusNextPrevChild(next)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let go after panning."""
        self._hold(event.key(), down=False)
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._show_cursor()
