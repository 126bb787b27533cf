"""What the lines of the outline say, and what can be done with them: renaming, dragging."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt, Signal

from rally_desktop.canvas.outline_lines import Index, Node, OutlineLines
from rally_desktop.canvas.plan import Slot
from rally_desktop.canvas.reading import Line
from rally_desktop.model.graph import NEXT, START, STOP

LINE = Qt.ItemDataRole.UserRole
MIME = "application/x-rally-line"
READ = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
DROP = READ | Qt.ItemFlag.ItemIsDropEnabled
EDIT = DROP | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled


class OutlineModel(OutlineLines):
    """``renamed`` and ``dropped`` bring what is wanted; nothing changes here."""

    renamed = Signal(object, str)
    dropped = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.locked = False
        self.may_drop: Callable[[str, Slot], bool] = lambda _key, _slot: True

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
        return EDIT if self.node(index).line.kind == "step" else DROP

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
        """Say whether there is a connector at a place to which the step can go."""
        slot = self.slot_at(row, parent) if data.hasFormat(MIME) else None
        return slot is not None and self.may_drop(_key(data), slot)

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Ask for a step at another place; the view takes nothing out itself."""
        slot = self.slot_at(row, parent)
        if slot is not None:
            self.dropped.emit(_key(data), slot)
        return False

    def slot_at(self, row: int, parent: Index) -> Slot | None:
        """Return the connector above a row, or after a line on which something is dropped."""
        top = self.node(parent)
        if row < 0 or (row == 0 and top.line.kind != "path"):
            return self._slot_after(top)
        if row == 0:
            return Slot("connector", top.line.id, top.line.exit)
        return self._slot_after(top.inside[min(row, len(top.inside)) - 1])

    def _slot_after(self, node: Node) -> Slot | None:
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


def _key(data: QMimeData) -> str:
    return bytes(data.data(MIME).data()).decode()


def _below(node: Node) -> Line | None:
    """Return the line that stands below one on the same level."""
    beside = node.above.inside if node.above is not None else []
    return beside[node.row + 1].line if node.row + 1 < len(beside) else None
