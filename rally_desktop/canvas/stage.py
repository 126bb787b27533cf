"""The items near what is in view: made when they come near, dropped when they are far.

A workflow of thousands of steps costs only what one sees of it. Each kind of item has its keeper.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtWidgets import QGraphicsScene

from rally_desktop.canvas.items.card import State
from rally_desktop.canvas.keepers.cards import CardKeeper
from rally_desktop.canvas.keepers.pills import PillKeeper
from rally_desktop.canvas.keepers.pluses import PlusKeeper
from rally_desktop.canvas.keepers.remarks import FrameKeeper, NoteKeeper
from rally_desktop.canvas.keepers.sight import Sight
from rally_desktop.canvas.keepers.wires import WireKeeper
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.overlay import Overlay
from rally_desktop.canvas.plan import Plan, Slot, Spot
from rally_desktop.canvas.strokes import Stroke
from rally_desktop.canvas.tiles import Tiles, touched

MARGIN = 256.0


class Stage(QObject):
    """Keeps the items around the visible rectangle equal to the plan."""

    def __init__(
        self, scene: QGraphicsScene, look: Look, state_of: Callable[[Spot], State]
    ) -> None:
        super().__init__(scene)
        self.sight = Sight(scene, look)
        self.card_keeper = CardKeeper(self.sight, state_of)
        self.wire_keeper = WireKeeper(self.sight)
        self.plus_keeper = PlusKeeper(self.sight)
        self.pill_keeper = PillKeeper(self.sight)
        self.note_keeper = NoteKeeper(self.sight, state_of)
        self.frame_keeper = FrameKeeper(self.sight, state_of)
        self.keepers = (
            self.card_keeper,
            self.wire_keeper,
            self.plus_keeper,
            self.pill_keeper,
            self.note_keeper,
            self.frame_keeper,
        )
        self.cards, self.wires = self.card_keeper.items, self.wire_keeper.items
        self.pluses, self.pills = self.plus_keeper.items, self.pill_keeper.items
        self.notes, self.frames = self.note_keeper.items, self.frame_keeper.items
        self._visible = QRectF()

    @property
    def plan(self) -> Plan:
        """Return the plan that is shown."""
        return self.sight.plan

    @property
    def painted(self) -> int:
        """Return how many cards were painted so far."""
        return self.card_keeper.painted

    def show(self, plan: Plan, tiles: Tiles) -> None:
        """Take another plan."""
        self.sight.take(plan, tiles)
        self.renew()

    def renew(self) -> None:
        """Have everything near once more, because something else is wanted there."""
        self.sight.near = frozenset()
        self.expose(self._visible)

    def expose(self, visible: QRectF) -> None:
        """Make what is near a rectangle of the sheet, and drop what is not."""
        self._visible = visible
        if visible.isEmpty():
            return
        near = visible.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        squares = frozenset(touched((near.left(), near.top(), near.right(), near.bottom())))
        if squares != self.sight.near:
            self.sight.near = squares
            for keeper in self.keepers:
                keeper.keep()
        self.card_keeper.paint_in(visible)

    def look_away(self) -> None:
        """Paint nothing of what was in view: the camera is about to look elsewhere."""
        self._visible = QRectF()

    def redraw(self, look: Look, scale: float) -> None:
        """Paint everything anew, for another zoom or scheme."""
        self.sight.look, self.sight.scale = look, scale
        for keeper in self.keepers:
            keeper.redraw()
        self.card_keeper.paint_in(self._visible)

    def lay(self, overlay: Overlay) -> None:
        """Lay values over the plan; only what they change is painted."""
        self.sight.lay(overlay)
        self.touch({*self.cards, *self.notes, *self.frames})
        self.wire_keeper.restroke()
        self.pill_keeper.keep()

    def single_out(self, marked: Mapping[Slot, Stroke]) -> None:
        """Draw some connectors otherwise for a while, for instance one that would be given up."""
        self.sight.marked = marked
        self.wire_keeper.restroke()

    def close(self, closed: bool) -> None:
        """Draw no '+' while nothing can be added."""
        self.sight.closed = closed
        self.plus_keeper.keep()

    def touch(self, spots: set[Spot]) -> None:
        """Paint some cards, notes and frames anew, where their state has changed."""
        for keeper in (self.card_keeper, self.note_keeper, self.frame_keeper):
            keeper.touch(spots)
        self.card_keeper.paint_in(self._visible)

    def roughen(self, rough: bool) -> None:
        """Scale the pictures of cards fast while the zoom changes, and well when it rests."""
        modes = Qt.TransformationMode
        for card in self.cards.values():
            card.setTransformationMode(
                modes.FastTransformation if rough else modes.SmoothTransformation
            )

    def heat(self, hot: Slot | None, focused: Slot | None) -> None:
        """Single out the connector that is pointed at, and the '+' that has the focus."""
        sight = self.sight
        slots = {slot for slot in (sight.hot, sight.focused, hot, focused) if slot is not None}
        sight.hot, sight.focused = hot, focused
        for slot in slots:
            self.plus_keeper.draw(slot)
        self.wire_keeper.restroke()
