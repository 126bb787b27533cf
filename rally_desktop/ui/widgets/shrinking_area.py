"""A column that takes the height it needs while there is room, and scrolls where there is not."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

LEAST = 64


class ShrinkingArea(QScrollArea):
    """Shows widgets one below the other; as high as they are, or lower, yet ``least`` high."""

    def __init__(self, *inside: QWidget, least: int = LEAST) -> None:
        super().__init__()
        self._least = least
        self._inside = QWidget(objectName="scrolled")
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in inside:
            column.addWidget(widget)
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._inside.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take another height when what is inside needs one."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        """Return the size that all of it needs."""
        return QSize(self._inside.sizeHint().width(), self._needed())

    def minimumSizeHint(self) -> QSize:
        """Return a height in which a line can be seen, where there is one."""
        return QSize(0, min(self._least, self._needed()))

    def _needed(self) -> int:
        column = self._inside.layout()
        if column.hasHeightForWidth():
            return column.heightForWidth(self.viewport().width())
        return column.sizeHint().height()
