"""What was merged: by whom and when, and a way back, also days later."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from rally_desktop.model.ref import RecordKind
from rally_desktop.services import merge_records
from rally_desktop.services.merge_records import Merge
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.list_table import Column, ListTable
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.related_list import PAGES
from rally_desktop.ui.widgets.relative_time import ago, exactly


class PastPanel(QWidget):
    """Lists the latest merges; Enter or a double click opens the record that stayed."""

    parted = Signal(object)
    """The Ref of a record that stands by itself again."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._kind: RecordKind = "contact"
        self.table: ListTable[Merge] = ListTable(desk.theme, "What was merged", self._columns())
        self.hint = PlainLabel("", "sub")
        self.hint.set_tone("quiet")
        self.hint.setText("What has changed since on the record that stayed is kept.")
        self.undo_button = button(desk.theme, "Undo this merge", "undo-2")
        self.undo_button.setEnabled(False)
        self.empty = EmptyPanel(desk.theme)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 16, 12)
        foot.addWidget(self.hint, 1)
        foot.addWidget(self.undo_button)
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(8, 4, 8, 0)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        self._layers = QStackedLayout(self)
        self._layers.addWidget(full)
        self._layers.addWidget(self.empty)
        self.table.chosen.connect(self._offer)
        self.table.opened.connect(lambda row: desk.go(PAGES[row.kept.kind], row.kept))
        self.undo_button.clicked.connect(self.undo)
        desk.background.changed.connect(self._hear)

    def show_kind(self, kind: RecordKind) -> None:
        """Show the merges of one kind of records."""
        self._kind = kind
        self.read()

    @later
    @newest
    async def read(self) -> None:
        """Read them anew."""
        found = await self.desk.background.read(merge_records.latest, self._kind)
        self.table.show_rows(found, lambda row: row.id)
        self._layers.setCurrentIndex(0 if found else 1)
        if not found:
            says = "Each merge is listed here, with who did it and a way back."
            self.empty.say("history", "Nothing was merged yet", says)
        elif self.table.current() is None:
            self.table.choose(lambda _: True)
        self._offer(self.table.current())

    @later
    async def undo(self) -> None:
        """Part two again."""
        row = self.table.current()
        if row is None or row.undone:
            return
        await self.desk.background.write(merge_records.undo, row.id)
        said = f"{row.gone_name} stands by itself again."
        go = ("Show", lambda: self.desk.go(PAGES[row.gone.kind], row.gone))
        self.desk.notices.tell(said, "ok", go)
        self.parted.emit(row.gone)

    def _offer(self, row: Merge | None) -> None:
        self.undo_button.setEnabled(row is not None and not row.undone)

    def _hear(self, touched: frozenset[str]) -> None:
        if self.isVisible() and "record_merge" in touched:
            self.read()

    def _columns(self) -> list[Column[Merge]]:
        now = self.desk.clock.now
        return [
            Column("Stayed", lambda row: row.kept_name, strong=True),
            Column("Merged into it", lambda row: row.gone_name),
            Column("By", lambda row: row.by or "–", 160),
            Column("When", lambda row: ago(row.at, now()), 140, sort=lambda row: row.at,
                   tip=lambda row: exactly(row.at)),
            Column("", lambda row: "Undone" if row.undone else "", 110, pill=lambda _: "plain"),
        ]  # fmt: skip
