"""Plain texts: one line or several."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit

from rally_desktop.core import schema
from rally_desktop.ui.forms.editor import FieldEditor


class TextEditor(FieldEditor):
    """A line, or a box for several lines."""

    def __init__(self, field: schema.Text) -> None:
        super().__init__()
        self.box: QLineEdit | QPlainTextEdit
        self.box = _box(field.lines) if field.lines > 1 else QLineEdit()
        self.setFocusProxy(self.box)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box, 1)
        self.box.textChanged.connect(lambda *_: self.changed.emit())

    def read(self) -> str:
        """Return the text."""
        return self.box.text() if isinstance(self.box, QLineEdit) else self.box.toPlainText()

    def fill(self, value: Any) -> None:
        """Show a text."""
        text = "" if value is None else str(value)
        if isinstance(self.box, QLineEdit):
            self.box.setText(text)
        else:
            self.box.setPlainText(text)


def _box(lines: int) -> QPlainTextEdit:
    box = QPlainTextEdit(tabChangesFocus=True)
    box.setFixedHeight(QFontMetrics(box.font()).lineSpacing() * lines + 22)
    return box
