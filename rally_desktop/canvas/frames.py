"""Frames around steps: which can be folded into one card, and what that card looks like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import NamedTuple

from rally_desktop.canvas.faces import Face, Severity
from rally_desktop.model.graph import START, STOP, Frame, Graph

Sources = Mapping[str, list[str]]  # by step: what leads to it, START and STOP among them
WORST: tuple[Severity, ...] = ("error", "warning", "")


class Fold(NamedTuple):
    """A frame shown as one card, and the step at which it is entered."""

    frame: Frame
    head: str


def sources(graph: Graph) -> Sources:
    """Return what leads to each step."""
    found: dict[str, list[str]] = {key: [] for key in graph.steps}
    for root, source in ((graph.start, START), (graph.stop_start, STOP)):
        if root is not None:
            found[root].append(source)
    for step in graph.steps.values():
        for target in step.exits.values():
            found[target].append(step.id)
    return found


def foldable(graph: Graph, frame: Frame) -> bool:
    """Say whether a frame can be folded: its steps follow one another, with one way in."""
    return head(graph, frame, sources(graph)) is not None


def head(graph: Graph, frame: Frame, into: Sources) -> str | None:
    """Return the step at which a frame is entered, or None where there is no such one step."""
    members = frozenset(frame.steps)
    if not members or not members <= graph.steps.keys():
        return None
    heads = [key for key in frame.steps if not members.issuperset(into[key])]
    heads = heads or [key for key in frame.steps if not into[key]]
    if len(heads) != 1 or len(reached_within(graph, heads[0], members)) < len(members):
        return None
    return heads[0]


def folds(graph: Graph, folded: Set[str]) -> dict[str, Fold]:
    """Return, for each step that a folded frame hides, that frame.

    Of two that share steps the larger is folded, of two equally large ones the first.
    """
    chosen = [frame for frame in graph.frames if frame.id in folded]
    into = sources(graph) if chosen else {}
    hidden: dict[str, Fold] = {}
    for frame in sorted(chosen, key=lambda one: -len(one.steps)):
        first = head(graph, frame, into)
        if first is not None and hidden.keys().isdisjoint(frame.steps):
            hidden |= dict.fromkeys(frame.steps, Fold(frame, first))
    return hidden


def fenced(graph: Graph, hidden: Mapping[str, Fold]) -> list[Fold]:
    """Return the open frames that nothing else may come into, the smaller ones first.

    Those are the ones that could be folded, as far as they lie beside or within each other, and
    whose steps all stand where the layout puts them; the first may have been placed by hand.
    """
    into = sources(graph) if graph.frames else {}
    found: list[Fold] = []
    for frame in sorted(graph.frames, key=lambda one: len(one.steps)):
        steps = frozenset(frame.steps)
        first = head(graph, frame, into)
        others = [*found, *(hidden[key] for key in frame.steps if key in hidden)]
        apart = all(
            steps.isdisjoint(other.frame.steps) or steps.issuperset(other.frame.steps)
            for other in others
        )
        shown = any(key not in hidden or hidden[key].frame.id != frame.id for key in steps)
        placed = steps & graph.layout.keys() - {first}
        if first is not None and apart and shown and not placed:
            found.append(Fold(frame, first))
    return found


def folded_face(frame: Frame, faces: Iterable[Face]) -> Face:
    """Return the card of a folded frame; it tells of the worst problem in it."""
    inside = list(faces)
    worst = min(inside, key=lambda face: WORST.index(face.severity))
    count = len(inside)
    return Face(
        frame.title or "Group",
        "1 step" if count == 1 else f"{count:,} steps",
        "group",
        "flow",
        problem=worst.problem,
        severity=worst.severity,
        problems=sum(face.problems for face in inside),
    )


def reached_within(graph: Graph, first: str, members: Set[str]) -> set[str]:
    """Return the members that can be reached from the first through members alone."""
    seen: set[str] = set()
    waiting = [first]
    while waiting:
        here = waiting.pop()
        if here in members and here not in seen:
            seen.add(here)
            waiting += graph.steps[here].exits.values()
    return seen
