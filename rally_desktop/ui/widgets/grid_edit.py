"""Edits a cell of the grid in its place: by F2 or by typing; Enter and Tab save and go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QDate, QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QDateEdit, QLineEdit, QWidget

from rally_desktop.core.errors import RallyError
from rally_desktop.model.fields import FieldInfo
from rally_desktop.model.ref import Ref, listed
from rally_desktop.services import edits, entry, grid
from rally_desktop.services.entry import Card
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.field_editor import FieldEditor, field_editor
from rally_desktop.ui.widgets.grid_history import History
from rally_desktop.ui.widgets.grid_table import GridTable
from rally_desktop.ui.widgets.plain_label import PlainLabel

Key = Qt.Key
_ENTER = (Key.Key_Return, Key.Key_Enter)
_WATCHED = frozenset({"tag", "choice", "user_account", "custom_field", "stage", "pipeline"})
# Where a save leads to: rows down, columns right.
_STEPS: dict[int, tuple[int, int]] = {
    Key.Key_Return: (1, 0), Key.Key_Enter: (1, 0), Key.Key_Tab: (0, 1), Key.Key_Backtab: (0, -1),
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """The cell that is edited: of which record and column, what it is called and holds."""

    ref: Ref
    key: str
    label: str
    who: str
    value: Any


class GridEdit(QObject):
    """Puts an editor over the cell under the cursor, and writes what it holds."""

    saved = Signal()

    def __init__(self, desk: Desk, table: GridTable, history: History, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._table, self._model = desk, table, table.grid
        self._history = history
        self._card: Card | None = None
        self._writing = False
        self.cell: Cell | None = None
        self.editor: FieldEditor | None = None
        self.problem = PlainLabel("", "sub", table.viewport())
        self.problem.setObjectName("cell_problem")
        self.problem.set_tone("bad")
        self.problem.setWordWrap(True)
        self.problem.setMargin(6)
        self.problem.hide()
        for bar in (table.verticalScrollBar(), table.horizontalScrollBar()):
            bar.valueChanged.connect(self._place)
        self._model.reordered.connect(lambda: QTimer.singleShot(0, self, self._place))
        desk.background.changed.connect(self._hear)

    @later
    async def learn(self) -> None:
        """Learn what the fields are and what the office's lists hold."""
        self._card = await self._desk.background.read(entry.blank, self._model.kind)

    # -- what can be edited --------------------------------------------------------------

    def field(self, key: str) -> FieldInfo | None:
        """Return the field that a column shows, where it can be edited in the grid."""
        card = self._card
        name = entry.typed(key)
        if card is None or (name not in card.fields and name != "name"):
            return None
        if key == "name" and card.ref.kind == "contact":
            return card.fields["first_name"]
        if name in card.editable or name.startswith("custom.") or name == "tags":
            return card.fields[name]
        return None

    def begin(self, typed: str = "") -> bool:
        """Edit the cell under the cursor, beginning with a letter; say whether that can be."""
        index = self._table.currentIndex()
        row = self._model.row_at(index.row()) if index.isValid() else None
        if row is None or self.editor is not None:
            return self.editor is not None
        column = self._model.columns[index.column()]
        field = self.field(column.key)
        if field is None:
            return False
        who = str(self._model.index(index.row(), 0).data() or "")
        value = _value(field, row.cells[index.column()])
        self.cell = Cell(listed(self._model.kind, row.id), column.key, column.label, who, value)
        self._table.scrollTo(index)
        self._open(self._make(column.key, field), value, typed)
        return True

    def _make(self, key: str, field: FieldInfo) -> FieldEditor:
        if key == "tags" or (key == "name" and self._model.kind == "contact"):
            line = QLineEdit()
            line.setPlaceholderText("Tags, separated by commas" if key == "tags" else "")
            return FieldEditor(line, line.text, lambda v: line.setText(v or ""), line.textChanged)
        lists = self._card.lists if self._card else {}
        return field_editor(field, lists, self._desk)

    def _open(self, editor: FieldEditor, value: Any, typed: str) -> None:
        self.editor = editor
        widget = editor.widget
        widget.setParent(self._table.viewport())
        widget.setObjectName("cell_editor")
        widget.setAccessibleName(self.cell.label if self.cell else "")
        editor.fill(value)
        widget.installEventFilter(self)
        self._place()
        widget.show()
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        if value is None and typed and isinstance(widget, QDateEdit):
            today = self._desk.clock.now().astimezone()
            widget.setDate(QDate(today.year, today.month, today.day))
        _begin_with(widget, typed)
        if isinstance(widget, QComboBox):
            widget.activated.connect(self._picked)
            widget.showPopup()

    # -- leaving -------------------------------------------------------------------------

    def leave(self) -> None:
        """Take the editor away; the cell is as it was."""
        if self.editor is None:
            return
        widget, self.editor, self.cell = self.editor.widget, None, None
        widget.removeEventFilter(self)
        focused = widget.hasFocus() or widget.isAncestorOf(
            QApplication.focusWidget() or self._table
        )
        widget.hide()
        widget.deleteLater()
        self.problem.hide()
        if focused:
            self._table.setFocus()

    def commit(self, down: int = 0, right: int = 0) -> None:
        """Save what the editor holds, then go on from the cell by so many rows and columns."""
        cell, editor = self.cell, self.editor
        if cell is None or editor is None or self._writing:
            return
        value = editor.read()
        if _same(value, cell.value):
            self.leave()
            self._go(down, right)
        else:
            self._write(cell, value, lambda: self._go(down, right))

    @later
    async def _write(self, cell: Cell, value: Any, then: Callable[[], None]) -> None:
        self._writing = True
        write = self._desk.background.write
        try:
            note = await write(edits.put_cell, cell.ref, cell.key, value)
        except RallyError as error:
            self._say(_said(error))
            return
        finally:
            self._writing = False
        self.leave()
        then()
        await self._show(cell.ref.id)
        self.saved.emit()
        if note:
            words = f"{cell.label} of {cell.who} changed." if cell.who else f"{cell.label} changed."
            undo = self._history.add(words, lambda: self._undo(note))
            self._desk.notices.tell(words, "plain", ("Undo", undo))

    async def _show(self, number: int) -> None:
        """Show a row as it is now, before the grid looks again at everything."""
        keys = [column.key for column in self._model.columns]
        found = await self._desk.background.read(grid.rows, self._model.kind, [number], keys)
        if number in found and keys == [column.key for column in self._model.columns]:
            self._model.put_row(found[number])

    @later
    async def _undo(self, note: bytes) -> None:
        undone = await self._desk.background.write(edits.undo, note)
        self._desk.notices.tell(undone.says(), "warn" if undone.kept else "plain")

    def _go(self, down: int, right: int) -> None:
        """Put the cursor on the next cell; past the last column begins the next row."""
        index = self._table.currentIndex()
        keys = self._table.horizontalHeader()
        place = keys.visualIndex(index.column()) + right
        count = self._model.columnCount()
        row = index.row() + down + (place >= count) - (place < 0)
        if 0 <= row < self._model.rowCount() and count:
            self._table.go_to(row, keys.logicalIndex(place % count))

    def _say(self, text: str) -> None:
        self.problem.setText(text)
        self._place()
        self.problem.show()
        self.problem.raise_()
        if self.editor is not None:
            self.editor.widget.setFocus()

    # -- following -----------------------------------------------------------------------

    def _place(self) -> None:
        """Lay the editor over its cell, wherever that is now."""
        if self.cell is None or self.editor is None:
            return
        row = self._model.place_of(self.cell.ref.id)
        keys = [column.key for column in self._model.columns]
        if row is None or self.cell.key not in keys:
            return
        area = self._table.visualRect(self._model.index(row, keys.index(self.cell.key)))
        wanted = max(area.width(), _LEAST.get(type(self.editor.widget), 180))
        left = max(0, min(area.left(), self._table.viewport().width() - wanted))
        self.editor.widget.setGeometry(QRect(left, area.top(), wanted, area.height() - 1))
        self.problem.setFixedWidth(max(wanted, 280))
        self.problem.adjustSize()
        below = area.bottom() + 2
        room = self._table.viewport().height()
        top = below if below + self.problem.height() <= room else area.top() - self.problem.height()
        self.problem.move(min(left, self._table.viewport().width() - self.problem.width()), top)

    def _picked(self) -> None:
        QTimer.singleShot(0, self, self.commit)

    def _hear(self, touched: frozenset[str]) -> None:
        if "erasure" in touched:
            self._history.forget()
        if self._card is not None and touched & _WATCHED:
            self.learn()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc leaves, Enter and Tab save and go on; leaving otherwise saves."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Key.Key_Escape:
                self.leave()
                return True
            if event.key() in _STEPS:
                self.commit(*_step(event))
                return True
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            passing = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
            if event.reason() not in passing and self.problem.isHidden():
                self._picked()
        return super().eventFilter(watched, event)


