"""How a deal looks on the board: its name, whose it is, how much, and who looks after it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from rally_desktop.services.board import Card
from rally_desktop.ui import figures
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.widgets.grid_cells import tile
from rally_desktop.ui.widgets.relative_time import ago

CARD = Qt.ItemDataRole.UserRole + 1
HEIGHT, GAP, PAD, TILE, RADIUS = 84, 8, 12, 20, 8
Index = QModelIndex | QPersistentModelIndex


class BoardCards(QStyledItemDelegate):
    """Paints the cards of one stage."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the one height that all cards have."""
        return QSize(120, HEIGHT + GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one card."""
        card: Card | None = index.data(CARD)
        if card is None:
            return
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        area = QRectF(rect).adjusted(1, 0.5, -1, -GAP - 0.5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, area, state)
        inner = area.adjusted(PAD, 8, -PAD, -8)
        self._name(painter, inner, card)
        self._whose(painter, inner, card)
        self._foot(painter, inner, card)
        painter.restore()

    def _ground(self, painter: QPainter, area: QRectF, state: QStyle.StateFlag) -> None:
        theme = self._desk.theme
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        line = "accent" if chosen else "line_hover" if hovered else "line"
        painter.setPen(QPen(theme.colour(line), 2 if chosen else 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(area, RADIUS, RADIUS)

    def _name(self, painter: QPainter, area: QRectF, card: Card) -> None:
        amount = figures.money(card.amount)
        self._write(painter, "strong", "ink", QRectF(area), amount, Qt.AlignmentFlag.AlignRight)
        metrics = QFontMetrics(self._desk.theme.font("strong"))
        room = area.adjusted(0, 0, -(metrics.horizontalAdvance(amount) + 8 if amount else 0), 0)
        self._write(painter, "strong", "ink", room, card.name)

    def _whose(self, painter: QPainter, area: QRectF, card: Card) -> None:
        text = " · ".join(filter(None, (card.contact, card.company))) or "Nobody yet"
        self._write(painter, "sub", "ink2", area.adjusted(0, 22, 0, 0), text)

    def _foot(self, painter: QPainter, area: QRectF, card: Card) -> None:
        below = area.adjusted(0, 44, 0, 0)
        if card.owner:
            ratio = painter.device().devicePixelRatio()
            painter.drawPixmap(below.topLeft(), tile(self._desk.theme, card.owner, TILE, ratio))
            below.adjust(TILE + 8, 2, 0, 0)
        now = self._desk.clock.now()
        late = card.expected_close is not None and card.expected_close < now
        said = closing(card.expected_close, now) or _here(card, now)
        self._write(painter, "sub", "bad" if late else "ink3", below, said)

    def _write(
        self, painter: QPainter, role: str, colour: str, area: QRectF, text: str,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:  # fmt: skip
        theme = self._desk.theme
        font = theme.font(role)
        painter.setFont(font)
        painter.setPen(theme.colour(colour))
        line = QFontMetrics(font).elidedText(
            " ".join(text.split()), Qt.TextElideMode.ElideRight, int(area.width())
        )
        painter.drawText(area, side | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextSingleLine, line)


def _here(card: Card, now: datetime) -> str:
    return f"Here since {ago(card.since, now)}" if card.since else ""


def closing(expected: datetime | None, now: datetime) -> str:
    """Return when a deal is to be closed, in words."""
    if expected is None:
        return ""
    today = now.astimezone().date()
    word = "Was to close" if expected.date() < today else "Closes"
    day = figures.short_day(expected, today)
    return f"{word} {day.lower() if day.isalpha() else day}"


def in_words(card: Card, now: datetime) -> str:
    """Return all of a card, for tips and screen readers."""
    parts = (card.name, figures.money(card.amount), card.contact, card.company, card.owner)
    return ", ".join(filter(None, (*parts, closing(card.expected_close, now))))
