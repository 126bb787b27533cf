"""The notes and frames near the view, and the thread from a note to its card."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec.structs import replace
from PySide6.QtCore import QLineF, QPointF
from PySide6.QtWidgets import QGraphicsLineItem

from rally_desktop.canvas.items.card import State
from rally_desktop.canvas.items.frame import FrameItem
from rally_desktop.canvas.items.note import NoteItem
from rally_desktop.canvas.keepers.sight import Sight
from rally_desktop.canvas.plan import Spot
from rally_desktop.canvas.shapes import Box, NoteBox

StateOf = Callable[[Spot], State]


class NoteKeeper:
    """Keeps notes, each with a thread where it stands apart from its card."""

    def __init__(self, sight: Sight, state_of: StateOf) -> None:
        self._sight, self._state_of = sight, state_of
        self.items: dict[Spot, NoteItem] = {}
        self.threads: dict[Spot, QGraphicsLineItem] = {}

    def keep(self) -> None:
        """Have the notes that are near, each where it stands."""
        sight = self._sight
        wanted = {box.spot: box for sq in sight.near for box in sight.tiles.notes.get(sq, ())}
        sight.drop(self.items, wanted)
        sight.drop(self.threads, wanted)
        for spot, box in wanted.items():
            note = self.items.get(spot)
            if note is None:
                note = self.items[spot] = NoteItem(box)
                sight.scene.addItem(note)
            elif note.box != box:
                note.box = box
                note.setPos(box.x, box.y)
            elif note.state == self._state_of(spot):
                continue
            self._draw(note)

    def redraw(self) -> None:
        """Draw all of them anew."""
        for note in self.items.values():
            self._draw(note)

    def touch(self, spots: Iterable[Spot]) -> None:
        """Draw some anew, where their state has changed."""
        for spot in spots:
            note = self.items.get(spot)
            if note and note.state != self._state_of(spot):
                self._draw(note)

    def stretch(self, spot: Spot, width: float, height: float) -> None:
        """Show a note as large as that for a while."""
        note = self.items.get(spot)
        if note is not None:
            note.box = replace(note.box, width=width, height=height)
            self._draw(note)

    def tie(self, spot: Spot, x: float, y: float, card: Box | None) -> None:
        """Draw the thread of a note that stands at a point, or none."""
        note, thread = self.items.get(spot), self.threads.get(spot)
        ends = thread_of(note.box, x, y, card) if note and card else None
        if ends is None:
            if thread is not None:
                self._sight.scene.removeItem(self.threads.pop(spot))
            return
        if thread is None:
            thread = self.threads[spot] = QGraphicsLineItem()
            thread.setZValue(0.9)
            self._sight.scene.addItem(thread)
        thread.setPen(self._sight.look.pen("condition", 1.2, dashed=True))
        thread.setLine(ends)

    def _draw(self, note: NoteItem) -> None:
        note.state = self._state_of(note.spot)
        note.draw(self._sight.look, self._sight.scale)
        card = note.box.card
        box = self._sight.plan.boxes.get(card) if card else None
        self.tie(note.spot, note.box.x, note.box.y, box)


class FrameKeeper:
    """Keeps the open frames."""

    def __init__(self, sight: Sight, state_of: StateOf) -> None:
        self._sight, self._state_of = sight, state_of
        self.items: dict[Spot, FrameItem] = {}

    def keep(self) -> None:
        """Have the frames that are near, each where it stands."""
        sight = self._sight
        wanted = {box.spot: box for sq in sight.near for box in sight.tiles.frames.get(sq, ())}
        sight.drop(self.items, wanted)
        for spot, box in wanted.items():
            frame = self.items.get(spot)
            if frame is None:
                frame = self.items[spot] = FrameItem(box)
                sight.scene.addItem(frame)
            elif frame.box != box:
                frame.box = box
                frame.stand(box.x, box.y, box.width, box.height)
            elif frame.state == self._state_of(spot):
                continue
            self._draw(frame)

    def redraw(self) -> None:
        """Draw all of them anew."""
        for frame in self.items.values():
            self._draw(frame)

    def touch(self, spots: Iterable[Spot]) -> None:
        """Draw some anew, where their state has changed."""
        for spot in spots:
            frame = self.items.get(spot)
            if frame and frame.state != self._state_of(spot):
                self._draw(frame)

    def _draw(self, frame: FrameItem) -> None:
        cards = (self._sight.plan.boxes.get(Spot("step", key)) for key in frame.box.steps)
        first = min(filter(None, cards), key=lambda card: card.y, default=None)
        frame.entry = (first.top[0] if first else frame.box.x) - frame.box.x
        frame.state = self._state_of(frame.spot)
        frame.draw(self._sight.look, self._sight.scale)


def thread_of(note: NoteBox, x: float, y: float, card: Box) -> QLineF | None:
    """Return the line from a card's side to a note's, or None where they all but touch."""
    left = x + note.width / 2 < card.x + card.width / 2
    start = QPointF(card.x if left else card.x + card.width, card.y + card.height / 2)
    end = QPointF(x + note.width if left else x, min(max(start.y(), y + 14), y + note.height - 14))
    line = QLineF(start, end)
    return line if line.length() > 8 else None