_LEAST: dict[type[QWidget], int] = {QComboBox: 160, QDateEdit: 150}


def _step(event: QKeyEvent) -> tuple[int, int]:
    down, right = _STEPS[event.key()]
    up = event.modifiers() & Qt.KeyboardModifier.ShiftModifier and event.key() in _ENTER
    return (-down if up else down), right


def _value(field: FieldInfo, shown: Any) -> Any:
    """Return a cell's value as its editor is filled with it."""
    if isinstance(shown, tuple):
        return ", ".join(shown)
    if field.type == "date" and isinstance(shown, str) and shown:
        return datetime.fromisoformat(shown).replace(tzinfo=UTC)
    if field.type == "moment" and isinstance(shown, datetime):
        return shown.astimezone()
    return shown


def _same(new: Any, old: Any) -> bool:
    if isinstance(old, (int, float)) and not isinstance(old, bool):
        return new == f"{old:.15g}"
    return (new or None) == (old or None)


def _begin_with(widget: QWidget, typed: str) -> None:
    """Let a letter that was typed in the grid be the first one in the editor."""
    if isinstance(widget, QDateEdit):
        widget.setSelectedSection(QDateEdit.Section.DaySection)
        if typed:
            press = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, typed)
            QApplication.sendEvent(widget, press)
    elif isinstance(widget, QComboBox) and typed:
        found = widget.findText(typed, Qt.MatchFlag.MatchStartsWith)
        widget.setCurrentIndex(found if found >= 0 else widget.currentIndex())
    elif isinstance(widget, QLineEdit):
        if typed:
            widget.setText(typed)
            widget.textEdited.emit(typed)
        else:
            widget.selectAll()


def _said(error: RallyError) -> str:
    problems = getattr(error, "problems", None)
    if not problems:
        return str(error)
    return "; ".join(f"{name} {what}." for name, what in problems.items())
