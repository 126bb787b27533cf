"""A step of a sequence on its way to another place, taken along by the mouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.sequence_step import StepRow

THICK = 3
EDGE = 56  # so near to the edge of what is seen it scrolls on
EVERY = 30  # milliseconds between two looks while it does


class Drag(QObject):
    """Shows the step below the pointer and a line where it would go.

    ``dropped`` brings the step and its new place, ``over`` tells that it is on its way no more.
    """

    dropped = Signal(str, int)
    over = Signal()

    def __init__(self, rows: QWidget, steps: Callable[[], Sequence[StepRow]]) -> None:
        super().__init__(rows)
        self._rows, self._steps = rows, steps
        self._start = self._where = QPoint()
        self.lifted = ""
        self.marker = QFrame(rows, objectName="drop_line")
        self.marker.hide()
        self._ghost = PlainLabel(parent=rows)
        self._ghost.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._ghost.hide()
        self._again = QTimer(self, interval=EVERY)
        self._again.timeout.connect(self._follow)

    def press(self, where: QPoint) -> None:
        """Remember where a step was taken hold of."""
        self._start = where

    def take(self, key: str, where: QPoint) -> None:
        """Take a step along once the pointer has moved far enough to mean it."""
        far = (where - self._start).manhattanLength() >= QApplication.startDragDistance()
        if not self.lifted and far:
            self._lift(key)
        if self.lifted:
            self._where = where
            self._follow()

    def let_go(self, where: QPoint) -> None:
        """Put it where the line is."""
        key, to = self.lifted, self._place(where)
        self.stop()
        if key:
            self.dropped.emit(key, to)

    def stop(self) -> None:
        """Leave it where it was."""
        self.lifted = ""
        self._again.stop()
        self.marker.hide()
        self._ghost.hide()
        self.over.emit()

    def _lift(self, key: str) -> None:
        row = self._row(key)
        if row is None:
            return
        self.lifted = key
        self._ghost.setPixmap(row.card.grab())
        self._ghost.adjustSize()
        row.mark(True, lifted=True)
        for part in (self._ghost, self.marker):
            part.raise_()
            part.show()
        self._again.start()

    def _follow(self) -> None:
        """Show all of it where the pointer is, and scroll where that is the edge."""
        at = self._rows.mapFromGlobal(self._where)
        area = self._rows.parent()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parent()
        if area is not None and (inside := area.widget()) is not None:
            there = inside.mapFromGlobal(self._where)
            area.ensureVisible(there.x(), there.y(), 0, EDGE)
        row = self._row(self.lifted)
        if row is None:
            self.stop()
            return
        left, wide = row.card.mapTo(self._rows, QPoint()).x(), row.card.width()
        self._ghost.move(left, at.y() - self._ghost.height() // 2)
        self.marker.setGeometry(left, self._line_at(self._place(self._where)), wide, THICK)

    def _row(self, key: str) -> StepRow | None:
        return next((row for row in self._steps() if row.key == key), None)

    def _place(self, where: QPoint) -> int:
        """Return which place the pointer means: below all steps whose middle is above it."""
        y = self._rows.mapFromGlobal(where).y()
        others = [row for row in self._steps() if row.key != self.lifted]
        return sum(row.geometry().center().y() < y for row in others)

    def _line_at(self, to: int) -> int:
        """Return where the line is drawn: at the side from which the step comes in."""
        keys = [row.key for row in self._steps()]
        there = self._steps()[to].geometry()
        return there.top() - THICK - 1 if to <= keys.index(self.lifted) else there.bottom() + 2
