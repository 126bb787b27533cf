"""The outline: the workflow as a tree, fully editable, with the canvas's selection and undo."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from rally_desktop.canvas import keys
from rally_desktop.canvas.editor import FlowEditor
from rally_desktop.canvas.hands import EditorHands
from rally_desktop.canvas.outline_model import LINE
from rally_desktop.canvas.outline_view import OutlineView
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.canvas.reading import Line

# A tree has its own meaning for these: walking, unfolding, choosing several.
WALKS = ("down", "up", "left", "right")
OWN = frozenset(
    {
        *(f"{start}{way}" for way in WALKS for start in ("", "more_", "page_")),
        *("home", "end", "next_card", "card_before"),
    }
)
MOVES = {Qt.Key.Key_Up: "move_up", Qt.Key.Key_Down: "move_down"}


class OutlineTree(OutlineView):
    """Lines that are edited by the keys and menus of the canvas."""

    def __init__(
        self, editor: FlowEditor, hands: EditorHands, parent: QWidget | None = None
    ) -> None:
        super().__init__(editor, parent)
        self._hands = hands
        self._asked = False
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDropIndicatorShown(True)
        editor.draft.locks.connect(self._lock)
        editor.quick_add.closed.connect(self._take_back)
        self.lines.renamed.connect(self._rename)
        self.lines.dropped.connect(self._drop)
        self.lines.may_drop = self._may_drop
        self.doubleClicked.connect(lambda _index: self._open())
        self._lock(editor.draft.locked)

    def event(self, event: QEvent) -> bool:
        """Keep the canvas's keys from menus while the focus is here."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self._command(event) is not None:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key says on the canvas; walk, unfold and rename as in any tree."""
        command = self._command(event)
        if command == "open":
            self._open()
        elif command is not None:
            self._asked = True
            self._hands.do(command)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what the canvas offers for a line."""
        index = self.indexAt(event.pos())
        at = self.viewport().mapToGlobal(event.pos())
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            at = self.viewport().mapToGlobal(self.visualRect(index).center())
        self._asked = True
        self._hands.offer(self.lines.line_at(index).target, at)

    def _command(self, event: QKeyEvent) -> str | None:
        if self.state() is QAbstractItemView.State.EditingState:
            return None
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        both = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
        if held == both and event.key() in MOVES:
            return MOVES[Qt.Key(event.key())]
        command = keys.command_of(event)
        renames = command == "write" and self.lines.line_at(self.currentIndex()).kind == "step"
        return None if command in OWN or renames else command

    def _open(self) -> None:
        """Open the settings of a step, the quick add of an open end, or what a path leads to."""
        line: Line | None = self.currentIndex().data(LINE)
        if line is not None and line.kind == "jump":
            target = self._editor.draft.graph.steps[line.id].exits[line.exit]
            self._editor.select(Spot("step", target), by_keys=True)
            return
        self._asked = True
        self._hands.do("open")

    def _take_back(self) -> None:
        """Take the focus back from the popup that was opened from here."""
        if self._asked and self.isVisible():
            self.setFocus()
        self._asked = False

    def _rename(self, line: Line, title: str) -> None:
        graph = self._editor.draft.graph
        face = self._editor.face_of(line.id)
        step = msgspec.structs.replace(graph.steps[line.id], title=title.strip())
        self._editor.draft.edit(f"Rename {face.title}", graph.with_step(step))
        self._editor.say(f"Renamed to {self._editor.face_of(line.id).title}.")

    def _may_drop(self, key: str, slot: Slot) -> bool:
        mover = self._editor.mover
        there = key in self._editor.draft.graph.steps
        return there and mover.may_go(mover.load(Spot("step", key)), slot)

    def _drop(self, key: str, slot: Slot) -> None:
        if self._may_drop(key, slot):
            mover = self._editor.mover
            mover.move(mover.load(Spot("step", key)), slot)

    def _lock(self, why: str) -> None:
        self.lines.locked = bool(why)
