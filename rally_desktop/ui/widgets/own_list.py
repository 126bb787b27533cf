"""A list of the office's own: dragged into order, renamed in place, with a colour and a count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QDropEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from rally_desktop.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
ITEM = Qt.ItemDataRole.UserRole + 1
MIME = "application/x-rally-place"
HEIGHT = 40
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True)
class Item:
    """One line: its name, what it is, what there is to say of it at the right.

    ``colour`` is a family of the tokens; None where lines of this list have none. One that is
    ``archived`` stands below and cannot be moved; ``ended`` is the word for it.
    """

    key: Any
    name: str
    what: str = ""
    note: str = ""
    colour: str | None = None
    archived: bool = False
    ended: str = "Archived"

    def said(self) -> str:
        """Return all of it in words."""
        return ", ".join(filter(None, (self.name, self.what, self.note)))


class OwnItems(QAbstractListModel):
    """The lines of the list."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.items: Sequence[Item] = ()

    def show(self, items: Sequence[Item]) -> bool:
        """Show other lines, or the same ones anew; say whether they are others."""
        same = [one.key for one in items] == [one.key for one in self.items]
        if same:
            self.items = items
            if items:
                self.dataChanged.emit(self.index(0), self.index(len(items) - 1))
            return False
        self.beginResetModel()
        self.items = items
        self.endResetModel()
        return True

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many lines there are."""
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a line, or what is read aloud of it."""
        item = self.items[index.row()]
        if role == ITEM:
            return item
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return item.said()
        return (
            item.name if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole) else None
        )

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let lines be chosen, renamed and dragged."""
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if not index.isValid():
            return usual | Qt.ItemFlag.ItemIsDropEnabled
        moves = Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemIsEditable
        return usual if self.items[index.row()].archived else usual | moves

    def mimeTypes(self) -> list[str]:
        """Return what a dragged line is known by."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return the place that a dragged line comes from."""
        made = QMimeData()
        made.setData(MIME, f"{id(self)} {indexes[0].row()}".encode())
        return made

    def place_of(self, dragged: QMimeData) -> int | None:
        """Return the place that a line was dragged from; None where it is not one of these."""
        said = bytes(dragged.data(MIME).data()).decode(errors="replace").split()
        mine = len(said) == 2 and said[0] == str(id(self))
        return int(said[1]) if mine else None

    def supportedDropActions(self) -> Qt.DropAction:
        """Let a line be moved, never copied."""
        return Qt.DropAction.MoveAction


