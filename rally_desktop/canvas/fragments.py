"""Several steps put in at a '+' as one: what is pasted, typed, or dragged from the recipes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from rally_desktop.canvas.faces import Chain
from rally_desktop.canvas.plan import Slot
from rally_desktop.model.graph import START, STOP, Graph, Place, Step


def free_id(kind: str, taken: Iterable[str]) -> str:
    """Return the kind with the first number that is free: short, and never given twice at once."""
    known = set(taken)
    number = 1
    while f"{kind}{number}" in known:
        number += 1
    return f"{kind}{number}"


def follows(graph: Graph, slot: Slot) -> str | None:
    """Return the step below a '+'."""
    if slot.kind == "meeting":
        return slot.before
    return graph.target(slot.place) if slot.kind == "connector" else None


def may_insert_fragment(graph: Graph, exit: Place | None, slot: Slot) -> bool:
    """Say whether steps fit there; those that lead nowhere on never come in the middle."""
    return slot.kind != "trigger" and (exit is not None or follows(graph, slot) is None)


def insert_fragment(
    graph: Graph, steps: Mapping[str, Step], entry: str, exit: Place | None, slot: Slot
) -> tuple[Graph, dict[str, str]]:
    """Return the workflow with a chain of steps at a '+', and what each of them is called now.

    A step whose id is taken gets a free one. What followed comes after ``exit``, an open exit of
    the chain; with None it is cut off, so only ask for that where nothing follows. Exits that
    lead to steps which did not come along are open.
    """
    after = follows(graph, slot)
    entrances = (slot.place,) if slot.kind == "connector" else graph.entrances(slot.before)
    made, renamed = add_fragment(graph, steps)
    for place in entrances:
        made = made.connected(place, renamed[entry])
    if exit is not None:
        made = made.connected(Place(renamed[exit.source], exit.exit), after)
    return made, renamed


def insert_chain(graph: Graph, chain: Chain, slot: Slot) -> tuple[Graph, str]:
    """Return the workflow with a chain at a '+', and the id of its first step."""
    steps = {step.id: step for step in chain.steps}
    first = chain.steps[0].id
    after = follows(graph, slot)
    made, renamed = insert_fragment(graph, steps, first, next(iter(chain.exits), None), slot)
    for place in chain.exits[1:]:
        made = made.connected(Place(renamed[place.source], place.exit), after)
    return made, renamed[first]


def add_fragment(graph: Graph, steps: Mapping[str, Step]) -> tuple[Graph, dict[str, str]]:
    """Return the workflow with steps that nothing leads to yet, and what each is called now."""
    renamed = _renamed(graph, steps)
    moved = {renamed[key]: _moved(step, renamed) for key, step in steps.items()}
    return graph.with_(steps={**graph.steps, **moved}), renamed


def _renamed(graph: Graph, steps: Mapping[str, Step]) -> dict[str, str]:
    known = {START, STOP, *graph.steps, *(one.id for one in (*graph.triggers, *graph.stop_on))}
    renamed = {key: key for key in steps if key not in known}
    for key, step in steps.items():
        if key not in renamed:
            renamed[key] = free_id(step.kind, known | set(renamed.values()))
    return renamed


def _moved(step: Step, renamed: Mapping[str, str]) -> Step:
    exits = {name: renamed[to] for name, to in step.exits.items() if to in renamed}
    return msgspec.structs.replace(step, id=renamed[step.id], exits=exits)
