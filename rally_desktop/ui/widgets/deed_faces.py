"""The two faces of a bar for what is chosen: what can be done, and how far that has come."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QStackedWidget, QWidget

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel


class DeedFaces(QStackedWidget):
    """``choosing`` takes what can be done; ``left`` and ``right`` are its margins in pixels."""

    def __init__(self, theme: Theme, left: int, right: int) -> None:
        super().__init__()
        self.far = QProgressBar(textVisible=False)
        self.far.setFixedHeight(6)
        self.far_words = PlainLabel("", "strong")
        self.stop_button = button(theme, "Stop", "circle-stop")
        self.choosing = self._face(left, right, 4)
        going = self._face(left, right, 14)
        going.addWidget(self.far_words)
        going.addWidget(self.far, 1)
        going.addWidget(self.stop_button)

    def show_choosing(self) -> None:
        """Show what can be done."""
        self.setCurrentIndex(0)

    def show_far(self, doing: str, looked_at: int, wanted: int) -> None:
        """Show how far it has come with what is being done."""
        self.far_words.setText(f"{doing}: {looked_at:,} of {wanted:,}")
        self.far.setMaximum(max(1, wanted))
        self.far.setValue(looked_at)
        self.setCurrentIndex(1)

    def _face(self, left: int, right: int, gap: int) -> QHBoxLayout:
        face = QWidget()
        row = QHBoxLayout(face)
        row.setContentsMargins(left, 4, right, 4)
        row.setSpacing(gap)
        self.addWidget(face)
        return row
