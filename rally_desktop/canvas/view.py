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

from rally_desktop.canvas.faces import Offer
from rally_desktop.canvas.gesture import Gesture, Pointer
from rally_desktop.canvas.look import Kit
from rally_desktop.canvas.pan import Pan
from rally_desktop.canvas.sheet import Sheet
from rally_desktop.canvas.tokens import Scheme
from rally_desktop.canvas.wheel import Wheel


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
        self.gesture = gesture
        gesture.start(at)
        self._show_cursor()

    def cancel(self) -> bool:
        """Call off the gesture, if there is one."""
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.cancel()
        self._show_cursor()
        return gesture is not None

    def follow(self, at: Pointer) -> None:
        """Go on with the gesture."""
        if self.gesture is not None:
            after = self.gesture.move(at)
            if after is not None:
                self.gesture = after
                after.start(at)
                after.move(at)
                self._show_cursor()

    def finish(self, at: Pointer) -> None:
        """Let the gesture do what it was for."""
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.finish(at)
        self._show_cursor()

    def _show_cursor(self) -> None:
        shape = self.gesture.cursor if self.gesture else None
        if shape is None and self._space:
            shape = Qt.CursorShape.OpenHandCursor
        if shape is None:
            self.viewport().unsetCursor()
        else:
            self.viewport().setCursor(shape)

    # -- mouse ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture."""
        at = self.pointer(event.position(), event.modifiers())
        left = event.button() is Qt.MouseButton.LeftButton
        if event.button() is Qt.MouseButton.MiddleButton or (left and self._space):
            self.begin(Pan(self.shift), at)
        elif left and self.hands is not None:
            gesture = self.hands.press(at)
            if gesture is not None:
                self.begin(gesture, at)
        elif event.button() is Qt.MouseButton.RightButton:
            self.cancel()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the gesture, or light up what is below the pointer."""
        at = self.pointer(event.position(), event.modifiers())
        if self.gesture is not None:
            self.follow(at)
        elif self.hands is not None:
            self.hands.hover(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Finish the gesture."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self.finish(self.pointer(event.position(), event.modifiers()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open what is below the pointer."""
        if event.button() is Qt.MouseButton.LeftButton and self.hands is not None:
            self.hands.double_click(self.pointer(event.position(), event.modifiers()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done here."""
        if self.hands is None:
            return
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self.hands.menu_here()
        else:
            self.hands.menu(self.pointer(event.pos(), event.modifiers()))

    def leaveEvent(self, event: QEvent) -> None:
        """Let go of what was lit up."""
        super().leaveEvent(event)
        if self.hands is not None and self.gesture is None:
            self.hands.hover(None)

    # -- wheel and touchpad ---------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Pan or zoom."""
        self.wheel.turn(event)

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
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._show_cursor()
