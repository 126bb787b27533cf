"""A label that shows text as it is, never as markup: names and subjects come from strangers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QWidget


class PlainText(QLabel):
    """A label for any text; ``role`` names its place in the type scale."""

    def __init__(
        self, text: str = "", role: str = "body", font: QFont | None = None,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        if font is not None:
            self.setFont(font)
        self.setText(text)
