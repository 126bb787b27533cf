"""The palette that Ctrl+K opens: type a few letters, Enter goes there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QLineEdit,
    QListView,
    QStackedLayout,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.plain_label import PlainLabel

WIDTH, ROW, SHOWN = 560, 40, 9
KEYS = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class Entry:
    """One thing to find: what it says, its icon, the keys that do the same, what it does."""

    title: str
    icon: str
    run: Callable[[], None]
    keys: str = ""


class Finder(QFrame):
    """Lays itself over the window, near its top; Esc or a click beside it closes it."""

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("palette")
        self.setAccessibleName("Find a page or a command")
        self._theme = theme
        self._entries: tuple[Entry, ...] = ()
        self._shown: list[Entry] = []
        self.search = QLineEdit(placeholderText="Find a page or a command")
        self.search.setObjectName("palette_search")
        self.search.setAccessibleName("Find a page or a command")
        self._items = QStandardItemModel(self)
        self.list = QListView(uniformItemSizes=True)
        self.list.setModel(self._items)
        self.list.setAccessibleName("Found")
        self.list.setIconSize(QSize(18, 18))
        self.list.setItemDelegate(_WithKeys(theme, self.list))
        shade = QGraphicsDropShadowEffect(self, blurRadius=48, xOffset=0, yOffset=12)
        shade.setColor(QColor(0, 0, 0, 60))
        self.setGraphicsEffect(shade)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._nothing = PlainLabel("Nothing is called that. Try fewer letters.")
        self._nothing.set_tone("quiet")
        self._nothing.setContentsMargins(10, 10, 10, 10)
        rule = QFrame(objectName="rule")
        self._below = QWidget()
        self._below_layout = QStackedLayout(self._below)
        self._below_layout.addWidget(self.list)
        self._below_layout.addWidget(self._nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 8)
        layout.setSpacing(6)
        for part in (self.search, rule, self._below):
            layout.addWidget(part)
        self.search.textChanged.connect(self._narrow)
        self.search.installEventFilter(self)
        self.list.clicked.connect(self._run)
        self.hide()

    def offer(self, entries: Iterable[Entry]) -> None:
        """Offer these, in this order while nothing is typed."""
        self._entries = tuple(entries)

    def open(self) -> None:
        """Show the palette with an empty box, ready to type."""
        room = self.parentWidget().rect()
        width = min(WIDTH, room.width() - 32)
        self.setFixedWidth(width)
        self.search.clear()
        self._narrow("")
        self.move(room.center().x() - width // 2, max(24, room.height() // 8))
        self.show()
        self.raise_()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Walk the list with the arrows while typing; Enter runs, Esc closes."""
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event.key())
        return False

    def _key(self, key: int) -> bool:
        if key == Qt.Key.Key_Escape:
            self._leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self.list.currentIndex())
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._shown:
            step = 1 if key == Qt.Key.Key_Down else -1
            row = (self.list.currentIndex().row() + step) % len(self._shown)
            self.list.setCurrentIndex(self._items.index(row, 0))
        else:
            return False
        return True

    def _narrow(self, typed: str) -> None:
        self._shown = ranked(self._entries, typed)
        self._items.clear()
        for entry in self._shown:
            item = QStandardItem(self._theme.icon(entry.icon), entry.title)
            item.setData(entry.keys, KEYS)
            item.setData(entry.title, Qt.ItemDataRole.AccessibleTextRole)
            item.setSizeHint(QSize(0, ROW))
            self._items.appendRow(item)
        self.list.setCurrentIndex(self._items.index(0, 0))
        self._below_layout.setCurrentIndex(0 if self._shown else 1)
        self._below.setFixedHeight(max(1, min(len(self._shown), SHOWN)) * ROW + 2)
        self.adjustSize()

    def _run(self, index: QModelIndex) -> None:
        if index.isValid():
            entry = self._shown[index.row()]
            self._leave()
            entry.run()

    def _leave(self) -> None:
        self.hide()
        self.parentWidget().setFocus()


class _WithKeys(QStyledItemDelegate):
    """Draws an entry with its keys at the right."""

    def __init__(self, theme: Theme, parent: QListView) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one entry."""
        super().paint(painter, option, index)
        painter.save()
        painter.setFont(self._theme.font("sub"))
        painter.setPen(self._theme.colour("ink2"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(option.rect.adjusted(0, 0, -12, 0), right, index.data(KEYS))
        painter.restore()


def ranked(entries: Iterable[Entry], typed: str) -> list[Entry]:
    """Return what matches: its beginning first, then a word's beginning, then letters in order."""
    wanted = typed.casefold().strip()
    scored = [(_score(entry.title.casefold(), wanted), entry) for entry in entries]
    return [entry for score, entry in sorted(scored, key=lambda pair: pair[0] or 0) if score]


def _score(title: str, wanted: str) -> int:
    """Return 1 for the best match and more for a worse one; 0 for none."""
    if title.startswith(wanted):
        return 1
    if f" {wanted}" in title:
        return 2
    if wanted in title:
        return 3
    letters = iter(title)
    return 4 if all(letter in letters for letter in wanted) else 0
