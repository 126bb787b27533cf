"""Paints one line of the outline: a card in small, a path's label, or where a path goes on."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from rally_desktop.canvas.faces import Face
from rally_desktop.canvas.items.words import one_line
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.outline_model import LINE
from rally_desktop.canvas.plan import tone
from rally_desktop.canvas.reading import Line
from rally_desktop.canvas.spoken import Speaker

ROW, TILE, ICON = 30, 22, 14
VCENTER = Qt.AlignmentFlag.AlignVCenter
FAINT = 0.35
ENOUGH = 48  # pixels in which some of a subtitle can be read


class OutlinePainter(QStyledItemDelegate):
    """What a line looks like; ``faint`` are those that a search does not find."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.speaker: Speaker | None = None
        self.found: frozenset[Line] | None = None

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the one height of lines."""
        return QSize(120, ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one line."""
        line: Line | None = index.data(LINE)
        if line is None or self.speaker is None:
            return
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        self._ground(painter, rect, state)
        if self.found is not None and line not in self.found:
            painter.setOpacity(FAINT)
        face = self.speaker.face(line)
        if face is not None:
            self._card(painter, rect, line, face)
        elif line.kind == "path":
            self._path(painter, rect, line)
        else:
            self._words(painter, rect, line)
        painter.restore()

    def _ground(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if not (chosen or state & QStyle.StateFlag.State_MouseOver):
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.colour("accent_soft" if chosen else "flow_tint"))
        box = QRectF(rect).adjusted(0, 1, -4, -1)
        if chosen and state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self.look.pen("accent", 1))
            box.adjust(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, 7, 7)

    def _card(self, painter: QPainter, rect: QRect, line: Line, face: Face) -> None:
        look = self.look
        assert self.speaker is not None
        reading = self.speaker.reading
        disabled = line.kind == "step" and reading.graph.steps[line.id].disabled
        if disabled:
            painter.setOpacity(painter.opacity() * 0.55)
        tile = QRectF(rect.left() + 4, rect.center().y() - TILE / 2 + 0.5, TILE, TILE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour(f"{face.family}_tint"))
        painter.drawRoundedRect(tile, 6, 6)
        gap = (TILE - ICON) / 2
        icon = look.icon(face.icon, face.family, ICON, 1.0)
        painter.drawPixmap(tile.topLeft() + QPointF(gap, gap), icon)
        right = rect.right() - 10.0
        if face.problem:
            painter.setBrush(look.colour("bad" if face.severity == "error" else "warn"))
            painter.drawEllipse(QPointF(right - 4, rect.center().y() + 0.5), 4, 4)
            right -= 14
        x = tile.right() + 8
        if line.kind == "step":
            number = f"{reading.numbers[line.id]}"
            x += self._text(painter, number, "sub", "ink3", x, right, rect) + 6
        x += self._text(painter, face.title, "strong", "ink", x, right, rect) + 6
        if face.subtitle != face.title and right - x > ENOUGH:
            self._text(painter, face.subtitle, "sub", "ink2", x, right, rect)

    def _path(self, painter: QPainter, rect: QRect, line: Line) -> None:
        assert self.speaker is not None
        colour = tone(line.exit)
        text = self.speaker.title(line)
        font = self.look.font("pill")
        width = min(rect.width() - 12.0, QFontMetricsF(font).horizontalAdvance(text) + 20)
        pill = QRectF(rect.left() + 4, rect.center().y() - 9.5, width, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.colour(f"{colour}_tint"))
        painter.drawRoundedRect(pill, 10, 10)
        self._text(painter, text, "pill", colour, pill.left() + 10, pill.right() - 6, rect)

    def _words(self, painter: QPainter, rect: QRect, line: Line) -> None:
        assert self.speaker is not None
        icons = {"open": "plus", "note": "sticky-note", "frame": "group"}
        x, right = rect.left() + 4.0, rect.right() - 10.0
        heading = line.kind in ("stopped", "loose")
        text, colour = self.speaker.title(line), "ink2"
        if line.kind == "open":
            text, colour = "Add a step", "ink3"
        if line.kind in icons:
            at = QPointF(x + 4, rect.center().y() - ICON / 2 + 0.5)
            painter.drawPixmap(at, self.look.icon_in(icons[line.kind], colour, ICON, 1.0))
            x += TILE + 8
        self._text(painter, text, "pill" if heading else "sub", colour, x, right, rect)

    def _text(
        self,
        painter: QPainter,
        text: str,
        role: str,
        colour: str,
        left: float,
        right: float,
        rect: QRect,
    ) -> float:
        """Draw as much of a text as fits, and return how wide that is."""
        if right - left < 12 or not text:
            return 0.0
        font = self.look.font(role)
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(one_line(text), Qt.TextElideMode.ElideRight, right - left)
        painter.setFont(font)
        painter.setPen(self.look.colour(colour))
        painter.drawText(QRectF(left, rect.top(), right - left, rect.height()), VCENTER, shown)
        return metrics.horizontalAdvance(shown)
