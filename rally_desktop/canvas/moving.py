"""Taking steps to another connector: one, several that follow one another, or a whole branch."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF

from rally_desktop.canvas import aiming, parcel, rewiring
from rally_desktop.canvas.bringing import Bringer
from rally_desktop.canvas.editing import Editing
from rally_desktop.canvas.folding import Folding
from rally_desktop.canvas.gesture import Pointer
from rally_desktop.canvas.pasting import Chain, chain_of, may_paste, pasted
from rally_desktop.canvas.plan import CARD, Slot, Spot
from rally_desktop.canvas.rewiring import ENDS, Block
from rally_desktop.core.errors import BadDefinition
from rally_desktop.model.graph import MAX_STEPS, Graph


@dataclass(frozen=True)
class Load:
    """Some steps on their way, or copies; ``why`` says why they can go to no connector."""

    spot: Spot
    keys: tuple[str, ...]
    block: Block | None = None
    why: str = ""
    copied: Graph | None = None
    chain: Chain | None = None


class Mover:
    """What dragging and moving cards asks and does."""

    def __init__(self, editor: Editing, folding: Folding, bringer: Bringer) -> None:
        self._editor = editor
        self._folding, self._bringer = folding, bringer

    def load(self, spot: Spot, whole: bool = False, copied: bool = False) -> Load:
        """Return what goes with a card: itself, all that is selected, or its whole branch.

        A step with several ways out always takes its branch along.
        """
        graph = self._editor.draft.graph
        members = self._members(spot, whole, copied)
        keys = tuple(key for key in graph.steps if key in members)
        if copied:
            return self._copies(spot, keys)
        found = rewiring.block(graph, keys, self.exits)
        if isinstance(found, str):
            return Load(spot, keys, why=found)
        return Load(spot, keys, found)

    def exits(self, key: str) -> tuple[str, ...]:
        """Return the names of all exits of a step, open ones too."""
        known = tuple(name for name, _ in self._editor.face_of(key).exits)
        return (*known, *(x for x in self._editor.draft.graph.steps[key].exits if x not in known))

    def spots(self, load: Load) -> set[Spot]:
        """Return the cards that go along."""
        return {self._editor.scene.plan.card_of(key) for key in load.keys}

    def may_go(self, load: Load, slot: Slot) -> bool:
        """Say whether steps can go to a '+', and stood elsewhere before."""
        graph, block = self._editor.draft.graph, load.block
        if load.chain is not None:
            return may_paste(graph, load.chain, slot)
        if block is None or rewiring.is_own_place(graph, block, slot):
            return False
        return not rewiring.refusal(graph, block, slot)

    def slot_for(self, load: Load, at: Pointer) -> Slot | None:
        """Return where steps dropped at a point would go."""
        return aiming.slot_at(self._editor, at, lambda slot: self.may_go(load, slot))

    def why_not(self, load: Load, at: Pointer) -> str:
        """Return why steps cannot go to the connector at a point, if one is there."""
        graph, block = self._editor.draft.graph, load.block
        slot = aiming.slot_at(self._editor, at, lambda slot: slot.source not in load.keys)
        if slot is None:
            return ""
        if load.chain is not None:
            return ENDS
        if block is None:
            return load.why
        own = rewiring.is_own_place(graph, block, slot)
        return "" if own else rewiring.refusal(graph, block, slot)

    def preview(self, load: Load, slot: Slot | None) -> None:
        """Show the sheet with the steps there, or as it is."""
        faint = frozenset() if load.copied is not None else frozenset(self.spots(load))
        box = self._editor.scene.plan.boxes.get(load.spot)
        size = (box.width, box.height) if box else CARD

        def make() -> tuple[Graph, Iterable[str]]:
            graph = self._editor.draft.graph
            if load.copied is not None:
                done = pasted(graph, load.copied, load.chain, slot)
                return done.graph, done.steps
            assert load.block is not None
            assert slot is not None
            return rewiring.put(graph, load.block, slot), load.keys

        aiming.preview(self._editor, slot, faint, size, make)

    def move(self, load: Load, slot: Slot) -> None:
        """Put the steps at a '+'."""
        editor = self._editor
        if load.copied is not None:
            self._bringer.bring(load.copied, slot, QPointF(), "Duplicate")
            return
        if load.block is None or not self.may_go(load, slot):
            editor.say(load.why or self._refusal(load, slot))
            return
        what = editor.name_of(load.keys)
        where = aiming.words_for(editor, slot)
        editor.draft.edit(
            f"Move {what} {where}", rewiring.put(editor.draft.graph, load.block, slot)
        )
        self.choose(load.keys)
        editor.say(f"Moved {what} {where}.")

    def choose(self, keys: Iterable[str]) -> None:
        """Select some steps."""
        editor = self._editor
        spots = list(dict.fromkeys(editor.scene.plan.card_of(key) for key in keys))
        if len(spots) == 1:
            editor.select(spots[0], editor.scene.by_keys)
        else:
            editor.choose(spots)

    def _copies(self, spot: Spot, keys: tuple[str, ...]) -> Load:
        """Return copies of steps on their way."""
        graph, plan = self._editor.draft.graph, self._editor.scene.plan
        copied = parcel.pack(graph, {plan.card_of(key) for key in keys})
        try:
            chain = chain_of(copied, self._editor.faces)
            if len(graph.steps) + len(keys) > MAX_STEPS:
                raise BadDefinition(f"A workflow has at most {MAX_STEPS:,} steps.")
        except BadDefinition as error:
            return Load(spot, keys, why=str(error), copied=copied)
        return Load(spot, keys, copied=copied, chain=chain)

    def _members(self, spot: Spot, whole: bool, copied: bool) -> Collection[str]:
        editor = self._editor
        chosen = editor.chosen_steps()
        if spot.kind == "frame":
            frame = self._folding.frame(spot.id)
            return frame.steps if frame else ()
        if len(chosen) > 1 and spot in editor.scene.chosen:
            return chosen
        splits = len(self.exits(spot.id)) > 1
        if whole or (splits and not copied):
            return rewiring.branch(editor.draft.graph, spot.id)
        return (spot.id,)

    def _refusal(self, load: Load, slot: Slot) -> str:
        graph = self._editor.draft.graph
        if load.block is None or rewiring.is_own_place(graph, load.block, slot):
            return "It is there already."
        return rewiring.refusal(graph, load.block, slot)
