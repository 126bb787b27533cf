"""The board: the deals of a pipeline in columns by stage, dragged from one to the next."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from rally_desktop.model.ref import Ref
from rally_desktop.services import board, deals
from rally_desktop.services.board import PAGE, Card
from rally_desktop.services.grid import Query
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.board_empty import BoardEmpty
from rally_desktop.ui.widgets.board_stage import StagePane

SETTLE_MS = 150
WATCHED = frozenset({"deal", "stage", "pipeline", "contact", "company", "user_account"})
PIPELINE = "deals.pipeline"
HEADS, ANY = 96, 16_777_215  # pixels: as high as the heads of the stages, or as there is room


class Board(QWidget):
    """Shows one pipeline; moving a card moves the deal, and can be undone."""

    picked = Signal(object)
    opened = Signal(object)
    delete_wanted = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.stages: list[StagePane] = []
        self.query = Query()
        self.pipeline = QComboBox()
        self.pipeline.setAccessibleName("Pipeline")
        self._shown: dict[str, int] = {}
        self._told: Ref | None = None
        self._question = 0
        self._names: tuple[str, ...] = ()
        self._body = QWidget(objectName="scrolled")
        self._row = QHBoxLayout(self._body)
        self._row.setContentsMargins(12, 8, 12, 8)
        self._row.setSpacing(12)
        self._row.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)
        self.empty = BoardEmpty(desk.theme)
        column.addWidget(self.empty, 1)
        self._scroll = scroll
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.reload)
        self.pipeline.activated.connect(self._choose)
        desk.background.changed.connect(self._hear)

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self.desk.notices.show_error(error)

    def ask(self, filter_: Mapping[str, Any] | None, text: str) -> None:
        """Show the deals that match a filter and the words of a text."""
        self.query = Query(filter_, text)
        self.reload()

    @later
    async def reload(self) -> None:
        """Read the board again; only the latest answer counts."""
        self._question += 1
        question = self._question
        read = self.desk.background.read
        names = await read(board.pipelines)
        self._offer(names)
        if not names:
            return
        shown = dict(self._shown)
        found = await read(board.columns, self.pipeline.currentText(), self.query, shown)
        if question == self._question:
            self._show(found)

    def focus_first(self) -> None:
        """Put the cursor on the chosen deal, or on the first."""
        place = self._place() or self._filled(0, 1)
        if place is not None:
            self._stand(place)

    def current(self) -> Card | None:
        """Return the chosen deal."""
        place = self._place()
        return self.stages[place].list.current() if place is not None else None

    def pick(self, number: int) -> bool:
        """Choose a deal by its number; say whether it is on the board."""
        return any(stage.pick(number) for stage in self.stages)

    # -- showing ---------------------------------------------------------------------------

    def _offer(self, names: tuple[str, ...]) -> None:
        if names == self._names:
            return
        self._names = names
        kept = self.pipeline.currentText() or self.desk.preferences.get(PIPELINE) or ""
        self.pipeline.clear()
        self.pipeline.addItems(list(names))
        self.pipeline.setCurrentIndex(max(0, self.pipeline.findText(kept)))
        self.pipeline.setVisible(len(names) > 1)

    def _choose(self) -> None:
        self.desk.preferences.put(PIPELINE, self.pipeline.currentText())
        self._shown.clear()
        self.reload()

    def _show(self, columns: tuple[board.Column, ...]) -> None:
        while len(self.stages) > len(columns):
            gone = self.stages.pop()
            gone.hide()
            gone.deleteLater()
        while len(self.stages) < len(columns):
            self._add_stage()
        for stage, column in zip(self.stages, columns, strict=True):
            stage.show_column(column)
        empty = not any(column.count for column in columns)
        if empty:
            self.empty.show_for(self.query)
        else:
            self.empty.hide()
        self._scroll.setMaximumHeight(HEADS if empty else ANY)

    def _add_stage(self) -> None:
        made = StagePane(self.desk)
        place = len(self.stages)
        self._row.insertWidget(place, made)
        self.stages.append(made)
        made.wanted_more.connect(partial(self._more, made))
        made.list.dropped.connect(lambda number: self.move_deal(number, made.stage))
        made.list.pushed.connect(partial(self._push, place))
        made.list.left.connect(partial(self._beside, place))
        made.list.opened.connect(partial(_tell, made, self.opened))
        made.list.deleted.connect(partial(_tell, made, self.delete_wanted))
        made.list.selectionModel().currentChanged.connect(lambda *_: self._picked(made))

    def _more(self, stage: StagePane) -> None:
        self._shown[stage.stage] = self._shown.get(stage.stage, PAGE) + PAGE
        self._settle.start()

    def _picked(self, stage: StagePane) -> None:
        card = stage.list.current()
        if card is None:
            return
        for other in self.stages:
            if other is not stage:
                other.list.clearSelection()
                other.list.selectionModel().clearCurrentIndex()
        if card.ref != self._told:
            self._told = card.ref
            self.picked.emit(card.ref)

    # -- moving ----------------------------------------------------------------------------

    @later
    async def move_deal(self, number: int, stage: str, undoing: bool = False) -> None:
        """Move a deal to a stage, say so, and offer the way back."""
        cards = (card for column in self.stages for card in column.list.cards.cards)
        card = next((card for card in cards if card.id == number), None)
        if card is None or card.stage == stage:
            return
        write = self.desk.background.write
        if not await write(deals.move, card.ref, stage):
            return
        back = ("Undo", lambda: self.move_deal(number, card.stage, undoing=True))
        self.desk.notices.tell(f"{card.name} → {stage}", "plain", None if undoing else back)
        self.reload()

    def _push(self, place: int, by: int) -> None:
        card, there = self.stages[place].list.current(), place + by
        if card is not None and 0 <= there < len(self.stages):
            self.move_deal(card.id, self.stages[there].stage)

    def _beside(self, place: int, by: int) -> None:
        there = self._filled(place + by, by)
        if there is not None:
            self._stand(there, self.stages[place].list.currentIndex().row())

    def _filled(self, place: int, by: int) -> int | None:
        """Return the next stage from a place on that has a deal."""
        while 0 <= place < len(self.stages):
            if self.stages[place].list.cards.rowCount():
                return place
            place += by
        return None

    def _stand(self, place: int, row: int = 0) -> None:
        cards = self.stages[place].list
        if not cards.currentIndex().isValid():
            last = cards.cards.rowCount() - 1
            cards.setCurrentIndex(cards.cards.index(max(0, min(row, last))))
        cards.setFocus()
        self._scroll.ensureWidgetVisible(self.stages[place])

    def _place(self) -> int | None:
        for place, stage in enumerate(self.stages):
            if stage.list.current() is not None:
                return place
        return None

    def _hear(self, touched: frozenset[str]) -> None:
        if touched & WATCHED and self.isVisible():
            self._settle.start()


def _tell(stage: StagePane, signal: Any) -> None:
    card = stage.list.current()
    if card is not None:
        signal.emit(card.ref)
