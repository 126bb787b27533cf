"""The workflow as a tree of lines for Qt's views; only what differs is taken out and put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from rally_desktop.canvas.reading import ALL, Line
from rally_desktop.canvas.spoken import Speaker
from rally_desktop.model.graph import NEXT, START, STOP

Index = QModelIndex | QPersistentModelIndex
LINE = Qt.ItemDataRole.UserRole
MIME = "application/x-rally-line"
NOWHERE = QModelIndex()
READ = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
DROP = READ | Qt.ItemFlag.ItemIsDropEnabled
EDIT = DROP | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled


class _Node:
    """One line in the tree, where it stands and what is inside it."""

    __slots__ = ("above", "inside", "line", "number", "row")

    def __init__(self, line: Line, above: _Node | None, number: int) -> None:
        self.line, self.above, self.number = line, above, number
        self.row = 0
        self.inside: list[_Node] = []

    def all(self) -> Iterator[_Node]:
        """Yield it and all below it, in order."""
        waiting: list[_Node] = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.inside))


class OutlineModel(QAbstractItemModel):
    """Lines by index; ``renamed`` and ``dropped`` bring what is wanted, nothing changes here."""

    renamed = Signal(object, str)
    dropped = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.speaker: Speaker | None = None
        self.locked = False
        self._numbers = count()
        self._top = _Node(ALL, None, next(self._numbers))
        self._nodes: dict[Line, _Node] = {ALL: self._top}
        self._numbered: dict[int, _Node] = {self._top.number: self._top}

    # -- following the workflow ---------------------------------------------------------------

    def show(self, speaker: Speaker) -> None:
        """Show a workflow: take out the lines that are gone, then put in the new ones."""
        wanted = speaker.reading.inside
        changed = [
            node
            for node in self._top.all()
            if [each.line for each in node.inside] != list(wanted.get(node.line, ()))
        ]
        for node in changed:
            if self._nodes.get(node.line) is node:
                self._take_out(node, wanted.get(node.line, ()))
        self.speaker = speaker
        for node in changed:
            if self._nodes.get(node.line) is node:
                self._put_in(node, wanted)

    def _take_out(self, top: _Node, wanted: Sequence[Line]) -> None:
        start, end = _middle([node.line for node in top.inside], wanted)
        if start == end:
            return
        self.beginRemoveRows(self._index(top), start, end - 1)
        for child in top.inside[start:end]:
            for gone in child.all():
                del self._nodes[gone.line], self._numbered[gone.number]
        del top.inside[start:end]
        _count(top.inside, start)
        self.endRemoveRows()

    def _put_in(self, top: _Node, inside: Mapping[Line, Sequence[Line]]) -> None:
        wanted = inside.get(top.line, ())
        start, end = _middle(wanted, [node.line for node in top.inside])
        if start == end:
            return
        self.beginInsertRows(self._index(top), start, end - 1)
        top.inside[start:start] = [self._made(line, top, inside) for line in wanted[start:end]]
        _count(top.inside, start)
        self.endInsertRows()

    def _made(self, line: Line, above: _Node, inside: Mapping[Line, Sequence[Line]]) -> _Node:
        """Return the node of a line with all that is inside it."""
        made = self._new(line, above)
        waiting = [made]
        while waiting:
            node = waiting.pop()
            node.inside = [self._new(each, node) for each in inside.get(node.line, ())]
            _count(node.inside, 0)
            waiting += node.inside
        return made

    def _new(self, line: Line, above: _Node) -> _Node:
        node = _Node(line, above, next(self._numbers))
        self._nodes[line] = self._numbered[node.number] = node
        return node

    # -- what Qt asks -------------------------------------------------------------------------

    def index_of(self, line: Line) -> QModelIndex:
        """Return where a line stands."""
        node = self._nodes.get(line)
        return QModelIndex() if node is None else self._index(node)

    def line_at(self, index: Index) -> Line:
        """Return the line at an index; the whole for none."""
        return self._node(index).line

    def _node(self, index: Index) -> _Node:
        return self._numbered[index.internalId()] if index.isValid() else self._top

    def _index(self, node: _Node) -> QModelIndex:
        return QModelIndex() if node is self._top else self.createIndex(node.row, 0, node.number)

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        """Return the index of a row."""
        nodes = self._node(parent).inside
        return self._index(nodes[row]) if 0 <= row < len(nodes) and not column else NOWHERE

    def parent(self, index: Index = NOWHERE) -> QModelIndex:  # type: ignore[override]
        """Return the index of the line that holds one."""
        above = self._numbered[index.internalId()].above if index.isValid() else None
        if above is None or above is self._top:
            return NOWHERE
        return self.createIndex(above.row, 0, above.number)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Return how many lines are inside one."""
        return len(self._node(parent).inside)

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
        if self.locked:
            return READ
        return EDIT if self._node(index).line.kind == "step" else DROP

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
        top = self._node(parent)
        if row < 0 or (row == 0 and top.line.kind != "path"):
            return self._slot_after(top)
        if row == 0:
            return Slot("connector", top.line.id, top.line.exit)
        return self._slot_after(top.inside[min(row, len(top.inside)) - 1])

    def _slot_after(self, node: _Node) -> Slot | None:
        assert self.speaker is not None
        line = node.line
        if line.kind in ("path", "open", "jump"):
            return Slot("connector", line.id, line.exit)
        if line.kind in ("trigger", "stopped"):
            return Slot("connector", STOP if line.kind == "stopped" else START, NEXT)
        if line.kind != "step":
            return None
        ways = self.speaker.reading.exits[line.id]
        if len(ways) == 1:
            return Slot("connector", line.id, ways[0][0])
        after = _below(node)
        return Slot("meeting", before=after.id) if ways and after and after.kind == "step" else None


def _count(nodes: list[_Node], start: int) -> None:
    for row in range(start, len(nodes)):
        nodes[row].row = row


def _below(node: _Node) -> Line | None:
    """Return the line that stands below one on the same level."""
    beside = node.above.inside if node.above is not None else []
    return beside[node.row + 1].line if node.row + 1 < len(beside) else None


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
