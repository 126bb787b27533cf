"""What hands do on the sheet: wheel, touchpad, mouse and keys."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from rally_desktop.canvas.faces import Offer
from rally_desktop.canvas.gesture import Gesture, Pointer
from rally_desktop.canvas.grasp import Grasp
from rally_desktop.canvas.look import Kit
from rally_desktop.canvas.pan import Pan, PanOrMenu
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


class FlowView(Grasp):
    """The sheet as one works on it."""

    def __init__(self, scheme: Scheme, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(scheme, kit, parent)
        self.hands: Hands | None = None
        self.wheel = Wheel(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Workflow")

    # -- mouse ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture; another button calls off the one that is under way."""
        if self.button is not Qt.MouseButton.NoButton:
            self.cancel()
            return
        at = self.pointer(event.position(), event.modifiers())
        gesture = self._gesture_of(event.button(), at)
        if gesture is not None:
            self.begin(gesture, at)
            self.button = event.button()

    def _gesture_of(self, button: Qt.MouseButton, at: Pointer) -> Gesture | None:
        left = button is Qt.MouseButton.LeftButton
        if button is Qt.MouseButton.MiddleButton or (left and self.space):
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
        if event.button() is self.button:
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
        self.slid(self.last.window)

    def viewportEvent(self, event: QEvent) -> bool:
        """Zoom by a pinch on a touchpad."""
        if isinstance(event, QNativeGestureEvent) and self.wheel.pinch(event):
            self.slid(self.last.window)
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
        self.hold(event.key(), down=True)
        if self.gesture is not None:
            self.gesture.key(event)
            return
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            self.take_space(True)
            return
        if self.hands is None or not self.hands.key(event):
            event.ignore()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Walk the cards by Tab, then leave the sheet."""
        if self.gesture is not None or (self.hands is not None and self.hands.walk(next)):
            return True
        return super().focusNextPrevChild(next)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let go of what was held by keys."""
        super().focusOutEvent(event)
        self.take_space(False)
        popup = event.reason() is Qt.FocusReason.PopupFocusReason
        if self.button is Qt.MouseButton.NoButton and not popup:
            self.cancel()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let go after panning."""
        self.hold(event.key(), down=False)
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.take_space(False)
