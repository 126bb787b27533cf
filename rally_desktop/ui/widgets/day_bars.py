"""How many messages leave on which days, as bars below each other with their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from rally_desktop.engine.enrol_words import Stretch
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.plain_label import PlainLabel

THICK, ROUND = 8, 4
LEAST = 60  # pixels a bar may be as long as, in the narrowest window


class DayBars(QWidget):
    """A line for each stretch of time: its name, a bar, how many of what."""

    def __init__(self, theme: Theme, stretches: Sequence[Stretch]) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 2, 0, 4)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        most = max((one.count for one in stretches), default=0)
        self.rows: list[tuple[str, str]] = []
        for row, one in enumerate(stretches):
            count = PlainLabel(one.said, "sub")
            count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for column, part in enumerate(
                (PlainLabel(one.name), _Bar(theme, one.count / max(1, most)), count)
            ):
                grid.addWidget(part, row, column)
            self.rows.append((one.name, one.said))
        self.setAccessibleName("; ".join(f"{name}: {said}" for name, said in self.rows))


class _Bar(QWidget):
    def __init__(self, theme: Theme, share: float) -> None:
        super().__init__()
        self._theme, self._share = theme, share
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Be as long as there is room."""
        return QSize(LEAST, THICK)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the share of the longest, and a dot for even the least."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("accent"))
        length = max(THICK, self.width() * self._share)
        painter.drawRoundedRect(QRectF(0, 0, length, THICK), ROUND, ROUND)
