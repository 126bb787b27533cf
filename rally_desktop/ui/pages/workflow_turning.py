"""What a step keeps when it becomes one of another kind, and recipes as chains of steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from rally_desktop.canvas.faces import Chain, Offer
from rally_desktop.core.schema import Paths, Setting, Shares
from rally_desktop.engine.cookbook import recipes
from rally_desktop.engine.nodes import step_kinds
from rally_desktop.engine.nodes.base import StepKind
from rally_desktop.engine.recipe import Recipe
from rally_desktop.engine.ways import FAILED, exits_of, shown_exits
from rally_desktop.model.graph import Graph, Place, Step


def turned(step: Step, kind: type[StepKind], start: dict[str, Any]) -> tuple[Step, tuple[str, ...]]:
    """Return a step made one of another kind, and the names of what it loses.

    Settings of the same name are kept where they mean the same and their value may stand there;
    ``start`` is what a new step of the kind begins with.
    """
    before = step_kinds().get(step.kind)
    were = {setting.name: setting for setting in before.settings()} if before else {}
    kept = _kept(step.settings, were, {setting.name: setting for setting in kind.settings()})
    made = msgspec.structs.replace(step, kind=kind.key(), settings={**start, **kept})
    exits, gone = _exits(step, [name for name, _ in exits_of(kind, made.settings)])
    labels = dict(shown_exits(step))
    lost = [*_lost(step.settings, were, kept)]
    lost += [f"the path ‘{labels.get(name) or name.capitalize()}’" for name in gone]
    return msgspec.structs.replace(made, exits=exits), tuple(lost)


Settings = Mapping[str, Setting]


def _kept(values: Mapping[str, Any], were: Settings, have: Settings) -> dict[str, Any]:
    both = were.keys() & have.keys()
    return {
        name: value
        for name, value in values.items()
        if name in both and _fits(were[name], have[name], value)
    }


def _lost(values: Mapping[str, Any], were: Settings, kept: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of settings that are not kept, but for those that were as usual."""
    for name, value in values.items():
        known = were.get(name)
        if known is not None and isinstance(known.field, Paths | Shares):
            continue  # what they lose is said of the paths
        if name not in kept and (known is None or value != known.default):
            yield known.field.label.lower() if known else name


def _fits(was: Setting, now: Setting, value: Any) -> bool:
    alike = type(was.field) is type(now.field)
    if not alike or getattr(was.field, "source", "") != getattr(now.field, "source", ""):
        return False
    try:
        return now.problem(msgspec.convert(value, now.type)) is None
    except msgspec.ValidationError:
        return False


def _exits(step: Step, names: list[str]) -> tuple[dict[str, str], list[str]]:
    """Return where the exits of the new kind lead, and which old ones are gone."""
    kept = {name: to for name, to in step.exits.items() if name in names}
    rest = [name for name in step.exits if name not in kept]
    free = [name for name in names if name not in kept and name != FAILED]
    moved = [name for name in rest if name != FAILED][: len(free)]
    for name, old in zip(free, moved, strict=False):
        kept[name] = step.exits[old]
    lost = [name for name in rest if name not in moved]
    return kept, [name for name in lost if step.exits[name] not in kept.values()]


def recipe_offers(record: str) -> tuple[Offer, ...]:
    """Return the recipes about a kind of record as chains that can be put in."""
    made = (_offer(key, recipe) for key, recipe in recipes().items())
    return tuple(offer for graph, offer in made if graph.record == record and offer.chain)


def _offer(key: str, recipe: type[Recipe]) -> tuple[Graph, Offer]:
    graph = recipe.graph()
    chain = chain_of(graph)
    titles = {step_kinds()[step.kind].title for step in chain.steps if step.kind in step_kinds()}
    offer = Offer(
        kind=f"recipe_{key}",
        title=recipe.title,
        icon="book-open",
        family="flow",
        help=graph.description,
        words=tuple(sorted(titles)),
        exits=tuple(place.exit for place in chain.exits),
        chain=chain if chain.steps else None,
    )
    return graph, offer


def chain_of(graph: Graph) -> Chain:
    """Return a workflow's steps without those that only end it: what follows comes there."""
    keys = [key for key in graph.reachable(graph.start) if shown_exits(graph.steps[key])]
    steps = tuple(_without(graph.steps[key], keys) for key in keys)
    return Chain(steps, tuple(_open(steps)))


def _without(step: Step, kept: list[str]) -> Step:
    exits = {name: to for name, to in step.exits.items() if to in kept}
    return msgspec.structs.replace(step, exits=exits)


def _open(steps: tuple[Step, ...]) -> Iterator[Place]:
    for step in steps:
        for name, _ in shown_exits(step):
            if name not in step.exits:
                yield Place(step.id, name)
