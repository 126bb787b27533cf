"""The outline as one sees it: it follows the canvas's workflow and selection, both ways."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QSignalBlocker,
    Qt,
    QTimer,
)
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTreeView, QWidget

from rally_desktop.canvas.editor import FlowEditor
from rally_desktop.canvas.outline_model import OutlineModel
from rally_desktop.canvas.outline_painter import OutlinePainter
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.canvas.reading import STOPPED, Line
from rally_desktop.canvas.scene import Target
from rally_desktop.canvas.spoken import Speaker

INDENT = 15


class OutlineView(QTreeView):
    """Shows the workflow; what is chosen here is chosen on the canvas, and the other way."""

    def __init__(self, editor: FlowEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._closed: set[Line] = set()
        self._stale = True
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
        editor.scene.replanned.connect(self.refresh)
        editor.scene.laid.connect(self._retell)
        editor.scene.picked.connect(self._show_chosen)
        editor.scene.chose.connect(self._show_chosen)
        self.selectionModel().selectionChanged.connect(self._choose)
        self.selectionModel().currentChanged.connect(self._choose)
        self.collapsed.connect(lambda index: self._closed.add(self.lines.line_at(index)))
        self.expanded.connect(lambda index: self._closed.discard(self.lines.line_at(index)))
        self.lines.rowsInserted.connect(self._unfold)

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
            open_end = Line("open", target.source, target.exit)
            path = Line("path", target.source, target.exit)
            for line in (open_end, path, STOPPED):
                index = self.lines.index_of(line)
                if index.isValid() and line.target == target:
                    return index
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
