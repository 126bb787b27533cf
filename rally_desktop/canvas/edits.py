"""What one can do to a workflow on the canvas: pure functions from a graph to the next."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from rally_desktop.canvas.faces import Offer
from rally_desktop.canvas.fragments import add_fragment, free_id, insert_chain
from rally_desktop.canvas.plan import Slot
from rally_desktop.model.graph import NEXT, START, STOP, Graph, Place, Step, Trigger


def may_insert(graph: Graph, offer: Offer, slot: Slot) -> bool:
    """Say whether a kind can be added there; an End never comes in the middle."""
    if slot.kind == "trigger" or offer.family == "trigger":
        return slot.kind == "trigger" and offer.family == "trigger"
    if offer.exits:
        return True
    return slot.kind == "connector" and graph.target(slot.place) is None


def inserted(graph: Graph, offer: Offer, slot: Slot) -> tuple[Graph, str]:
    """Return the workflow with a new step and the step's id; what followed comes after it.

    Where the new step has several exits, what followed goes on under its first; of a chain, the
    id is that of its first step.
    """
    if offer.chain is not None:
        return insert_chain(graph, offer.chain, slot)
    key = free_id(offer.kind, [*graph.steps, START, STOP])
    step = Step(key, offer.kind, dict(offer.settings))
    return put(graph, step, slot, offer.exits[0] if offer.exits else None), key


def loose(graph: Graph, offer: Offer) -> tuple[Graph, str]:
    """Return the workflow with a new step, or a chain, that nothing leads to yet, and its id."""
    if offer.chain is not None:
        made, renamed = add_fragment(graph, {step.id: step for step in offer.chain.steps})
        return made, renamed[offer.chain.steps[0].id]
    key = free_id(offer.kind, [*graph.steps, START, STOP])
    return graph.with_step(Step(key, offer.kind, dict(offer.settings))), key


def put(graph: Graph, step: Step, slot: Slot, leads_on: str | None) -> Graph:
    """Return the workflow with a step at a '+'."""
    if slot.kind == "connector":
        return graph.inserted(step, slot.place, leads_on)
    entrances = graph.entrances(slot.before)
    step = msgspec.structs.replace(step, exits={leads_on or NEXT: slot.before})
    joined = graph.with_step(step)
    for place in entrances:
        joined = joined.connected(place, step.id)
    return joined


def with_trigger(graph: Graph, offer: Offer) -> tuple[Graph, str]:
    """Return the workflow with one more trigger and the trigger's id."""
    key = free_id(offer.kind, (one.id for one in (*graph.triggers, *graph.stop_on)))
    return graph.with_trigger(Trigger(key, offer.kind, dict(offer.settings))), key


def after(graph: Graph, key: str) -> set[str]:
    """Return what goes with a step when all after it goes: itself, and what only it leads to."""
    return {key, *graph.only_after(key)}


def switched(graph: Graph, keys: Iterable[str], off: bool) -> Graph:
    """Return the workflow with some steps disabled, or enabled again."""
    made = {key: msgspec.structs.replace(graph.steps[key], disabled=off) for key in keys}
    return graph.with_(steps={**graph.steps, **made})


def slot_after(graph: Graph, key: str, exits: Iterable[tuple[str, str]]) -> Slot | None:
    """Return the '+' below a step: of an exit that leads nowhere, else of its first."""
    names = [name for name, _ in exits]
    taken = graph.steps[key].exits
    chosen = next((name for name in names if name not in taken), names[0] if names else None)
    return Slot("connector", key, chosen) if chosen else None


def start_slot() -> Slot:
    """Return the '+' below the triggers."""
    place = Place(START)
    return Slot("connector", place.source, place.exit)
