"""How the grid's cells are painted: straight from the row, without asking the model by role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from zlib import crc32

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from rally_desktop.services.grid import Row
from rally_desktop.ui import figures
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.grid_model import GridModel, say
from rally_desktop.ui.widgets.relative_time import ago

ROW_HEIGHT = 44
PADDING = 12
TILE = 28
CHIP = 22
TEXTS_KEPT = 20_000
FAMILIES = ("talk", "record", "trigger", "condition", "flow")
STAGE_FAMILIES = {
    "Lead": "flow",
    "Qualified": "talk",
    "Opportunity": "condition",
    "Customer": "record",
    "Evangelist": "trigger",
    "Won": "record",
    "Lost": "flow",
    "Overdue": "bad",
    "Done": "record",
}
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_SELECTED = QStyle.StateFlag.State_Selected
_FOCUSED = QStyle.StateFlag.State_Active
_CENTRE = Qt.AlignmentFlag.AlignCenter


def initials(name: str) -> str:
    """Return the one or two letters that stand for a name."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper() or "?"


def family_of(name: str) -> str:
    """Return the colour family a name always gets."""
    return FAMILIES[crc32(name.encode()) % len(FAMILIES)]


def tile(theme: Theme, name: str, size: int, ratio: float) -> QPixmap:
    """Draw the tile with a name's initials."""
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    family = family_of(name)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(f"{family}_tint"))
    area = QRectF(0, 0, size, size)
    painter.drawRoundedRect(area, size / 4, size / 4)
    font = theme.font("pill")
    font.setPixelSize(max(9, round(size * 0.4)))
    painter.setFont(font)
    painter.setPen(theme.colour(family))
    painter.drawText(area, _CENTRE, initials(name))
    painter.end()
    return made


