"""What stands after the last step of a sequence: when it is over for somebody."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel
from rally_desktop.ui.widgets.sequence_step import WHEN_WIDTH, StepLine, line_at

HIGH, ABOVE = 52, 22  # all of it, and the line down to the pill
PILL, GAP = 56, 12


class EndRow(QWidget):
    """Shows the last day, an end, and what is waited for before it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.day, self.words = PlainLabel("", "sub"), ShortLabel("", "sub")
        self.day.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.pill = pill = PlainLabel("End", "pill")
        pill.setProperty("pill", True)
        pill.set_tone("plain")
        pill.setFixedWidth(PILL)
        pill.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, ABOVE, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self.day)
        row.addWidget(pill)
        row.addWidget(self.words, 1)
        self.setFixedHeight(HIGH)
        self.be_narrow(False)

    def show_line(self, line: StepLine) -> None:
        """Show when it ends."""
        self.day.setText(line.day)
        self.words.setText(line.words)
        self.pill.setToolTip(line.day)
        self.setAccessibleName(f"End, {line.day}, {line.words}")

    def be_narrow(self, narrow: bool) -> None:
        """Stand below the icons of the steps."""
        self._line = line_at(narrow)
        room = self._line - PILL // 2 - GAP  # what is left of the pill
        self.day.setVisible(not narrow)
        self.day.setFixedWidth(max(0, room))
        self.day.setContentsMargins(0, 0, max(0, room - WHEN_WIDTH), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line down to the end."""
        painter = QPainter(self)
        painter.setPen(self._theme.colour("edge"))
        painter.drawLine(self._line, 0, self._line, ABOVE + 4)
