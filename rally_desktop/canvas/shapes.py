"""What there is on the sheet, as plain values: cards, notes, frames, connectors and every '+'."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

from rally_desktop.canvas.faces import Face
from rally_desktop.canvas.route import Point
from rally_desktop.model.graph import Place

Bounds = tuple[float, float, float, float]  # left, top, right, bottom


class Spot(NamedTuple):
    """A step, trigger, note or frame by its id; the id of the empty trigger card is ''."""

    kind: Literal["step", "trigger", "note", "frame"]
    id: str


class Slot(NamedTuple):
    """A '+': on a connector, above where several meet, or beside the triggers."""

    kind: Literal["connector", "meeting", "trigger"]
    source: str = ""
    exit: str = ""
    before: str = ""

    @property
    def place(self) -> Place:
        """Return the connector it sits on."""
        return Place(self.source, self.exit)


class Box(msgspec.Struct, frozen=True, gc=False):
    """One card; one that is pinned stands where somebody put it."""

    spot: Spot
    x: float
    y: float
    width: float
    height: float
    face: Face
    disabled: bool = False
    pinned: bool = False

    @property
    def top(self) -> Point:
        """Return where connectors arrive."""
        return (self.x + self.width / 2, self.y)

    @property
    def bottom(self) -> Point:
        """Return where connectors leave."""
        return (self.x + self.width / 2, self.y + self.height)


class NoteBox(msgspec.Struct, frozen=True, gc=False):
    """One note; ``card`` is what it stands beside and moves with, None where it stands alone."""

    spot: Spot
    x: float
    y: float
    width: float
    height: float
    text: str
    card: Spot | None = None


class FrameBox(msgspec.Struct, frozen=True, gc=False):
    """An open frame around the cards of its steps, with its title in the upper 28 pixels."""

    spot: Spot
    x: float
    y: float
    width: float
    height: float
    title: str
    steps: tuple[str, ...]


class Wire(msgspec.Struct, frozen=True, gc=False):
    """One connector; without a slot it only joins triggers."""

    slot: Slot | None
    points: tuple[Point, ...]
    arrow: bool = True
    dashed: bool = False
    target: str | None = None


class Label(msgspec.Struct, frozen=True, gc=False):
    """The name of an exit, on its connector."""

    place: Place
    text: str
    at: Point
    tone: Literal["ok", "flow", "bad"]
