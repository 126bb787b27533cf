"""A button that opens a searchable list in which several values can be ticked."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QListView,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

SHOWN_AT_ONCE = 10
NO_VALUE = "(empty)"


class ChoicePopup(QFrame):
    """The list itself: type to narrow it, space or a click ticks, Esc closes."""

    changed = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setAccessibleName(title)
        self.search = QLineEdit(placeholderText=f"Find {title.lower()}")
        self.search.setAccessibleName(f"Find in {title}")
        self._items = QStandardItemModel(self)
        self._narrowed = QSortFilterProxyModel(self)
        self._narrowed.setSourceModel(self._items)
        self._narrowed.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.list = QListView(uniformItemSizes=True)
        self.list.setModel(self._narrowed)
        self.list.setAccessibleName(title)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clear_button = QPushButton("Clear")
        self.clear_button.setProperty("flat", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.search)
        layout.addWidget(self.list)
        layout.addWidget(self.clear_button)
        self.search.textChanged.connect(self._narrow)
        self.search.installEventFilter(self)
        self.list.clicked.connect(self._toggle)
        self.list.installEventFilter(self)
        self.clear_button.clicked.connect(lambda: self.choose(()))

    def offer(self, values: Iterable[str]) -> None:
        """Offer these values; those that are ticked stay so, also where no longer offered."""
        ticked = self.chosen()
        shown = dict.fromkeys([*values, *ticked])
        self._items.clear()
        for value in shown:
            item = QStandardItem(value)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(_state(value in ticked))
            item.setToolTip(value)
            item.setSizeHint(QSize(0, 30))
            self._items.appendRow(item)

    def chosen(self) -> list[str]:
        """Return the ticked values, in the order they are offered."""
        items = (self._items.item(row) for row in range(self._items.rowCount()))
        return [item.text() for item in items if item.checkState() == Qt.CheckState.Checked]

    def choose(self, values: Iterable[str]) -> None:
        """Tick exactly these values."""
        wanted, before = list(values), self.chosen()
        for row in range(self._items.rowCount()):
            item = self._items.item(row)
            item.setCheckState(_state(item.text() in wanted))
        missing = [value for value in wanted if value not in self.chosen()]
        for value in missing:
            item = QStandardItem(value)
            item.setCheckState(Qt.CheckState.Checked)
            self._items.appendRow(item)
        if before != self.chosen():
            self.changed.emit()

    def open_under(self, anchor: QWidget, width: int = 0) -> None:
        """Show the list under a widget, ready to type in."""
        self.search.clear()
        rows = min(max(self._items.rowCount(), 1), SHOWN_AT_ONCE)
        self.list.setFixedHeight(rows * 30 + 4)
        self.setFixedWidth(width or max(240, anchor.width()))
        self.adjustSize()
        self.move(anchor.mapToGlobal(QPoint(0, anchor.height() + 4)))
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)
        self.list.setCurrentIndex(self._narrowed.index(0, 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows walk the list while one types, Enter tick and Esc close."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(watched, event)
        return super().eventFilter(watched, event)

    def _key(self, watched: QObject, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.close()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._toggle(self.list.currentIndex())
            return True
        if watched is self.list and key == Qt.Key.Key_Space:
            self._toggle(self.list.currentIndex())
            return True
        if watched is self.search and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            row = self.list.currentIndex().row() + step
            self.list.setCurrentIndex(self._narrowed.index(max(0, row), 0))
            return True
        return False

    def _narrow(self, text: str) -> None:
        self._narrowed.setFilterFixedString(text.strip())
        self.list.setCurrentIndex(self._narrowed.index(0, 0))

    def _toggle(self, index: object) -> None:
        item = self._items.itemFromIndex(self._narrowed.mapToSource(index))  # type: ignore[arg-type]
        if item is not None:
            item.setCheckState(_state(item.checkState() != Qt.CheckState.Checked))
            self.changed.emit()


class ChoiceButton(QToolButton):
    """A chip that says what was chosen and opens the list."""

    changed = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.popup = ChoicePopup(title, self)
        self.popup.changed.connect(self._say)
        self.popup.changed.connect(self.changed)
        self.clicked.connect(lambda: self.popup.open_under(self))
        self.setProperty("chip", True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._say()

    def offer(self, values: Iterable[str]) -> None:
        """Offer these values."""
        self.popup.offer(values)
        self._say()

    def chosen(self) -> list[str]:
        """Return what is ticked."""
        return self.popup.chosen()

    def choose(self, values: Iterable[str]) -> None:
        """Tick exactly these values."""
        self.popup.choose(values)
        self._say()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list with Enter and the down arrow too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.popup.open_under(self)
            return
        super().keyPressEvent(event)

    def _say(self) -> None:
        chosen = self.chosen()
        said = self._title if not chosen else f"{self._title}: {chosen[0]}"
        if len(chosen) > 1:
            said += f" +{len(chosen) - 1}"
        self.setText(said if len(said) <= 34 else f"{said[:33]}…")
        self.setToolTip(", ".join(chosen))
        self.setAccessibleName(f"{self._title}: {', '.join(chosen) or 'any'}")
        if self.property("active") != bool(chosen):
            self.setProperty("active", bool(chosen))
            self.style().unpolish(self)
            self.style().polish(self)


def _state(ticked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
