"""Finds whose way through a workflow shall be shown, by a part of the name."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from rally_desktop.services import runs
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.buttons import dress
from rally_desktop.ui.widgets.relative_time import ago
from rally_desktop.ui.widgets.run_words import state_of
from rally_desktop.ui.widgets.search_popup import Found, SearchPopup

SHOWN = 40


class RunFinder(QPushButton):
    """A button that opens a search; ``wanted`` brings the number of the run that was chosen."""

    wanted = Signal(object)

    def __init__(self, desk: Desk, workflow_id: int, parent: QWidget | None = None) -> None:
        super().__init__(" Show path of …", parent)
        self._desk, self._workflow_id = desk, workflow_id
        self.setAccessibleName("Show the path of somebody")
        self.setAutoDefault(False)
        dress(self, desk.theme, "route")
        self.popup = SearchPopup("Find somebody who came through here", self)
        self.popup.typed.connect(lambda _: self.look())
        self.popup.chosen.connect(self.wanted)
        self.clicked.connect(self.ask)

    def ask(self) -> None:
        """Open the search below the button."""
        self.popup.offer((), "Looking …")
        self.popup.open_at(self.mapToGlobal(QPoint(0, self.height() + 2)))
        self.look()

    @later
    async def look(self) -> None:
        """Read who matches what was typed."""
        typed = self.popup.search.text()
        page = await self._desk.background.read(
            runs.listed, workflow_id=self._workflow_id, text=typed, limit=SHOWN
        )
        if typed != self.popup.search.text():
            return
        now = self._desk.clock.now()
        found = [
            Found(row.record, row.id, f"{state_of(row)[0]} · {ago(row.started_at, now)}", "", typed)
            for row in page.rows
        ]
        nobody = "Nobody of that name came through here." if typed else "Nobody came through yet."
        self.popup.offer(found, nobody)

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)
