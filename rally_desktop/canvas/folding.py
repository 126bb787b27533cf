"""Which groups are folded: how one looks at a workflow, so no part of it and never undone."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from rally_desktop.canvas.editing import Editing
from rally_desktop.canvas.frames import foldable
from rally_desktop.canvas.plan import Spot
from rally_desktop.model.graph import Frame


class Folding(QObject):
    """Folds the groups of the workflow on screen, and unfolds them for what is wanted inside."""

    changed = Signal(object)  # the ids of the folded groups, to be remembered for this person

    def __init__(self, editor: Editing) -> None:
        super().__init__(editor.view)
        self._editor = editor
        self.folded: frozenset[str] = frozenset()

    def restore(self, folded: Iterable[str]) -> None:
        """Fold the groups that were folded the last time."""
        self.folded = frozenset(folded)
        self._editor.refresh()

    def frame(self, key: str) -> Frame | None:
        """Return a group by its id."""
        return next((one for one in self._editor.draft.graph.frames if one.id == key), None)

    def toggle(self, key: str) -> None:
        """Fold a group, or unfold it; it stays selected."""
        editor, frame = self._editor, self.frame(key)
        if frame is None:
            return
        name = f"‘{frame.title}’" if frame.title else "the group"
        if key in self.folded:
            self._show(self.folded - {key})
            editor.say(f"Unfolded {name}.")
        elif foldable(editor.draft.graph, frame):
            self._show(self.folded | {key})
            editor.say(f"Folded {name}.")
        else:
            editor.say(f"Cannot fold {name}: it is entered in more than one place.")
            return
        editor.select(Spot("frame", key), editor.scene.by_keys)

    def toggle_all(self) -> None:
        """Fold every group that can be, or unfold them all where none is left to fold."""
        graph = self._editor.draft.graph
        every = frozenset(frame.id for frame in graph.frames if foldable(graph, frame))
        folding = bool(every - self.folded)
        self._show(every if folding else frozenset())
        self._editor.say("Folded all groups." if folding else "Unfolded all groups.")

    def open_for(self, target: object) -> None:
        """Unfold what hides a step."""
        hidden = self._editor.scene.plan.hidden
        if isinstance(target, Spot) and target.kind == "step" and target.id in hidden:
            self._show(self.folded - {hidden[target.id].id})

    def _show(self, folded: frozenset[str]) -> None:
        self.folded = folded
        self._editor.refresh(glide=True)
        self.changed.emit(folded)
