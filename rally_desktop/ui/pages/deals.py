"""The deals page: a board by stage, or a list, with the chosen deal beside it."""

from __future__ import annotations

from array import array
from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from rally_desktop.model.ref import Ref
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.pages.records_page import RecordsPage
from rally_desktop.ui.widgets.board import Board
from rally_desktop.ui.widgets.deal_dialog import DealDialog
from rally_desktop.ui.widgets.segments import Segments

VIEWS = ("Board", "List")


class DealsPage(RecordsPage):
    """What the office hopes to win, in its pipelines."""

    title = "Deals"
    icon = "handshake"
    order = 4
    kind = "deal"
    dialog_kind: ClassVar = DealDialog

    def __init__(self, desk: Desk) -> None:
        self.board = Board(desk)
        self.views = Segments("How the deals are shown")
        self._layers = QStackedWidget()
        super().__init__(desk)
        self.board.picked.connect(self._show)
        self.board.opened.connect(self._edit)
        self.board.delete_wanted.connect(lambda ref: self._delete(array("q", [ref.id])))
        self.board.empty.create_wanted.connect(lambda: self.new_record())
        self.board.empty.clear_wanted.connect(self.bar.clear)
        self.look_at(desk.preferences.get("deals.view") or VIEWS[0])

    def look_at(self, view: str) -> None:
        """Show the deals as a board or as a list."""
        place = VIEWS.index(view) if view in VIEWS else 0
        self.views.choose(VIEWS[place])
        self._layers.setCurrentIndex(place)
        self.board.pipeline.setEnabled(place == 0)
        self.desk.preferences.put("deals.view", VIEWS[place])

    def listing(self) -> QWidget:
        """Return the board and the list, one above the other."""
        self._layers.addWidget(self.board)
        self._layers.addWidget(self.grid)
        return self._layers

    def head_parts(self) -> QWidget:
        """Return the choice of pipeline and of how the deals are shown."""
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.board.pipeline)
        for view in VIEWS:
            self.views.add(view, view)
        self.views.chosen.connect(self.look_at)
        row.addWidget(self.views)
        return made

    def shown(self) -> None:
        """Read the first time, and put the cursor where one works."""
        super().shown()
        self.board.reload()
        if self._layers.currentWidget() is self.board:
            self.board.focus_first()

    def open(self, *what: object) -> None:
        """Show one deal, on the board where it is there."""
        super().open(*what)
        if what and isinstance(what[0], Ref | int):
            self.board.pick(what[0].id if isinstance(what[0], Ref) else what[0])

    def _ask(self) -> None:
        super()._ask()
        self.board.ask(self.bar.filter(), self.bar.text())
