"""How one line of a timeline is painted: what happened, its text, who did it, and links."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from rally_desktop.services.timeline import Line
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.widgets.relative_time import ago
from rally_desktop.ui.widgets.timeline_model import HEADING_ROLE, LINE_ROLE, MOST, OPEN_ROLE, Index

ICONS = {
    "created": ("user-plus", "record"), "imported": ("file-input", "record"),
    "deleted": ("trash-2", "flow"), "restored": ("undo-2", "flow"),
    "updated": ("pencil", "flow"), "stage_moved": ("arrow-right-left", "condition"),
    "tag_added": ("tag", "record"), "tag_removed": ("tag", "flow"),
    "note_added": ("sticky-note", "condition"), "task_created": ("square-check", "record"),
    "task_completed": ("circle-check", "record"), "task_withdrawn": ("circle-slash", "flow"),
    "task_reopened": ("undo-2", "record"), "call_logged": ("phone", "talk"),
    "meeting_planned": ("calendar", "talk"), "meeting_completed": ("calendar-check", "talk"),
    "meeting_cancelled": ("calendar-x", "talk"),
    "email_queued": ("clock", "talk"), "email_sent": ("send", "talk"),
    "email_received": ("inbox", "talk"), "email_failed": ("triangle-alert", "bad"),
    "email_doubted": ("triangle-alert", "warn"), "email_opened": ("mail-open", "talk"),
    "link_clicked": ("mouse-pointer-click", "talk"),
    "email_unsubscribed": ("mail-minus", "warn"), "email_resubscribed": ("mail-plus", "talk"),
    "sms_unsubscribed": ("message-square-off", "warn"),
    "sms_resubscribed": ("message-square-plus", "talk"),
    "form_submitted": ("clipboard-pen", "talk"), "notified": ("bell", "flow"),
    "score_band": ("gauge", "condition"),
    "merged": ("merge", "record"), "parted": ("split", "record"),
    "enrolled": ("workflow", "trigger"), "run_ended": ("flag", "trigger"),
    "sms_queued": ("clock", "talk"), "sms_sent": ("message-square", "talk"),
    "sms_received": ("message-square-reply", "talk"), "sms_failed": ("triangle-alert", "bad"),
    "sms_doubted": ("triangle-alert", "warn"), "sms_delivered": ("check-check", "talk"),
    "sms_bounced": ("message-square-x", "bad"),
    "machine": ("bot", "flow"), "machine_absence": ("calendar-off", "flow"),
    "machine_left": ("user-x", "warn"), "back_hard": ("mail-x", "bad"),
    "back_soft": ("mail-warning", "warn"), "back_refused": ("shield-alert", "warn"),
}  # fmt: skip
OTHER_ICON = ("circle-dot", "flow")
# What can be done with a line, by the word that asks for it.
LINKS = {
    "known": "Add the address", "reply": "Reply", "open": "Open", "why": "Why?", "proof": "Proof",
    "edit": "Edit", "delete": "Delete",
}  # fmt: skip
FIRST_LEFT_OUT = ("proof", "why")
TILE, SIDE, GAP = 28, 16, 12
HEADING = 30
WHEN = 84
PREVIEW_LINES = 3
BODY_MOST = 320
_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class TimelineLines(QStyledItemDelegate):
    """Paints a line: an icon, what happened, who did it and when."""

    def __init__(self, desk: Desk, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._desk = desk
        self._view = view
        # How high the title and the preview of each line are, and for which line and width.
        self._measured: dict[int, tuple[Line, int, tuple[int, int]]] = {}
        self._take_theme()
        desk.theme.changed.connect(self._take_theme)

    def foldable(self, line: Line) -> bool:
        """Say whether a line has more to show than its preview."""
        whole = self._height(line.body.strip(), self.text_width())
        return bool(line.body) and whole > self._heights(line)[1] - 4

    def text_width(self) -> int:
        """Return how wide a line's text may be."""
        return max(80, self._view.viewport().width() - SIDE * 2 - TILE - GAP)

    def links(self, line: Line) -> tuple[str, ...]:
        """Return what can be done with a line."""
        mail = line.mail
        found = {
            "known": mail is not None and bool(mail.stranger), "reply": mail is not None,
            "open": line.letter, "why": line.caused, "proof": line.outbox is not None,
            "edit": line.own, "delete": line.own,
        }  # fmt: skip
        return tuple(name for name, can in found.items() if can)

    def link_rects(self, rect: QRect, index: Index) -> dict[str, QRect]:
        """Return where the links of a line are, at the end of the row that says who did it."""
        line: Line = index.data(LINE_ROLE)
        right, height = rect.right() - SIDE, self._sub_metrics.height()
        top = rect.bottom() - 8 - height
        made: dict[str, QRect] = {}
        for name, width in reversed(self._fitting(line)):
            made[name] = QRect(right - width, top, width + 1, height + 2)
            right -= width + GAP
        return made

    def _fitting(self, line: Line) -> list[tuple[str, int]]:
        """Return the links that there is room for, with their widths; the menu has all."""
        widths = {
            name: self._sub_metrics.horizontalAdvance(says(name, line)) + GAP
            for name in self.links(line)
        }
        for name in FIRST_LEFT_OUT:
            if sum(widths.values()) > self.text_width():
                widths.pop(name, None)
        return [(name, width - GAP) for name, width in widths.items()]

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height that a line needs at the view's width."""
        line: Line = index.data(LINE_ROLE)
        width = self.text_width()
        heading = HEADING if index.data(HEADING_ROLE) else 0
        title, folded = self._heights(line)
        body = self._open_height(line, width) if index.data(OPEN_ROLE) else folded
        foot = self._sub_metrics.height() + 4 if line.by or self.links(line) else 0
        return QSize(width, heading + max(8 + title + body + foot + 8, TILE + 12))

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
        self._icon(painter, rect, line)
        left = rect.left() + SIDE + TILE + GAP
        text = QRect(left, rect.top() + 8, self.text_width(), rect.height())
        when = ago(line.at, self._desk.clock.now())
        height, folded = self._heights(line)
        title = QRect(text.left(), text.top(), text.width() - WHEN, height)
        self._write(painter, title, line.text, self._body, "ink")
        moment = QRect(text.right() - WHEN, text.top(), WHEN, height)
        painter.setFont(self._sub)
        painter.setPen(self._desk.theme.colour("ink3"))
        painter.drawText(moment, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, when)
        top = text.top() + height
        if line.body and not index.data(OPEN_ROLE):
            body = QRect(text.left(), top + 2, text.width(), folded - 2)
            self._write(painter, body, _preview(line), self._body, "ink2")
        self._foot(painter, rect, index)

    def _foot(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Say who did it, and offer what can be done."""
        line: Line = index.data(LINE_ROLE)
        links = self.link_rects(rect, index)
        end = min((area.left() for area in links.values()), default=rect.right() - SIDE)
        left = rect.left() + SIDE + TILE + GAP
        height = self._sub_metrics.height()
        by = QRect(left, rect.bottom() - 8 - height, end - left - GAP, height + 2)
        said = self._sub_metrics.elidedText(line.by, Qt.TextElideMode.ElideRight, by.width())
        self._write(painter, by, said, self._sub, "ink3")
        for name, area in links.items():
            self._write(painter, area, says(name, line), self._sub, "accent")

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
        """Show the text; a note may have been changed."""
        body = index.data(LINE_ROLE).body
        if isinstance(editor, QPlainTextEdit) and editor.toPlainText() != body:
            editor.setPlainText(body)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Put the box under its line's title."""
        line: Line = index.data(LINE_ROLE)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        heading = HEADING if index.data(HEADING_ROLE) else 0
        width = self.text_width()
        top = rect.top() + heading + 8 + self._heights(line)[0] + 4
        left = rect.left() + SIDE + TILE + GAP
        editor.setGeometry(left, top, width, self._open_height(line, width) - 8)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Leave the line as it is: the box is for reading."""

    # -- measures ------------------------------------------------------------------------

    def _heights(self, line: Line) -> tuple[int, int]:
        """Return how high a line's title and the preview of its text are."""
        known, width = self._measured.get(line.id), self.text_width()
        if known is not None and known[0] is line and known[1] == width:
            return known[2]
        spacing = self._metrics.lineSpacing()
        title = min(self._height(line.text, width - WHEN), spacing * 3)
        folded = 4 + min(spacing * PREVIEW_LINES, self._height(_preview(line), width))
        if len(self._measured) > 4 * MOST:
            self._measured.clear()
        self._measured[line.id] = (line, width, (title, folded if line.body else 0))
        return self._measured[line.id][2]

    def _height(self, text: str, width: int) -> int:
        area = QRect(0, 0, width, 999_999)
        return self._metrics.boundingRect(area, _WRAP, text[:20_000]).height()

    def _open_height(self, line: Line, width: int) -> int:
        return min(BODY_MOST, self._height(line.body.strip(), width - 24) + 28) + 12

    # -- painting ------------------------------------------------------------------------

    def _icon(self, painter: QPainter, rect: QRect, line: Line) -> None:
        icon, family = picture_of(line.look, line.kind)
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
        self._measured.clear()


def picture_of(look: str, kind: str) -> tuple[str, str]:
    """Return the picture of a line and its family of colours, by how it looks, else by its kind."""
    return ICONS.get(look) or ICONS.get(kind, OTHER_ICON)


def says(name: str, line: Line) -> str:
    """Return what a link of a line is called."""
    if name == "open" and line.mail is not None and line.mail.count > 1:
        return f"{line.mail.count:,} messages"
    if name == "known" and line.mail is not None and line.mail.whose:
        return f"It is {line.mail.whose}’s: add the address"
    return LINKS[name]


def _preview(line: Line) -> str:
    """Return the beginning of a text without its empty lines."""
    return "\n".join(part for part in line.body[:1_000].splitlines() if part.strip())