class GridCells(QStyledItemDelegate):
    """Paints every cell of one grid."""

    def __init__(self, desk: Desk, model: GridModel) -> None:
        super().__init__(model)
        self._theme = desk.theme
        self._clock = desk.clock
        self._model = model
        self.hovered = -1
        self.current = self.column = -1
        self._elided: dict[tuple[str, int, bool], str] = {}
        self._tiles: dict[tuple[str, float], QPixmap] = {}
        self._looks: dict[str, Callable[[QPainter, QRect, Any], None]] = {
            "name": self._name,
            "chip": self._chip,
            "tags": self._tags,
            "moment": self._moment,
            "day": self._day,
            "score": self._score,
            "number": partial(self._figure, say),
            "money": partial(self._figure, figures.money),
            "strong": self._title,
            "due": self._due,
        }
        self._tag_colours = desk.tag_colours
        desk.theme.changed.connect(self._take_theme)
        self._take_theme()

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the one height that all rows have."""
        return QSize(120, ROW_HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one cell."""
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        number = index.row()
        self._ground(painter, rect, number, _SELECTED in state)
        row = self._model.row_at(number)
        inner = rect.adjusted(PADDING, 0, -PADDING, 0)
        if inner.width() <= 0:
            return
        column = index.column()
        if number == self.current and column == self.column:
            self._cursor(painter, rect, _FOCUSED in state)
        if row is None:
            self._waiting(painter, inner, number + column)
            return
        value = _cell(row, column)
        if value is None or value == "" or value == ():
            return
        look = self._model.columns[column].look
        self._looks.get(look, self._text)(painter, inner, value)

    def _ground(self, painter: QPainter, rect: QRect, number: int, selected: bool) -> None:
        if selected:
            painter.fillRect(rect, self._soft)
        elif number == self.hovered:
            painter.fillRect(rect, self._hover)
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, self._line)
        if number == self.current and rect.left() <= 0:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), self._accent)

    def _cursor(self, painter: QPainter, rect: QRect, focused: bool) -> None:
        """Frame the cell that keys would edit; faintly while the keys go elsewhere."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._accent if focused else self._line, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(rect).adjusted(3.5, 3.5, -2.5, -4.5), 5, 5)

    def _waiting(self, painter: QPainter, inner: QRect, seed: int) -> None:
        width = min(inner.width(), 48 + (seed * 37) % 60)
        bar = QRectF(inner.left(), inner.center().y() - 4, width, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._faint)
        painter.drawRoundedRect(bar, 4, 4)

    def _name(self, painter: QPainter, inner: QRect, value: str) -> None:
        ratio = painter.device().devicePixelRatioF()
        key = (value, ratio)
        picture = self._tiles.get(key)
        if picture is None:
            if len(self._tiles) > 2_000:
                self._tiles.clear()
            picture = self._tiles[key] = tile(self._theme, value, TILE, ratio)
        painter.drawPixmap(
            QPointF(inner.left(), inner.top() + (inner.height() - TILE) / 2), picture
        )
        painter.setFont(self._strong)
        painter.setPen(self._ink)
        rest = inner.adjusted(TILE + 10, 0, 0, 0)
        painter.drawText(rest, _LEFT, self._fit(value, rest.width(), True))

    def _title(self, painter: QPainter, inner: QRect, value: str) -> None:
        painter.setFont(self._strong)
        painter.setPen(self._ink)
        painter.drawText(inner, _LEFT, self._fit(value, inner.width(), True))

    def _text(self, painter: QPainter, inner: QRect, value: Any) -> None:
        self._write(painter, inner, say(value), _LEFT)

    def _figure(
        self, says: Callable[[Any], str], painter: QPainter, inner: QRect, value: Any
    ) -> None:
        self._write(painter, inner, says(value), _RIGHT)

    def _moment(self, painter: QPainter, inner: QRect, value: Any) -> None:
        said = ago(value, self._clock.now()) if isinstance(value, datetime) else str(value)
        self._write(painter, inner, said, _LEFT, self._quiet)

    def _day(self, painter: QPainter, inner: QRect, value: Any) -> None:
        today = self._clock.now().astimezone().date()
        self._write(painter, inner, figures.short_day(value, today), _LEFT, self._quiet)

    def _due(self, painter: QPainter, inner: QRect, value: datetime) -> None:
        today, local = self._clock.now().astimezone().date(), value.astimezone()
        said = f"{figures.short_day(local, today)}, {local:%H:%M}"
        self._write(painter, inner, said, _LEFT, self._quiet)

    def _write(
        self, painter: QPainter, inner: QRect, text: str, where: Any, colour: QColor | None = None
    ) -> None:
        painter.setFont(self._body)
        painter.setPen(colour or self._ink)
        painter.drawText(inner, where, self._fit(text, inner.width(), False))

    def _score(self, painter: QPainter, inner: QRect, value: Any) -> None:
        self._write(painter, inner, str(value), _RIGHT)
        width = self._body_metrics.horizontalAdvance(str(value))
        family = _band(value)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(family))
        painter.drawEllipse(QPointF(inner.right() - width - 10, inner.center().y() + 0.5), 3.5, 3.5)

    def _chip(self, painter: QPainter, inner: QRect, value: str) -> None:
        family = STAGE_FAMILIES.get(value, "flow")
        self._pill(painter, inner.left(), inner, value, family)

    def _tags(self, painter: QPainter, inner: QRect, value: tuple[str, ...]) -> None:
        left = inner.left()
        for place, name in enumerate(value):
            rest = len(value) - place - 1
            more = f"+{rest}" if rest else ""
            needed = _pill_width(self._pill_metrics, name) + (
                _pill_width(self._pill_metrics, more) + 4 if more else 0
            )
            if left + needed > inner.right() + 1 and place:
                self._pill(painter, left, inner, f"+{rest + 1}", "flow")
                return
            left += self._pill(painter, left, inner, name, self._tag_colours.family(name)) + 4

    def _pill(self, painter: QPainter, left: int, inner: QRect, text: str, family: str) -> int:
        width = min(_pill_width(self._pill_metrics, text), inner.right() - left + 1)
        if width < 20:
            return 0
        area = QRect(left, inner.top() + (inner.height() - CHIP) // 2, width, CHIP)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(f"{family}_tint"))
        painter.drawRoundedRect(area, CHIP / 2, CHIP / 2)
        painter.setFont(self._small)
        painter.setPen(self._theme.colour(family))
        shown = self._pill_metrics.elidedText(text, Qt.TextElideMode.ElideRight, width - 16)
        painter.drawText(area, _CENTRE, shown)
        return width

    def _fit(self, text: str, width: int, strong: bool) -> str:
        key = (text, width, strong)
        fitted = self._elided.get(key)
        if fitted is None:
            if len(self._elided) > TEXTS_KEPT:
                self._elided.clear()
            metrics = self._strong_metrics if strong else self._body_metrics
            line = " ".join(text.split()) if "\n" in text else text
            fitted = metrics.elidedText(line, Qt.TextElideMode.ElideRight, width)
            self._elided[key] = fitted
        return fitted

    def _take_theme(self) -> None:
        theme = self._theme
        self._ink, self._quiet = theme.colour("ink"), theme.colour("ink2")
        self._soft, self._hover = theme.colour("accent_soft"), theme.colour("surface2")
        self._faint, self._accent = theme.colour("flow_tint"), theme.colour("accent")
        self._line = theme.colour("line")
        self._body, self._strong = theme.font("body"), theme.font("strong")
        self._small = theme.font("small")
        self._body_metrics = QFontMetrics(self._body)
        self._strong_metrics = QFontMetrics(self._strong)
        self._pill_metrics = QFontMetrics(self._small)
        self._tiles.clear()
        self._elided.clear()


def _cell(row: Row, column: int) -> Any:
    return row.cells[column] if column < len(row.cells) else None


def _pill_width(metrics: QFontMetrics, text: str) -> int:
    return metrics.horizontalAdvance(text) + 18


def _band(score: int) -> str:
    """Return the colour of a score: cold, warm, hot, sales-ready."""
    bounds = ((25, "flow"), (50, "talk"), (75, "condition"))
    return next((family for most, family in bounds if score <= most), "ok")
