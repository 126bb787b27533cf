"""Bringing steps from another program or a file to a connector."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from rally_desktop.canvas import aiming, neighbours, parcel, pasting, questions
from rally_desktop.canvas.gesture import Gesture, Pointer
from rally_desktop.canvas.naming import counted
from rally_desktop.canvas.pasting import Chain
from rally_desktop.canvas.plan import CARD, Slot
from rally_desktop.canvas.questions import Choice
from rally_desktop.core.errors import BadDefinition
from rally_desktop.model.graph import Graph

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor


class Bring(Gesture):
    """Steps in a text follow the pointer; the connector they would go to opens a place."""

    scrolls = True

    def __init__(self, editor: FlowEditor, text: str) -> None:
        self._editor, self._text = editor, text
        self._slot: Slot | None = None
        self._chain: Chain | None = None
        self._why = ""
        try:
            self._parcel = parcel.read(text)
            self._chain = pasting.chain_of(self._parcel, editor.faces)
        except BadDefinition as error:
            self._parcel, self._why = Graph(), str(error)

    def move(self, at: Pointer) -> Gesture | None:
        """Open the place nearest to the pointer."""
        editor, chain = self._editor, self._chain
        if chain is None or editor.draft.locked:
            return None
        graph = editor.draft.graph
        self._slot = slot = aiming.slot_at(
            editor, at, lambda slot: pasting.may_paste(graph, chain, slot)
        )

        def make() -> tuple[Graph, Iterable[str]]:
            try:
                done = pasting.pasted(graph, self._parcel, chain, slot)
            except BadDefinition:  # said when they are let go
                return graph, ()
            return done.graph, done.steps

        aiming.preview(editor, slot, frozenset(), CARD, make)
        return None

    def finish(self, at: Pointer) -> None:
        """Put them there; beside everything, ask what is meant."""
        self.move(at)
        if self._why:
            self._editor.say(self._why)
        elif self._slot is not None:
            self._put(self._slot, at)
        else:
            self._ask(at)
        self.cancel()

    def cancel(self) -> None:
        """Close the place again."""
        self._slot = None
        aiming.preview(self._editor, None, frozenset(), CARD, lambda: (Graph(), ()))

    def _put(self, slot: Slot, at: Pointer) -> None:
        try:
            self._editor.bringer.bring(self._parcel, slot, at.sheet)
        except BadDefinition as error:
            self._editor.say(str(error))

    def _ask(self, at: Pointer) -> None:
        editor, graph = self._editor, self._editor.draft.graph
        opens = Choice(
            "Open as a new workflow", partial(editor.bringer.wanted_new.emit, self._text), "primary"
        )
        choices = [opens]
        end = neighbours.last(editor.scene.plan)
        chain = None if editor.draft.locked else self._chain
        if chain and isinstance(end, Slot) and pasting.may_paste(graph, chain, end):
            choices.append(Choice("Put them at the end here", partial(self._put, end, at)))
        name = f"‘{self._parcel.name}’" if self._parcel.name else "what you dropped"
        steps = counted(len(self._parcel.steps), "step")
        questions.ask(
            editor,
            f"What shall become of {name}?",
            f"It has {steps}. To put them between others, drop them onto a connector.",
            choices,
        )
