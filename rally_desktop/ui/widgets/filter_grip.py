"""What a condition or a group is taken by: dragged, moved by keys, or pressed for more."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from rally_desktop.ui.widgets.sign_button import SignButton

# What can be done, by the name of its method in the builder: the keys, and the words for it.
DEEDS: Mapping[str, tuple[str, str]] = {
    "duplicate": ("Ctrl+D", "Duplicate"),
    "copy": ("Ctrl+C", "Copy as text"),
    "paste": ("Ctrl+V", "Paste after it"),
    "move_up": ("Alt+Up", "Move up"),
    "move_down": ("Alt+Down", "Move down"),
    "group": ("Alt+Right", "Put into a group"),
    "ungroup": ("Alt+Left", "Take out of its group"),
    "remove": ("Del", "Remove"),
}
# These work wherever the cursor is in the condition; the others are a text's own keys, too.
ANYWHERE = frozenset({"move_up", "move_down", "group", "ungroup"})


class Grip(SignButton):
    """``done`` brings what is to be done, ``dragged`` and ``dropped`` a point of the screen."""

    done = Signal(str)
    dragged = Signal(QPoint)
    dropped = Signal(QPoint)
    let_go = Signal()

    def __init__(self, what: str, part: QWidget) -> None:
        super().__init__(f"Move or copy {what}", "grip-vertical", part)
        self.setToolTip(f"Drag to move {what}; press for more (Alt+arrows move it)")
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setProperty("small", True)
        self.can: Callable[[str], bool] = lambda deed: True
        self._began: QPoint | None = None
        self._dragging = False
        self.clicked.connect(self.show_menu)
        for deed, (keys, _) in DEEDS.items():
            owner = part if deed in ANYWHERE else self
            shortcut = QShortcut(QKeySequence(keys), owner)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda deed=deed: self._do(deed))

    def show_menu(self) -> None:
        """Open the menu of what can be done."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        able = [deed for deed in DEEDS if self.can(deed)]
        first_move = next((deed for deed in able if deed in ANYWHERE), "")
        for deed in able:
            keys, words = DEEDS[deed]
            if deed in (first_move, "remove"):
                menu.addSeparator()
            action = menu.addAction(words, lambda deed=deed: self.done.emit(deed))
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.setShortcutVisibleInContextMenu(True)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a drag would begin."""
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._began, self._dragging = event.globalPosition().toPoint(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, once it went far enough."""
        here = event.globalPosition().toPoint()
        if self._began is None:
            return
        far = (here - self._began).manhattanLength() >= QApplication.startDragDistance()
        if far and not self._dragging:
            self._dragging = True
            self.setDown(False)
            self.setFocus()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._dragging:
            self.dragged.emit(here)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drop where it is, or open the menu where it was only pressed."""
        dragging, pressed = self._dragging, self._began is not None
        self._end()
        if dragging:
            self.dropped.emit(event.globalPosition().toPoint())
        elif pressed:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give a drag up with Esc; open the menu with Enter as with space."""
        if event.key() == Qt.Key.Key_Escape and self._dragging:
            self._end()
            self.let_go.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.show_menu()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep Esc for the drag while there is one."""
        if event.type() == QEvent.Type.ShortcutOverride and self._dragging:
            event.accept()
            return True
        return super().event(event)

    def _end(self) -> None:
        self._began, self._dragging = None, False
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def _do(self, deed: str) -> None:
        if self.can(deed):
            self.done.emit(deed)
