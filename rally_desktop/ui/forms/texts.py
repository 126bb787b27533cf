"""Texts: one line or several, with a menu of merge fields where they may stand."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPlainTextEdit, QToolButton

from rally_desktop.core import schema
from rally_desktop.ui.forms.editor import FieldEditor, Offer
from rally_desktop.ui.widgets.sign_button import SignButton


class TextEditor(FieldEditor):
    """A line, or a box for several lines."""

    def __init__(self, field: schema.Text, offer: Offer) -> None:
        super().__init__()
        self._offer = offer
        self.box: QLineEdit | QPlainTextEdit
        self.box = _box(field.lines) if field.lines > 1 else QLineEdit()
        self.setFocusProxy(self.box)
        self.merge_button: QToolButton | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.box, 1)
        if field.merge:
            self.merge_button = SignButton("Insert a merge field", "braces", self)
            self.merge_button.clicked.connect(self._offer_fields)
            row.addWidget(self.merge_button, 0, Qt.AlignmentFlag.AlignTop)
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

    def insert(self, field: str) -> None:
        """Put a merge field where the cursor is."""
        text = f"{{{{ {field} }}}}"
        if isinstance(self.box, QLineEdit):
            self.box.insert(text)
        else:
            self.box.insertPlainText(text)
        self.box.setFocus()

    def _offer_fields(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for group, pairs in self._offer.merge_fields().items():
            inner = menu.addMenu(group)
            for label, name in pairs:
                inner.addAction(label, lambda name=name: self.insert(name))
        button = self.merge_button or self
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))


def _box(lines: int) -> QPlainTextEdit:
    box = QPlainTextEdit(tabChangesFocus=True)
    box.setFixedHeight(QFontMetrics(box.font()).lineSpacing() * lines + 22)
    return box
