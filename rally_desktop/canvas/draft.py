"""The workflow being edited: one immutable graph at a time, and the way back to each before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from rally_desktop.canvas.remarking import settled
from rally_desktop.model.graph import Graph


class Leap(Protocol):
    """One change of a workflow that can be made and taken back."""

    def forth(self, graph: Graph) -> Graph:
        """Return the graph after the change."""
        ...

    def back(self, graph: Graph) -> Graph:
        """Return the graph before it."""
        ...


class Between(NamedTuple):
    """A change as two references: the quickest way, and back to the very same graph."""

    before: Graph
    after: Graph

    def forth(self, graph: Graph) -> Graph:
        """Return the graph after the change."""
        return self.after

    def back(self, graph: Graph) -> Graph:
        """Return the graph before it."""
        return self.before


class Edit(QUndoCommand):
    """One step of the history; its ``leap`` may be replaced by one that does the same."""

    def __init__(self, draft: Draft, title: str, leap: Leap, run: int = -1) -> None:
        super().__init__(title)
        self._draft = draft
        self._run = run
        self.leap = leap

    def id(self) -> int:
        """Return what makes two changes in a row one, or -1."""
        return self._run

    def redo(self) -> None:
        """Show the graph after the change."""
        self._draft.leap(self.leap.forth)

    def undo(self) -> None:
        """Show the graph before it."""
        self._draft.leap(self.leap.back)

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take a later change of the same field into this one."""
        if not isinstance(other, Edit) or other.id() != self._run:
            return False
        middle = other.leap.back(self._draft.own)
        self.leap = Between(self.leap.back(middle), self._draft.own)
        self.setObsolete(self.leap.after == self.leap.before)
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
        self._waking = False
        self._locks: dict[str, str] = {}
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
        return self._presented[1] if self._presented else next(iter(self._locks.values()), "")

    def lock(self, why: str, by: str = "") -> None:
        """Refuse edits and say why, or allow them again with an empty reason.

        Edits are allowed once everybody who refused them, ``by`` a name, allows them again.
        """
        self._locks.pop(by, None)
        if why:
            self._locks[by] = why
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
        graph = settled(self._graph, graph)
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
        self.stack.push(Edit(self, title, Between(self._graph, graph), run))

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

    def history(self) -> list[Edit]:
        """Return the steps of the history; ``stack.index()`` of them are made."""
        return [cast("Edit", self.stack.command(at)) for at in range(self.stack.count())]

    def restart(self, graph: Graph, past: Iterable[tuple[str, Leap]] = (), made: int = 0) -> None:
        """Begin anew with another graph and its history, of which so many steps are made."""
        self.stack.clear()
        self._field = None
        self._waking = True
        for title, leap in past:
            self.stack.push(Edit(self, title, leap))
        self.stack.setIndex(made)
        self._waking = False
        self.show(graph)

    def leap(self, way: Callable[[Graph], Graph]) -> None:
        """Go a step of the history; while that is read again the graph stays as it is."""
        if not self._waking:
            self.show(way(self._graph))

    def show(self, graph: Graph) -> None:
        """Take a graph as it is; only history calls this, all else calls ``edit``."""
        before, self._graph = self._graph, graph
        if before is not graph and self._presented is None:
            self.changed.emit(before, graph)
