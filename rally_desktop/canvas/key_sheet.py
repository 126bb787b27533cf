"""Every key of the canvas on one sheet, made from the table that binds them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.canvas import keys
from rally_desktop.canvas.keys import Key
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.plain_text import PlainText
from rally_desktop.core.fold import fold

WIDTH, HEIGHT = 860, 620
NATIVE = QKeySequence.SequenceFormat.NativeText


class KeySheet(QDialog):
    """Groups of keys in two columns; what is typed leaves only those that it finds."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("window")
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self._look = look
        self._groups: dict[str, QWidget] = {}
        self.rows: dict[Key, QWidget] = {}
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search keys, for instance: undo")
        self.search.setAccessibleName("Search keys")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.nothing = self._label("There is no such key.", "sub")
        self.nothing.hide()
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidget(self._columns())
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.setAccessibleName("Keys")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 18, 12, 12)
        whole.setSpacing(10)
        whole.addWidget(self.search)
        whole.addWidget(self.nothing)
        whole.addWidget(self.area, 1)
        self.resize(WIDTH, HEIGHT)

    def _columns(self) -> QWidget:
        """Return the groups, spread over two columns of about the same height."""
        body = QWidget(objectName="scrolled")
        across = QHBoxLayout(body)
        across.setContentsMargins(0, 4, 12, 4)
        across.setSpacing(36)
        half = sum(len(group) + 2 for group in keys.GROUPS.values()) / 2
        columns, filled = [QVBoxLayout(), QVBoxLayout()], 0
        for name, group in keys.GROUPS.items():
            columns[filled >= half].addWidget(self._group(name, group))
            filled += len(group) + 2
        for column in columns:
            column.setSpacing(18)
            column.addStretch(1)
            across.addLayout(column, 1)
        return body

    def _group(self, name: str, group: tuple[Key, ...]) -> QWidget:
        box = self._groups[name] = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(self._label(name, "title"))
        for key in group:
            row = self.rows[key] = QWidget()
            across = QHBoxLayout(row)
            across.setContentsMargins(0, 0, 0, 0)
            across.setSpacing(5)
            says = self._label(key.says, "body")
            says.setWordWrap(True)
            across.addWidget(says, 1)
            for text in key.keys:
                across.addWidget(self._cap(QKeySequence(text).toString(NATIVE)))
            column.addWidget(row)
        return box

    def _cap(self, text: str) -> PlainText:
        cap = self._label(text, "pill")
        cap.setProperty("pill", True)
        cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
        cap.setMinimumWidth(26)
        return cap

    def _label(self, text: str, role: str) -> PlainText:
        return PlainText(text, role, self._look.font(role))

    def _filter(self, text: str) -> None:
        words = fold(text).split()
        shown = 0
        for name, group in keys.GROUPS.items():
            left = 0
            for key in group:
                native = " ".join(QKeySequence(each).toString(NATIVE) for each in key.keys)
                found = all(word in fold(f"{name} {key.says} {native}") for word in words)
                self.rows[key].setVisible(found)
                left += found
            self._groups[name].setVisible(bool(left))
            shown += left
        self.nothing.setVisible(not shown)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Scroll by the arrow keys while typing."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            bar = self.area.verticalScrollBar()
            moves = {
                Qt.Key.Key_Down: bar.singleStep(),
                Qt.Key.Key_Up: -bar.singleStep(),
                Qt.Key.Key_PageDown: bar.pageStep(),
                Qt.Key.Key_PageUp: -bar.pageStep(),
            }
            by = moves.get(Qt.Key(event.key()))
            if by is not None:
                bar.setValue(bar.value() + by)
                return True
        return super().eventFilter(watched, event)
