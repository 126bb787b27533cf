"""The messages of a conversation, one below the other: who wrote, when, and how it begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from rally_desktop.services.letters import Head
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.widgets.relative_time import ago, exactly
from rally_desktop.ui.widgets.timeline_lines import picture_of
from rally_desktop.ui.widgets.timeline_model import Index

WIDE = 264
_SIDE, _TILE, _GAP = 12, 24, 10
HEAD_ROLE = Qt.ItemDataRole.UserRole


class LetterHeads(QListView):
    """Chooses one message of several; ``chosen`` carries its number."""

    chosen = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heads = _Heads(desk)
        self.setModel(self._heads)
        self.setItemDelegate(_Painter(desk, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Messages of this conversation")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(self.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFixedWidth(WIDE)
        self.selectionModel().currentChanged.connect(self._tell)

    def show_heads(self, heads: Sequence[Head], number: int) -> None:
        """List messages, one of them chosen."""
        self._heads.beginResetModel()
        self._heads.heads = list(heads)
        self._heads.endResetModel()
        self.choose(number)

    def choose(self, number: int) -> None:
        """Choose a message."""
        for row, head in enumerate(self._heads.heads):
            if head.number == number:
                self.setCurrentIndex(self._heads.index(row))

    def _tell(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.data(HEAD_ROLE).number)


class _Heads(QAbstractListModel):
    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.heads: list[Head] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many messages there are."""
        return 0 if parent.isValid() else len(self.heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a message, or what a screen reader or a tip says about it."""
        head = self.heads[index.row()]
        if role == HEAD_ROLE:
            return head
        if role == Qt.ItemDataRole.DisplayRole:
            return who(head)
        if role == Qt.ItemDataRole.ToolTipRole:
            return exactly(head.at)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{who(head)}, {ago(head.at, self._desk.clock.now())}, {head.snippet}"
        return None


class _Painter(QStyledItemDelegate):
    def __init__(self, desk: Desk, view: QListView) -> None:
        super().__init__(view)
        self._desk = desk
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return room for two lines."""
        return QSize(WIDE, 60)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one message."""
        head: Head = index.data(HEAD_ROLE)
        rect = QRect(option.rect)  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        theme = self._desk.theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(rect.adjusted(2, 2, -6, -2), 8, 8)
        kind = "email_sent" if head.direction == "out" else "email_received"
        name, family = picture_of(head.look or kind, kind)
        top = rect.top() + 9
        painter.drawPixmap(rect.left() + _SIDE, top + 1, theme.pixmap(name, family, 16))
        left = rect.left() + _SIDE + _TILE
        when = ago(head.at, self._desk.clock.now())
        sub, strong = theme.font("sub"), theme.font("strong")
        room = QFontMetrics(sub).horizontalAdvance(when)
        right = rect.right() - _SIDE - 4
        line = QRect(left, top, right - left - room - _GAP, 20)
        _write(painter, line, who(head), strong, theme.colour("ink"))
        _write(painter, QRect(right - room, top, room + 2, 20), when, sub, theme.colour("ink3"))
        below = QRect(left, top + 22, right - left, 20)
        _write(painter, below, head.snippet or "(no text)", sub, theme.colour("ink2"))
        painter.restore()


def who(head: Head) -> str:
    """Return who wrote a message, by name where there is one."""
    name, _, _ = head.sender.partition("<")
    return name.strip(' "') or head.sender.strip("<> ") or "Somebody"


def _write(painter: QPainter, area: QRect, text: str, font: QFont, colour: Any) -> None:
    painter.setFont(font)
    painter.setPen(colour)
    fitting = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, fitting)
