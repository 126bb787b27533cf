"""Searching a workflow: what is found keeps its colour, the rest fades."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from rally_desktop.canvas.editor import FlowEditor
from rally_desktop.canvas.plan import Plan, Spot
from rally_desktop.core.fold import fold

More = Callable[[Mapping[str, Any]], str]  # settings to what they name: texts of templates


def _nothing(_settings: Mapping[str, Any]) -> str:
    return ""


class Search(QObject):
    """Finds words in names, settings, notes and what settings name; ``changed`` says it did.

    What there is to find is gathered once for each workflow that is shown.
    """

    changed = Signal()

    def __init__(self, editor: FlowEditor, more: More = _nothing) -> None:
        super().__init__(editor)
        self._editor = editor
        self.more = more
        self.text = ""
        self.found: list[Spot] = []
        self._texts: dict[Spot, str] = {}
        self._known: Plan | None = None
        editor.scene.replanned.connect(self._again)

    @property
    def place(self) -> int:
        """Return which match is selected, from 1; 0 where none is."""
        here = self._editor.scene.selected
        return self.found.index(here) + 1 if isinstance(here, Spot) and here in self.found else 0

    def look_for(self, text: str) -> None:
        """Find a text; every word of it must be there. No text ends the search."""
        self.text = text
        words = fold(text).split()
        texts = self._gather() if words else {}
        self.found = [spot for spot, known in texts.items() if all(word in known for word in words)]
        self._editor.scene.single_out(self._shown() if words else None)
        self.changed.emit()

    def step(self, by: int) -> None:
        """Go to the next match, or the one before; after the last comes the first."""
        if not self.found:
            if self.text:
                self._editor.say(f"Nothing has ‘{self.text}’.")
            return
        place = self.place
        at = place - 1 + by if place else (0 if by > 0 else -1)
        self._editor.select(self.found[at % len(self.found)], by_keys=True)
        self.changed.emit()

    def gather_again(self) -> None:
        """Read the cards once more: what their settings name says something else."""
        self._known = None
        self._again()

    def _shown(self) -> set[str]:
        """Return the ids of what was found, and of the folded groups in which it is."""
        ids = {spot.id for spot in self.found}
        hidden = self._editor.scene.plan.hidden
        return ids | {hidden[key].id for key in ids & hidden.keys()}

    def _again(self) -> None:
        if self.text:
            self.look_for(self.text)

    def _gather(self) -> dict[Spot, str]:
        """Return all there is to find of every card, in reading order."""
        plan = self._editor.scene.plan
        if self._known is not plan:
            self._known = plan
            self._texts = {
                spot: fold("\n".join(self._told(plan, spot)))
                for spot in self._editor.reading.spots()
            }
        return self._texts

    def _told(self, plan: Plan, spot: Spot) -> Iterator[str]:
        graph = plan.graph
        box = plan.boxes.get(spot)
        face = box.face if box is not None else None
        if spot.kind == "step":
            face = self._editor.face_of(spot.id)
        if face is not None:
            yield from (face.title, face.subtitle)
            yield from (label for _, label in face.exits)
        if spot.kind == "step":
            settings: Mapping[str, Any] = graph.steps[spot.id].settings
            yield from _words(settings)
            yield self.more(settings)
        elif spot.kind == "trigger":
            trigger = next((one for one in graph.triggers if one.id == spot.id), None)
            yield from _words(trigger.settings if trigger else {})
        elif spot.kind == "note":
            yield next(note.text for note in graph.notes if note.id == spot.id)
        else:
            yield next(frame.title for frame in graph.frames if frame.id == spot.id)


def _words(value: object) -> Iterator[str]:
    """Yield every text in settings, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _words(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _words(part)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield str(value)
