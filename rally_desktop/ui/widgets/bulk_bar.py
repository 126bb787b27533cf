"""The foot of a grid while several records are chosen: how many, and what can be done to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from PySide6.QtWidgets import QFrame, QVBoxLayout

from rally_desktop.ui.desk import Desk
from rally_desktop.ui.widgets.bulk_deeds import Does, counted
from rally_desktop.ui.widgets.bulk_work import BulkWork
from rally_desktop.ui.widgets.buttons import button, tool
from rally_desktop.ui.widgets.deed_faces import DeedFaces
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
        self.faces = DeedFaces(desk.theme, 14, 6)
        self._lay_out()
        self._connect(deeds)
        self.hide()

    def _lay_out(self) -> None:
        row = self.faces.choosing
        row.addWidget(self.words)
        row.addWidget(self.all_button)
        row.addStretch(1)
        for each in (*self.buttons.values(), self.none_button):
            row.addWidget(each)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.faces)

    def _connect(self, deeds: Offers) -> None:
        for name, (_, _, does) in deeds.offered().items():
            self.buttons[name].clicked.connect(partial(_press, does))
        self.all_button.clicked.connect(self._grid.table.selectAll)
        self.none_button.clicked.connect(self._choose_one)
        self.faces.stop_button.clicked.connect(self._work.call_off)
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
        self.faces.show_choosing()
        self.setVisible(chosen >= self._least)

    def _choose_one(self) -> None:
        row = self._grid.table.currentIndex().row()
        self._grid.table.pick(max(0, row))
        self._grid.table.setFocus()

    def _show_far(self, doing: str, looked_at: int, wanted: int) -> None:
        self.faces.show_far(doing, looked_at, wanted)
        self.show()


def _press(does: Callable[[], object], _: bool = False) -> None:
    does()
