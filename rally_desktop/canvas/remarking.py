"""Notes and groups of a workflow: pure functions from a graph to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

import msgspec

from rally_desktop.canvas.fragments import free_id
from rally_desktop.canvas.frames import foldable, sources
from rally_desktop.model.graph import Frame, Graph, Note

BESIDE = 24.0  # from a card to the note beside it
BETWEEN = 12.0  # two notes beside the same card
LEAST = (96.0, 40.0)
MOST = (640.0, 960.0)

APART = "Only steps that follow one another, with one way in, can be a group."


# -- notes -------------------------------------------------------------------------------------


def note_of(graph: Graph, key: str) -> Note | None:
    """Return a note by its id."""
    return next((note for note in graph.notes if note.id == key), None)


def with_note(graph: Graph, step: str, x: float, y: float, text: str = "") -> tuple[Graph, str]:
    """Return the workflow with one more note, beside a card or free, and the note's id."""
    key = free_id("note", (note.id for note in graph.notes))
    note = Note(key, text, step, x, y)
    return graph.with_(notes=(*graph.notes, note)), key


def changed(graph: Graph, key: str, **fields: object) -> Graph:
    """Return the workflow with some of a note's own fields replaced."""
    return graph.with_(
        notes=tuple(
            msgspec.structs.replace(note, **fields) if note.id == key else note
            for note in graph.notes
        )
    )


def fitting(width: float, height: float) -> tuple[float, float]:
    """Return a size within the bounds of notes, in whole pixels."""
    return (
        float(round(min(MOST[0], max(LEAST[0], width)))),
        float(round(min(MOST[1], max(LEAST[1], height)))),
    )


def below_others(graph: Graph, step: str, key: str) -> float:
    """Return how far down a note can stand beside a card, below those that are there."""
    others = [note for note in graph.notes if note.step == step and note.id != key]
    return max((note.y + note.height + BETWEEN for note in others), default=0.0)


# -- groups ------------------------------------------------------------------------------------


def refusal(graph: Graph, keys: Iterable[str]) -> str:
    """Return why some steps cannot be a group, or nothing."""
    steps = tuple(keys)
    if not steps:
        return "Select the steps to group first."
    for frame in graph.frames:
        if not set(steps).isdisjoint(frame.steps):
            name = f"‘{frame.title}’" if frame.title else "another group"
            return f"Some of these steps are in {name} already."
    return "" if foldable(graph, Frame("", "", steps)) else APART


def grouped(graph: Graph, keys: Iterable[str], title: str = "") -> tuple[Graph, str]:
    """Return the workflow with a frame around some steps, and the frame's id."""
    key = free_id("group", (frame.id for frame in graph.frames))
    return graph.with_(frames=(*graph.frames, Frame(key, title, tuple(keys)))), key


def ungrouped(graph: Graph, keys: Set[str]) -> Graph:
    """Return the workflow without some frames; their steps stay."""
    return graph.with_(frames=tuple(frame for frame in graph.frames if frame.id not in keys))


def titled(graph: Graph, key: str, title: str) -> Graph:
    """Return the workflow with another title for a frame."""
    return graph.with_(
        frames=tuple(
            msgspec.structs.replace(frame, title=title) if frame.id == key else frame
            for frame in graph.frames
        )
    )


def frames_of(graph: Graph, keys: Iterable[str]) -> set[str]:
    """Return the frames around some steps."""
    chosen = set(keys)
    return {frame.id for frame in graph.frames if not chosen.isdisjoint(frame.steps)}


def settled(before: Graph, after: Graph) -> Graph:
    """Return a changed workflow whose frames have let in and let go what was put in and taken out.

    A step that comes to stand between two steps of a frame belongs to it, and to no other; one
    that was taken elsewhere does not belong to it any more.
    """
    if not after.frames or _same_ways(before, after):
        return after
    near = neighbours(after)
    moved = _moved(neighbours(before), near)
    if not moved:
        return after
    pieces = _pieces(near, moved)
    frames = [_settled(frame, near, moved, pieces) for frame in after.frames]
    whole = _apart(after.frames, frames)
    return after if whole == after.frames else after.with_(frames=whole)


def _same_ways(before: Graph, after: Graph) -> bool:
    """Say whether all connectors lead where they led before; settings alone change none."""
    if before.steps is after.steps:
        return True
    return before.steps.keys() == after.steps.keys() and all(
        step is (was := before.steps[key]) or step.exits == was.exits
        for key, step in after.steps.items()
    )


def _apart(before: Sequence[Frame], frames: Sequence[Frame]) -> tuple[Frame, ...]:
    """Return the frames without what another of them has let in; one that is empty goes."""
    taken = {
        key: now.id
        for was, now in zip(before, frames, strict=True)
        if was is not now
        for key in set(now.steps) - set(was.steps)
    }
    found: list[Frame] = []
    for frame in frames:
        steps = tuple(key for key in frame.steps if taken.get(key, frame.id) == frame.id)
        if steps:
            same = len(steps) == len(frame.steps)
            found.append(frame if same else msgspec.structs.replace(frame, steps=steps))
    return tuple(found)


Neighbours = Mapping[str, tuple[frozenset[str], frozenset[str]]]


def _settled(frame: Frame, near: Neighbours, moved: Set[str], pieces: list[set[str]]) -> Frame:
    """Return a frame with those of the moved pieces that stand between its other steps."""
    members = set(frame.steps)
    stay = members - moved
    if not stay:
        return frame
    for piece in pieces:
        above = any(not near[key][0].isdisjoint(stay) for key in piece)
        below = any(not near[key][1].isdisjoint(stay) for key in piece)
        needed = 1 if piece <= members else 2  # of the sides at which it touches the others
        if above + below >= needed:
            stay |= piece
    if stay == members:
        return frame
    return msgspec.structs.replace(frame, steps=tuple(key for key in near if key in stay))


def _moved(was: Neighbours, now: Neighbours) -> set[str]:
    """Return the steps that are new, or have neither what led to them nor what followed them."""
    elsewhere = {key for key in now if key in was and now[key][0] != was[key][0]}
    ends = {key for key in elsewhere if not now[key][1] and not was[key][1]}
    moved = {key for key in now if key not in was}
    moved |= {key for key in elsewhere - ends if now[key][1] != was[key][1]}
    return moved | {key for key in ends if moved.isdisjoint(now[key][0])}


def neighbours(graph: Graph) -> Neighbours:
    """Return for each step what leads to it and what follows it."""
    into = sources(graph)
    return {
        key: (frozenset(into[key]), frozenset(step.exits.values()))
        for key, step in graph.steps.items()
    }


def _pieces(near: Neighbours, keys: Set[str]) -> list[set[str]]:
    """Return the steps among some that hang together."""
    left, pieces = set(keys), []
    while left:
        piece, waiting = set[str](), [left.pop()]
        while waiting:
            here = waiting.pop()
            if here not in piece:
                piece.add(here)
                waiting += (near[here][0] | near[here][1]) & keys
        left -= piece
        pieces.append(piece)
    return pieces
