"""The list of a timeline: unfolds what is long, and offers what can be done with a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QMenu, QWidget

from rally_desktop.services.timeline import Line
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.widgets.timeline_lines import TimelineLines, says
from rally_desktop.ui.widgets.timeline_model import LINE_ROLE, TimelineModel

NEAR = 800  # pixels from an end of what is at hand at which more is asked for
MINUTE_MS = 60_000
_DOES = {
    Qt.Key.Key_F2: "edit", Qt.Key.Key_Delete: "delete", Qt.Key.Key_O: "open",
    Qt.Key.Key_R: "reply",
}  # fmt: skip


class TimelineView(QListView):
    """A click, Enter or space unfolds a line; links below it and a menu do the rest."""

    near_end = Signal()
    near_top = Signal()
    end_wanted = Signal()
    top_wanted = Signal()
    wanted = Signal(str, object)
    """What is to be done with a line (a key of LINKS), and the line."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = TimelineModel(desk, self)
        self.setModel(self.lines)
        self.painter = TimelineLines(desk, self)
        self.setItemDelegate(self.painter)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Timeline")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(24)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._minute = QTimer(self, interval=MINUTE_MS)
        self._minute.timeout.connect(self.viewport().update)
        self._minute.start()

    @contextmanager
    def keeping_place(self, *, newest: bool) -> Iterator[None]:
        """Change the lines without moving what one is reading.

        Whoever looks at the ``newest`` line of all goes on to see the newest one.
        """
        bar = self.verticalScrollBar()
        seen = self.indexAt(QPoint(0, 0))
        if (newest and not bar.value()) or not seen.isValid():
            yield
            return
        line, top = self.lines.lines[seen.row()], self.visualRect(seen).top()
        yield
        self.doItemsLayout()
        row = self.lines.row_of(line.id)
        if row is not None:
            bar.setValue(bar.value() + self.visualRect(self.lines.index(row)).top() - top)

    def point_at(self, number: int) -> None:
        """Put the cursor on a line that is at hand, in the middle of what one sees."""
        row = self.lines.row_of(number)
        if row is not None:
            self.doItemsLayout()
            self.setCurrentIndex(self.lines.index(row))
            self.scrollTo(self.lines.index(row), self.ScrollHint.PositionAtCenter)
            self.setFocus()

    def unfold(self, index: QModelIndex) -> None:
        """Show the whole text of a line, or fold it again."""
        line: Line = index.data(LINE_ROLE)
        opened = self.isPersistentEditorOpen(index)
        if not opened and not self.painter.foldable(line):
            return
        if self.lines.toggle(index):
            self.openPersistentEditor(index)
        else:
            self.closePersistentEditor(index)
        self.scheduleDelayedItemsLayout()

    def menu_of(self, line: Line) -> QMenu:
        """Return what can be done with a line."""
        menu = QMenu(self)
        for name in self.painter.links(line):
            menu.addAction(says(name, line)).triggered.connect(self._doing(name, line))
        menu.addAction("Copy").triggered.connect(lambda: _copy(line))
        return menu

    def _doing(self, name: str, line: Line) -> Callable[[], None]:
        return lambda: self.wanted.emit(name, line)

    # -- pointer and keys ----------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say by the pointer's shape what is a link."""
        super().mouseMoveEvent(event)
        over = self._link_at(event.position().toPoint())
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Follow the link under the pointer, or unfold the line."""
        super().mouseReleaseEvent(event)
        place = event.position().toPoint()
        index = self.indexAt(place)
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            return
        if link := self._link_at(place):
            self.wanted.emit(link, index.data(LINE_ROLE))
        else:
            self.unfold(index)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the line under the pointer, or the current one."""
        asked_by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if asked_by_key else self.indexAt(event.pos())
        if index.isValid():
            below = self.viewport().mapToGlobal(self.visualRect(index).center())
            menu = self.menu_of(index.data(LINE_ROLE))
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(below if asked_by_key else event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Unfold with Enter or space, open, answer, copy, change or delete, go to either end."""
        key, index = Qt.Key(event.key()), self.currentIndex()
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            (self.top_wanted if key == Qt.Key.Key_Home else self.end_wanted).emit()
        elif not index.isValid():
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.unfold(index)
        elif event.matches(QKeySequence.StandardKey.Copy):
            _copy(index.data(LINE_ROLE))
        elif _DOES.get(key) in self.painter.links(index.data(LINE_ROLE)):
            self.wanted.emit(_DOES[key], index.data(LINE_ROLE))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the lines out for the new width."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def _link_at(self, place: QPoint) -> str:
        index = self.indexAt(place)
        if not index.isValid():
            return ""
        found = self.painter.link_rects(self.visualRect(index), index)
        return next((name for name, area in found.items() if area.contains(place)), "")

    def _scrolled(self, value: int) -> None:
        if value >= self.verticalScrollBar().maximum() - NEAR:
            self.near_end.emit()
        if value <= NEAR:
            self.near_top.emit()


def _copy(line: Line) -> None:
    QGuiApplication.clipboard().setText("\n".join(filter(None, (line.text, line.body))))
