"""Editing on the canvas: every change of the workflow by mouse or key goes through here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Signal

from rally_desktop.canvas import edits
from rally_desktop.canvas.bringing import Bringer
from rally_desktop.canvas.change import difference
from rally_desktop.canvas.connecting import Connecting
from rally_desktop.canvas.draft import Draft
from rally_desktop.canvas.dropping import Dropper
from rally_desktop.canvas.faces import Catalogue, Face, Faces, Offer
from rally_desktop.canvas.folding import Folding
from rally_desktop.canvas.guides import Guides
from rally_desktop.canvas.moving import Mover
from rally_desktop.canvas.naming import short
from rally_desktop.canvas.placing import Placer
from rally_desktop.canvas.plan import Plan, Slot, Spot, plan
from rally_desktop.canvas.questions import Question
from rally_desktop.canvas.quick_add import QuickAdd
from rally_desktop.canvas.reading import Reading, read
from rally_desktop.canvas.scene import Target
from rally_desktop.canvas.tokens import MOTION
from rally_desktop.canvas.view import FlowView
from rally_desktop.model.graph import Graph

# Counts who is at some steps now, and tells it when it is known.
CountPeople = Callable[[Set[str], Callable[[int], None]], None]


class FlowEditor(QObject):
    """Ties the draft to the sheet."""

    picked = Signal(object)  # a Spot, a Slot or None
    opened = Signal(object)  # the Spot whose settings are wanted
    said = Signal(str)
    wanted = Signal(str)  # the name of a command about what stands around the sheet

    def __init__(self, draft: Draft, faces: Faces, catalogue: Catalogue, view: FlowView) -> None:
        super().__init__(view)
        self.draft, self.faces, self.catalogue = draft, faces, catalogue
        self.view, self.scene = view, view.flow
        self.used: dict[Target, Target] = {}
        self.bringer, self.folding = Bringer(self), Folding(self)
        self.mover = Mover(self, self.folding, self.bringer)
        self.placer, self.guides = Placer(self, self.mover), Guides(self)
        self.dropper, self.connecting = Dropper(self), Connecting(self, self.folding)
        self.question: Question | None = None
        self.count_people: CountPeople = lambda steps, tell: None
        self.quick_add = QuickAdd(view)
        self._asked: Slot | None = None
        self._reading: Reading | None = None
        self.quick_add.chosen.connect(self._chosen)
        self.quick_add.closed.connect(view.setFocus)
        self.scene.picked.connect(self.picked)
        draft.changed.connect(self._changed)
        draft.refused.connect(self.said)
        draft.locks.connect(lambda why: self.scene.close(bool(why)))
        self.refresh()

    # -- showing ----------------------------------------------------------------------------

    def refresh(self, glide: bool = False, hold: bool = False) -> None:
        """Draw the workflow as it is now; ``hold`` keeps the selected card where it stands."""
        self.scene.preview.forget()
        made = self.plan_of(self.draft.graph)
        slid = self._hold(made) if hold else QPointF()
        self.scene.show_plan(made, self.time("tidy" if hold else "close_gap", glide), slid)

    def _hold(self, made: Plan) -> QPointF:
        """Move the sheet as far as the selected card will go, and return how far that is."""
        here = self.scene.selected
        was = self.scene.plan.shape(here) if isinstance(here, Spot) else None
        will = made.shape(here) if isinstance(here, Spot) else None
        if was is None or will is None:
            return QPointF()
        by = (QPointF(will.x - was.x, will.y - was.y) * self.view.zoom).toPoint()
        self.view.shift(by.x(), by.y())
        return QPointF(by) / self.view.zoom

    def plan_of(self, graph: Graph) -> Plan:
        """Return a workflow as it would stand on the sheet, folded as this one is."""
        return plan(graph, self.faces, self.folding.folded, self.scene.plan)

    @property
    def reading(self) -> Reading:
        """Return the workflow in reading order."""
        graph = self.draft.graph
        if self._reading is None or self._reading.graph is not graph:
            self._reading = read(graph, self.faces)
        return self._reading

    def say(self, text: str) -> None:
        """Tell what happened, or why not."""
        self.said.emit(text)

    def select(self, target: Target | None, by_keys: bool = False) -> None:
        """Select a card or a '+' and bring it into view, out of a folded group too."""
        self.folding.open_for(target)
        self.scene.select(target, by_keys)
        where = self.where(target)
        if where is not None:
            self.view.show_rect(where)

    def choose(self, spots: Iterable[Spot], current: Target | None = None) -> None:
        """Select several cards and say how many."""
        found = list(spots)
        if current is None and found:
            here = self.scene.selected
            current = here if here in found else found[0]
        self.scene.choose(found, current, self.scene.by_keys)
        if len(found) > 1:
            self.say(f"{len(found)} selected.")

    def chosen_steps(self) -> list[str]:
        """Return the ids of the selected steps, in the order of the workflow."""
        chosen = self.scene.chosen
        return [key for key in self.draft.graph.steps if Spot("step", key) in chosen]

    def face_of(self, key: str) -> Face:
        """Return how a step looks."""
        return self.faces.face(self.draft.graph.steps[key])

    def name_of(self, keys: Sequence[str]) -> str:
        """Return what some steps are called together: the title of one, or how many they are."""
        return short(self.face_of(keys[0]).title) if len(keys) == 1 else f"{len(keys)} steps"

    def time(self, name: str, glide: bool = True) -> int:
        """Return how long a movement takes, in milliseconds; 0 where nothing shall move."""
        return MOTION[name] if glide and self.view.motion else 0

    def where(self, target: Target | None) -> QRectF | None:
        """Return where a card, a note, a group or a '+' is on the sheet."""
        shown = self.scene.plan
        shape = shown.shape(target) if isinstance(target, Spot) else None
        if shape is not None:
            return QRectF(shape.x, shape.y, shape.width, shape.height)
        if isinstance(target, Slot) and target in shown.pluses:
            x, y = shown.pluses[target]
            return QRectF(x - 12, y - 12, 24, 24)
        return None

    def _changed(self, before: Graph, after: Graph) -> None:
        self.view.cancel()
        freed = before.steps is after.steps and before.layout.keys() - after.layout.keys()
        self.refresh(glide=True, hold=bool(freed))
        change = difference(before, after)
        touched = change.added or change.altered
        if len(touched) == 1:
            self.select(Spot("step", touched[0]), self.scene.by_keys)

    # -- adding -----------------------------------------------------------------------------

    def add(self, offer: Offer, slot: Slot) -> None:
        """Add a step or trigger at a '+'."""
        graph = self.draft.graph
        if not edits.may_insert(graph, offer, slot):
            self.say(f"‘{offer.title}’ cannot come in the middle.")
            return
        if slot.kind == "trigger":
            made, key = edits.with_trigger(graph, offer)
            spot = Spot("trigger", key)
        else:
            made, key = edits.inserted(graph, offer, slot)
            spot = Spot("step", key)
        self.draft.edit(f"Add {offer.title}", made)
        self.select(spot, self.scene.by_keys)
        self.say(f"Added {offer.title}.")

    def offers_at(self, slot: Slot) -> tuple[Offer, ...]:
        """Return what may be added at a '+'."""
        graph = self.draft.graph
        kinds = self.catalogue
        offers = kinds.triggers(graph.record) if slot.kind == "trigger" else None
        offers = kinds.steps(graph.record) if offers is None else offers
        return tuple(offer for offer in offers if edits.may_insert(graph, offer, slot))

    def ask_what_to_add(self, slot: Slot, at: QPoint | None = None) -> None:
        """Open the quick add for a '+', there or at a point of the window."""
        self._asked = slot
        where = self.where(slot) or self.where(Spot("trigger", ""))
        if where is None:
            return
        self.view.show_rect(where)
        at = at or self.view.mapFromScene(where.center()) + QPoint(18, -18)
        self.quick_add.ask(self.offers_at(slot), self.view.viewport().mapToGlobal(at))

    def _chosen(self, offer: Offer) -> None:
        if self._asked is not None:
            self.add(offer, self._asked)
