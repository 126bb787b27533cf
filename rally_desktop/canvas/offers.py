"""The list of kinds one can add, by family, with a picture and a line of help each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from rally_desktop.canvas.faces import FAMILY_TITLES, Offer
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.typed import plain, typed

OFFER = Qt.ItemDataRole.UserRole
ROW, HEADER = 44, 30
Index = QModelIndex | QPersistentModelIndex


def found(offers: Iterable[Offer], text: str) -> list[Offer]:
    """Return the kinds whose name, other words or help have every word typed; names first."""
    words = plain(text).split()
    ranked: list[tuple[int, Offer]] = []
    for offer in offers:
        title, others = plain(offer.title), plain(" ".join(offer.words))
        if all(word in f"{title} {others} {plain(offer.help)}" for word in words):
            starts = bool(words) and title.startswith(words[0])
            tests = (starts, _has(title, words), _has(f"{title} {others}", words), True)
            ranked.append((tests.index(True), offer))
    ranked.sort(key=lambda pair: pair[0] if words else 0)
    return [offer for _, offer in ranked]


def _has(text: str, words: Iterable[str]) -> bool:
    return all(word in text for word in words)


def by_family(offers: Iterable[Offer]) -> list[Offer | str]:
    """Return kinds with a heading above each family."""
    rows: list[Offer | str] = []
    family = None
    for offer in offers:
        if offer.family != family:
            family = offer.family
            rows.append(FAMILY_TITLES[offer.family])
        rows.append(offer)
    return rows


def suggested(offers: Sequence[Offer], text: str, lines: bool = True) -> list[Offer]:
    """Return what a text finds among the offers, and what it means as a line where those count.

    Several steps on a line come before all kinds that have a word of it.
    """
    read = typed(offers, text) if lines else []
    kinds = found(offers, text)
    longer = any(len(line.chain.steps) > 1 for line in read if line.chain)
    return [*read, *kinds] if longer else [*kinds, *read]


class Offers(QAbstractListModel):
    """Rows of kinds, and headings above them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[Offer | str] = []

    def show(self, rows: Sequence[Offer | str]) -> None:
        """Show these kinds and headings."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many rows there are, headings included."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row's text, tip or kind."""
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row if isinstance(row, str) else row.title
        if isinstance(row, str):
            return None
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return row.help
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"<b>{escape(row.title)}</b><br>{escape(row.help)}"
        return row if role == OFFER else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let kinds be chosen and dragged; headings are only read."""
        if isinstance(self._rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag
        return flags.ItemIsEnabled | flags.ItemIsSelectable | flags.ItemIsDragEnabled


class OfferPainter(QStyledItemDelegate):
    """Paints a row like a small card: tile, name, help."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of a kind or a heading."""
        return QSize(160, ROW if index.data(OFFER) is not None else HEADER)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        offer: Offer | None = index.data(OFFER)
        if offer is None:
            painter.setFont(self.look.font("pill"))
            painter.setPen(self.look.colour("ink3"))
            where = rect.adjusted(12, 6, -4, 0)
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, index.data())
        else:
            self._paint_offer(painter, rect, offer, option.state)  # type: ignore[attr-defined]
        painter.restore()

    def _paint_offer(
        self, painter: QPainter, rect: QRect, offer: Offer, state: QStyle.StateFlag
    ) -> None:
        look = self.look
        painter.setPen(Qt.PenStyle.NoPen)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(look.colour("accent_soft" if chosen else "flow_tint"))
            painter.drawRoundedRect(QRectF(rect).adjusted(4, 1, -4, -1), 8, 8)
        tile = QRectF(rect.left() + 10, rect.center().y() - 13.5, 28, 28)
        painter.setBrush(look.colour(f"{offer.family}_tint"))
        painter.drawRoundedRect(tile, 8, 8)
        icon = look.icon(offer.icon, offer.family, 16, 1.0)
        painter.drawPixmap(tile.topLeft() + QPointF(6, 6), icon)
        left, width = tile.right() + 10, rect.right() - tile.right() - 20
        for role, colour, text, top in (
            ("strong", "ink", offer.title, 5),
            ("small", "ink2", offer.help, 23),
        ):
            font = look.font(role)
            painter.setFont(font)
            painter.setPen(look.colour(colour))
            shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
            where = QRectF(left, rect.top() + top, width, 18)
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, shown)


class OfferList(QListView):
    """The list itself; ``wanted`` brings the kind that was chosen by Enter or a click."""

    wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = Offers(self)
        self.setModel(self.rows)
        self.look_painter = OfferPainter(look, self)
        self.setItemDelegate(self.look_painter)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("What can be added")

    def set_look(self, look: Look) -> None:
        """Paint in another scheme."""
        self.look_painter.look = look
        self.viewport().update()

    def show_offers(self, offers: Sequence[Offer], headings: bool = True) -> None:
        """Show these kinds; while searching, without headings, the first is chosen."""
        self.show_rows(by_family(offers) if headings else offers)
        if not headings:
            self.step(0)

    def show_rows(self, rows: Sequence[Offer | str]) -> None:
        """Show kinds and headings in this order."""
        self.rows.show(rows)
        self.scrollToTop()

    def height_of_rows(self) -> int:
        """Return how high the list must be to show all its rows."""
        rows = range(self.rows.rowCount())
        return sum(HEADER if self._offer(row) is None else ROW for row in rows)

    def current(self) -> Offer | None:
        """Return the chosen kind."""
        return self.currentIndex().data(OFFER) if self.currentIndex().isValid() else None

    def step(self, by: int) -> None:
        """Choose the next or previous kind, past headings; 0 chooses the first."""
        here = self.currentIndex().row()
        rows = [row for row in range(self.rows.rowCount()) if self._offer(row) is not None]
        if not rows:
            return
        place = rows.index(here) + by if by and here in rows else 0
        self.setCurrentIndex(self.rows.index(rows[max(0, min(len(rows) - 1, place))]))

    def offer_at(self, at: QPoint) -> Offer | None:
        """Return the kind at a point of the list."""
        index = self.indexAt(at)
        return index.data(OFFER) if index.isValid() else None

    def _offer(self, row: int) -> Offer | None:
        return self.rows.index(row).data(OFFER)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose what was clicked."""
        super().mouseReleaseEvent(event)
        offer = self.offer_at(event.position().toPoint())
        if offer is not None and event.button() is Qt.MouseButton.LeftButton:
            self.clicked_offer(offer)

    def clicked_offer(self, offer: Offer) -> None:
        """Answer a click."""
        self.wanted.emit(offer)
