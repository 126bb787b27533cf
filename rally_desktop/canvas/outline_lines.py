"""The lines of a workflow as a tree for Qt's views; only what differs goes out and comes in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex

from rally_desktop.canvas.reading import ALL, Line
from rally_desktop.canvas.spoken import Speaker

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class Node:
    """One line in the tree, where it stands and what is inside it."""

    __slots__ = ("above", "inside", "line", "number", "row")

    def __init__(self, line: Line, above: Node | None, number: int) -> None:
        self.line, self.above, self.number = line, above, number
        self.row = 0
        self.inside: list[Node] = []

    def all(self) -> Iterator[Node]:
        """Yield it and all below it, in order."""
        waiting: list[Node] = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.inside))


class OutlineLines(QAbstractItemModel):
    """Which line stands where."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.speaker: Speaker | None = None
        self._numbers = count()
        self._top = Node(ALL, None, next(self._numbers))
        self._nodes: dict[Line, Node] = {ALL: self._top}
        self._numbered: dict[int, Node] = {self._top.number: self._top}

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

    def _take_out(self, top: Node, wanted: Sequence[Line]) -> None:
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

    def _put_in(self, top: Node, inside: Mapping[Line, Sequence[Line]]) -> None:
        wanted = inside.get(top.line, ())
        start, end = _middle(wanted, [node.line for node in top.inside])
        if start == end:
            return
        self.beginInsertRows(self._index(top), start, end - 1)
        top.inside[start:start] = [self._made(line, top, inside) for line in wanted[start:end]]
        _count(top.inside, start)
        self.endInsertRows()

    def _made(self, line: Line, above: Node, inside: Mapping[Line, Sequence[Line]]) -> Node:
        """Return the node of a line with all that is inside it."""
        made = self._new(line, above)
        waiting = [made]
        while waiting:
            node = waiting.pop()
            node.inside = [self._new(each, node) for each in inside.get(node.line, ())]
            _count(node.inside, 0)
            waiting += node.inside
        return made

    def _new(self, line: Line, above: Node) -> Node:
        node = Node(line, above, next(self._numbers))
        self._nodes[line] = self._numbered[node.number] = node
        return node

    # -- what Qt asks -------------------------------------------------------------------------

    def index_of(self, line: Line) -> QModelIndex:
        """Return where a line stands."""
        node = self._nodes.get(line)
        return QModelIndex() if node is None else self._index(node)

    def line_at(self, index: Index) -> Line:
        """Return the line at an index; the whole for none."""
        return self.node(index).line

    def node(self, index: Index) -> Node:
        """Return what stands at an index; the whole for none."""
        return self._numbered[index.internalId()] if index.isValid() else self._top

    def _index(self, node: Node) -> QModelIndex:
        return QModelIndex() if node is self._top else self.createIndex(node.row, 0, node.number)

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        """Return the index of a row."""
        nodes = self.node(parent).inside
        return self._index(nodes[row]) if 0 <= row < len(nodes) and not column else NOWHERE

    def parent(self, index: Index = NOWHERE) -> QModelIndex:  # type: ignore[override]
        """Return the index of the line that holds one."""
        above = self._numbered[index.internalId()].above if index.isValid() else None
        if above is None or above is self._top:
            return NOWHERE
        return self.createIndex(above.row, 0, above.number)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Return how many lines are inside one."""
        return len(self.node(parent).inside)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Return the one column."""
        return 1


def _count(nodes: list[Node], start: int) -> None:
    for row in range(start, len(nodes)):
        nodes[row].row = row


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
