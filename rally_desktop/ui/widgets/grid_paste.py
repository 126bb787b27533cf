"""Pastes cells of a spreadsheet onto the grid, from the cell under the cursor on.

What would change is shown first, with a verdict for each cell; a single cell goes in at once.
"""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from rally_desktop.model.ref import RecordKind, of_records
from rally_desktop.services import edits, grid, pasting
from rally_desktop.services.pasting import Pasted, Place
from rally_desktop.ui import figures
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.grid_columns import GridColumns
from rally_desktop.ui.widgets.grid_history import History
from rally_desktop.ui.widgets.grid_model import NUMBERS, copied
from rally_desktop.ui.widgets.grid_table import GridTable
from rally_desktop.ui.widgets.paste_dialog import PasteDialog

Cells = list[tuple[Place, str]]


class GridPaste(QObject):
    """Reads the clipboard, shows what it would change, and changes it."""

    def __init__(
        self, desk: Desk, table: GridTable, columns: GridColumns, history: History, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk, self._table, self._columns = desk, table, columns
        self._history = history
        self._kind: RecordKind = of_records(table.grid.kind)
        self.dialog: PasteDialog | None = None
        table.paste_wanted.connect(self.paste)

    @later
    async def paste(self) -> None:
        """Show what the clipboard would change."""
        block = pasting.block(QGuiApplication.clipboard().text())
        cells, beyond = await self._onto(block)
        if not cells:
            return
        found = await self._desk.background.read(pasting.paste, self._kind, cells)
        if len(cells) == 1 and found.changing() and not beyond:
            self._write(cells)
            return
        labels = {column.key: column.label for column in self._table.grid.columns}
        self.dialog = PasteDialog(self._desk.theme, self._table, found.verdicts, labels, beyond)
        self.dialog.accepted.connect(lambda: self._write(cells))
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    async def _onto(self, block: list[list[str]]) -> tuple[Cells, int]:
        """Return the cells with their texts, and how many lines and columns have no place."""
        table, model = self._table, self._table.grid
        index = table.currentIndex()
        if not index.isValid():
            return [], 0
        visible = self._columns.visible_keys()
        keys = visible[visible.index(model.columns[index.column()].key) :]
        labels = {column.key: column.label for column in model.columns}
        looks = {column.key: column.look for column in model.columns}
        if [labels[key] for key in keys[: len(block[0])]] == block[0] and len(block) > 1:
            block = block[1:]  # rows copied from here come with the heads of their columns
        numbers = list(model.ids_at(index.row(), index.row() + len(block) - 1))
        chosen = table.selected_ids()
        if len(block) == 1 and len(chosen) > 1:
            numbers, block = list(chosen), block * len(chosen)
        keys = keys[: max(map(len, block))]
        read = self._desk.background.read
        rows = await read(grid.rows, model.kind, numbers, keys)
        cells = [
            (Place(number, key, copied(value, looks[key])), _meant(text, looks[key]))
            for number, line in zip(numbers, block, strict=False)
            if number in rows
            for key, value, text in zip(keys, rows[number].cells, line, strict=False)
        ]
        return cells, sum(map(len, block)) - len(cells)

    @later
    async def _write(self, cells: Cells) -> None:
        write = self._desk.background.write
        done: Pasted = await write(pasting.paste, self._kind, cells)
        count = done.changing()
        if not count:
            return
        words = f"{count:,} cell{'s' * (count != 1)} pasted."
        undo = self._history.add(words, lambda: self._undo(done.note))
        self._desk.notices.tell(words, "plain", ("Undo", undo))

    @later
    async def _undo(self, note: bytes) -> None:
        undone = await self._desk.background.write(edits.undo, note)
        self._desk.notices.tell(undone.says(), "warn" if undone.kept else "plain")

    def _closed(self) -> None:
        self.dialog = None
        self._table.setFocus()


def _meant(text: str, look: str) -> str:
    """Return what a cell of a spreadsheet on this computer means: a number as it writes them."""
    return figures.read(text) if look in NUMBERS else text
