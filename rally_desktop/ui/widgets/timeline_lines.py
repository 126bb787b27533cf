"""The lines of a timeline: the list, and how one line is painted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from rally_desktop.services.timeline import Line
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.widgets.relative_time import ago, day_heading, exactly

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
LINE_ROLE = Role.UserRole
HEADING_ROLE = Role.UserRole + 1
OPEN_ROLE = Role.UserRole + 2

ICONS = {
    "created": ("user-plus", "record"), "imported": ("file-input", "record"),
    "deleted": ("trash-2", "flow"), "restored": ("undo-2", "flow"),
    "updated": ("pencil", "flow"), "stage_moved": ("arrow-right-left", "condition"),
    "tag_added": ("tag", "record"), "tag_removed": ("tag", "flow"),
    "note_added": ("sticky-note", "condition"), "task_created": ("square-check", "record"),
    "task_completed": ("circle-check", "record"), "task_withdrawn": ("circle-slash", "flow"),
    "call_logged": ("phone", "talk"),
    "meeting_planned": ("calendar", "talk"), "meeting_completed": ("calendar-check", "talk"),
    "meeting_cancelled": ("calendar-x", "talk"),
    "email_queued": ("clock", "talk"), "email_sent": ("send", "talk"),
    "email_received": ("inbox", "talk"), "email_failed": ("triangle-alert", "bad"),
    "email_doubted": ("triangle-alert", "warn"), "email_opened": ("mail-open", "talk"),
    "link_clicked": ("mouse-pointer-click", "talk"), "notified": ("bell", "flow"),
    "score_band": ("gauge", "condition"),
    "merged": ("merge", "record"), "parted": ("split", "record"),
    "enrolled": ("workflow", "trigger"), "run_ended": ("flag", "trigger"),
    "sms_sent": ("message-square", "talk"), "sms_received": ("message-square", "talk"),
}  # fmt: skip
OTHER_ICON = ("circle-dot", "flow")
TILE, SIDE, GAP = 28, 16, 12
HEADING = 30
WHEN = 84
PREVIEW_LINES = 3
BODY_MOST = 320
_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class TimelineModel(QAbstractListModel):
    """The lines that have been read so far, newest first."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.lines: list[Line] = []
        self._open: set[int] = set()

    def show(self, lines: Sequence[Line]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self.lines = list(lines)
        self._open.clear()
        self.endResetModel()

    def add_older(self, lines: Sequence[Line]) -> None:
        """Add lines at the end."""
        if lines:
            first = len(self.lines)
            self.beginInsertRows(QModelIndex(), first, first + len(lines) - 1)
            self.lines.extend(lines)
            self.endInsertRows()

    def add_newer(self, lines: Iterable[Line]) -> int:
        """Add those lines at the top that are not there yet; return how many."""
        known = {line.id for line in self.lines}
        fresh = [line for line in lines if line.id not in known]
        if fresh:
            self.beginInsertRows(QModelIndex(), 0, len(fresh) - 1)
            self.lines[:0] = fresh
            self.endInsertRows()
            below = self.index(len(fresh))
            self.dataChanged.emit(below, below)
        return len(fresh)

    def toggle(self, index: Index) -> bool:
        """Unfold a line, or fold it again; return whether it is unfolded now."""
        line = self.lines[index.row()]
        self._open ^= {line.id}
        self.dataChanged.emit(index, index)
        return line.id in self._open

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many lines have been read."""
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return a line, or what a screen reader or a tip says about it."""
        line = self.lines[index.row()]
        if role == LINE_ROLE:
            return line
        if role == HEADING_ROLE:
            return self._heading(index.row())
        if role == OPEN_ROLE:
            return line.id in self._open
        if role == Role.DisplayRole:
            return line.text
        if role == Role.ToolTipRole:
            return exactly(line.at)
        if role == Role.AccessibleTextRole:
            said = [line.text, line.body, line.by, ago(line.at, self._desk.clock.now())]
            return ", ".join(filter(None, said))
        return None

    def _heading(self, row: int) -> str:
        now = self._desk.clock.now()
        own = day_heading(self.lines[row].at, now)
        if row and day_heading(self.lines[row - 1].at, now) == own:
            return ""
        return own


class TimelineLines(QStyledItemDelegate):
    """Paints a line: an icon, what happened, who did it and when."""

    def __init__(self, desk: Desk, view: QWidget) -> None:
        super().__init__(view)
        self._desk = desk
        self._view = view
        self._take_theme()
        desk.theme.changed.connect(self._take_theme)

    def foldable(self, line: Line, width: int) -> bool:
        """Say whether a line has more to show than its preview."""
        return bool(line.body) and self._height(line.body.strip(), width) > self._folded(line) - 4

    def text_width(self) -> int:
        """Return how wide a line's text may be."""
        return max(80, self._view.viewport().width() - SIDE * 2 - TILE - GAP)  # type: ignore[attr-defined]

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height that a line needs at the view's width."""
        line: Line = index.data(LINE_ROLE)
        width = self.text_width()
        body = self._open_height(line, width) if index.data(OPEN_ROLE) else self._folded(line)
        heading = HEADING if index.data(HEADING_ROLE) else 0
        height = heading + 8 + self._title_height(line, width) + body + self._by_height(line) + 8
        return QSize(width, max(height, heading + TILE + 12))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one line."""
        line: Line = index.data(LINE_ROLE)
        rect = QRect(option.rect)  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if heading := index.data(HEADING_ROLE):
            self._write(painter, rect.adjusted(SIDE, 12, -SIDE, 0), heading, self._pill, "ink3")
            rect.setTop(rect.top() + HEADING)
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._desk.theme.colour("accent_soft"))
            painter.drawRoundedRect(rect.adjusted(6, 1, -6, -1), 8, 8)
        self._icon(painter, rect, line.kind)
        left = rect.left() + SIDE + TILE + GAP
        text = QRect(left, rect.top() + 8, self.text_width(), rect.height())
        when = ago(line.at, self._desk.clock.now())
        height = self._title_height(line, text.width())
        title = QRect(text.left(), text.top(), text.width() - WHEN, height)
        self._write(painter, title, line.text, self._body, "ink")
        moment = QRect(text.right() - WHEN, text.top(), WHEN, height)
        painter.setFont(self._sub)
        painter.setPen(self._desk.theme.colour("ink3"))
        painter.drawText(moment, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, when)
        top = text.top() + height
        if index.data(OPEN_ROLE):
            top += self._open_height(line, text.width())
        elif line.body:
            body = QRect(text.left(), top + 2, text.width(), self._folded(line) - 2)
            self._write(painter, body, _preview(line), self._body, "ink2")
            top += self._folded(line)
        if line.by:
            by = QRect(text.left(), top + 2, text.width(), self._sub_metrics.height())
            self._write(painter, by, line.by, self._sub, "ink3")

    # -- unfolding -----------------------------------------------------------------------

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Make the box that holds an unfolded text, so that one can select and copy it."""
        line: Line = index.data(LINE_ROLE)
        box = QPlainTextEdit(parent)
        box.setReadOnly(True)
        box.setPlainText(line.body)
        box.setAccessibleName(f"Text of {line.text}")
        box.setFrameShape(QFrame.Shape.NoFrame)
        box.setObjectName("unfolded")
        box.setTabChangesFocus(True)
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Leave the box as it was made: a line never changes."""

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Put the box under its line's title."""
        line: Line = index.data(LINE_ROLE)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        heading = HEADING if index.data(HEADING_ROLE) else 0
        width = self.text_width()
        top = rect.top() + heading + 8 + self._title_height(line, width) + 4
        left = rect.left() + SIDE + TILE + GAP
        editor.setGeometry(left, top, width, self._open_height(line, width) - 8)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Leave the line as it is: the box is for reading."""

    # -- measures ------------------------------------------------------------------------

    def _title_height(self, line: Line, width: int) -> int:
        height = self._metrics.boundingRect(
            QRect(0, 0, width - WHEN, 9_999), _WRAP, line.text
        ).height()
        return min(height, self._metrics.lineSpacing() * 3)

    def _folded(self, line: Line) -> int:
        if not line.body:
            return 0
        most = self._metrics.lineSpacing() * PREVIEW_LINES
        return 4 + min(most, self._height(_preview(line), self.text_width()))

    def _height(self, text: str, width: int) -> int:
        area = QRect(0, 0, width, 999_999)
        return self._metrics.boundingRect(area, _WRAP, text[:20_000]).height()

    def _open_height(self, line: Line, width: int) -> int:
        return min(BODY_MOST, self._height(line.body.strip(), width - 24) + 28) + 12

    def _by_height(self, line: Line) -> int:
        return self._sub_metrics.height() + 4 if line.by else 0

    # -- painting ------------------------------------------------------------------------

    def _icon(self, painter: QPainter, rect: QRect, kind: str) -> None:
        icon, family = ICONS.get(kind, OTHER_ICON)
        area = QRect(rect.left() + SIDE, rect.top() + 8, TILE, TILE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._desk.theme.colour(f"{family}_tint"))
        painter.drawRoundedRect(area, 8, 8)
        picture = self._desk.theme.pixmap(icon, family, 16)
        painter.drawPixmap(area.left() + 6, area.top() + 6, picture)

    def _write(self, painter: QPainter, area: QRect, text: str, font: QFont, colour: str) -> None:
        painter.save()
        painter.setClipRect(area)
        painter.setFont(font)
        painter.setPen(self._desk.theme.colour(colour))
        painter.drawText(area, _WRAP, text)
        painter.restore()

    def _take_theme(self) -> None:
        theme = self._desk.theme
        self._body, self._sub = theme.font("body"), theme.font("sub")
        self._pill = theme.font("pill")
        self._metrics, self._sub_metrics = QFontMetrics(self._body), QFontMetrics(self._sub)


def _preview(line: Line) -> str:
    """Return the beginning of a text without its empty lines."""
    return "\n".join(part for part in line.body[:1_000].splitlines() if part.strip())
