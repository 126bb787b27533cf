"""A row of colours of which one is chosen, or none."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from rally_desktop.ui.theme import Theme

NAMES: Mapping[str, str] = {
    "": "No colour", "talk": "Blue", "record": "Green", "condition": "Amber", "bad": "Red",
    "trigger": "Violet",
}  # fmt: skip
SIZE = 18


class Swatches(QWidget):
    """``chosen`` brings the family of the tokens that was pressed; empty for none."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName("Colour")
        self.buttons: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for family, name in NAMES.items():
            made = self.buttons[family] = QToolButton(checkable=True, autoRaise=True)
            made.setToolTip(name)
            made.setAccessibleName(name)
            made.setIconSize(QSize(SIZE, SIZE))
            made.clicked.connect(lambda _=False, family=family: self.chosen.emit(family))
            group.addButton(made)
            row.addWidget(made)
        theme.changed.connect(self._draw)
        self._draw()

    def choose(self, family: str) -> None:
        """Show that one as chosen."""
        self.buttons.get(family, self.buttons[""]).setChecked(True)

    def _draw(self) -> None:
        for family, made in self.buttons.items():
            made.setIcon(self._disc(family))

    def _disc(self, family: str) -> QIcon:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(round(SIZE * ratio), round(SIZE * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(2, 2, SIZE - 4, SIZE - 4)
        if family:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour(family))
            painter.drawEllipse(area)
        else:
            painter.setPen(self._theme.colour("edge"))
            painter.drawEllipse(area)
            painter.drawLine(QPointF(5, SIZE - 5), QPointF(SIZE - 5, 5))
        painter.end()
        return QIcon(picture)
