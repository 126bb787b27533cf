"""The pills near the view: names of exits with their numbers, words, and the times of a path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rally_desktop.canvas.items.label import Pill
from rally_desktop.canvas.keepers.sight import Sight
from rally_desktop.canvas.plan import Slot
from rally_desktop.canvas.route import Point
from rally_desktop.canvas.strokes import FAINT
from rally_desktop.model.graph import Place

PillKey = Place | str | Slot


class _Wanted(NamedTuple):
    text: str
    tone: str
    at: Point
    number: str = ""
    strength: float = 1.0


class PillKeeper:
    """Keeps pills; one that says something else is made anew."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        self.items: dict[PillKey, Pill] = {}

    def keep(self) -> None:
        """Have the pills that are near, each where it stands."""
        sight = self._sight
        wanted = dict(self._wanted())
        kept = {
            key
            for key, what in wanted.items()
            if (pill := self.items.get(key))
            and (pill.words, pill.tone, pill.number) == (what.text, what.tone, what.number)
        }
        sight.drop(self.items, kept)
        for key, what in wanted.items():
            pill = self.items.get(key)
            if pill is None:
                pill = self.items[key] = Pill(what.text, what.tone, what.at, what.number)
                sight.scene.addItem(pill)
            pill.setPos(*what.at)
            pill.strength = what.strength
            pill.draw(sight.look, sight.scale)

    def redraw(self) -> None:
        """Draw all of them anew."""
        for pill in self.items.values():
            pill.draw(self._sight.look, self._sight.scale)

    def _wanted(self) -> Iterator[tuple[PillKey, _Wanted]]:
        sight = self._sight
        over = sight.overlay
        for square in sight.near:
            for label in sight.tiles.labels.get(square, ()):
                number = over.labels.get(label.place, "")
                faint = over.singles_out and label.place not in over.path
                shade = FAINT if faint else 1.0
                yield label.place, _Wanted(label.text, label.tone, label.at, number, shade)
            for slot in sight.tiles.pluses.get(square, ()) if over.path else ():
                time = over.path.get(slot.place) if slot.kind == "connector" else None
                if time:
                    yield slot, _Wanted(time, "talk", sight.plan.pluses[slot])
        for count, (word, at) in enumerate(sight.plan.words):
            yield f"{word} {count}", _Wanted(word, "flow", at)
