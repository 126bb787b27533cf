"""The draft of the canvas page between screen and database: what of it is kept, and where."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from rally_desktop.canvas.draft import Between, Draft, Edit, Leap
from rally_desktop.model.graph import Graph
from rally_desktop.model.patch import Patch
from rally_desktop.model.place import data_folder
from rally_desktop.model.work import Work
from rally_desktop.outside.unsaved import UnsavedFiles
from rally_desktop.services import drafts
from rally_desktop.services.drafts import Basis, Entry, History, Opened, Page
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.rescue import Rescue


class Kept(NamedTuple):
    """A step of the history, and what was kept of it."""

    edit: Edit
    leap: Leap


class Keeping(QObject):
    """Knows what the database has of a draft, and gives it the rest.

    Until the database has it, it is also in a file of this computer. ``due`` says that something
    is to be saved at once; nothing is while ``stuck``: a person has to decide first.
    """

    due = Signal()

    def __init__(
        self, parent: QObject, desk: Desk, workflow_id: int, draft: Draft, me: Page
    ) -> None:
        super().__init__(parent)
        self.desk, self.workflow_id, self.draft, self.me = desk, workflow_id, draft, me
        self.files = UnsavedFiles(data_folder() / "unsaved", desk.background.office, workflow_id)
        self.rescue = Rescue(self.files, me.key)
        self.revision = 0
        self.mark = ""
        self.stuck = self.left = False
        self._stored: Graph | None = None
        self._history: list[Kept] = []
        self._first = 1
        self._changes = 0
        draft.changed.connect(self._changed)

    @property
    def is_open(self) -> bool:
        """Say whether there is a draft on screen."""
        return self._stored is not None

    @property
    def unsaved(self) -> bool:
        """Say whether there is anything that the database does not have."""
        return self._stored is not None and self.draft.own != self._stored

    async def read(self) -> Opened:
        """Read the draft as it is stored; raise BadDefinition where it cannot be read."""
        return await self.desk.background.read(drafts.opened, self.workflow_id, self.me)

    def show(self, opened: Opened) -> None:
        """Show a draft as it is stored, with its history, in the place of what was on screen."""
        self.stuck = False
        graph, history = opened.stored.graph, opened.history
        self._stored, self.revision, self.mark = graph, opened.standing.revision, opened.mark
        self.draft.restart(graph, history.entries, history.at - history.first + 1)
        self._history = [Kept(edit, edit.leap) for edit in self.draft.history()]
        self._first = history.first
        self.rescue.forget()

    def stand_on(self, graph: Graph, revision: int) -> None:
        """Go on from what the database has now; the next save brings the whole history."""
        self._stored, self.revision = graph, revision
        self._history, self._first = [], 1

    async def save(self, *, overwrite: bool = False) -> None:
        """Give the database the draft as it is now, and what is new of its history."""
        graph, edits = self.draft.own, self.draft.history()
        now = [Kept(edit, edit.leap) for edit in edits]
        known = _in_common(now, self._history)
        place = (self._first + known, self._first + self.draft.stack.index() - 1)
        new = [(kept.edit.text(), kept.leap) for kept in now[known:]]
        basis = Basis(self.me, self.revision, self._changes)
        self.revision, entries = await self.desk.background.write(
            _save, self.workflow_id, graph, basis, place, new, overwrite
        )
        self._stored = graph
        self._history = now[:known] + [
            _lightened(kept, entry) for kept, entry in zip(now[known:], entries, strict=True)
        ]
        if not self.unsaved:
            self.rescue.forget()

    async def copy(self) -> int:
        """Make a workflow of its own of what is on screen, and return its number."""
        number = await self.desk.background.write(drafts.copy, self.draft.own)
        self.rescue.forget()
        return number

    def _changed(self, before: Graph, after: Graph) -> None:
        if not self.unsaved:
            self.rescue.forget()
            return
        self._changes += 1
        at = self.desk.clock.now()
        self.rescue.keep(self.draft.own, self._changes, self.revision, at)


def _save(
    work: Work,
    workflow_id: int,
    graph: Graph,
    basis: Basis,
    place: tuple[int, int],
    new: list[tuple[str, Leap]],
    overwrite: bool,
) -> tuple[int, tuple[Entry, ...]]:
    """Save a draft; return its revision, and what is new of its history as it is kept."""
    entries = tuple(Entry(title, _patch(leap)) for title, leap in new)
    history = History(*place, entries)
    return drafts.save(work, workflow_id, graph, basis, history, overwrite=overwrite), entries


def _patch(leap: Leap) -> Patch:
    if isinstance(leap, Between):
        return Patch.between(leap.before, leap.after)
    assert isinstance(leap, Patch)
    return leap


def _in_common(now: list[Kept], before: list[Kept]) -> int:
    """Return how many steps from the first on are as they were kept."""
    same = 0
    for one, other in zip(now, before, strict=False):
        if one.edit is not other.edit or one.leap is not other.leap:
            break
        same += 1
    return same


def _lightened(kept: Kept, entry: Entry) -> Kept:
    """Let a step of the history hold what was kept of it, instead of two whole graphs."""
    if kept.edit.leap is kept.leap:
        kept.edit.leap = entry.patch
    return Kept(kept.edit, entry.patch)
