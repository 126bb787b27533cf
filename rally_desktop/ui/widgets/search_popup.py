"""A popup with a search line and a list under headings: type a few letters, Enter takes one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPalette, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.core.fold import fold
from rally_desktop.ui import fonts
from rally_desktop.ui.widgets.plain_label import PlainLabel

WIDTH, ROW, SHOWN, MARGIN = 340, 30, 9, 8
_ENTRY = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class Found:
    """One line: what it says, what stands quietly at its right, what it is also found by."""

    title: str
    value: object
    hint: str = ""
    group: str = ""
    words: str = ""

    def answers(self, typed: str) -> bool:
        """Say whether every word that was typed is in it."""
        here = fold(f"{self.title} {self.words} {self.group}")
        return all(word in here for word in fold(typed).split())


class SearchPopup(QFrame):
    """``chosen`` brings the value of a line, ``pointed`` the one that the arrows are at.

    What is offered is narrowed here; who reads it anew for what was typed hears ``typed``.
    """

    chosen = Signal(object)
    pointed = Signal(object)
    typed = Signal(str)

    def __init__(self, says: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setAccessibleName(says)
        self._offered: Sequence[Found] = ()
        self.search = QLineEdit(placeholderText=says)
        self.search.setAccessibleName(says)
        self.search.installEventFilter(self)
        self._items = QStandardItemModel(self)
        self.list = QListView()
        self.list.setModel(self._items)
        self.list.setAccessibleName(says)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(_Line(self.list))
        self.nothing = PlainLabel("", "sub")
        self.nothing.setWordWrap(True)
        self.nothing.setContentsMargins(MARGIN, 4, MARGIN, 4)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self.column.setSpacing(6)
        for part in (self.search, self.list, self.nothing):
            self.column.addWidget(part)
        self.setFixedWidth(WIDTH)
        self.search.textChanged.connect(self._typed)
        self.list.clicked.connect(self._take)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._point())

    def offer(self, found: Sequence[Found], nothing: str = "Nothing is called that.") -> None:
        """Offer these lines; ``nothing`` stands where none is left."""
        self._offered = found
        self.nothing.setText(nothing)
        self._narrow()

    def current(self) -> Found | None:
        """Return the line that the arrows are at."""
        return self.list.currentIndex().data(_ENTRY)

    def found_in(self, row: int) -> Found | None:
        """Return what a row of the list holds; None for a heading."""
        return self._items.index(row, 0).data(_ENTRY)

    def open_at(self, corner: QPoint, typed: str = "") -> None:
        """Show it below a point of the screen, ready to type."""
        self.search.setText(typed)
        self._narrow()
        room = self.parentWidget().screen().availableGeometry()
        x = max(room.left(), min(corner.x(), room.right() - self.width()))
        y = max(room.top(), min(corner.y(), room.bottom() - self.height()))
        self.move(x, y)
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Walk the list with the arrows while typing; Enter takes, Esc closes."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event.key())
        return super().eventFilter(watched, event)

    def _key(self, key: int) -> bool:
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentIndex())
        elif key == Qt.Key.Key_Escape:
            self.close()
        else:
            return False
        return True

    def _typed(self, text: str) -> None:
        self._narrow()
        self.typed.emit(text)

    def _narrow(self) -> None:
        typed, at = self.search.text(), self.current()
        found = [each for each in self._offered if each.answers(typed)]
        self._items.clear()
        group = ""
        for each in found:
            if each.group != group and each.group:
                self._items.appendRow(_heading(each.group))
            group = each.group
            self._items.appendRow(_item(each))
        self.list.setVisible(bool(found))
        self.nothing.setVisible(not found)
        self.list.setFixedHeight(ROW * min(SHOWN, max(1, self._items.rowCount())) + 4)
        rows = range(self._items.rowCount())
        entries = [self.found_in(row) for row in rows]
        same = (row for row in rows if at is not None and entries[row] == at)
        first = (row for row in rows if entries[row] is not None)
        self.list.setCurrentIndex(self._items.index(next(same, next(first, -1)), 0))
        self._point()
        self._fit()

    def _fit(self) -> None:
        """Be no larger than what is shown needs."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.resize(WIDTH, layout.sizeHint().height())

    def _step(self, by: int) -> None:
        row = self.list.currentIndex().row() + by
        while 0 <= row < self._items.rowCount() and self.found_in(row) is None:
            row += by
        if 0 <= row < self._items.rowCount():
            self.list.setCurrentIndex(self._items.index(row, 0))

    def _point(self) -> None:
        at = self.current()
        self.pointed.emit(at.value if at else None)

    def _take(self, index: QModelIndex) -> None:
        if (at := index.data(_ENTRY)) is not None:
            self.close()
            self.chosen.emit(at.value)


def _heading(text: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    item.setSizeHint(QSize(0, ROW))
    return item


def _item(found: Found) -> QStandardItem:
    item = QStandardItem(found.title)
    item.setData(found, _ENTRY)
    said = f"{found.title}: {found.hint}" if found.hint else found.title
    item.setData(said, Qt.ItemDataRole.AccessibleTextRole)
    item.setToolTip(f"{found.title}\n{found.hint}" if found.hint else "")
    item.setSizeHint(QSize(0, ROW))
    return item


class _Line(QStyledItemDelegate):
    """Draws a heading, or a line with its quiet words at the right."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one line."""
        found: Found | None = index.data(_ENTRY)
        painter.save()
        if found is None:
            self._heading(painter, option, index.data())
        else:
            self._entry(painter, option, index, found)
        painter.restore()

    def _heading(self, painter: QPainter, option: QStyleOptionViewItem, text: str) -> None:
        painter.setFont(fonts.font("pill"))
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        low = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(option.rect.adjusted(8, 4, -8, 0), low, text)

    def _entry(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        found: Found,
    ) -> None:
        room = option.rect.adjusted(8, 0, -10, 0)
        self.initStyleOption(option, index)
        option.text = ""
        style = option.widget.style()
        style.drawControl(style.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        ink = option.palette.color(QPalette.ColorRole.Text)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(fonts.font("body"))
        painter.setPen(ink)
        wide = painter.fontMetrics().horizontalAdvance(found.title)
        share = room.width() if not found.hint else max(room.width() // 2, 120)
        title = QRect(room.left(), room.top(), min(wide, share) + 2, room.height())
        painter.drawText(title, middle, _short(painter, found.title, title.width()))
        painter.setFont(fonts.font("sub"))
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        rest = QRect(title.right() + 14, room.top(), room.right() - title.right() - 14, ROW)
        right = middle | Qt.AlignmentFlag.AlignRight
        painter.drawText(rest, right, _short(painter, found.hint, rest.width()))


def _short(painter: QPainter, text: str, width: int) -> str:
    line = " ".join(text.split())
    return painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, width)
