"""The table of a merge: records side by side, a field a line; a click or an arrow key chooses."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from rally_desktop.services.merge_sides import Sides
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.merge_model import LABEL, Cell, MergeModel

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT, LABEL_WIDTH, LEAST_WIDTH = 34, 148, 118
_PAD, _RADIO = 10, 14


class MergeTable(QTableView):
    """``chosen`` brings the key of a field and the place of the record whose value is wanted.

    Up and down go from field to field, left and right choose.
    """

    chosen = Signal(str, int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.lines = MergeModel()
        self.setModel(self.lines)
        self.setItemDelegate(_Cells(theme, self))
        self.setAccessibleName("The records side by side")
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(LEAST_WIDTH)
        self.horizontalHeader().setSectionsClickable(False)
        theme.changed.connect(self.viewport().update)

    def show_sides(self, sides: Sides | None, *, only_differing: bool = False) -> None:
        """Show records side by side; the cursor stays in its line."""
        here = self.currentIndex().row()
        self.lines.show(sides, only_differing=only_differing)
        header = self.horizontalHeader()
        for column in range(self.lines.columnCount()):
            fixed = column == LABEL
            modes = QHeaderView.ResizeMode
            header.setSectionResizeMode(column, modes.Fixed if fixed else modes.Stretch)
        if self.lines.rows:
            header.resizeSection(LABEL, LABEL_WIDTH)
            self._stand(min(max(here, 0), len(self.lines.rows) - 1))

    def _stand(self, row: int) -> None:
        """Put the cursor on what is chosen in a line."""
        place = max(self.lines.rows[row].taken, 0)
        self.setCurrentIndex(self.lines.index(row, place + 1))

    def _choose(self, row: int, place: int) -> None:
        line = self.lines.rows[row]
        if line.key and place != line.taken and 0 <= place < self.lines.columnCount() - 2:
            self.chosen.emit(line.key, place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose with left and right, go from line to line with up and down."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        down = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        row = self.currentIndex().row()
        if step is not None and row >= 0:
            self._choose(row, self.lines.rows[row].taken + step)
        elif down is not None and 0 <= row + down < len(self.lines.rows):
            self._stand(row + down)
        elif step is None and down is None:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is clicked."""
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self._stand(index.row())
            self._choose(index.row(), index.column() - 1)


class _Cells(QStyledItemDelegate):
    """Paints the cells: what is chosen has a filled ring, what differs a tint."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of a line."""
        return QSize(LEAST_WIDTH, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one."""
        table: MergeTable = self.parent()  # type: ignore[assignment]
        model, rect = table.lines, QRect(option.rect)
        cell, last = model.cell(index), index.column() == model.columnCount() - 1
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if cell.differs:
            painter.fillRect(rect, self._theme.colour("warn_tint"))
        elif last:
            painter.fillRect(rect, self._theme.colour("surface2"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, self._theme.colour("line"))
        if index.column() == LABEL and cell.differs:
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), self._theme.colour("warn"))
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        if cell.mark in ("chosen", "open"):
            self._ring(painter, inner, filled=cell.mark == "chosen")
            inner.setLeft(inner.left() + _RADIO + 8)
        self._write(painter, inner, cell, strong=last, label=index.column() == LABEL)
        if index == table.currentIndex() and table.hasFocus():
            self._cursor(painter, rect)
        painter.restore()

    def _ring(self, painter: QPainter, inner: QRect, *, filled: bool) -> None:
        centre = QPointF(inner.left() + _RADIO / 2, inner.center().y() + 0.5)
        colour = self._theme.colour("accent" if filled else "edge")
        painter.setPen(QPen(colour, 1.6))
        painter.setBrush(self._theme.colour("surface"))
        painter.drawEllipse(centre, _RADIO / 2 - 1, _RADIO / 2 - 1)
        if filled:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(centre, 3.6, 3.6)

    def _write(
        self, painter: QPainter, inner: QRect, cell: Cell, *, strong: bool, label: bool
    ) -> None:
        quiet = label or cell.mark in ("open", "fixed") or not cell.words
        font = self._theme.font("strong" if strong or cell.mark == "chosen" else "body")
        painter.setFont(font)
        painter.setPen(self._theme.colour("ink2" if quiet else "ink"))
        words = " ".join(cell.words.split()) or "–"
        shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, inner.width())
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, int(side), shown)

    def _cursor(self, painter: QPainter, rect: QRect) -> None:
        painter.setPen(QPen(self._theme.colour("accent"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(rect).adjusted(2.5, 2.5, -2.5, -3.5), 5, 5)
