"""The workflow as a tree of lines for Qt's views; only what differs is taken out and put in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from rally_desktop.canvas.plan import Slot
from rally_desktop.canvas.reading import ALL, Line, Reading
from rally_desktop.canvas.spoken import Speaker
from rally_desktop.model.graph import NEXT, START, STOP

Index = QModelIndex | QPersistentModelIndex
LINE = Qt.ItemDataRole.UserRole
MIME = "application/x-rally-line"
NOWHERE = QModelIndex()


class OutlineModel(QAbstractItemModel):
    """Lines by index; ``renamed`` and ``dropped`` bring what is wanted, nothing changes here."""

    renamed = Signal(object, str)
    dropped = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.speaker: Speaker | None = None
        self.locked = False
        self._inside: dict[Line, list[Line]] = {ALL: []}
        self._above: dict[Line, Line] = {}
        self._rows: dict[Line, int] = {}
        self._ids: dict[Line, int] = {}
        self._lines: dict[int, Line] = {}
        self._numbers = count(1)

    # -- following the workflow ---------------------------------------------------------------

    def show(self, speaker: Speaker) -> None:
        """Show a workflow: take out the lines that are gone, then put in the new ones."""
        after = speaker.reading
        changed = [
            top
            for top in [ALL, *self._walk(ALL)]
            if tuple(self._inside.get(top, ())) != after.inside.get(top, ())
        ]
        for top in changed:
            if top == ALL or top in self._above:
                self._take_out(top, after.inside.get(top, ()))
        self.speaker = speaker
        for top in changed:
            if top == ALL or top in self._above:
                self._put_in(top, after)

    def retell(self, lines: Sequence[Line]) -> None:
        """Say that lines read otherwise now."""
        for line in lines:
            if line in self._above:
                index = self.index_of(line)
                self.dataChanged.emit(index, index)

    def _take_out(self, top: Line, wanted: Sequence[Line]) -> None:
        here = self._inside.get(top, [])
        start, end = _middle(here, wanted)
        if start == end:
            return
        self.beginRemoveRows(self.index_of(top), start, end - 1)
        for line in here[start:end]:
            for gone in [line, *self._walk(line)]:
                self._inside.pop(gone, None)
                del self._above[gone], self._rows[gone]
                self._lines.pop(self._ids.pop(gone, -1), None)
        del here[start:end]
        self._count(top, start)
        self.endRemoveRows()

    def _put_in(self, top: Line, after: Reading) -> None:
        wanted = after.inside.get(top, ())
        here = self._inside.setdefault(top, [])
        start, end = _middle(wanted, here)
        if start == end:
            return
        self.beginInsertRows(self.index_of(top), start, end - 1)
        here[start:start] = wanted[start:end]
        for line in wanted[start:end]:
            self._above[line] = top
            for below in after.lines(line):
                self._above[below] = after.above[below]
            for part in [line, *after.lines(line)]:
                if part in after.inside:
                    self._inside[part] = list(after.inside[part])
                    self._count(part, 0)
        self._count(top, start)
        self.endInsertRows()

    def _count(self, top: Line, start: int) -> None:
        lines = self._inside[top]
        for row in range(start, len(lines)):
            self._rows[lines[row]] = row

    def _walk(self, top: Line) -> Iterator[Line]:
        waiting = list(reversed(self._inside.get(top, ())))
        while waiting:
            line = waiting.pop()
            yield line
            waiting += reversed(self._inside.get(line, ()))

    # -- what Qt asks -------------------------------------------------------------------------

    def index_of(self, line: Line) -> QModelIndex:
        """Return where a line stands."""
        if line not in self._above:
            return QModelIndex()
        if line not in self._ids:
            number = self._ids[line] = next(self._numbers)
            self._lines[number] = line
        return self.createIndex(self._rows[line], 0, self._ids[line])

    def line_at(self, index: Index) -> Line:
        """Return the line at an index; the whole for none."""
        return self._lines[index.internalId()] if index.isValid() else ALL

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        """Return the index of a row."""
        lines = self._inside.get(self.line_at(parent), ())
        return self.index_of(lines[row]) if 0 <= row < len(lines) and not column else NOWHERE

    def parent(self, index: Index = NOWHERE) -> QModelIndex:  # type: ignore[override]
        """Return the index of the line that holds one."""
        return self.index_of(self._above.get(self.line_at(index), ALL))

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Return how many lines are inside one."""
        return len(self._inside.get(self.line_at(parent), ()))

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Return the one column."""
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a line, its words, and its sentence for those who listen."""
        if self.speaker is None or not index.isValid():
            return None
        line = self.line_at(index)
        if role == LINE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self.speaker.title(line)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.speaker.sentence(line)
        face = self.speaker.face(line)
        if role == Qt.ItemDataRole.ToolTipRole and face is not None:
            text = "\n".join(filter(None, (face.title, face.subtitle, face.problem)))
            return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for another name of a step."""
        line = self.line_at(index)
        if self.speaker is not None and value != self.speaker.title(line):
            self.renamed.emit(line, value)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let lines be chosen, steps renamed and dragged, and things dropped between lines."""
        flag = Qt.ItemFlag
        line = self.line_at(index)
        made = flag.ItemIsEnabled | flag.ItemIsSelectable
        if line == ALL or not self.locked:
            made |= flag.ItemIsDropEnabled
        if line.kind == "step" and not self.locked:
            made |= flag.ItemIsEditable | flag.ItemIsDragEnabled
        return made

    # -- dragging -----------------------------------------------------------------------------

    def mimeTypes(self) -> list[str]:
        """Return what can be dropped."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return the step that is dragged."""
        made = QMimeData()
        made.setData(MIME, self.line_at(indexes[0]).id.encode())
        return made

    def supportedDropActions(self) -> Qt.DropAction:
        """Return that things are moved."""
        return Qt.DropAction.MoveAction

    def canDropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Say whether there is a connector at a place."""
        return data.hasFormat(MIME) and self.slot_at(row, parent) is not None

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Ask for a step at another place; the view takes nothing out itself."""
        slot = self.slot_at(row, parent)
        if slot is not None:
            self.dropped.emit(bytes(data.data(MIME).data()).decode(), slot)
        return False

    def slot_at(self, row: int, parent: Index) -> Slot | None:
        """Return the connector above a row, or after a line on which something is dropped."""
        top = self.line_at(parent)
        lines = self._inside.get(top, [])
        if row < 0 or (row == 0 and top.kind != "path"):
            return self._slot_after(top)
        if row == 0:
            return Slot("connector", top.id, top.exit)
        return self._slot_after(lines[min(row, len(lines)) - 1])

    def _slot_after(self, line: Line) -> Slot | None:
        assert self.speaker is not None
        if line.kind in ("path", "open", "jump"):
            return Slot("connector", line.id, line.exit)
        if line.kind in ("trigger", "stopped"):
            return Slot("connector", STOP if line.kind == "stopped" else START, NEXT)
        if line.kind != "step":
            return None
        ways = self.speaker.reading.exits[line.id]
        if len(ways) == 1:
            return Slot("connector", line.id, ways[0][0])
        after = self._below(line)
        return Slot("meeting", before=after.id) if ways and after and after.kind == "step" else None

    def _below(self, line: Line) -> Line | None:
        lines = self._inside[self._above[line]]
        row = self._rows[line] + 1
        return lines[row] if row < len(lines) else None


def _middle(longer: Sequence[Line], shorter: Sequence[Line]) -> tuple[int, int]:
    """Return the part of a list that is left when its common start and end are taken off."""
    start = 0
    most = min(len(longer), len(shorter))
    while start < most and longer[start] == shorter[start]:
        start += 1
    end = 0
    while end < most - start and longer[-1 - end] == shorter[-1 - end]:
        end += 1
    return start, len(longer) - end
