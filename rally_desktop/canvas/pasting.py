"""Putting copied steps into a workflow: pure functions from a parcel and a graph to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from rally_desktop.canvas.faces import Faces
from rally_desktop.canvas.fragments import follows, free_id, insert_fragment, may_insert_fragment
from rally_desktop.canvas.parcel import in_order
from rally_desktop.canvas.shapes import Slot
from rally_desktop.core.errors import BadDefinition
from rally_desktop.model.graph import MAX_STEPS, START, STOP, Frame, Graph, Note, Place, Step


@dataclass(frozen=True)
class Chain:
    """Steps with one way in, and the open ends from which it goes on."""

    steps: Mapping[str, Step]
    entry: str
    ends: tuple[Place, ...]


@dataclass(frozen=True)
class Pasted:
    """The workflow with what was put in, and what all of that is called in it now."""

    graph: Graph
    steps: tuple[str, ...]
    triggers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def chain_of(parcel: Graph, faces: Faces) -> Chain | None:
    """Return the steps of a parcel as one chain, its pieces one below the other.

    Raises BadDefinition where they cannot follow one another. The Stop Actions of a whole
    workflow stay behind; a parcel without steps has no chain.
    """
    pieces = [_piece(parcel, keys, faces) for keys in _pieces(parcel)]
    if not pieces:
        return None
    ending = [piece for piece in pieces if not piece.ends]
    if len(ending) > 1:
        raise BadDefinition(
            f"{len(ending)} of these pieces end their path, so they cannot follow one another. "
            "Copy them one at a time."
        )
    pieces = [*(piece for piece in pieces if piece.ends), *ending]
    steps: dict[str, Step] = {}
    for piece, after in zip(pieces, [*pieces[1:], None], strict=True):
        steps |= _led_on(piece.steps, piece.ends, after.entry) if after else piece.steps
    return Chain(steps, pieces[0].entry, pieces[-1].ends)


def pasted(graph: Graph, parcel: Graph, chain: Chain | None, slot: Slot | None) -> Pasted:
    """Return the workflow with a parcel put in; its steps go to a '+', which must allow it.

    Of a whole workflow, which has a name, the triggers stay behind where there is something else.
    """
    made, renamed = _put(graph, chain, slot) if chain and slot else (graph, {})
    steps = tuple(renamed[key] for key in (chain.steps if chain and slot else ()))
    whole = bool(parcel.name) and bool(graph.steps or graph.triggers)
    made, triggers = (made, {}) if whole else _with_triggers(made, parcel)
    renamed |= triggers
    made, notes = _with_notes(made, parcel.notes, renamed)
    made = _with_frames(made, parcel.frames, renamed)
    return Pasted(made, steps, tuple(triggers.values()), notes)


def _put(graph: Graph, chain: Chain, slot: Slot) -> tuple[Graph, dict[str, str]]:
    """Return the workflow with a chain at a '+', all of its ends leading to what followed."""
    room = MAX_STEPS - len(graph.steps)
    if len(chain.steps) > room:
        raise BadDefinition(
            f"A workflow has at most {MAX_STEPS:,} steps; {room:,} more fit into this one, "
            f"and these are {len(chain.steps):,}."
        )
    if not may_paste(graph, chain, slot):
        raise BadDefinition(
            "These steps end their path, so they cannot come in the middle. Select the ‘+’ "
            "at the end of a path and paste there."
        )
    end = next(iter(chain.ends), None)
    after = follows(graph, slot)
    made, renamed = insert_fragment(graph, chain.steps, chain.entry, end, slot)
    if after:
        ends = [Place(renamed[place.source], place.exit) for place in chain.ends]
        made = made.with_(steps=_led_on(made.steps, ends, after))
    return made, renamed


def may_paste(graph: Graph, chain: Chain, slot: Slot) -> bool:
    """Say whether a chain can go to a '+'."""
    return may_insert_fragment(graph, next(iter(chain.ends), None), slot)


def moved_notes(parcel: Graph, x: float, y: float) -> Graph:
    """Return a parcel whose free notes stand elsewhere, the first of them at a point."""
    kept = {*parcel.steps, *(one.id for one in parcel.triggers)}
    free = [note for note in parcel.notes if note.step not in kept]
    if not free:
        return parcel
    by = x - free[0].x, y - free[0].y
    moved = {
        note.id: msgspec.structs.replace(note, x=note.x + by[0], y=note.y + by[1], step="")
        for note in free
    }
    return parcel.with_(notes=tuple(moved.get(note.id, note) for note in parcel.notes))


# -- pieces ------------------------------------------------------------------------------------


def _pieces(parcel: Graph) -> list[list[str]]:
    """Return the steps that hang together, each piece and all pieces in reading order."""
    stops = parcel.reachable(parcel.stop_start).keys() - parcel.reachable(parcel.start).keys()
    order = [key for key in in_order(parcel) if key not in stops]
    beside: dict[str, list[str]] = {key: [] for key in order}
    for key in order:
        for to in parcel.steps[key].exits.values():
            if to in beside:
                beside[key].append(to)
                beside[to].append(key)
    found: dict[str, int] = {}
    pieces: list[list[str]] = []
    for key in order:
        if key not in found:
            pieces.append([])
            waiting = [key]
            while waiting:
                here = waiting.pop()
                if here not in found:
                    found[here] = len(pieces) - 1
                    waiting += beside[here]
        pieces[found[key]].append(key)
    return pieces


def _piece(parcel: Graph, keys: Sequence[str], faces: Faces) -> Chain:
    steps = {key: parcel.steps[key] for key in keys}
    led_to = {to for step in steps.values() for to in step.exits.values()}
    heads = [key for key in keys if key not in led_to]
    if len(heads) > 1:
        names = " and ".join(f"‘{faces.face(steps[key]).title}’" for key in heads[:2])
        raise BadDefinition(
            f"These steps begin in {len(heads)} places, with {names}. Copy them together with the "
            "step before them, or one path at a time."
        )
    return Chain(steps, heads[0], tuple(_ends(steps, faces)))


def _ends(steps: Mapping[str, Step], faces: Faces) -> Iterable[Place]:
    """Return where a chain goes on: the ends of its paths, or the first exit left open."""
    free = [
        (Place(key, name), len(exits) == 1)
        for key, step in steps.items()
        for exits in (faces.face(step).exits,)
        for name, _ in exits
        if name not in step.exits
    ]
    last = [place for place, is_end in free if is_end]
    return last or [place for place, _ in free[:1]]


def _led_on(steps: Mapping[str, Step], ends: Iterable[Place], to: str) -> dict[str, Step]:
    made = dict(steps)
    for place in ends:
        exits = {**made[place.source].exits, place.exit: to}
        made[place.source] = msgspec.structs.replace(made[place.source], exits=exits)
    return made


# -- what comes along --------------------------------------------------------------------------


def _with_triggers(graph: Graph, parcel: Graph) -> tuple[Graph, dict[str, str]]:
    """Add the triggers that are not there yet."""
    same = [(one.kind, one.settings) for one in graph.triggers]
    taken = {START, STOP, *graph.steps, *(one.id for one in (*graph.triggers, *graph.stop_on))}
    renamed: dict[str, str] = {}
    for one in parcel.triggers:
        if (one.kind, one.settings) not in same:
            key = one.id if one.id not in taken else free_id(one.kind, taken)
            taken.add(key)
            renamed[one.id] = key
            graph = graph.with_trigger(msgspec.structs.replace(one, id=key))
    return graph, renamed


def _with_notes(
    graph: Graph, notes: Iterable[Note], renamed: Mapping[str, str]
) -> tuple[Graph, tuple[str, ...]]:
    """Add the notes beside what came along, and the free ones."""
    made: list[Note] = []
    taken = {note.id for note in graph.notes}
    for note in notes:
        if note.step and note.step not in renamed:
            continue
        key = note.id if note.id not in taken else free_id("note", taken)
        taken.add(key)
        made.append(msgspec.structs.replace(note, id=key, step=renamed.get(note.step, "")))
    keys = tuple(note.id for note in made)
    return (graph.with_(notes=(*graph.notes, *made)) if made else graph), keys


def _with_frames(graph: Graph, frames: Iterable[Frame], renamed: Mapping[str, str]) -> Graph:
    made: list[Frame] = []
    taken = {frame.id for frame in graph.frames}
    for frame in frames:
        if frame.steps and renamed.keys() >= set(frame.steps):
            key = frame.id if frame.id not in taken else free_id("frame", taken)
            taken.add(key)
            steps = tuple(renamed[step] for step in frame.steps)
            made.append(msgspec.structs.replace(frame, id=key, steps=steps))
    return graph.with_(frames=(*graph.frames, *made)) if made else graph
