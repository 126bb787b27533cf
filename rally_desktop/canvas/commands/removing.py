"""Taking out what is selected and joining its neighbours, or a step with all that follows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from rally_desktop.canvas import edits, questions
from rally_desktop.canvas.commands.connecting import cut
from rally_desktop.canvas.naming import called, counted, plural
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.canvas.questions import Choice
from rally_desktop.model import joining
from rally_desktop.model.graph import START, STOP, Graph, Place

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor

UNDO = "You can undo this."


@dataclass(frozen=True)
class Removal:
    """What is to go, and by the step at which it is entered the step that is to follow instead."""

    editor: FlowEditor
    spots: Set[Spot]
    word: str = "Remove"
    kept: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def keys(self) -> frozenset[str]:
        """Return the steps that are selected."""
        return frozenset(spot.id for spot in self.spots if spot.kind == "step")

    @property
    def made(self) -> Graph:
        """Return the workflow without all that."""
        graph = self.editor.draft.graph
        made = joining.without(graph, self.keys, self.kept) if self.keys else graph
        return _without_remarks(made, self.spots)

    def go(self) -> None:
        """Remove it; where several paths could follow, ask first which one stays."""
        graph = self.editor.draft.graph
        for head, ways in joining.ways_out(graph, self.keys).items():
            if head not in self.kept and len(joining.targets(graph, ways)) > 1:
                self._ask(head, ways)
                return
        made = self.made
        more = len(graph.steps) - len(made.steps) - len(self.keys)
        name = called(self.editor, self.spots)
        title = f"{self.word} {name} and {more} more" if more else f"{self.word} {name}"
        apply(self.editor, title, made)

    def _ask(self, head: str, ways: Sequence[Place]) -> None:
        graph = self.editor.draft.graph
        first = {target: way for way in reversed(ways) if (target := graph.target(way))}
        order = joining.targets(graph, ways)
        longest = sorted(order, key=lambda target: -len(graph.reachable(target)))
        choices = [
            self._choice(head, target, f"Keep {self._path(first[target])}") for target in longest
        ]
        choices.append(self._choice(head, None, "Remove all paths"))
        name = f"‘{called(self.editor, [Spot('step', head)])}’"
        questions.ask(
            self.editor,
            f"Which path of {name if len(self.keys) == 1 else 'what is selected'} stays?",
            f"What only the other paths lead to goes with it. {UNDO}",
            choices,
        )

    def _choice(self, head: str, target: str | None, words: str) -> Choice:
        graph = self.editor.draft.graph
        decided = replace(self, kept={**self.kept, head: target})
        doomed = frozenset(graph.steps.keys() - decided.made.steps.keys())
        if target is not None:
            words = f"{words} ({counted(len(graph.reachable(target)), 'step')})"
        return Choice(words, decided.go, "" if target else "danger", doomed)

    def _path(self, way: Place) -> str:
        """Return what a way on is called: by its exit's label, or by the step it leads to."""
        exits = dict(self.editor.face_of(way.source).exits)
        if len(self.keys) == 1:
            return f"‘{exits.get(way.exit) or way.exit.capitalize()}’"
        target = self.editor.draft.graph.target(way) or ""
        return f"what begins with ‘{called(self.editor, [Spot('step', target)])}’"


def remove(editor: FlowEditor) -> None:
    """Remove what is selected and connect what led to it to what followed; cut a connector."""
    spots = frozenset(spot for spot in editor.scene.chosen if spot.id)
    if spots:
        Removal(editor, spots).go()
    else:
        cut(editor)


def remove_after(editor: FlowEditor) -> None:
    """Remove the selected step and everything that only it leads to, after asking."""
    spot = editor.scene.selected
    if not isinstance(spot, Spot) or spot.kind != "step":
        return
    graph = editor.draft.graph
    gone = frozenset(edits.after(graph, spot.id))
    title = called(editor, [spot])
    made = graph.removed_after(spot.id)
    if len(gone) == 1:
        apply(editor, f"Remove {title}", made)
        return
    words = f"Remove {counted(len(gone), 'step')}"
    more = f"What can also be reached another way stays. {UNDO}"
    question = questions.ask(
        editor,
        f"Remove ‘{title}’ and the {counted(len(gone) - 1, 'step')} after it?",
        more,
        [Choice(words, partial(apply, editor, words, made), "danger", gone)],
    )

    def tell(count: int) -> None:
        if count and editor.question is question:
            question.tell(f"{_waiting(graph, count)} {more}")

    editor.count_people(gone, tell)


def apply(editor: FlowEditor, title: str, made: Graph) -> None:
    """Make the edit and select what is now where the first of what is gone was."""
    graph = editor.draft.graph
    gone = graph.steps.keys() - made.steps.keys()
    place = next((way for way in graph.places() if graph.target(way) in gone), None)
    editor.draft.edit(title, made)
    if place is not None and (place.source in (START, STOP) or place.source in made.steps):
        after = made.target(place)
        slot = Slot("connector", place.source, place.exit)
        stays = slot if slot in editor.scene.plan.pluses else None
        editor.select(editor.scene.plan.card_of(after) if after else stays, editor.scene.by_keys)
    word, _, rest = title.partition(" ")
    editor.say(f"{PAST[word]} {rest}.")


PAST = {"Remove": "Removed", "Cut": "Cut"}


def _waiting(graph: Graph, count: int) -> str:
    one, many = graph.record, plural(graph.record)
    if graph.record == "contact":
        one, many = "person", "people"
    return f"{count:,} {one} is there now." if count == 1 else f"{count:,} {many} are there now."


def _without_remarks(graph: Graph, spots: Set[Spot]) -> Graph:
    """Return the workflow without the triggers, notes and frames among what is selected."""

    def stays(kind: str, key: str) -> bool:
        return (kind, key) not in spots

    return graph.with_(
        triggers=tuple(one for one in graph.triggers if stays("trigger", one.id)),
        notes=tuple(
            one for one in graph.notes if stays("note", one.id) and stays("trigger", one.step)
        ),
        frames=tuple(one for one in graph.frames if stays("frame", one.id)),
    )


COMMANDS = {"remove": remove, "remove_after": remove_after}
