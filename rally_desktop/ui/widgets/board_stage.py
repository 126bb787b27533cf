"""One stage of the board: its heading with the sum, and its deals, to be dragged to another."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QVBoxLayout, QWidget

from rally_desktop.services.board import Card, Column
from rally_desktop.ui import figures
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.widgets.board_cards import CARD, BoardCards, Index, in_words
from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel

MIME = "application/x-rally-deal"
WIDTH = 272
NEAR_END = 3  # pages of a list from its end at which more is asked for


class Cards(QAbstractListModel):
    """The deals of one stage that have been read."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.cards: Sequence[Card] = ()

    def show(self, cards: Sequence[Card]) -> None:
        """Show other deals, or the same ones anew."""
        if [card.id for card in cards] == [card.id for card in self.cards]:
            self.cards = cards
            if cards:
                self.dataChanged.emit(self.index(0), self.index(len(cards) - 1))
            return
        self.beginResetModel()
        self.cards = cards
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many deals there are."""
        return 0 if parent.isValid() else len(self.cards)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a deal, or all of it in words."""
        card = self.cards[index.row()]
        if role == CARD:
            return card
        words = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
        if role in words:
            return in_words(card, self._desk.clock.now()).replace("<", "&lt;")
        return card.name if role == Qt.ItemDataRole.DisplayRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let deals be chosen and dragged."""
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else usual

    def mimeTypes(self) -> list[str]:
        """Return what a dragged deal is known by."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return the number of a dragged deal."""
        made = QMimeData()
        made.setData(MIME, str(self.cards[indexes[0].row()].id).encode())
        return made

    def supportedDragActions(self) -> Qt.DropAction:
        """Let a deal be moved, never copied."""
        return Qt.DropAction.MoveAction


class CardList(QListView):
    """The list of one stage; ``dropped`` brings the number of a deal that was put here."""

    dropped = Signal(int)
    pushed = Signal(int)  # by how many stages the chosen deal is to move
    left = Signal(int)  # by how many stages the focus is to move
    opened = Signal()
    deleted = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.cards = Cards(desk, self)
        self.setModel(self.cards)
        self._look = BoardCards(desk)
        self.setItemDelegate(self._look)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.doubleClicked.connect(lambda _: self.opened.emit())

    def current(self) -> Card | None:
        """Return the chosen deal."""
        index = self.currentIndex()
        return self.cards.cards[index.row()] if index.isValid() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the stages beside with the arrows, take the deal along with Ctrl held."""
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in ways:
            held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            (self.pushed if held else self.left).emit(ways[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.opened.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.deleted.emit()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take deals, nothing else."""
        self._offer(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Take deals, nothing else."""
        self._offer(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand over the deal that was put here."""
        said = bytes(event.mimeData().data(MIME).data()).decode(errors="replace")
        if said.isdecimal() and len(said) < 19:
            event.setDropAction(Qt.DropAction.MoveAction)
            event.accept()
            self.dropped.emit(int(said))

    def _offer(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()
        else:
            event.ignore()


class Stripe(QWidget):
    """The colour of a stage along its head; nothing where it has none."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self.family = desk, ""
        self.setFixedHeight(5)
        desk.theme.changed.connect(self.update)

    def show_colour(self, family: str) -> None:
        """Show a family of the tokens."""
        self.family = family
        self.setVisible(bool(family))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it three pixels high, with round ends."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._desk.theme.colour(self.family or "line"))
        painter.drawRoundedRect(0, 0, self.width(), 3, 1.5, 1.5)


class StagePane(QFrame):
    """A column of the board."""

    wanted_more = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("board_stage")
        self.setFixedWidth(WIDTH)
        self.stage = ""
        self._count = 0
        self.stripe = Stripe(desk)
        self.name = ShortLabel(role="strong")
        self.number = PlainLabel(role="sub")
        self.number.set_tone("quiet")
        self.sum = PlainLabel(role="sub")
        self.sum.set_tone("quiet")
        self.list = CardList(desk, self)
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.number)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 10, 8, 4)
        column.setSpacing(2)
        column.addWidget(self.stripe)
        column.addLayout(head)
        column.addWidget(self.sum)
        column.addSpacing(6)
        column.addWidget(self.list, 1)
        self.list.verticalScrollBar().valueChanged.connect(self._scrolled)

    def show_column(self, column: Column) -> None:
        """Show a stage with its deals."""
        stage = column.stage
        self.stage, self._count = stage.name, column.count
        self.name.setText(stage.name)
        self.stripe.show_colour(stage.colour)
        self.number.setText(f"{column.count:,}")
        odds = f" · {stage.probability} %" if stage.outcome == "open" else ""
        self.sum.setText(f"{figures.money(column.total)}{odds}")
        weighted = f"{figures.money(round(column.weighted, 2))} by the odds of winning"
        self.sum.setToolTip(weighted if stage.outcome == "open" else "")
        self.list.setAccessibleName(f"{stage.name}, {column.count} deals")
        kept = self.list.current()
        self.list.cards.show(column.cards)
        if kept is not None:
            self.pick(kept.id)

    def pick(self, number: int) -> bool:
        """Choose a deal by its number; say whether it is here."""
        for row, card in enumerate(self.list.cards.cards):
            if card.id == number:
                self.list.setCurrentIndex(self.list.cards.index(row))
                return True
        return False

    def _scrolled(self, value: int) -> None:
        bar = self.list.verticalScrollBar()
        near = value > bar.maximum() - NEAR_END * max(1, bar.pageStep())
        if near and self.list.cards.rowCount() < self._count:
            self.wanted_more.emit()
