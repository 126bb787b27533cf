"""The line above the sheet in which one searches; Esc closes it and goes back to where one was."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QToolButton

from rally_desktop.canvas import keys
from rally_desktop.canvas.camera_view import CameraView
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.plain_text import PlainText
from rally_desktop.canvas.search import Search

BUTTONS = (
    ("find_before", "chevron-up", "Match before"),
    ("find_next", "chevron-down", "Next match"),
    ("close", "x", "Close the search"),
)


class SearchBar(QFrame):
    """What one looks for, how many there are, and the way from one to the next."""

    closed = Signal()

    def __init__(self, search: Search, view: CameraView, look: Look) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._search, self._view = search, view
        self._before = view.heading()
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find in names, settings, templates and notes")
        self.field.setAccessibleName("Find in this workflow")
        self.field.setClearButtonEnabled(True)
        self.field.setMaximumWidth(420)
        self.count = PlainText("", "sub", look.font("sub"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(6)
        row.addWidget(self.field, 6)
        row.addWidget(self.count)
        self.buttons: dict[str, QToolButton] = {}
        for command, _icon, says in BUTTONS:
            button = self.buttons[command] = QToolButton()
            button.setAccessibleName(says)
            key = keys.shortcut(command) or "Esc"
            button.setToolTip(f"{says} ({key})")
            row.addWidget(button)
        row.addStretch(1)
        self.buttons["find_before"].clicked.connect(lambda: search.step(-1))
        self.buttons["find_next"].clicked.connect(lambda: search.step(1))
        self.buttons["close"].clicked.connect(self.close_search)
        self.field.textChanged.connect(search.look_for)
        self.field.installEventFilter(self)
        search.changed.connect(self._show)
        self.set_look(look)
        self.hide()

    def set_look(self, look: Look) -> None:
        """Colour the icons for the scheme."""
        for command, icon, _says in BUTTONS:
            self.buttons[command].setIcon(QIcon(look.icon_in(icon, "ink2", 16, 1.0)))
            self.buttons[command].setIconSize(QSize(16, 16))

    def open(self) -> None:
        """Show the line; what was looked for last is there to go on with or type over."""
        if self.isHidden():
            self._before = self._view.heading()
            self.show()
            self._search.look_for(self.field.text())
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def close_search(self) -> None:
        """Show everything again."""
        self._search.look_for("")
        self.hide()
        around = self.parentWidget()
        layout = around.layout() if around is not None else None
        if layout is not None:
            layout.activate()  # the sheet has its height back before one looks at it
        self.closed.emit()

    def go_on(self, by: int) -> None:
        """Go to the next match; where nothing is looked for, ask what for."""
        if self.isHidden() or not self.field.text():
            self.open()
        else:
            self._search.step(by)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go from match to match by Enter and F3; Esc goes back to where one was."""
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() is QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()
        if event.type() is not QEvent.Type.KeyPress:
            return False
        back = -1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F3):
            self._search.step(back)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_search()
            zoom, x, y = self._before
            self._view.go_to(zoom, QPointF(x, y))
        else:
            return False
        return True

    def _show(self) -> None:
        search = self._search
        count, place = len(search.found), search.place
        said = f"{place} of {count}" if place else f"{count} found"
        self.count.setText(said if search.text.strip() else "")
        for command in ("find_before", "find_next"):
            self.buttons[command].setEnabled(bool(search.found))
