"""Where a condition that is dragged would land: the nearest gap, and the line that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QScrollArea, QWidget

from rally_desktop.ui.widgets.filter_group import GAP, GroupBox
from rally_desktop.ui.widgets.filter_tree import Path

THICK, EDGE = 3, 24


class Gap(NamedTuple):
    """A place between conditions: its path, and the line that stands for it."""

    path: Path
    line: QRect


class DropLine(QWidget):
    """The line in the gap where something would land."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_at(self, line: QRect) -> None:
        """Stand in a gap, above everything else."""
        self.setGeometry(line)
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line in the accent."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
        painter.drawRoundedRect(self.rect(), 1.5, 1.5)


def nearest(root: GroupBox, over: QWidget, source: Path, point: QPoint) -> Gap:
    """Return the gap nearest to a point of a widget, outside what is dragged."""
    return min(_gaps(root, over, source), key=lambda gap: _distance(gap.line, point))


def _distance(line: QRect, point: QPoint) -> float:
    # The height decides; how far it stands in, only between gaps of about the same height.
    return abs(line.center().y() - point.y()) + abs(line.left() - point.x()) / 16


def _gaps(group: GroupBox, over: QWidget, source: Path) -> Iterator[Gap]:
    left, width = group.mapTo(over, QPoint(6 if group.path else 0, 0)).x(), group.width()
    top = group.head.mapTo(over, QPoint(0, 0)).y() + group.head.height() + GAP // 2
    for place, part in enumerate(group.parts):
        y = part.mapTo(over, QPoint(0, 0)).y() - GAP // 2
        yield Gap((*group.path, place), QRect(left, y - 1, width - 12, THICK))
        top = y + part.height() + GAP
        if isinstance(part, GroupBox) and part.path != source:
            yield from _gaps(part, over, source)
    yield Gap((*group.path, len(group.parts)), QRect(left, top - 1, width - 12, THICK))


def scroll_to(widget: QWidget, point: QPoint) -> None:
    """Scroll the page on where a drag comes to its edge."""
    above: QWidget | None = widget
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if isinstance(above, QScrollArea) and (body := above.widget()) is not None:
        here = widget.mapTo(body, point)
        above.ensureVisible(0, here.y(), 0, EDGE)
