"""What the finder lists: things to go to under headings, and how a line is painted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from rally_desktop.ui.theme import Theme

ENTRY = Qt.ItemDataRole.UserRole + 1
ROW, HEADING, SIDE, GAP, ICON, TILE = 40, 30, 12, 10, 18, 24
_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True)
class Entry:
    """One thing to find: what it says, its icon, the keys that do the same, what it does.

    ``about`` tells it from its like, ``beside`` is what Ctrl+Enter does instead; ``stays`` keeps
    the finder open. Without an icon its initials are shown.
    """

    title: str
    icon: str
    run: Callable[[], None]
    keys: str = ""
    about: str = ""
    beside: Callable[[], None] | None = None
    stays: bool = False

    def said(self) -> str:
        """Return what a screen reader says of it."""
        return ", ".join(filter(None, (self.title, self.about, self.keys)))


@dataclass(frozen=True)
class Section:
    """Some things of a kind, under a heading."""

    title: str
    entries: Sequence[Entry]


class FinderLines(QStandardItemModel):
    """The lines; a heading cannot be chosen."""

    def __init__(self, parent: QListView) -> None:
        super().__init__(parent)
        self.sections: tuple[Section, ...] = ()
        self._rows: list[int] = []

    def show(self, sections: Iterable[Section]) -> None:
        """Show these sections, but for the empty ones."""
        self.sections = tuple(section for section in sections if section.entries)
        self.clear()
        self._rows.clear()
        for section in self.sections:
            heading = QStandardItem(section.title)
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            heading.setSizeHint(QSize(0, HEADING))
            self.appendRow(heading)
            for entry in section.entries:
                item = QStandardItem(entry.title)
                item.setData((entry, section), ENTRY)
                item.setData(entry.said(), Qt.ItemDataRole.AccessibleTextRole)
                item.setSizeHint(QSize(0, ROW))
                self._rows.append(self.rowCount())
                self.appendRow(item)

    def first(self) -> QModelIndex:
        """Return the first line that can be chosen."""
        return self.index(self._rows[0], 0) if self._rows else QModelIndex()

    def next(self, index: QModelIndex, step: int) -> QModelIndex:
        """Return the line some steps on; from the last it goes on at the first."""
        if not self._rows:
            return QModelIndex()
        place = self._rows.index(index.row()) if index.isValid() else -1
        return self.index(self._rows[(place + step) % len(self._rows)], 0)

    def far(self, index: QModelIndex, step: int) -> QModelIndex:
        """Return the line a screenful on, or the last one there is."""
        if not self._rows:
            return QModelIndex()
        place = self._rows.index(index.row()) if index.isValid() else 0
        return self.index(self._rows[max(0, min(len(self._rows) - 1, place + step))], 0)

    def again(self, entry: Entry) -> QModelIndex:
        """Return where an entry that says the same is now; nowhere where it is not."""
        for row in self._rows:
            here = self.index(row, 0)
            if here.data(ENTRY)[0].said() == entry.said():
                return here
        return QModelIndex()

    def near(self, row: int) -> QModelIndex:
        """Return the line at a place, or the nearest above it; the first where there is none."""
        above = [one for one in self._rows if one <= row]
        return self.index(above[-1], 0) if above else self.first()

    def height(self) -> int:
        """Return how high all lines are together."""
        return len(self._rows) * ROW + len(self.sections) * HEADING


class FinderPainter(QStyledItemDelegate):
    """Draws a line: icon or initials, title, what tells it from its like, keys at the right."""

    def __init__(self, theme: Theme, parent: QListView) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one line."""
        rect = QRect(option.rect)  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        found = index.data(ENTRY)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if found is None:
            area = rect.adjusted(SIDE, 6, -SIDE, 0)
            self._write(painter, area, index.data(), "pill", "ink3", _MIDDLE)
        else:
            if state & QStyle.StateFlag.State_Selected:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self._theme.colour("accent_soft"))
                painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 8, 8)
            self._entry(painter, rect, found[0])
        painter.restore()

    def _entry(self, painter: QPainter, rect: QRect, entry: Entry) -> None:
        if entry.icon:
            picture, size = self._theme.pixmap(entry.icon, "ink2", ICON), ICON
        else:
            from rally_desktop.ui.widgets.grid_cells import tile  # the window comes before it

            ratio = painter.device().devicePixelRatioF()
            picture, size = tile(self._theme, entry.title, TILE, ratio), TILE
        left = rect.left() + SIDE + (TILE - size) // 2
        painter.drawPixmap(left, rect.center().y() - size // 2 + 1, picture)
        area = rect.adjusted(SIDE + TILE + GAP, 0, -SIDE, 0)
        keys = QFontMetrics(self._theme.font("sub")).horizontalAdvance(entry.keys)
        self._write(painter, area, entry.keys, "sub", "ink3", _RIGHT)
        area.setRight(area.right() - keys - GAP * bool(keys))
        body = QFontMetrics(self._theme.font("body"))
        most = area.width() * 3 // 5 if entry.about else area.width()
        title = body.elidedText(entry.title, Qt.TextElideMode.ElideRight, most)
        self._write(painter, area, title, "body", "ink", _MIDDLE)
        area.setLeft(area.left() + body.horizontalAdvance(title) + GAP)
        sub = QFontMetrics(self._theme.font("sub"))
        about = sub.elidedText(entry.about, Qt.TextElideMode.ElideRight, area.width())
        self._write(painter, area, about, "sub", "ink2", _MIDDLE)

    def _write(
        self,
        painter: QPainter,
        area: QRect,
        text: str,
        font: str,
        colour: str,
        where: Qt.AlignmentFlag,
    ) -> None:
        painter.setFont(self._theme.font(font))
        painter.setPen(self._theme.colour(colour))
        painter.drawText(area, where | Qt.TextFlag.TextSingleLine, text)
