"""What stands after the last step of a sequence: when it is over for somebody."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel
from rally_desktop.ui.widgets.sequence_step import WHEN_WIDTH, StepLine
from rally_desktop.ui.widgets.sequence_step_wait import LINE_AT

HIGH, ABOVE = 52, 22  # all of it, and the line down to the pill
PILL = 56


class EndRow(QWidget):
    """Shows the last day, an end, and what is waited for before it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.day, self.words = PlainLabel("", "sub"), ShortLabel("", "sub")
        self.day.setFixedWidth(WHEN_WIDTH)
        self.day.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        pill = PlainLabel("End", "pill")
        pill.setProperty("pill", True)
        pill.set_tone("plain")
        pill.setFixedWidth(PILL)
        pill.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, ABOVE, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.day)
        row.addSpacing(LINE_AT - WHEN_WIDTH - PILL // 2)
        row.addWidget(pill)
        row.addSpacing(12)
        row.addWidget(self.words, 1)
        self.setFixedHeight(HIGH)

    def show_line(self, line: StepLine) -> None:
        """Show when it ends."""
        self.day.setText(line.day)
        self.words.setText(line.words)
        self.setAccessibleName(f"End, {line.day}, {line.words}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line down to the end."""
        painter = QPainter(self)
        painter.setPen(self._theme.colour("edge"))
        painter.drawLine(LINE_AT, 0, LINE_AT, ABOVE + 4)