class OwnList(QListView):
    """Tells what a person wants done to a line; whoever owns the list carries it out."""

    moved = Signal(object, int)
    renamed = Signal(object, str)
    removing = Signal(object)
    chosen = Signal(object)

    def __init__(self, theme: Theme, name: str, *, ordered: bool = True) -> None:
        super().__init__()
        self._ordered = ordered
        self.setObjectName("card")
        self.setAccessibleName(name)
        moves = "Alt with the arrows moves, " if ordered else ""
        self.setAccessibleDescription(f"F2 renames, {moves}Delete takes away.")
        self.items = OwnItems(self)
        self.setModel(self.items)
        self.setItemDelegate(OwnDelegate(theme, self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.EditKeyPressed | triggers.DoubleClicked)
        modes = QAbstractItemView.DragDropMode
        self.setDragDropMode(modes.InternalMove if ordered else modes.NoDragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)
        self.selectionModel().currentChanged.connect(lambda *_: self.chosen.emit(self.current()))
        theme.changed.connect(self.viewport().update)

    def show_items(self, items: Sequence[Item]) -> None:
        """Show other lines; the one that was chosen stays so where it is still there."""
        before = self.current()
        if self.items.show(items):
            kept = before is not None and self.choose(before.key)
            if not kept and items:
                self.choose(items[0].key)
        self.chosen.emit(self.current())

    def current(self) -> Item | None:
        """Return the chosen line, or None."""
        index = self.currentIndex()
        return self.items.items[index.row()] if index.isValid() else None

    def choose(self, key: object) -> bool:
        """Choose a line; say whether it is here."""
        for place, item in enumerate(self.items.items):
            if item.key == key:
                self.setCurrentIndex(self.items.index(place))
                return True
        return False

    def rename(self) -> None:
        """Let the chosen line's name be typed over."""
        index = self.currentIndex()
        if index.isValid() and self.items.flags(index) & Qt.ItemFlag.ItemIsEditable:
            self.setFocus()
            self.edit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the line with Alt and the arrows, take it away with Delete."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        item = self.current()
        if self._ordered and step and item and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._move(self.currentIndex().row(), self.currentIndex().row() + step)
        elif item and event.key() == Qt.Key.Key_Delete:
            self.removing.emit(item)
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for the line to stand where it was dropped."""
        start = self.items.place_of(event.mimeData())
        if start is None:
            event.ignore()
            return
        where = event.position().toPoint()
        over = self.indexAt(where)
        place = over.row() if over.isValid() else self.items.rowCount()
        if over.isValid() and where.y() > self.visualRect(over).center().y():
            place += 1
        # Handled here: the view must not take the dragged line out by itself.
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        self._move(start, place - (place > start))

    def _move(self, start: int, place: int) -> None:
        """Ask for a line to be moved, at most to the end of those in use."""
        used = sum(not item.archived for item in self.items.items)
        if start < used and 0 <= place and (goal := min(place, used - 1)) != start:
            self.moved.emit(self.items.items[start].key, goal)


class OwnDelegate(QStyledItemDelegate):
    """Draws a line, and lets its name be typed over."""

    def __init__(self, theme: Theme, parent: OwnList) -> None:
        super().__init__(parent)
        self._theme, self._list = theme, parent

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height that all lines have."""
        return QSize(200, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw colour, name, what it is, and the note at the right."""
        item: Item = index.data(ITEM)
        self.initStyleOption(option, index)
        option.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = option.rect.adjusted(12, 0, -12, 0)
        if item.colour is not None:
            self._dot(painter, area, item)
            area.adjust(20, 0, 0, 0)
        ended = item.ended if item.archived else ""
        note = " · ".join(filter(None, (ended, item.note)))
        beside = area.adjusted(area.width() * 2 // 5, 0, 0, 0)  # so that the name can be read
        room = self._write(painter, beside, note, "sub", _RIGHT)
        area.adjust(0, 0, -room - 12 if room else 0, 0)
        used = self._write(painter, area, item.name, "body" if item.archived else "strong")
        area.adjust(used + 10, 0, 0, 0)
        self._write(painter, area, item.what, "sub")
        painter.restore()

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QLineEdit:
        """Return a box for the name."""
        made = QLineEdit(parent)
        made.setAccessibleName("Name")
        return made

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Lay the box over the name."""
        left = 26 if index.data(ITEM).colour is not None else 6
        editor.setGeometry(option.rect.adjusted(left, 3, -6, -3))

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Begin with the name; what is being typed outlives news from elsewhere."""
        if isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(index.data(ITEM).name)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Tell the name that was typed in, where it is another one."""
        item: Item = index.data(ITEM)
        if isinstance(editor, QLineEdit) and editor.text() != item.name:
            self._list.renamed.emit(item, editor.text())

    def _dot(self, painter: QPainter, area: QRect, item: Item) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(item.colour or "line_hover"))
        painter.drawEllipse(QPointF(area.left() + 5, area.center().y() + 0.5), 5, 5)

    def _write(
        self, painter: QPainter, area: QRect, text: str, role: str, side: int = _LEFT
    ) -> int:
        """Write a text and return how wide it is."""
        if not text or area.width() < 16:
            return 0
        font = self._theme.font(role)
        painter.setFont(font)
        painter.setPen(self._theme.colour("ink" if role == "strong" else "ink2"))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, side, shown)
        return min(QFontMetrics(font).horizontalAdvance(shown), area.width())
