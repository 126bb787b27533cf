"""One grid for all records: a table, its columns, and what is said when it is empty."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from rally_desktop.model.ref import ListKind, Ref, listed
from rally_desktop.services import grid
from rally_desktop.services.grid import Query
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.grid_columns import GridColumns
from rally_desktop.ui.widgets.grid_edit import GridEdit
from rally_desktop.ui.widgets.grid_history import History
from rally_desktop.ui.widgets.grid_model import GridModel, copied
from rally_desktop.ui.widgets.grid_paste import GridPaste
from rally_desktop.ui.widgets.grid_place import GridPlace
from rally_desktop.ui.widgets.grid_table import GridTable
from rally_desktop.ui.widgets.grid_wait import GridWait

# While somebody holds an arrow key, only the record one stops at is looked up.
PICK_MS = 60


class RecordGrid(QWidget):
    """Lists the records of one kind that match a query."""

    picked = Signal(object)
    """The Ref under the cursor, or None; after the cursor has come to rest."""
    lost = Signal(object)
    """The Ref that was under the cursor and, by what somebody did, is not listed any more."""
    opened = Signal(object)
    edit_wanted = Signal(object)
    delete_wanted = Signal(object)
    """An array of the chosen records' numbers."""
    missed = Signal(int)
    """The number of a record that was to be picked and does not match."""
    counted = Signal(int)
    typed = Signal(str)
    create_wanted = Signal()
    clear_wanted = Signal()

    def __init__(self, desk: Desk, kind: ListKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.kind: ListKind = kind
        self.model = GridModel(desk.background, kind, self)
        self.table = GridTable(desk, self.model, self)
        self.place = GridPlace(self.table)
        self.empty = EmptyPanel(desk.theme)
        self._told: Ref | None = None
        self._sought: int | None = None
        self._by_person = self._asked = True
        self.wait = GridWait(self.model, self)
        self._layers = QStackedLayout()
        self._layers.addWidget(self.table)
        self._layers.addWidget(self.empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self._layers, 1)
        whole.addWidget(self.wait)
        self._rest = QTimer(self, singleShot=True, interval=PICK_MS)
        self._rest.timeout.connect(self._tell_picked)
        self.columns = GridColumns(desk, self.table, self)
        self.history = History()
        self.edit = GridEdit(desk, self.table, self.history, self)
        if kind != "task":  # tasks are made about something, one by one
            self.paste = GridPaste(desk, self.table, self.columns, self.history, self)
        self._connect()

    def _connect(self) -> None:
        self.model.reordered.connect(self._reordered)
        self.model.settled.connect(self._settled)
        self.columns.sorting.connect(self._sorting)
        self.wait.back.connect(lambda query: self.columns.sort(query.sort, down=query.down))
        self.model.failed.connect(self.show_error)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._rest.start())
        self.table.opened.connect(lambda: self._emit_current(self.opened))
        self.table.edit_wanted.connect(self._want_edit)
        self.table.copy_wanted.connect(lambda: self.copy())
        self.table.delete_wanted.connect(lambda: self.delete_wanted.emit(self.table.selected_ids()))
        self.table.undo_wanted.connect(self.history.undo_last)
        self.table.typed.connect(self._typed)
        self.empty.pressed.connect(self._press_empty)

    # -- what is shown -------------------------------------------------------------------

    def start(self) -> None:
        """Read for the first time."""
        self.columns.read_own()
        self.edit.learn()
        self.model.reload()

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self.desk.notices.show_error(error)

    def ask(self, filter_: Mapping[str, Any] | None, text: str) -> None:
        """Show what matches a filter and the words of a text."""
        query = Query(filter_, text, self.model.query.sort, self.model.query.down)
        if query != self.model.asked or not self.model.loaded:
            self._by_person = True
            self.model.ask(query)

    def current(self) -> Ref | None:
        """Return the record under the cursor."""
        number = self.table.current_id()
        return None if number is None else listed(self.kind, number)

    def step_off(self, numbers: Collection[int]) -> None:
        """Move the cursor to the next record that stays, as these are about to go."""
        here = self.table.currentIndex().row()
        going = set(numbers)
        ahead = range(here, self.model.rowCount())
        behind = range(here - 1, -1, -1)
        for place in (*ahead[: len(going) + 1], *behind[: len(going) + 1]):
            if place >= 0 and self.model.id_at(place) not in going:
                self.table.pick(place)
                return

    def pick(self, number: int) -> bool:
        """Put the cursor on a record; if it is not here yet, as soon as it is."""
        place = self.model.place_of(number)
        if place is None:
            self._sought = number
            self.model.reload()
            return False
        self._sought = None
        self.table.pick(place, centre=True)
        return True

    @later
    async def copy(self) -> None:
        """Put the chosen records on the clipboard, a line each with tabs between the cells."""
        numbers = self.table.selected_ids()
        if not numbers:
            return
        keys = self.columns.visible_keys()
        labels = {column.key: column.label for column in self.model.columns}
        found = await self.desk.background.read(grid.rows, self.kind, numbers, keys)
        lines = ["\t".join(labels[key] for key in keys)]
        looks = [column.look for column in self.model.columns]
        for number in numbers:
            if number in found:
                lines.append("\t".join(map(copied, found[number].cells, looks)))
        QGuiApplication.clipboard().setText("\n".join(lines))
        count = len(lines) - 1
        self.desk.notices.tell(f"{count:,} row{'s' * (count != 1)} copied.")

    # -- following -----------------------------------------------------------------------

    def _sorting(self) -> None:
        self._by_person = True

    def _reordered(self) -> None:
        self.place.restore(scroll=not self._by_person)

    def _settled(self) -> None:
        self.place.complete()
        self.counted.emit(self.model.rowCount())
        self._show_layer()
        if self._sought is not None:
            self._pick_sought(self._sought)
        elif self._by_person and self.table.current_id() is None and self.model.rowCount():
            self.table.pick(0)
        self._asked, self._by_person = self._by_person, False
        if not self._rest.isActive() and self.current() != self._told:
            self._rest.start()

    def _pick_sought(self, number: int) -> None:
        self._sought = None
        if self.model.place_of(number) is None:
            self.missed.emit(number)
        else:
            self.pick(number)

    def _tell_picked(self) -> None:
        ref, before = self.current(), self._told
        if ref == before or (ref is None and self.model.partial):
            return
        self._told = ref
        if ref is None and not self._asked:
            self.lost.emit(before)
        else:
            self.picked.emit(ref)

    def _emit_current(self, signal: Any) -> None:
        ref = self.current()
        if ref is not None:
            self._tell_picked()
            signal.emit(ref)

    def _want_edit(self) -> None:
        """Edit the cell in its place; what has no cell to edit is edited on its card."""
        if not self.edit.begin():
            self._emit_current(self.edit_wanted)

    def _typed(self, text: str) -> None:
        """Begin to edit the cell; in the column of names one looks for somebody."""
        place = self.table.currentIndex().column()
        named = place < 0 or self.model.columns[place].key == "name"
        if named or not self.edit.begin(text):
            self.typed.emit(text)

    # -- empty ---------------------------------------------------------------------------

    def _show_layer(self) -> None:
        if self.model.rowCount():
            self._layers.setCurrentWidget(self.table)
            return
        if self._narrowed():
            words = _why_nothing(self.kind, self.model.query)
            self.empty.say("search", "Nothing found", words, "Show everything")
        elif self.kind == "task":
            says = "Add one on the card of a record, under its timeline: all of them stand here."
            self.empty.say("square-check", "No tasks yet", says)
        else:
            plural = {"company": "companies"}.get(self.kind, f"{self.kind}s")
            self.empty.say(
                "users" if self.kind == "contact" else "inbox",
                f"No {plural} yet",
                f"Add the first {self.kind} or import a list: all about each is kept here.",
                f"New {self.kind}",
            )
        self._layers.setCurrentWidget(self.empty)

    def _narrowed(self) -> bool:
        return bool(self.model.query.filter or self.model.query.text.strip())

    def _press_empty(self) -> None:
        (self.clear_wanted if self._narrowed() else self.create_wanted).emit()


def _why_nothing(kind: str, query: Query) -> str:
    """Say what nothing answers to, and what to try."""
    typed = query.text.strip()
    if query.filter or not typed or kind == "task":
        return f"No {kind} matches the filter. Try fewer conditions."
    short = f"{typed[:40]}…" if len(typed) > 40 else typed
    return f"No {kind} is found for ‘{short}’. Ctrl+K finds names that are only similar, too."
