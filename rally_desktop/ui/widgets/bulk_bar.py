"""The foot of a grid while several records are chosen: how many, and what can be done to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.ui.desk import Desk
from rally_desktop.ui.widgets.bulk_deeds import Does, counted
from rally_desktop.ui.widgets.bulk_work import BulkWork
from rally_desktop.ui.widgets.buttons import button, tool
from rally_desktop.ui.widgets.grid import RecordGrid
from rally_desktop.ui.widgets.plain_label import PlainLabel

HEIGHT = 46


class Offers(Protocol):
    """Whoever knows what can be done to the chosen ones."""

    def offered(self) -> Mapping[str, Does]:
        """Return the words, the icon and the doing of each deed."""
        ...


class BulkBar(QFrame):
    """Two faces: what can be done, and how far what is being done has come.

    It shows from ``least`` chosen ones on.
    """

    def __init__(
        self, desk: Desk, grid: RecordGrid, deeds: Offers, work: BulkWork, least: int = 2
    ) -> None:
        super().__init__()
        self._least = least
        self.setObjectName("foot")
        self.setFixedHeight(HEIGHT)
        self._grid, self._work = grid, work
        self.words = PlainLabel("", "strong")
        self.all_button = button(desk.theme, "", kind="link")
        self.none_button = tool(desk.theme, "Choose none of them", "x")
        self.buttons = {
            name: button(desk.theme, words, icon, "quiet")
            for name, (words, icon, _) in deeds.offered().items()
        }
        self.far = QProgressBar()
        self.far.setTextVisible(False)
        self.far.setFixedHeight(6)
        self.far_words = PlainLabel("", "strong")
        self.stop_button = button(desk.theme, "Stop", "circle-stop")
        self._faces = QStackedWidget()
        self._lay_out()
        self._connect(deeds)
        self.hide()

    def _lay_out(self) -> None:
        choosing, going = QWidget(), QWidget()
        row = QHBoxLayout(choosing)
        row.setContentsMargins(14, 4, 6, 4)
        row.setSpacing(4)
        row.addWidget(self.words)
        row.addWidget(self.all_button)
        row.addStretch(1)
        for each in (*self.buttons.values(), self.none_button):
            row.addWidget(each)
        line = QHBoxLayout(going)
        line.setContentsMargins(14, 4, 8, 4)
        line.setSpacing(14)
        line.addWidget(self.far_words)
        line.addWidget(self.far, 1)
        line.addWidget(self.stop_button)
        self._faces.addWidget(choosing)
        self._faces.addWidget(going)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._faces)

    def _connect(self, deeds: Offers) -> None:
        for name, (_, _, does) in deeds.offered().items():
            self.buttons[name].clicked.connect(partial(_press, does))
        self.all_button.clicked.connect(self._grid.table.selectAll)
        self.none_button.clicked.connect(self._choose_one)
        self.stop_button.clicked.connect(self._work.call_off)
        self._work.moved.connect(self._show_far)
        self._work.ended.connect(self.look)
        self._grid.table.selectionModel().selectionChanged.connect(self.look)
        self._grid.model.settled.connect(self.look)

    def look(self) -> None:
        """Show what can be done to the records that are chosen now; nothing for a single one."""
        if self._work.busy():
            return
        chosen, all_ = self._grid.table.selected_count(), self._grid.model.rowCount()
        self.words.setText(f"{chosen:,} chosen")
        self.all_button.setText(f"Choose all {counted(all_, self._grid.kind)}")
        self.all_button.setVisible(chosen < all_)
        self.none_button.setVisible(chosen > 1)
        self._faces.setCurrentIndex(0)
        self.setVisible(chosen >= self._least)

    def _choose_one(self) -> None:
        row = self._grid.table.currentIndex().row()
        self._grid.table.pick(max(0, row))
        self._grid.table.setFocus()

    def _show_far(self, doing: str, looked_at: int, wanted: int) -> None:
        self.far_words.setText(f"{doing}: {looked_at:,} of {wanted:,}")
        self.far.setMaximum(max(1, wanted))
        self.far.setValue(looked_at)
        self._faces.setCurrentIndex(1)
        self.show()


def _press(does: Callable[[], object], _: bool = False) -> None:
    does()
