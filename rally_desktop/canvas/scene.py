"""The sheet: shows a plan, knows what is selected, pointed at and singled out on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtWidgets import QGraphicsScene

from rally_desktop.canvas.afloat import Afloat
from rally_desktop.canvas.glide import Glide
from rally_desktop.canvas.holding import Holding
from rally_desktop.canvas.items.card import State
from rally_desktop.canvas.laid_scene import LaidScene
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.plan import Plan, Slot, Spot
from rally_desktop.canvas.preview import Preview
from rally_desktop.canvas.stage import Stage
from rally_desktop.canvas.tiles import Tiles
from rally_desktop.model.graph import Graph

Target = Spot | Slot
PLUS_REACH = 14.0  # pixels on screen
DROP_REACH = 24.0
EDGE = 64.0
LEAST = 16.0  # pixels on screen: no target is smaller
SMALLEST = 36.0  # the height of the smallest card
NOWHERE = QPointF()


class FlowScene(LaidScene):
    """Keeps what is drawn equal to a plan and to what is true of its cards at the moment."""

    replanned = Signal()
    restyled = Signal()
    picked = Signal(object)
    chose = Signal(object)

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.BspTreeIndex)
        self.setBackgroundBrush(look.colour("canvas"))
        self.look = look
        self.plan = Plan(Graph())
        self.selected: Target | None = None
        self.chosen: frozenset[Spot] = frozenset()
        self.by_keys = False
        self.hovered: Spot | None = None
        self.doomed: Set[str] = frozenset()
        self.faint: Set[Spot] = frozenset()
        self.lifted: Set[Spot] = frozenset()
        self.stage = Stage(self, look, self.state_of)
        self.glide = Glide(self.stage)
        self.afloat = Afloat(self)
        self.preview = Preview(self)
        self.handles = Holding(self)
        self.pointed: Slot | None = None
        self.closed = False
        self.tiles = Tiles(self.plan)

    # -- what is shown --------------------------------------------------------------------

    def show_plan(self, plan: Plan, milliseconds: int = 0, slid: QPointF = NOWHERE) -> None:
        """Show another plan; what is in both glides to its new place.

        ``slid`` is how far the camera went along, so that all seems to come from there.
        """
        before, self.plan = self.stage.plan, plan
        left, top, right, bottom = plan.bounds
        self.glide.finish()
        self.handles.hide()
        self.setSceneRect(
            QRectF(left, top, right - left, bottom - top).adjusted(-EDGE, -EDGE, EDGE, EDGE)
        )
        self._keep_chosen()
        if self.hovered is not None and plan.shape(self.hovered) is None:
            self.hovered = None
        self.tiles = Tiles(plan)
        self.stage.show(plan, self.tiles)
        self.glide.start(before, milliseconds, slid)
        self.replanned.emit()

    def set_look(self, look: Look, scale: float) -> None:
        """Paint all anew, in another scheme or for another zoom."""
        self.look = look
        self.setBackgroundBrush(look.colour("canvas"))
        self.stage.redraw(look, scale)

    def close(self, closed: bool) -> None:
        """Offer no '+' while nothing can be added."""
        if closed != self.closed:
            self.closed = closed
            self.stage.close(closed)
            if isinstance(self.selected, Slot):
                self.select(None)

    def put_back(self, milliseconds: int) -> None:
        """Show the plan again, after a preview of another."""
        before = self.stage.plan
        self.glide.finish()
        self.stage.show(self.plan, self.tiles)
        self.glide.start(before, milliseconds)

    def tiles_of(self, plan: Plan) -> Tiles:
        """Return the index of a plan."""
        return self.tiles if plan is self.plan else Tiles(plan)

    def expose(self, visible: QRectF) -> None:
        """Have everything in a rectangle ready to be seen."""
        self.stage.expose(visible)

    # -- what is true of cards --------------------------------------------------------------

    def state_of(self, spot: Spot) -> State:
        """Return how a card is to be painted now."""
        over, step = self.overlay, spot.kind == "step"
        return State(
            selected=spot in self.chosen,
            hovered=spot == self.hovered or spot in self.lifted,
            focused=spot == self.selected and self.by_keys,
            doomed=bool(self.doomed) and self._is_doomed(spot),
            faint=spot in self.faint or (over.passed is not None and spot.id not in over.passed),
            count=over.cards.get(spot.id, ""),
            below=over.below.get(spot.id, ("", "")),
            mark=over.marks.get(spot.id, ""),
            halts=step and spot.id in over.breakpoints,
            current=step and spot.id == over.current,
        )

    def select(self, target: Target | None, by_keys: bool = False) -> None:
        """Select a card or a '+' alone, or nothing."""
        chosen = {target} if isinstance(target, Spot) else ()
        self.choose(chosen, target, by_keys)

    def choose(self, spots: Iterable[Spot], current: Target | None, by_keys: bool = False) -> None:
        """Select several cards; the current one is the one whose settings are shown."""
        chosen = frozenset(spots)
        before, was, keyed = self.selected, self.chosen, self.by_keys
        if (current, chosen, by_keys) == (before, was, keyed):
            return
        self.selected, self.chosen, self.by_keys = current, chosen, by_keys
        touched = set(chosen ^ was) | {x for x in (before, current) if isinstance(x, Spot)}
        self.stage.touch(touched)
        self._heat()
        if chosen != was:
            self.chose.emit(chosen)
        if before != current:
            self.picked.emit(current)

    def point_at(self, target: Target | None) -> None:
        """Lift the card or light up the '+' below the pointer."""
        spot = target if isinstance(target, Spot) else None
        slot = target if isinstance(target, Slot) else None
        if spot != self.hovered:
            touched = {x for x in (self.hovered, spot) if x is not None}
            self.hovered = spot
            self.stage.touch(touched)
        if slot != self.pointed:
            self.pointed = slot
            self._heat()

    def _is_doomed(self, spot: Spot) -> bool:
        """Say whether a step would go, or every step of a folded group."""
        if spot.kind != "frame":
            return spot.kind == "step" and spot.id in self.doomed
        inside = [key for key, frame in self.plan.hidden.items() if frame == spot]
        return bool(inside) and self.doomed >= set(inside)

    def mark(self, doomed: Set[str]) -> None:
        """Show which steps would go."""
        touched = {self.plan.card_of(key) for key in self.doomed | doomed}
        self.doomed = doomed
        self.stage.touch(touched)

    def fade(self, spots: Set[Spot], lifted: Set[Spot] = frozenset()) -> None:
        """Draw some cards faintly, for instance the one being dragged away, and lift others."""
        touched = set(self.faint | spots | self.lifted | lifted)
        self.faint, self.lifted = spots, lifted
        self.stage.touch(touched)
        self.restyled.emit()

    def _heat(self) -> None:
        focused = self.selected if isinstance(self.selected, Slot) else None
        self.stage.heat(self.pointed, focused)
        self.restyled.emit()

    def hot(self) -> Slot | None:
        """Return the '+' that is pointed at or has the focus."""
        return self.selected if isinstance(self.selected, Slot) else self.pointed

    def _keep_chosen(self) -> None:
        """Let go of what is not there any more."""
        chosen = frozenset(spot for spot in self.chosen if self._is_there(spot))
        current = self.selected if self._is_there(self.selected) else next(iter(chosen), None)
        self.choose(chosen, current, self.by_keys and current is not None)

    def _is_there(self, target: Target | None) -> bool:
        if isinstance(target, Spot):
            return self.plan.shape(target) is not None
        return target is None or target in self.plan.pluses

    # -- what is where ----------------------------------------------------------------------

    def hit(self, x: float, y: float, zoom: float) -> Target | None:
        """Return what is at a point of the sheet: a card or '+', else a note or frame's title."""
        tiles = self.tiles
        reach = PLUS_REACH / max(zoom, 0.5)
        return (
            tiles.box_at(x, y)
            or (None if self.closed else tiles.plus_near(x, y, reach))
            or tiles.box_near(x, y, max(0.0, (LEAST / zoom - SMALLEST) / 2))
            or tiles.note_at(x, y)
            or tiles.frame_title_at(x, y)
        )

    def slot_near(
        self, x: float, y: float, zoom: float, allowed: Callable[[Slot], bool]
    ) -> Slot | None:
        """Return the connector that something dropped at a point would go to."""
        return self.tiles.slot_near(x, y, DROP_REACH / zoom, allowed)
