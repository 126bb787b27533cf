"""Taking steps elsewhere and leading connectors elsewhere: from a graph to the next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Set
from typing import NamedTuple

import msgspec

from rally_desktop.canvas.fragments import follows, free_id
from rally_desktop.canvas.frames import reached_within, sources
from rally_desktop.canvas.shapes import Slot
from rally_desktop.model.graph import START, STOP, Graph, Place

Exits = Callable[[str], tuple[str, ...]]  # the names of all exits of a step, open ones too

APART = "The selected steps do not follow one another, so they cannot be moved together."
SEVERAL = "The selected steps lead on to several places, so they cannot be moved together."
ENDS = "All paths of what you move end: put it where nothing follows."
ITSELF = "A step cannot lead to itself."
CIRCLE = "That would lead round in a circle: paths may meet, not turn back."


class Block(NamedTuple):
    """Steps that go together: one way in, and one place that all ways out lead to.

    ``leaves`` are the exits that lead to ``after``; where nothing comes after, the ends of its
    paths, or else the first exit that is open.
    """

    keys: frozenset[str]
    entry: str
    leaves: tuple[Place, ...]
    after: str | None


def block(graph: Graph, keys: Collection[str], exits: Exits) -> Block | str:
    """Return some steps as one block, or why they are none."""
    members = frozenset(keys)
    into = sources(graph)
    entries = [key for key in members if not members.issuperset(into[key])]
    entries = entries or [key for key in members if not into[key]]
    if len(entries) != 1 or reached_within(graph, entries[0], members) != members:
        return APART
    ways = [way for way in _ways(graph, entries[0], members) if graph.target(way) not in members]
    after = {graph.target(way) for way in ways}
    if len(after) > 1:
        return SEVERAL
    if ways:
        return Block(members, entries[0], tuple(ways), after.pop())
    return Block(members, entries[0], _ends(graph, graph.reachable(entries[0]), exits), None)


def branch(graph: Graph, key: str) -> frozenset[str]:
    """Return a step and all that can be reached only through it."""
    into = sources(graph)
    seen = {key}
    waiting = [one for one in graph.steps if one != key and _is_root(into[one])]
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting += graph.steps[here].exits.values()
    return frozenset(one for one in graph.reachable(key) if one == key or one not in seen)


def before(graph: Graph, keys: Iterable[str]) -> set[str]:
    """Return everything from which one of some steps can be reached, without them."""
    into = sources(graph)
    found: set[str] = set()
    waiting = [source for key in keys for source in into[key]]
    while waiting:
        here = waiting.pop()
        if here not in found and here not in (START, STOP):
            found.add(here)
            waiting += into[here]
    return found - set(keys)


def is_own_place(graph: Graph, moved: Block, slot: Slot) -> bool:
    """Say whether a '+' is in a block or right beside it, so that putting it there is nothing."""
    if slot.kind == "meeting":
        entrances = graph.entrances(slot.before)
        return slot.before in moved.keys or all(way.source in moved.keys for way in entrances)
    if slot.kind == "trigger":
        return False
    return slot.source in moved.keys or graph.target(slot.place) == moved.entry


def refusal(graph: Graph, moved: Block, slot: Slot) -> str:
    """Return why a block cannot be put at a '+', or nothing."""
    if slot.kind == "trigger":
        return "Steps come below the triggers."
    return ENDS if not moved.leaves and follows(graph, slot) is not None else ""


def put(graph: Graph, moved: Block, slot: Slot) -> Graph:
    """Return the workflow with a block taken out of its place and put in at a '+'."""
    free = taken_out(graph, moved)
    ways = (slot.place,) if slot.kind == "connector" else free.entrances(slot.before)
    after = follows(free, slot)
    made = led(led(free, ways, moved.entry), moved.leaves, after)
    return without_places(made, moved.keys)


def taken_out(graph: Graph, moved: Block) -> Graph:
    """Return the workflow with a block hanging loose, what was before and after it joined."""
    ways = [way for way in graph.entrances(moved.entry) if way.source not in moved.keys]
    return led(led(graph, ways, moved.after), moved.leaves, None)


def without_places(graph: Graph, keys: Set[str]) -> Graph:
    """Return the workflow with some steps standing where the tidy layout puts them."""
    if keys.isdisjoint(graph.layout):
        return graph
    return graph.with_(layout={key: at for key, at in graph.layout.items() if key not in keys})


def with_places(graph: Graph, places: dict[str, tuple[float, float]]) -> Graph:
    """Return the workflow with some steps standing where they were put by hand."""
    return graph.with_(layout={**graph.layout, **places})


def with_copies(graph: Graph, keys: Iterable[str]) -> tuple[Graph, dict[str, str]]:
    """Return the workflow with copies of some steps hanging loose, and what they are called.

    Connectors between the steps are copied with them.
    """
    taken = {START, STOP, *graph.steps, *(one.id for one in (*graph.triggers, *graph.stop_on))}
    renamed: dict[str, str] = {}
    for key in keys:
        renamed[key] = free_id(graph.steps[key].kind, taken)
        taken.add(renamed[key])
    steps = dict(graph.steps)
    for key, name in renamed.items():
        step = graph.steps[key]
        exits = {way: renamed[to] for way, to in step.exits.items() if to in renamed}
        steps[name] = msgspec.structs.replace(step, id=name, exits=exits)
    return graph.with_(steps=steps), renamed


# -- connectors --------------------------------------------------------------------------------


def may_lead(graph: Graph, ways: Iterable[Place], target: str) -> str:
    """Return why connectors cannot lead to a step, or nothing."""
    ahead = graph.reachable(target)
    for way in ways:
        if way.source == target:
            return ITSELF
        if way.source in ahead:
            return CIRCLE
    return ""


def led(graph: Graph, ways: Iterable[Place], target: str | None) -> Graph:
    """Return the workflow with some connectors leading to a step, or to nothing.

    What is not reached any more stays, as loose steps.
    """
    for way in ways:
        graph = graph.connected(way, target)
    return graph


def swapped(graph: Graph, source: str, one: str, other: str) -> Graph:
    """Return the workflow with what two exits of a step lead to changed about."""
    step = graph.steps[source]
    ways = {**step.exits}
    first, second = ways.pop(one, None), ways.pop(other, None)
    order = dict.fromkeys([*step.exits, one, other])
    ways |= {name: to for name, to in ((one, second), (other, first)) if to is not None}
    exits = {name: ways[name] for name in order if name in ways}
    return graph.with_step(msgspec.structs.replace(step, exits=exits))


def _ways(graph: Graph, entry: str, members: Set[str]) -> Iterator[Place]:
    """Yield all exits of a block's steps that lead somewhere, in the order of a first visit."""
    for key in graph.reachable(entry):
        if key in members:
            yield from (Place(key, name) for name in graph.steps[key].exits)


def _ends(graph: Graph, keys: Iterable[str], exits: Exits) -> tuple[Place, ...]:
    """Return where steps that lead nowhere on would lead on."""
    free = [
        (Place(key, name), len(exits(key)) == 1)
        for key in keys
        for name in exits(key)
        if name not in graph.steps[key].exits
    ]
    last = tuple(place for place, is_end in free if is_end)
    return last or tuple(place for place, _ in free[:1])


def _is_root(into: list[str]) -> bool:
    return not into or START in into or STOP in into
