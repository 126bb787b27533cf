"""Letting steps stand where somebody puts them, and putting them back into the tidy layout."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import QPointF

from rally_desktop.canvas import rewiring
from rally_desktop.canvas.editing import Editing
from rally_desktop.canvas.moving import Load, Mover
from rally_desktop.model.graph import MAX_STEPS

BACK = 20.0  # pixels on screen: nearer to where it stood, a card goes back there


class Placer:
    """What placing by hand and tidying up ask and do."""

    def __init__(self, editor: Editing, mover: Mover) -> None:
        self._editor, self._mover = editor, mover

    def is_back(self, load: Load, corner: QPointF) -> bool:
        """Say whether a card that stood in the tidy layout is dropped about where it was."""
        box = self._editor.scene.plan.boxes[load.spot]
        away = (corner - QPointF(box.x, box.y)).manhattanLength() * self._editor.view.zoom
        return not (box.pinned or load.copied is not None) and away < BACK

    def drop(self, load: Load, corner: QPointF) -> None:
        """Let steps stand where they were put: the one that is held with its corner there."""
        box = self._editor.scene.plan.boxes[load.spot]
        by = corner - QPointF(box.x, box.y)
        if load.copied is not None:
            self._copy(load, by)
        else:
            self.place(load.keys, by)

    def place(self, keys: Collection[str], by: QPointF) -> None:
        """Let steps stand so far from where they are."""
        if keys:
            editor = self._editor
            what = editor.name_of(tuple(keys))
            made = rewiring.with_places(editor.draft.graph, self._places(keys, by))
            editor.draft.edit(f"Place {what} by hand", made)
            self._mover.choose(keys)
            editor.say(f"Placed {what} by hand.")

    def nudge(self, keys: Collection[str], by: QPointF) -> None:
        """Move steps that were placed by hand a little; pushes in a row are undone as one."""
        if keys:
            editor = self._editor
            what = editor.name_of(tuple(keys))
            made = rewiring.with_places(editor.draft.graph, self._places(keys, by))
            editor.draft.edit(f"Place {what} by hand", made, ("nudge", *keys))

    def put_back(self, keys: Collection[str]) -> None:
        """Let steps stand where the tidy layout puts them."""
        editor = self._editor
        graph = editor.draft.graph
        gone = graph.layout.keys() & set(keys)
        if not gone:
            editor.say("Everything is tidy already.")
            return
        what = editor.name_of([key for key in graph.steps if key in gone] or ["", ""])
        editor.draft.edit("Tidy up", rewiring.without_places(graph, gone))
        editor.say(f"Tidied up {what}.")

    def _places(self, keys: Iterable[str], by: QPointF) -> dict[str, tuple[float, float]]:
        """Return where steps stand when they are moved by so much.

        What hangs below another of them comes along by itself, unless it was placed by hand too.
        """
        plan = self._editor.scene.plan
        graph, members = plan.graph, set(keys)
        hang = {to for key in members for to in graph.steps[key].exits.values()}
        found: dict[str, tuple[float, float]] = {}
        for key in members:
            if key not in hang or key in graph.layout:
                box = plan.boxes[plan.card_of(key)]
                found[key] = (round(box.x + by.x(), 1), round(box.y + by.y(), 1))
        return found

    def _copy(self, load: Load, by: QPointF) -> None:
        """Let copies of steps hang loose at a place of their own."""
        editor = self._editor
        graph = editor.draft.graph
        if len(graph.steps) + len(load.keys) > MAX_STEPS:
            editor.say(load.why)
            return
        made, renamed = rewiring.with_copies(graph, load.keys)
        places = {renamed[key]: at for key, at in self._places(load.keys, by).items()}
        what = editor.name_of(load.keys)
        editor.draft.edit(f"Duplicate {what}", rewiring.with_places(made, places))
        self._mover.choose(renamed.values())
        editor.say(f"Duplicated {what}. Nothing leads to the copy yet.")
