"""The outline: the workflow as a tree, fully editable, with the canvas's selection and undo."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QSignalBlocker,
    Qt,
    QTimer,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTreeView, QWidget

from rally_desktop.canvas import keys
from rally_desktop.canvas.editor import FlowEditor
from rally_desktop.canvas.hands import EditorHands
from rally_desktop.canvas.outline_model import LINE, OutlineModel
from rally_desktop.canvas.outline_painter import OutlinePainter
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.canvas.reading import Line
from rally_desktop.canvas.scene import Target
from rally_desktop.canvas.spoken import Speaker

# A tree has its own meaning for these: walking, unfolding, choosing several.
WALKS = ("down", "up", "left", "right")
OWN = frozenset(
    {
        *(f"{start}{way}" for way in WALKS for start in ("", "more_", "page_")),
        *("home", "end", "next_card", "card_before"),
    }
)
MOVES = {Qt.Key.Key_Up: "move_up", Qt.Key.Key_Down: "move_down"}
INDENT = 15


class OutlineTree(QTreeView):
    """Lines of the workflow; what is chosen here is chosen on the canvas, and the other way."""

    def __init__(
        self, editor: FlowEditor, hands: EditorHands, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._editor, self._hands = editor, hands
        self._closed: set[Line] = set()
        self._stale = True
        self._asked = False
        self._revealed: Target | None = None
        self._reveal = QTimer(self, singleShot=True, interval=0)
        self._reveal.timeout.connect(lambda: self.scrollTo(self.currentIndex()))
        self.lines = OutlineModel(self)
        self.painter_ = OutlinePainter(editor.view.look, self)
        self.setModel(self.lines)
        self.setItemDelegate(self.painter_)
        self.setObjectName("outline")
        self.setAccessibleName("Outline of the workflow")
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(INDENT)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDropIndicatorShown(True)
        self._connect()

    def _connect(self) -> None:
        editor = self._editor
        editor.scene.replanned.connect(self.refresh)
        editor.scene.laid.connect(self._retell)
        editor.scene.picked.connect(self._show_chosen)
        editor.scene.chose.connect(self._show_chosen)
        editor.draft.locks.connect(self._lock)
        editor.quick_add.closed.connect(self._take_back)
        self.selectionModel().selectionChanged.connect(self._choose)
        self.selectionModel().currentChanged.connect(self._choose)
        self.collapsed.connect(lambda index: self._closed.add(self.lines.line_at(index)))
        self.expanded.connect(lambda index: self._closed.discard(self.lines.line_at(index)))
        self.lines.rowsInserted.connect(self._unfold)
        self.lines.renamed.connect(self._rename)
        self.lines.dropped.connect(self._drop)
        self.lines.may_drop = self._may_drop
        self.doubleClicked.connect(lambda _index: self._open())
        self._lock(editor.draft.locked)

    # -- following the canvas -----------------------------------------------------------------

    def restyle(self) -> None:
        """Paint in another scheme."""
        self.painter_.look = self._editor.view.look
        self.viewport().update()

    def show_found(self, spots: frozenset[Spot] | None) -> None:
        """Paint what a search does not find faintly; None finds all."""
        lines = None if spots is None else frozenset(Line(x.kind, x.id) for x in spots)
        self.painter_.found = lines
        self.viewport().update()

    def refresh(self) -> None:
        """Show the workflow as it is now; while nobody looks, later."""
        self._stale = not self.isVisible()
        if self._stale:
            return
        with QSignalBlocker(self.selectionModel()):
            self.lines.show(self._speaker())
        self._retell()
        self._show_chosen()

    def _retell(self) -> None:
        """Say of each line what is true of it now."""
        if not self._stale:
            self.painter_.speaker = self.lines.speaker = self._speaker()
            self.viewport().update()

    def _speaker(self) -> Speaker:
        editor = self._editor
        return Speaker(editor.reading, editor.faces, editor.scene.overlay)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened meanwhile."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def _show_chosen(self) -> None:
        """Choose the lines of what is chosen on the canvas, and have the current one in view."""
        if self._stale or not self.isVisible():
            return
        scene, model = self._editor.scene, self.selectionModel()
        selection = QItemSelection()
        for spot in scene.chosen:
            index = self.lines.index_of(Line(spot.kind, spot.id))
            if index.isValid():
                selection.select(index, index)
        current = self._index_of(scene.selected)
        if isinstance(scene.selected, Slot) and current.isValid():
            selection.select(current, current)
        flag = QItemSelectionModel.SelectionFlag
        with QSignalBlocker(model):
            model.select(selection, flag.ClearAndSelect)
            model.setCurrentIndex(current, flag.NoUpdate)
        self.viewport().update()
        if scene.selected != self._revealed:
            self._revealed = scene.selected
            self._reveal.start()

    def _index_of(self, target: Target | None) -> QModelIndex:
        if isinstance(target, Spot):
            return self.lines.index_of(Line(target.kind, target.id))
        if isinstance(target, Slot) and target.kind == "connector":
            here = self.lines.line_at(self.currentIndex())
            if here.target == target:
                return self.lines.index_of(here)
            open_end = self.lines.index_of(Line("open", target.source, target.exit))
            path = self.lines.index_of(Line("path", target.source, target.exit))
            return open_end if open_end.isValid() else path
        return QModelIndex()

    def _unfold(self, parent: QModelIndex, first: int, last: int) -> None:
        if parent.isValid() and self.lines.line_at(parent) not in self._closed:
            self.expand(parent)
        for row in range(first, last + 1):
            self.expandRecursively(self.lines.index(row, 0, parent))
        for line in list(self._closed):
            index = self.lines.index_of(line)
            if index.isValid():
                self.collapse(index)

    # -- choosing -----------------------------------------------------------------------------

    def _choose(self) -> None:
        """Choose on the canvas what is chosen here."""
        chosen = [self.lines.line_at(index) for index in self.selectionModel().selectedIndexes()]
        spots = [target for line in chosen if isinstance(target := line.target, Spot)]
        current = self.lines.line_at(self.currentIndex()).target
        with QSignalBlocker(self.selectionModel()):
            if len(spots) > 1:
                self._editor.choose(spots, current if current in spots else None)
            elif chosen:
                target = current if len(chosen) == 1 else spots[0] if spots else None
                self._editor.select(target, by_keys=True)

    # -- doing --------------------------------------------------------------------------------

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
