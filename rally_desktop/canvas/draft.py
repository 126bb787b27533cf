"""The workflow being edited: one immutable graph at a time, and the way back to each before."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from rally_desktop.model.graph import Graph


class _Edit(QUndoCommand):
    """One change, as two references."""

    def __init__(self, draft: Draft, title: str, before: Graph, after: Graph, run: int) -> None:
        super().__init__(title)
        self._draft = draft
        self._run = run
        self.before, self.after = before, after

    def id(self) -> int:
        """Return what makes two changes in a row one, or -1."""
        return self._run

    def redo(self) -> None:
        """Show the graph after the change."""
        self._draft.show(self.after)

    def undo(self) -> None:
        """Show the graph before it."""
        self._draft.show(self.before)

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take a later change of the same field into this one."""
        if not isinstance(other, _Edit) or other.id() != self._run:
            return False
        self.after = other.after
        self.setObsolete(self.after == self.before)
        return True


class Draft(QObject):
    """The graph on screen and its history; ``changed`` brings the graphs before and after.

    Something else than the draft can be shown for a while, a published version for instance, and
    the draft can be locked: either way an edit is refused, and ``refused`` says why.
    """

    changed = Signal(object, object)
    refused = Signal(str)
    locks = Signal(str)

    def __init__(self, graph: Graph, parent: QObject | None = None) -> None:
        super().__init__(parent)
        stack = self.stack = QUndoStack(self)
        # It says that there is nothing to undo any more while it is taken apart: nobody may hear.
        self.destroyed.connect(lambda: stack.blockSignals(True))
        self._graph = graph
        self._run = 0
        self._field: object = None
        self._locked = ""
        self._presented: tuple[Graph, str] | None = None

    @property
    def graph(self) -> Graph:
        """Return the workflow that is on screen."""
        return self._presented[0] if self._presented else self._graph

    @property
    def own(self) -> Graph:
        """Return the draft itself, also while something else is shown."""
        return self._graph

    @property
    def locked(self) -> str:
        """Return why nothing may be changed; nothing where it may."""
        return self._presented[1] if self._presented else self._locked

    def lock(self, why: str) -> None:
        """Refuse edits and say why, or allow them again with an empty reason."""
        self._locked = why
        self.locks.emit(self.locked)

    def present(self, graph: Graph | None, why: str = "") -> None:
        """Show another graph than the draft, which cannot be edited; None shows the draft."""
        before = self.graph
        self._presented = None if graph is None else (graph, why)
        self.locks.emit(self.locked)
        if self.graph is not before:
            self.changed.emit(before, self.graph)

    def edit(self, title: str, graph: Graph, field: object = None) -> None:
        """Make a change that can be undone, named in the menu by its title.

        Changes of the same ``field`` in a row, until ``seal``, are undone together.
        """
        if graph is self._graph or graph == self._graph:
            return
        if self.locked:
            self.refused.emit(self.locked)
            return
        run = -1
        if field is not None:
            if field != self._field:
                self._run += 1
            run = self._run
        self._field = field
        self.stack.push(_Edit(self, title, self._graph, graph, run))

    def seal(self) -> None:
        """Let the next change of the same field be a step of its own."""
        self._field = None

    def undo(self) -> None:
        """Go one change back."""
        self._field = None
        if self._may_turn_back():
            self.stack.undo()

    def redo(self) -> None:
        """Make the change again that was undone last."""
        self._field = None
        if self._may_turn_back():
            self.stack.redo()

    def _may_turn_back(self) -> bool:
        if self.locked:
            self.refused.emit(self.locked)
        return not self.locked

    def restart(self, graph: Graph) -> None:
        """Begin anew with another graph and no history."""
        self.stack.clear()
        self._field = None
        self.show(graph)

    def show(self, graph: Graph) -> None:
        """Take a graph as it is; only history calls this, all else calls ``edit``."""
        before, self._graph = self._graph, graph
        if before is not graph and self._presented is None:
            self.changed.emit(before, graph)
